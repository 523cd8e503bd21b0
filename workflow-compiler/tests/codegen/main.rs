//! What is generated, compared with checked-in copies; the test `generated` compiles and runs them.
//!
//! `UPDATE_GOLDEN=1 cargo test -p workflow-compiler --test codegen` writes the copies anew.

#![expect(
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a test has no public items, and may panic"
)]

mod actions;
mod build;
mod calls;
mod everything;
#[path = "../examples/mod.rs"]
mod examples;

use workflow_compiler::codegen::{self, Mode, Options};
use workflow_compiler::typed::Program;
use workflow_compiler::{Input, compile};

/// Compares with the copy of that name, or writes it
fn compare(name: &str, found: &str) {
    let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert!(expected == found, "{name} has changed: look at it with UPDATE_GOLDEN=1");
}

fn file(programs: &[Program], mode: Mode) -> String {
    codegen::file(programs, &Options { mode, functions: "crate::functions", programs })
}

#[test]
fn readable() {
    let programs = [everything::everything(), everything::part(), actions::actions()];
    compare("everything.rs", &file(&programs, Mode::Readable));
}

/// Workflows that say in YAML what is hard to say by hand: jumps, loops, failures, versions
#[test]
fn from_yaml() {
    let text = |name: &str| {
        let path = format!("{}/tests/codegen/workflows/{name}", env!("CARGO_MANIFEST_DIR"));
        (name.into(), std::fs::read_to_string(path).unwrap())
    };
    let names =
        ["errands.yaml", "plan-1.yaml", "plan-2.yaml", "review-loop.yaml", "try-again.yaml"];
    let input = Input { files: names.map(text).into(), ..Input::default() };
    let compiled = compile(&input);
    assert_eq!(compiled.errors(), 0, "{:?}", compiled.diagnostics);
    compare("from_yaml.rs", &self::file(&compiled.programs, Mode::Readable));
}

/// Children that take too long, for the test of the engine
#[test]
fn patience() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/codegen/workflows/patience.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    let input = Input { files: vec![("patience.yaml".into(), text)], ..Input::default() };
    let compiled = compile(&input);
    assert!(compiled.diagnostics.is_empty(), "{:?}", compiled.diagnostics);
    compare("patience.rs", &file(&compiled.programs, Mode::Readable));
}

#[test]
fn builtins() {
    let files = vec![("builtins.yaml".into(), calls::workflow())];
    let compiled = compile(&Input { files, ..Input::default() });
    let wrong: Vec<_> = compiled.diagnostics.iter().map(|wrong| wrong.message.as_str()).collect();
    assert_eq!(wrong, Vec::<&str>::new());
    compare("builtins.rs", &file(&compiled.programs, Mode::Readable));
}

#[test]
fn expanded() {
    let programs = [everything::everything(), everything::part(), actions::actions()];
    compare("expanded.rs", &file(&programs, Mode::Expanded));
}
