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
fn a_broken_file_is_kept_by_name_and_the_others_go_on() {
    let right = workflow("a", "1.0.0");
    let (project, checked) = project(&[
        ("a.yaml", &right),
        ("b.yaml", "name: \"p:b\" # b\nsteps: [\n"),
        ("c.yaml", "[]"),
    ]);
    assert_eq!(project.workflows.len(), 1);
    assert_eq!(project.broken, ["p:b", "b", "c"]);
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
    write("large.yaml", &vec![b'#'; crate::yaml::MAX_BYTES + 1]);
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
    assert_eq!(project.broken, ["large", "latin"]);
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

#[cfg(unix)]
#[test]
fn what_is_no_file_is_told_and_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("a.yaml"), workflow("a", "1.0.0")).unwrap();
    fs::create_dir(path("folder.yaml")).unwrap();
    fs::write(path("folder.yaml/b.yaml"), workflow("b", "1.0.0")).unwrap();
    std::os::unix::fs::symlink(folder.path(), path("round")).unwrap();
    std::os::unix::fs::symlink("loop.yaml", path("loop.yaml")).unwrap();
    std::os::unix::fs::symlink("nowhere", path("nowhere.yaml")).unwrap();
    std::os::unix::fs::symlink("a.yaml", path("linked.yaml")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(path("pipe.yaml")).status().unwrap();
    assert!(made.success());
    let (project, checked) = loaded(folder.path());
    let stems: Vec<&str> = project.workflows.iter().map(|found| found.stem.as_str()).collect();
    assert_eq!(stems, ["a", "b", "linked"]);
    let mistakes = checked.mistakes();
    let has = |text: &str| mistakes.iter().filter(|found| found.contains(text)).count();
    assert_eq!(has("this is not a file"), 1, "{mistakes:?}");
    assert_eq!(has("the file cannot be read"), 2, "{mistakes:?}");
    assert_eq!(mistakes.len(), 4, "and `a` is there twice: {mistakes:?}");
}
