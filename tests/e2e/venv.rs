//! Virtual environments of Python.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

/// The interpreter of a virtual environment with what a file requires, made at the first use
pub fn python(requirements: &Path) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let environment = folder.join(format!("python-{}", digest(requirements)));
    let ready = environment.join("ready");
    let lock = File::create(folder.join("python.lock")).unwrap();
    // Held until this function ends: other tests, in other processes too, wait for it.
    lock.lock().unwrap();
    let python = environment.join("bin/python");
    if !ready.exists() {
        // What an attempt that broke off may have left.
        let _ = fs::remove_dir_all(&environment);
        step(Command::new("python3").args(["-m", "venv"]).arg(&environment));
        let mut install = Command::new(&python);
        install.args(["-m", "pip", "install", "--quiet", "--no-input"]);
        install.args(["--disable-pip-version-check", "--requirement"]).arg(requirements);
        step(&mut install);
        fs::write(&ready, "").unwrap();
    }
    python
}

fn digest(file: &Path) -> String {
    let digest = Sha256::digest(fs::read(file).unwrap());
    digest.iter().take(6).fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn step(command: &mut Command) {
    const NEEDED: &str = "these tests need Python 3.11 or later with its `venv` module (on Debian: \
                          `apt install python3 python3-venv`) and a package index that pip reaches";
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; {NEEDED}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{said}\n{NEEDED}", output.status);
}
