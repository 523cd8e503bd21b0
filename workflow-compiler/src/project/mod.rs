//! All files of a folder of workflows.

mod parse;
mod read;

use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Sources, Span};
use crate::syntax::functions::{self, AgentFunction};
use crate::syntax::workflow::{self, Workflow};
use crate::tools::{self, LOCK, Tools};

use parse::Parsed;

/// A folder may be nested this deep
pub const MAX_FOLDERS: usize = 32;

/// Stem of the file that declares the agent functions
pub const FUNCTIONS: &str = "functions";

/// How a folder is read
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading<'a> {
    /// Paths below this one are shown without it
    pub base: Option<&'a Path>,
    /// Whether the folder's own folders are left out
    pub flat: bool,
    /// Files beside those of the folder, whose texts are at hand
    pub files: &'a [(PathBuf, String)],
}

/// The workflows and functions of a folder, each file parsed once
#[derive(Debug, Default)]
pub struct Project {
    /// The workflows, in the order of their paths
    pub workflows: Vec<Workflow>,
    /// The functions of `functions.yaml`
    pub functions: Vec<AgentFunction>,
    /// What `tools.lock.json` says of the tools of servers
    pub tools: Tools,
    /// Every file that was read, in the order of the paths: what a build has to watch
    pub files: Vec<FileId>,
    /// Stems and names of files that hold no workflow because they are broken
    pub(crate) broken: Vec<String>,
}

impl Project {
    /// Reads all `*.yaml` and `*.yml` files below a folder, hidden ones left out, and the lock of
    /// the tools in it
    ///
    /// A file that cannot be read or parsed is reported, and the others go on. Paths are shown as
    /// the folder was given.
    pub fn load(folder: &Path, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Self {
        Self::load_as(folder, Reading::default(), sources, diagnostics)
    }

    /// As [`load`](Self::load), with a say in how
    pub fn load_as(
        folder: &Path,
        reading: Reading<'_>,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut project = Self::default();
        let mut texts = read::folder(folder, reading.flat);
        texts.sort_by(|a, b| a.path.cmp(&b.path));
        let mut read = Vec::with_capacity(texts.len());
        for text in texts {
            let file = sources.add(shown(&text.path, reading.base), text.text);
            read.push((file, text.problem));
        }
        let sound = read.iter().filter(|(_, problem)| problem.is_none());
        let sound: Vec<FileId> = sound.map(|(file, _)| *file).collect();
        let mut parsed = parse::all(&sound, sources).into_iter();
        for (file, problem) in read {
            match problem {
                None => {
                    if let Some(parsed) = parsed.next() {
                        project.add(file, parsed, sources, diagnostics);
                    }
                }
                Some(problem) => {
                    project.files.push(file);
                    project.broken.push(stem(sources.path(file)));
                    diagnostics.push(problem.diagnostic(file));
                }
            }
        }
        project.add_all(reading.files, sources, diagnostics);
        project.check_names(sources, diagnostics);
        project
    }

    /// Reads files whose texts are at hand, in the order of their paths
    pub fn of_files(
        files: &[(PathBuf, String)],
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut project = Self::default();
        project.add_all(files, sources, diagnostics);
        project.check_names(sources, diagnostics);
        project
    }

    fn add_all(
        &mut self,
        files: &[(PathBuf, String)],
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) {
        let mut files: Vec<_> = files.iter().collect();
        files.sort();
        let files: Vec<FileId> =
            files.into_iter().map(|(path, text)| sources.add(path, text)).collect();
        for (file, parsed) in files.iter().zip(parse::all(&files, sources)) {
            self.add(*file, parsed, sources, diagnostics);
        }
    }

    fn add(
        &mut self,
        file: FileId,
        parsed: Parsed,
        sources: &Sources,
        diagnostics: &mut Diagnostics,
    ) {
        self.files.push(file);
        let text = &sources.file(file).text;
        let stem = stem_of(sources.path(file), text);
        diagnostics.extend(parsed.diagnostics.into_sorted());
        let parsed = parsed.doc;
        if sources.path(file).file_name().is_some_and(|name| name == LOCK) {
            // Of a lock that cannot be read no server is known, so nothing is said of any tool.
            self.tools = parsed.map(|doc| tools::read(&doc, diagnostics)).unwrap_or_default();
            return;
        }
        if stem == FUNCTIONS {
            match parsed {
                Some(doc) => self.functions.extend(functions::decode(&doc, diagnostics)),
                None => self.broken.push(stem),
            }
            return;
        }
        let workflow = parsed.and_then(|doc| workflow::decode(doc, file, &stem, diagnostics));
        match workflow {
            Some(workflow) => self.workflows.push(workflow),
            None => self.broken.extend(name_line(text).into_iter().chain([stem])),
        }
    }

    fn check_names(&self, sources: &Sources, diagnostics: &mut Diagnostics) {
        for (at, second) in self.workflows.iter().enumerate() {
            let clash = self.workflows[..at].iter().find_map(|first| {
                let message = clash(first, second)?;
                Some((first, message))
            });
            let Some((first, message)) = clash else { continue };
            diagnostics.push(
                Diagnostic::new(Code::DuplicateName, second.name.span, message)
                    .label("the second one")
                    .also(
                        first.name.span,
                        format!("the first one: {}", sources.path(first.file).display()),
                    )
                    .help("rename one of the two, or raise its version in a file of another name"),
            );
        }
        for (at, second) in self.functions.iter().enumerate() {
            let name = &second.name;
            let mut before = self.functions[..at].iter();
            if let Some(first) = before.find(|first| first.name.value == name.value) {
                diagnostics.push(second_function(&name.value, name.span, first.name.span));
            }
        }
    }
}

/// What two workflows must not have in common
fn clash(first: &Workflow, second: &Workflow) -> Option<String> {
    let same = first.version.as_ref().filter(|version| second.version.as_ref() == Some(version));
    if let Some(version) = same.filter(|_| first.name.value == second.name.value) {
        let name = &second.name.value;
        return Some(format!("two workflows are named `{name}`, both of version {version}"));
    }
    let stems = first.stem == second.stem;
    stems.then(|| format!("two files are named `{}`, which names their workflows", second.stem))
}

fn second_function(name: &str, second: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateName, second, format!("two functions are named `{name}`"))
        .label("the second one")
        .also(first, "the first one")
        .help("rename one of the two")
}

/// The path as it is shown
pub(crate) fn shown<'p>(path: &'p Path, base: Option<&Path>) -> &'p Path {
    base.and_then(|base| path.strip_prefix(base).ok()).unwrap_or(path)
}

/// The file's name without its ending
fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// What names a file's workflow: the file's stem; inside of Rust the name itself
fn stem_of(path: &Path, text: &str) -> String {
    let inline = path.extension().is_some_and(|ending| ending == "rs");
    let name = if inline { name_line(text) } else { None };
    name.map_or_else(|| stem(path), |name| name.replace(':', "-"))
}

/// The workflow's name in a file that does not parse, so that nobody is told that there is none
fn name_line(text: &str) -> Option<String> {
    let name = text.lines().find_map(|line| line.trim_start().strip_prefix("name:"))?;
    let name = name.split(" #").next().unwrap_or_default().trim();
    Some(name.trim_matches(['"', '\'']).to_owned())
}

#[cfg(test)]
mod tests;
