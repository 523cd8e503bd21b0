//! The library of workflows that `workflowc new --from` copies, as it was when this was built.

use std::path::{Path, PathBuf};

use crate::syntax::decode::closest;
use crate::typed::Program;
use crate::{Input, compile};

/// The files of `library/workflows`, by their stems
macro_rules! files {
    ($($stem:literal),* $(,)?) => {
        &[$(($stem, include_str!(concat!("../../../library/workflows/", $stem, ".yaml")))),*]
    };
}

const FILES: &[(&str, &str)] = files![
    "bug-triage",
    "code-review",
    "dependency-upgrade",
    "document-review",
    "incident",
    "migration",
    "release",
    "research-report",
];

/// The library, compiled
pub(super) struct Library {
    programs: Vec<Program>,
}

impl Library {
    pub(super) fn new() -> Self {
        let file = |&(stem, text): &(&str, &str)| {
            (PathBuf::from(stem).with_extension("yaml"), text.to_owned())
        };
        let input = Input { files: FILES.iter().map(file).collect(), ..Input::default() };
        Self { programs: compile(&input).programs }
    }

    /// The workflows, in the order of their files
    pub(super) fn workflows(&self) -> impl Iterator<Item = &Program> {
        self.programs.iter().filter(|program| !program.inline_task)
    }

    /// The workflow of that name or file
    pub(super) fn get(&self, name: &str) -> Option<&Program> {
        self.workflows().find(|workflow| workflow.name == name || stem(workflow) == name)
    }

    /// The name that a misspelt one most likely means
    pub(super) fn suggest(&self, name: &str) -> Option<&str> {
        let words = self.workflows().flat_map(|workflow| [workflow.name.as_str(), stem(workflow)]);
        self.get(closest(name, words)?).map(|workflow| workflow.name.as_str())
    }

    /// A workflow, and behind it those that it starts, each once
    pub(super) fn with_children<'l>(&'l self, workflow: &'l Program) -> Vec<&'l Program> {
        let mut found = vec![workflow];
        let mut next = 0;
        while let Some(program) = found.get(next) {
            for child in program.children(&self.programs) {
                if found.iter().all(|known| known.module != child.module) {
                    found.push(child);
                }
            }
            next += 1;
        }
        found.retain(|program| !program.inline_task);
        found
    }
}

/// The name of a workflow's file, without the ending
pub(super) fn stem(workflow: &Program) -> &str {
    Path::new(&workflow.file).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_of_the_library_is_left_out() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../library/workflows");
        let files = std::fs::read_dir(folder).unwrap();
        let mut found: Vec<String> = files
            .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        found.sort();
        assert_eq!(found, FILES.iter().map(|(stem, _)| *stem).collect::<Vec<_>>());
        assert_eq!(Library::new().workflows().count(), FILES.len(), "all of them compile");
    }

    #[test]
    fn what_a_workflow_starts_comes_with_it() {
        let library = Library::new();
        let names = |name| {
            let found = library.with_children(library.get(name).unwrap());
            found.iter().map(|workflow| stem(workflow)).collect::<Vec<_>>()
        };
        assert_eq!(names("team:bug-triage"), ["bug-triage", "incident"]);
        assert_eq!(names("dependency-upgrade"), ["dependency-upgrade", "code-review"]);
        assert_eq!(names("release"), ["release"]);
    }
}
