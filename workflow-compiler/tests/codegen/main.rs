//! What is generated: compared with a checked-in copy, compiled as it is, and run.
//!
//! `UPDATE_GOLDEN=1 cargo test -p workflow-compiler --test codegen` writes the copies anew.

mod build;
mod everything;
mod functions;

use workflow_compiler::codegen::{self, Mode, Options};

/// Compares with the copy of that name, or writes it
fn compare(name: &str, found: &str) {
    let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert!(expected == found, "{name} has changed: look at it with UPDATE_GOLDEN=1");
}

#[test]
fn readable() {
    let programs = [everything::everything(), everything::part()];
    let options = Options { mode: Mode::Readable, functions: "crate::functions", programs: &programs };
    compare("everything.rs", &codegen::file(&programs, &options));
}
