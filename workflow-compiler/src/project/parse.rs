//! Parses files on all cores; what comes out is in the order of the files, whoever made it.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Sources};
use crate::yaml::{self, Document};

/// A thread for fewer files than these costs more than it saves
const FILES_A_THREAD: usize = 32;

/// A file's tree, and what is wrong with its YAML
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) doc: Option<Document>,
    pub(super) diagnostics: Diagnostics,
}

/// The trees of some files
pub(super) fn all(files: &[FileId], sources: &Sources) -> Vec<Parsed> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let threads = cores.min(files.len() / FILES_A_THREAD).max(1);
    let several = |part: &[FileId]| part.iter().map(|file| one(*file, sources)).collect();
    if threads == 1 {
        return several(files);
    }
    thread::scope(|scope| {
        let parts = files.chunks(files.len().div_ceil(threads));
        let parts: Vec<_> = parts.map(|part| scope.spawn(move || several(part))).collect();
        let done =
            parts.into_iter().map(|part| part.join().unwrap_or_else(|why| resume_unwind(why)));
        done.flat_map(|part: Vec<Parsed>| part).collect()
    })
}

fn one(file: FileId, sources: &Sources) -> Parsed {
    let mut diagnostics = Diagnostics::default();
    let doc = yaml::parse(file, &sources.file(file).text, &mut diagnostics);
    Parsed { doc, diagnostics }
}
