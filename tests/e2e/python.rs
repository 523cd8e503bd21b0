//! A Python with the client that the scripts use.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::venv;

/// Runs a script of `tests/python` against the built server, over `stdio` or `http`, with variables
/// beside our own; fails with what it said
pub fn run(script: &str, transport: &str, environment: &[(&str, String)]) {
    let python = venv::python(&scripts().join("requirements.txt"));
    let folder = tempfile::TempDir::new().unwrap();
    let answers = folder.path().join("answers.json");
    fs::write(&answers, crate::answers::example().to_string()).unwrap();
    let stores = folder.path().join("stores");
    fs::create_dir(&stores).unwrap();
    let output = Command::new(python)
        .arg(scripts().join(script))
        .args([Path::new(crate::SERVER), &answers, &stores])
        .arg(transport)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .envs(environment.iter().cloned())
        .output()
        .unwrap();
    let (seen, said) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script}: {}\n{seen}{said}", output.status);
    println!("{seen}");
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(crate::SCRIPTS)
}
