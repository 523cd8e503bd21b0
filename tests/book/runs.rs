//! The commands of the book that are run, and whose words differ from machine to machine: they succeed.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::SERVER;
use crate::kinds::{Kind, of_kind};
use crate::pages::all;
use crate::scratch::{ROOT, Said, run};
use crate::session::{path, unset};

/// Something that the store holds
const RUN: &str = "workflow-server run planning:interactive --input task_description=Moving \
                   --answers examples/planning.answers.yaml";

/// A reader's folder: the clone's files, a server of tools in `.mcp.json`, which is ours, and a store
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for ours in ["examples", "library"] {
            symlink(Path::new(ROOT).join(ours), folder.0.path().join(ours)).unwrap();
        }
        fs::create_dir(folder.0.path().join("workflows")).unwrap();
        let client = run(Command::new(SERVER).args(["manifest", "client"]).env_clear());
        fs::write(folder.0.path().join(".mcp.json"), client.stdout).unwrap();
        let said = folder.shell(RUN);
        assert!(said.ok, "{}", said.stderr);
        folder
    }

    /// What commands say there
    fn shell(&self, commands: &str) -> Said {
        let mut shell = Command::new("bash");
        shell.args(["--norc", "-euo", "pipefail", "-c", commands]).current_dir(self.0.path());
        shell.env("PATH", path()).env("XDG_DATA_HOME", self.0.path().join("data"));
        run(unset(&mut shell))
    }
}

#[test]
fn what_is_run_succeeds() {
    let mut pages = 0;
    for page in all() {
        let fences = of_kind(&page, Kind::Run);
        if fences.is_empty() {
            continue;
        }
        pages += 1;
        let folder = Folder::new();
        for fence in fences {
            let said = folder.shell(&fence.text);
            assert!(said.ok, "docs/{}: {}{}{}", page.path, fence.text, said.stdout, said.stderr);
        }
    }
    assert!(pages >= 4, "only {pages} pages");
}
