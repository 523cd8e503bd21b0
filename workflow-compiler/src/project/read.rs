//! Reads the files of a folder.

use std::fs::{self, DirEntry, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::MAX_FOLDERS;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};
use crate::tools::LOCK;
use crate::yaml::MAX_BYTES;

/// A file, or a folder that cannot be read
#[derive(Debug)]
pub(super) struct Content {
    pub(super) path: PathBuf,
    /// Its text; of one that is not UTF-8 what comes before the first wrong byte
    pub(super) text: String,
    /// Why the text is not all of it
    pub(super) problem: Option<Problem>,
}

/// Why a file is not parsed
#[derive(Debug)]
pub(super) struct Problem {
    code: Code,
    message: String,
    help: &'static str,
    /// The byte at which it begins
    at: usize,
}

impl Problem {
    pub(super) fn diagnostic(self, file: FileId) -> Diagnostic {
        Diagnostic::new(self.code, Span::new(file, self.at..self.at), self.message).help(self.help)
    }
}

/// All YAML files below a folder, and the lock of the tools in it; `flat` leaves out its own folders
pub(super) fn folder(folder: &Path, flat: bool) -> Vec<Content> {
    let mut found = Vec::new();
    walk(folder, MAX_FOLDERS, flat, &mut found);
    let lock = folder.join(LOCK);
    if lock.is_file() {
        found.push(file(lock));
    }
    found
}

fn walk(folder: &Path, depth: usize, flat: bool, found: &mut Vec<Content>) {
    let entries = match fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
        Ok(entries) => entries,
        Err(error) => return found.push(unreadable(folder, "folder", &error)),
    };
    for entry in entries.iter().filter(|entry| !is_hidden(entry)) {
        let path = entry.path();
        // A linked folder is not gone into: it could lead back here.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            match depth.checked_sub(1) {
                _ if flat => {}
                Some(depth) => walk(&path, depth, flat, found),
                None => found.push(too_deep(path)),
            }
        } else if is_yaml(&path) && !path.is_dir() {
            found.push(file(path));
        }
    }
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml")
}

fn file(path: PathBuf) -> Content {
    match bytes(&path) {
        Err(error) => unreadable(&path, "file", &error),
        Ok(bytes) if bytes.len() > MAX_BYTES => too_large(path),
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Content { path, text, problem: None },
            Err(error) => not_utf8(path, &error),
        },
    }
}

/// The bytes of a file, of a large one as many as tell that it is too large
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn problem(path: PathBuf, code: Code, message: String, help: &'static str) -> Content {
    let problem = Problem { code, message, help, at: 0 };
    Content { path, text: String::new(), problem: Some(problem) }
}

fn unreadable(path: &Path, what: &str, error: &io::Error) -> Content {
    let message = format!("the {what} cannot be read: {error}");
    problem(path.to_owned(), Code::YamlSyntax, message, "check that it exists and may be read")
}

fn too_large(path: PathBuf) -> Content {
    let message = format!("the file has more than {MAX_BYTES} bytes");
    problem(path, Code::Limit, message, "move parts of the workflow into files of their own")
}

fn too_deep(path: PathBuf) -> Content {
    let message = format!("folders are nested more than {MAX_FOLDERS} deep");
    problem(path, Code::Limit, message, "move the workflows further up")
}

fn not_utf8(path: PathBuf, error: &std::string::FromUtf8Error) -> Content {
    let at = error.utf8_error().valid_up_to();
    let byte = error.as_bytes()[at];
    let text = String::from_utf8_lossy(&error.as_bytes()[..at]).into_owned();
    let problem = Problem {
        code: Code::YamlSyntax,
        message: format!("the file is not UTF-8: byte 0x{byte:02x} stands here"),
        help: "save it as UTF-8",
        at,
    };
    Content { path, text, problem: Some(problem) }
}
