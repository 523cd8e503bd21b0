//! A folder of workflows beside those that are compiled in.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::engine::Problem;
use crate::plural::count;
use crate::registry::Registry;

/// How deep folders may be nested in each other, as for the compiler
const MAX_FOLDERS: usize = 32;

/// The file that declares what the agent answers, not a workflow
const FUNCTIONS: &str = "functions";

/// Texts of workflows, by name; there may be several versions of one
type Texts = BTreeMap<String, BTreeSet<String>>;

/// How a folder differs from what is compiled in, by the names of workflows
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Difference {
    /// In both, with other texts
    changed: Vec<String>,
    /// Compiled in alone
    missing: Vec<String>,
    /// In the folder alone
    additional: Vec<String>,
}

impl Difference {
    /// What is said of it; nothing where there is none
    pub(super) fn problem(&self, folder: &Path) -> Option<Problem> {
        let folder = folder.display();
        let parts = [
            ("not as compiled in", &self.changed),
            ("compiled in and not there", &self.missing),
            ("there and not compiled in", &self.additional),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(_, names)| !names.is_empty())
            .map(|(what, names)| format!("{what}: `{}`", names.join("`, `")))
            .collect();
        (!parts.is_empty()).then(|| Problem {
            message: format!("the workflows in `{folder}` are not those that run; {}", parts.join("; ")),
            help: format!(
                "what runs is what was compiled: build anew with WORKFLOW_DEFINITIONS_PATH={folder} \
                 (an image with `--build-arg WORKFLOWS=…`), or put the folder right"
            ),
        })
    }
}

/// Compares the workflows in a folder with those that are compiled in, of this crate: what it includes
/// from others has no file there
///
/// Only texts are compared: not the lock of tools, nor what the agent answers. Fails where the folder
/// cannot be read.
pub(super) fn compare(folder: &Path, registry: &Registry) -> io::Result<Difference> {
    let (there, compiled) = (texts_of(folder)?, compiled(registry));
    let mut difference = Difference::default();
    let names: BTreeSet<&String> = there.keys().chain(compiled.keys()).collect();
    for name in names {
        match (there.get(name), compiled.get(name)) {
            (Some(there), Some(compiled)) if there == compiled => {}
            (Some(_), Some(_)) => difference.changed.push(name.clone()),
            (None, _) => difference.missing.push(name.clone()),
            (_, None) => difference.additional.push(name.clone()),
        }
    }
    Ok(difference)
}

/// The problem with a folder, if it is not what is compiled in
pub(super) fn problem(folder: &Path, registry: &Registry) -> Option<Problem> {
    match compare(folder, registry) {
        Ok(difference) => difference.problem(folder),
        Err(error) => Some(Problem {
            message: format!("the workflows in `{}` cannot be read: {error}", folder.display()),
            help: "name the folder with --definitions or WORKFLOW_DEFINITIONS_PATH, or none".into(),
        }),
    }
}

/// What is said where a folder is as compiled in
pub(super) fn alike(folder: &Path, registry: &Registry) -> String {
    let workflows = count(own(registry).count() as u64, "workflow");
    format!("{workflows}, as in `{}`", folder.display())
}

/// The names of the workflows that are this crate's own
fn own(registry: &Registry) -> impl Iterator<Item = &'static str> {
    let names = registry.workflows().map(|program| program.info().name);
    names.filter(|name| !registry.is_included(name))
}

fn compiled(registry: &Registry) -> Texts {
    let mut texts = Texts::new();
    for name in own(registry) {
        let versions = registry.versions(name).iter().map(|program| unified(program.info().source));
        texts.insert(name.to_owned(), versions.collect());
    }
    texts
}

fn texts_of(folder: &Path) -> io::Result<Texts> {
    let (mut files, mut texts) = (Vec::new(), Texts::new());
    find(folder, MAX_FOLDERS, &mut files)?;
    for file in files {
        let text = fs::read_to_string(&file)?;
        texts.entry(name_of(&file, &text)).or_default().insert(unified(&text));
    }
    Ok(texts)
}

/// Files of workflows, as the compiler finds them: hidden ones are left out
fn find(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        // Mounted files are often links.
        let metadata = fs::metadata(&path)?;
        if metadata.is_dir() && depth > 0 {
            find(&path, depth - 1, files)?;
        } else if metadata.is_file() && is_workflow(&path) {
            files.push(path);
        }
    }
    Ok(())
}

fn is_workflow(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml")
        && path.file_stem().is_some_and(|stem| stem != FUNCTIONS)
}

/// The workflow's name, else that of its file
fn name_of(file: &Path, text: &str) -> String {
    #[derive(Deserialize)]
    struct Named {
        name: Option<String>,
    }
    let named = serde_saphyr::from_str::<Named>(text).ok().and_then(|named| named.name);
    named.unwrap_or_else(|| file.file_stem().unwrap_or_default().to_string_lossy().into_owned())
}

/// A text with the ends of lines that a checkout on another system may have changed
fn unified(text: &str) -> String {
    text.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::sample;

    #[test]
    fn what_differs_is_told_by_name() {
        let registry = sample::registry();
        let folder = tempfile::tempdir().unwrap();
        let nested = folder.path().join("more");
        fs::create_dir(&nested).unwrap();
        fs::write(nested.join("tea.yml"), "name: tea:order\nversion: 1.0.0\nsteps: []\n").unwrap();
        fs::write(folder.path().join("broken.yaml"), "name: [\n").unwrap();
        fs::write(folder.path().join("plan.yaml"), "name: test:plan\n").unwrap();
        for passed_over in ["functions.yaml", ".hidden.yaml", "notes.md", "tools.lock.json"] {
            fs::write(folder.path().join(passed_over), "name: nothing\n").unwrap();
        }
        let difference = compare(folder.path(), &registry).unwrap();
        assert_eq!(difference.changed, ["test:plan"]);
        assert_eq!(difference.additional, ["broken", "tea:order"]);
        assert!(difference.missing.contains(&"test:script".to_owned()), "{difference:?}");
        let problem = difference.problem(folder.path()).unwrap();
        assert!(problem.message.contains("not as compiled in: `test:plan`"), "{problem:?}");
        assert!(problem.message.contains("not compiled in: `broken`, `tea:order`"), "{problem:?}");
        assert!(problem.help.contains("WORKFLOW_DEFINITIONS_PATH="), "{problem:?}");
    }

    #[test]
    fn a_folder_that_is_not_there_is_a_problem() {
        let problem = problem(Path::new("nowhere"), &sample::registry()).unwrap();
        assert!(problem.message.contains("`nowhere` cannot be read"), "{problem:?}");
    }

    #[test]
    fn a_folder_with_the_same_texts_is_alike_whatever_its_files_and_their_ends_of_lines() {
        let (registry, folder) = (sample::registry(), tempfile::tempdir().unwrap());
        let sources = registry.workflows().map(|program| program.info().source);
        for (index, source) in sources.enumerate() {
            let file = folder.path().join(format!("{index}.yaml"));
            fs::write(file, source.replace('\n', "\r\n")).unwrap();
        }
        assert_eq!(problem(folder.path(), &registry), None);
        let including = Registry::default().with(sample::registry().as_ref().clone());
        assert_eq!(compare(folder.path(), &including).unwrap().missing, [""; 0], "not of its own");
    }
}
