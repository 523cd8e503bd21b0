//! Modules as text, kept from build to build: what a workflow expands to is made again only when
//! it changes.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::UNIX_EPOCH;
use std::{fs, io};

use sha2::{Digest as _, Sha256};

use super::write_if_changed;
use crate::codegen::{self, Options};
use crate::typed::Program;

/// The modules of all programs as one text; `folder` keeps them apart
///
/// What the folder keeps of programs that are no more is removed.
pub(super) fn texts(options: &Options<'_>, folder: &Path) -> io::Result<String> {
    fs::create_dir_all(folder)?;
    let compiler = compiler();
    let mut all = String::new();
    let mut used = BTreeSet::new();
    for program in options.programs {
        let name = format!("{}.{}.rs", program.module, key(program, options, &compiler));
        let file = folder.join(&name);
        // What cannot be read is made again.
        let text = fs::read_to_string(&file).ok();
        let text = text.unwrap_or_else(|| codegen::layout(&codegen::module(program, options)));
        write_if_changed(&file, &text)?;
        all.push_str(&text);
        used.insert(name);
    }
    for entry in fs::read_dir(folder)?.flatten() {
        if !entry.file_name().to_str().is_some_and(|name| used.contains(name)) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(all)
}

/// Changes with all that a module's text depends on
fn key(program: &Program, options: &Options<'_>, compiler: &str) -> String {
    let all = format!("{compiler} {:?} {} {program:#?}", options.mode, options.functions);
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
