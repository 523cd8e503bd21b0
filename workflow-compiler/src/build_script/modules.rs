//! Modules as files of their own, kept from build to build: what a workflow expands to is made
//! again only when it changes, and rustc finds the others where they were. In one file, each line
//! that a workflow gets longer would move all behind it, and what has moved is compiled again.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::time::UNIX_EPOCH;
use std::{fs, io};

use sha2::{Digest as _, Sha256};

use crate::codegen::{self, Options};
use crate::typed::Program;

/// The folder of the modules, beside the file that includes them
const FOLDER: &str = "workflows";

/// Writes the modules of all programs to a folder below `out`; gives the lines that include them
///
/// What the folder keeps of programs that are no more is removed.
pub(super) fn includes(options: &Options<'_>, out: &Path) -> io::Result<String> {
    let folder = out.join(FOLDER);
    fs::create_dir_all(&folder)?;
    let compiler = compiler();
    let mut lines = String::new();
    let mut used = BTreeSet::new();
    for program in options.programs {
        let name = format!("{}.{}.rs", program.module, key(program, options, &compiler));
        let file = folder.join(&name);
        if !file.is_file() {
            // Under another name until it is whole: a build may be stopped at any time.
            let unfinished = folder.join("unfinished");
            fs::write(&unfinished, codegen::layout(&codegen::module(program, options)))?;
            fs::rename(unfinished, file)?;
        }
        writeln!(lines, "include!(\"{FOLDER}/{name}\");").map_err(io::Error::other)?;
        used.insert(name);
    }
    for entry in fs::read_dir(folder)?.flatten() {
        if !entry.file_name().to_str().is_some_and(|name| used.contains(name)) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(lines)
}

/// Changes with all that a module's text depends on
fn key(program: &Program, options: &Options<'_>, compiler: &str) -> String {
    let all = format!("{compiler} {:?} {} {program:?}", options.mode, options.functions);
    let digest = Sha256::digest(all.as_bytes());
    digest.iter().take(8).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

/// Changes with the compiler: its version, and while it is being worked on, the build script that
/// it is part of
fn compiler() -> String {
    let built = std::env::current_exe().and_then(fs::metadata).and_then(|data| {
        let age = data.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(format!("{} {}", data.len(), age.as_nanos()))
    });
    format!("{} {}", env!("CARGO_PKG_VERSION"), built.unwrap_or_default())
}
