//! `workflowc` as its user calls it.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod check;
mod commands;
mod fix;
mod formats;
mod schema;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A folder with files in it
struct Folder {
    dir: tempfile::TempDir,
}

/// What the command has said
#[derive(Debug)]
struct Said {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self { dir: tempfile::tempdir().unwrap() };
        for (file, text) in files {
            folder.write(file, text);
        }
        folder
    }

    fn path(&self, file: &str) -> PathBuf {
        self.dir.path().join(file)
    }

    fn write(&self, file: &str, text: &str) {
        fs::create_dir_all(self.path(file).parent().unwrap()).unwrap();
        fs::write(self.path(file), text).unwrap();
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    /// Calls `workflowc` in this folder
    fn workflowc(&self, args: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_workflowc"));
        let output = command.args(args).current_dir(self.dir.path()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Said {
            code: output.status.code().unwrap(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

impl Said {
    /// The places and codes of a report for people: `undeclared-state a.yaml:3:5`
    fn places(&self) -> Vec<String> {
        let mut lines = self.stdout.lines();
        let mut places = Vec::new();
        while let Some(line) = lines.next() {
            let code = ["error[", "warning["].iter().find_map(|level| line.strip_prefix(level));
            let Some((code, _)) = code.and_then(|line| line.split_once(']')) else { continue };
            let (_, place) = lines.next().unwrap().split_once("--> ").unwrap();
            places.push(format!("{code} {place}"));
        }
        places
    }
}
