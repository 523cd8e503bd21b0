use std::fs;

use super::*;
use crate::syntax::testing::Checked;

fn workflow(name: &str, version: &str) -> String {
    format!("name: {name}\nversion: {version}\nsteps: [{{id: a, type: return}}]\n")
}

fn project(files: &[(&str, &str)]) -> (Project, Checked) {
    let mut checked = Checked::default();
    let files = files.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned()));
    let project = Project::of_files(
        &files.collect::<Vec<_>>(),
        &mut checked.sources,
        &mut checked.diagnostics,
    );
    (project, checked)
}

fn loaded(folder: &Path) -> (Project, Checked) {
    let mut checked = Checked::default();
    let project = Project::load(folder, &mut checked.sources, &mut checked.diagnostics);
    (project, checked)
}

#[test]
fn a_task_is_found_by_stem_or_name() {
    let (one, two) = (workflow("planning:look", "1.0.0"), workflow("planning:look", "1.10.0"));
    let old = workflow("planning:look", "1.9.0");
    let (project, checked) = project(&[("look.yaml", &one), ("new.yaml", &two), ("old.yml", &old)]);
    assert_eq!(checked.mistakes(), [""; 0]);
    assert_eq!(project.find("look"), Found::Workflow(0));
    assert_eq!(project.find("planning:look"), Found::Workflow(1), "the highest version");
    assert_eq!(project.find("planing:look"), Found::Unknown { meant: Some("planning:look") });
    assert_eq!(project.find("something"), Found::Unknown { meant: None });
}

#[test]
fn a_broken_file_is_known_by_name_and_the_others_go_on() {
    let right = workflow("a", "1.0.0");
    let (project, checked) = project(&[
        ("a.yaml", &right),
        ("b.yaml", "name: \"p:b\" # b\nsteps: [\n"),
        ("c.yaml", "[]"),
    ]);
    assert_eq!(project.workflows.len(), 1);
    for name in ["b", "p:b", "c"] {
        assert_eq!(project.find(name), Found::Broken, "{name}");
    }
    assert_eq!(checked.mistakes().len(), 2);
}

#[test]
fn names_are_unique_by_version_and_stem() {
    let (one, two) = (workflow("a", "1.0.0"), workflow("b", "1.0.0"));
    let (_, checked) = project(&[("x.yaml", &one), ("y.yaml", &one), ("z/x.yml", &two)]);
    assert_eq!(
        checked.mistakes(),
        [
            "1:7 duplicate-name [a] two workflows are named `a`, both of version 1.0.0",
            "1:7 duplicate-name [b] two files are named `x`, which names their workflows",
        ]
    );
}

#[test]
fn functions_have_a_file_of_their_own() {
    let text = "f: {returns: any, instructions: x}\n";
    let (read, checked) = project(&[("functions.yaml", text)]);
    assert_eq!((read.functions.len(), read.workflows.len(), read.files.len()), (1, 0, 1));
    assert_eq!(checked.mistakes(), [""; 0]);
    let (_, checked) = project(&[("functions.yaml", text), ("sub/functions.yaml", text)]);
    assert_eq!(checked.mistakes(), ["1:1 duplicate-name [f] two functions are named `f`"]);
}

#[test]
fn a_folder_with_everything_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    write("b.yaml", workflow("b", "1.0.0").as_bytes());
    write("sub/a.yml", workflow("a", "1.0.0").as_bytes());
    write("notes.txt", b"not read");
    write(".hidden/c.yaml", b"not read");
    write("latin.yaml", b"name: caf\xe9\n");
    write("large.yaml", &vec![b'#'; yaml::MAX_BYTES + 1]);
    let (project, checked) = loaded(folder.path());
    let names: Vec<&str> =
        project.workflows.iter().map(|workflow| workflow.name.value.as_str()).collect();
    assert_eq!(names, ["b", "a"]);
    let shown = |file: &FileId| {
        let path = checked.sources.path(*file).strip_prefix(folder.path()).unwrap();
        path.to_string_lossy().into_owned()
    };
    let files: Vec<String> = project.files.iter().map(shown).collect();
    assert_eq!(files, ["b.yaml", "large.yaml", "latin.yaml", "sub/a.yml"]);
    assert_eq!((project.find("latin"), project.find("large")), (Found::Broken, Found::Broken));
    assert_eq!(
        checked.mistakes(),
        [
            "1:1 limit [] the file has more than 1048576 bytes",
            "1:10 yaml-syntax [] the file is not UTF-8: byte 0xe9 stands here",
        ]
    );
}

#[test]
fn a_folder_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let (project, checked) = loaded(&folder.path().join("none"));
    assert!(project.workflows.is_empty());
    let mistakes = checked.mistakes();
    assert!(mistakes[0].contains("yaml-syntax [] the folder cannot be read: "), "{mistakes:?}");
}
