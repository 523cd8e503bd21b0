//! From the paths on the command line to what is compiled, and what of it is reported.

use std::path::{Path, PathBuf};

use super::Failure;
use crate::diagnostic::Diagnostic;
use crate::project::shown;
use crate::source::Sources;
use crate::{Compilation, Input, context};

/// Something to compile, and what is reported of it
#[derive(Debug)]
pub(super) struct Target {
    pub(super) input: Input,
    /// The files that were named; all that is read where none was
    only: Vec<PathBuf>,
}

impl Target {
    /// One file, compiled with what `input` says
    pub(super) fn file(file: &Path, input: Input) -> Self {
        Self { input, only: vec![file.to_owned()] }
    }

    /// Whether diagnostics in a file, by its path as it is shown, are reported
    pub(super) fn holds(&self, path: &Path) -> bool {
        let base = self.input.base.as_deref();
        self.only.is_empty() || self.only.iter().any(|file| shown(file, base) == path)
    }

    /// The diagnostics that are reported
    pub(super) fn reported(&self, compiled: &Compilation) -> Vec<Diagnostic> {
        let all = compiled.diagnostics.iter();
        let named = all.filter(|each| self.holds(compiled.sources.path(each.span.file)));
        named.cloned().collect()
    }

    /// Whether a fix stays within what was named
    pub(super) fn may_mend(&self, diagnostic: &Diagnostic, sources: &Sources) -> bool {
        let edits = diagnostic.fixes.first().map(|fix| fix.edits.as_slice()).unwrap_or_default();
        edits.iter().all(|edit| self.holds(sources.path(edit.span.file)))
    }

    /// How many of the files that were read are reported on; a folder without any is refused
    pub(super) fn files(&self, compiled: &Compilation) -> Result<usize, Failure> {
        let files = compiled.files.iter();
        let files = files.filter(|file| self.holds(compiled.sources.path(**file))).count();
        let folder = self.input.folder.as_deref().filter(|_| files == 0 && self.only.is_empty());
        match folder {
            Some(folder) => Err(Failure::Usage(
                format!("there is no workflow in `{}`", folder.display()),
                "workflows are files that end in `.yaml`; `workflowc new NAME` writes one"
                    .to_owned(),
            )),
            None => Ok(files),
        }
    }
}

/// What is compiled for these paths: each folder once, files of one folder together
pub(super) fn targets(paths: &[PathBuf], functions: Option<&Path>) -> Result<Vec<Target>, Failure> {
    let mut targets: Vec<Target> = Vec::new();
    for path in paths.iter().filter(|path| path.is_dir()) {
        if !covered(path, &targets) {
            targets.push(Target { input: context::of_folder(path), only: Vec::new() });
        }
    }
    for path in paths.iter().filter(|path| !path.is_dir()) {
        let input = input(path, None)?;
        if covered(path, &targets) {
            continue;
        }
        match targets.iter_mut().find(|target| target.input.folder == input.folder) {
            Some(target) => target.only.push(path.clone()),
            None => targets.push(Target { input, only: vec![path.clone()] }),
        }
    }
    for target in &mut targets {
        target.input.functions = host_functions(functions, target.input.functions.take())?;
    }
    Ok(targets)
}

/// A file with its folder
pub(super) fn input(file: &Path, functions: Option<&Path>) -> Result<Input, Failure> {
    if !file.exists() {
        return Err(no_such(file));
    }
    let yaml = file.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
    if !yaml || !file.is_file() {
        let message = format!("`{}` is no workflow", file.display());
        return Err(Failure::Usage(message, "workflows are files that end in `.yaml`".to_owned()));
    }
    let input = context::of_file(file);
    let functions = host_functions(functions, input.functions.clone())?;
    Ok(Input { functions, ..input })
}

/// Whether a folder that is compiled as a whole holds the path
fn covered(path: &Path, targets: &[Target]) -> bool {
    let Ok(path) = path.canonicalize() else { return false };
    let mut folders = targets.iter().filter(|target| target.only.is_empty());
    folders.any(|target| {
        let folder = target.input.folder.as_ref().and_then(|folder| folder.canonicalize().ok());
        folder.is_some_and(|folder| path.starts_with(folder))
    })
}

fn host_functions(
    named: Option<&Path>,
    found: Option<PathBuf>,
) -> Result<Option<PathBuf>, Failure> {
    match named {
        Some(file) if !file.is_file() => Err(no_such(file)),
        Some(file) => Ok(Some(file.to_owned())),
        None => Ok(found),
    }
}

fn no_such(path: &Path) -> Failure {
    let message = format!("there is no `{}`", path.display());
    Failure::Usage(message, "name a folder of workflows, or a file".to_owned())
}
