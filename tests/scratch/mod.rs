//! Crates outside of the workspace, built by cargo as a stranger would.
//!
//! All of them share one target folder, so that what they depend on is compiled once, and they
//! take turns, because cargo would let them wait for each other and say so.

#![allow(dead_code, reason = "each test uses what it needs")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of this package
pub(crate) const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A crate of its own
pub(crate) struct Scratch {
    dir: PathBuf,
    target: PathBuf,
    /// Held as long as it is this crate's turn
    _turn: File,
}

/// What a command has said
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) ok: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Scratch {
    /// An empty crate; of one name there is one folder, made anew each time
    pub(crate) fn new(name: &str) -> Self {
        let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let turn = File::create(tmp.join("scratch.lock")).unwrap();
        turn.lock().unwrap();
        let dir = tmp.join(name);
        if dir.exists() {
            fs::remove_dir_all(&dir).unwrap();
        }
        fs::create_dir_all(&dir).unwrap();
        let scratch = Self { dir, target: tmp.with_file_name("scratch"), _turn: turn };
        // With the versions of the workspace, which are there already.
        scratch
            .write("Cargo.lock", &fs::read_to_string(Path::new(ROOT).join("Cargo.lock")).unwrap());
        scratch
    }

    /// A library that includes the workflows of its folder `workflows`
    pub(crate) fn of_workflows(name: &str) -> Self {
        let scratch = Self::new(name);
        scratch.write("Cargo.toml", &manifest(name));
        let build = "fn main() {\n    workflow_compiler::build(\"workflows\");\n}\n";
        scratch.write("build.rs", build);
        scratch.write("src/lib.rs", "workflow_macros::include_workflows!();\n");
        scratch
    }

    /// Where a file of the crate is
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.dir.join(file)
    }

    /// Writes a file of the crate
    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Calls cargo in the crate's folder, without the network
    pub(crate) fn cargo(&self, args: &[&str]) -> Said {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(args).arg("--offline").current_dir(&self.dir);
        cargo.env("CARGO_TARGET_DIR", &self.target).env("CARGO_TERM_COLOR", "never");
        // Nobody debugs them, and they build faster without.
        cargo.env("CARGO_PROFILE_DEV_DEBUG", "0");
        run(&mut cargo)
    }

    /// Where cargo builds it
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The program that cargo has built
    pub(crate) fn program(&self, name: &str) -> Command {
        let mut program = Command::new(self.target.join("debug").join(name));
        program.current_dir(&self.dir);
        program
    }
}

/// Runs a command to its end
pub(crate) fn run(command: &mut Command) -> Said {
    // What cargo has set for this test is none of the crate's business.
    for variable in ["OUT_DIR", "RUSTFLAGS", "WORKFLOW_DEFINITIONS_PATH"] {
        command.env_remove(variable);
    }
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { ok: output.status.success(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn manifest(name: &str) -> String {
    format!(
        r#"[package]
name = "{name}"
version = "0.1.0"
edition = "2024"

[workspace]

[dependencies]
workflow-macros = {{ path = "{ROOT}/workflow-macros" }}
workflow-runtime = {{ path = "{ROOT}/workflow-runtime" }}

[build-dependencies]
workflow-compiler = {{ path = "{ROOT}/workflow-compiler", default-features = false }}
"#
    )
}
