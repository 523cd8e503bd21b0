//! `workflowc check --fix`: applies certain mends until nothing changes.
//!
//! All of it happens on texts in memory. A file is written once, at the end, if it still says what
//! it said when it was read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io, io::Write as _};

use super::select::Target;
use crate::diagnostic::fix::apply_fixes;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::FileId;
use crate::{Compilation, Input, compile};

/// A mend may make another mistake visible, but not without end
const MAX_ROUNDS: usize = 50;

/// So often what mends have made visible is mended before they are judged
const MAX_REVEALED: usize = 4;

type Texts = BTreeMap<PathBuf, String>;

/// Mends the files of a target on disk; gives how many mistakes are gone
pub(super) fn mend(target: &Target) -> io::Result<usize> {
    let read = compile(&target.input);
    let before = texts(&read);
    let mut mending = Mending { target, texts: before.clone(), left_alone: BTreeSet::new() };
    let mut mended = 0;
    for _ in 0..MAX_ROUNDS {
        match mending.round() {
            0 => break,
            gone => mended += gone,
        }
    }
    let base = target.input.base.clone().unwrap_or_default();
    for (path, text) in &mending.texts {
        let old = before.get(path).filter(|old| *old != text);
        if let Some(old) = old {
            write(&base.join(path), old, text)?;
        }
    }
    Ok(mended)
}

/// The texts of the YAML files, by the paths as they are shown
fn texts(compiled: &Compilation) -> Texts {
    let files = compiled.files.iter().map(|file| compiled.sources.file(*file));
    files.map(|source| (source.path.clone(), source.text.clone())).collect()
}

/// Replaces a file in one go; one that is not what was read (another program wrote it, or it is
/// not all text) is kept
fn write(path: &Path, old: &str, new: &str) -> io::Result<()> {
    // What a link leads to is replaced, not the link.
    let path = path.canonicalize()?;
    if fs::read(&path)? != old.as_bytes() {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut written = tempfile::NamedTempFile::new_in(folder)?;
    written.write_all(new.as_bytes())?;
    written.as_file().set_permissions(fs::metadata(&path)?.permissions())?;
    written.as_file().sync_all()?;
    written.persist(&path)?;
    Ok(())
}

struct Mending<'t> {
    target: &'t Target,
    texts: Texts,
    /// Files whose mends have made things worse
    left_alone: BTreeSet<PathBuf>,
}

impl Mending<'_> {
    /// Applies the first fix of each mistake; gives how many mistakes are gone
    fn round(&mut self) -> usize {
        let before = self.compile(&self.texts);
        let mut changed = self.changes(&before, &self.texts);
        while !changed.is_empty() {
            let mut texts = self.texts.clone();
            texts.extend(changed.clone());
            let mut after = self.compile(&texts);
            let mut worse = worse(&before, &after, &changed);
            for _ in 0..MAX_REVEALED {
                let mut more = self.changes(&after, &texts);
                more.retain(|path, _| worse.contains(path));
                if more.is_empty() {
                    break;
                }
                texts.extend(more);
                after = self.compile(&texts);
                worse = self::worse(&before, &after, &changed);
            }
            if worse.is_empty() {
                self.texts = texts;
                return gone(&self.target.reported(&before), &self.target.reported(&after));
            }
            changed.retain(|path, _| !worse.contains(path));
            self.left_alone.extend(worse);
        }
        0
    }

    fn compile(&self, texts: &Texts) -> Compilation {
        let files = texts.iter().map(|(path, text)| (path.clone(), text.clone())).collect();
        let input = self.target.input.clone();
        compile(&Input { folder: None, files, only_check: true, ..input })
    }

    /// The files that the fixes change, of texts that were compiled, with their new texts
    fn changes(&self, compiled: &Compilation, texts: &Texts) -> Texts {
        let mut fixable = self.target.reported(compiled);
        fixable.retain(|each| self.target.may_mend(each, &compiled.sources));
        let changed = apply_fixes(&fixable, &compiled.sources).into_iter();
        let changed = changed.map(|(file, text)| (compiled.sources.path(file).to_owned(), text));
        changed
            .filter(|(path, text)| {
                !self.left_alone.contains(path) && texts.get(path).is_some_and(|old| old != text)
            })
            .collect()
    }
}

/// The changed files that do not parse any more, or have more errors than before; all of them
/// where only others have
fn worse(before: &Compilation, after: &Compilation, changed: &Texts) -> BTreeSet<PathBuf> {
    let file = |compiled: &Compilation, path: &Path| {
        compiled.sources.iter().find(|(_, source)| source.path == path).map(|(file, _)| file)
    };
    let is_worse = |path: &PathBuf| {
        let (old, new) = (errors(before, file(before, path)), errors(after, file(after, path)));
        new.0 > old.0 || new.1 > old.1
    };
    let worse: BTreeSet<PathBuf> = changed.keys().filter(|path| is_worse(path)).cloned().collect();
    if worse.is_empty() && after.errors() > before.errors() {
        return changed.keys().cloned().collect();
    }
    worse
}

/// How many errors a file has: of its YAML, and all
fn errors(compiled: &Compilation, file: Option<FileId>) -> (usize, usize) {
    let errors = compiled
        .diagnostics
        .iter()
        .filter(|each| each.severity == Severity::Error && Some(each.span.file) == file);
    let syntax = errors.clone().filter(|each| each.code == Code::YamlSyntax);
    (syntax.count(), errors.count())
}

/// How many of the mistakes before are none afterwards
fn gone(before: &[Diagnostic], after: &[Diagnostic]) -> usize {
    let mut left: Vec<_> = after.iter().map(what).collect();
    let gone = |each: &&Diagnostic| match left.iter().position(|other| *other == what(each)) {
        Some(at) => {
            left.swap_remove(at);
            false
        }
        None => true,
    };
    before.iter().filter(gone).count()
}

/// What a mistake is, wherever it has moved in its file
fn what(diagnostic: &Diagnostic) -> (FileId, Code, &str) {
    (diagnostic.span.file, diagnostic.code, &diagnostic.message)
}
