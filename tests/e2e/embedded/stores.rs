//! Files that are no store: a clear error, and the file as it was.

use std::fs::{self, OpenOptions};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::json;
use tempfile::TempDir;

use crate::client::Client;

/// Serves a store that cannot be used; gives what was said
fn refused(store: &Path) -> String {
    refused_by(Command::new(crate::SERVER), store)
}

fn refused_by(mut server: Command, store: &Path) -> String {
    server.arg("serve").arg("--store").arg(store);
    let output = server.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(output.stdout.is_empty(), "stdout is for the client");
    let errors: Vec<_> = said.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(errors.len(), 1, "{said}");
    assert!(errors[0].contains(&format!("`{}`", store.display())), "{said}");
    assert!(said.contains("--store or WORKFLOW_STORE"), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    said
}

/// The same, of a file whose folder must be left as it is
fn refused_untouched(store: &Path) -> String {
    let folder = store.parent().unwrap();
    let before = contents(folder);
    let said = refused(store);
    assert!(contents(folder) == before, "the folder has changed: {:?}", names(folder));
    said
}

fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    names(folder)
        .into_iter()
        .map(|name| (name.clone(), fs::read(folder.join(name)).unwrap()))
        .collect()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A store with a run in it, as its server left it
fn used_store(folder: &TempDir) -> std::path::PathBuf {
    let store = folder.path().join("runs.sqlite");
    let mut client = Client::start(&store);
    let inputs = json!({"task_description": "Move the search"});
    client.call("start_workflow", &json!({"workflow": "planning:interactive", "inputs": inputs}));
    assert!(client.leave().success());
    store
}

#[test]
fn a_folder() {
    let folder = TempDir::new().unwrap();
    let said = refused(folder.path());
    assert!(said.contains("folder"), "{said}");
    assert!(names(folder.path()).is_empty());
}

#[test]
fn a_path_below_a_file() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("notes.txt");
    fs::write(&file, "mine").unwrap();
    refused(&file.join("runs.sqlite"));
    assert_eq!(contents(folder.path()), [("notes.txt".to_owned(), b"mine".to_vec())]);
}

#[test]
fn a_text() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("notes.txt");
    fs::write(&file, "Not a database, but long enough to be looked at.\n".repeat(100)).unwrap();
    let said = refused_untouched(&file);
    assert!(said.contains("not a database"), "{said}");
}

#[test]
fn a_read_only_file() {
    let folder = TempDir::new().unwrap();
    let store = used_store(&folder);
    let mut permissions = fs::metadata(&store).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&store, permissions).unwrap();
    let programs = TempDir::new().unwrap();
    let before = contents(folder.path());
    let said = refused_by(unprivileged(&store, &programs), &store);
    assert!(contents(folder.path()) == before, "the folder has changed");
    assert!(said.contains("read-only"), "{said}");
}

/// The server as somebody who may not write to a file that is read-only; `programs` is a folder for
/// a copy of it that such a user may run
#[cfg(unix)]
fn unprivileged(store: &Path, programs: &TempDir) -> Command {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;

    /// Nobody in particular, on every system
    const NOBODY: u32 = 65_534;

    if OpenOptions::new().write(true).open(store).is_err() {
        return Command::new(crate::SERVER);
    }
    // A privileged user may write to it all the same.
    let all_may = |path: &Path, mode: u32| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    all_may(store.parent().unwrap(), 0o755);
    all_may(store, 0o444);
    all_may(programs.path(), 0o755);
    let program = programs.path().join("workflow-server");
    fs::copy(crate::SERVER, &program).unwrap();
    all_may(&program, 0o755);
    let mut server = Command::new(program);
    server.uid(NOBODY).gid(NOBODY);
    server
}

#[cfg(not(unix))]
fn unprivileged(_: &Path, _: &TempDir) -> Command {
    Command::new(crate::SERVER)
}

#[test]
fn a_damaged_head() {
    let folder = TempDir::new().unwrap();
    let store = used_store(&folder);
    let mut bytes = fs::read(&store).unwrap();
    bytes[100..4096].fill(0xA5);
    fs::write(&store, bytes).unwrap();
    let said = refused_untouched(&store);
    assert!(said.contains("malformed"), "{said}");
}

#[test]
fn a_cut_off_end() {
    let folder = TempDir::new().unwrap();
    let store = used_store(&folder);
    let file = OpenOptions::new().write(true).open(&store).unwrap();
    file.set_len(2 * 4096).unwrap();
    drop(file);
    let said = refused_untouched(&store);
    assert!(said.contains("malformed"), "{said}");
}

#[test]
fn a_person_is_told_the_same() {
    let folder = TempDir::new().unwrap();
    let mut run = Command::new(crate::SERVER);
    run.args(["run", "planning:interactive", "--input", "task_description=x", "--store"]);
    let output = run.arg(folder.path()).stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("it is a folder"), "{said}");
}
