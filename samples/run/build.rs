//! Makes samples, and generates their code.
//!
//! `SAMPLES=7:100` makes another hundred, of seed 7.

use std::fs;
use std::path::Path;

use workflow_compiler::codegen::{self, Mode, Options};
use workflow_compiler::diagnostic::Severity;
use workflow_compiler::{Input, compile};
use workflow_samples::{host_functions, project};

/// Seed and number of the workflows
const USUAL: (u64, usize) = (1, 120);

/// Steps of each, about
const SIZE: usize = 8;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=SAMPLES");
    let asked = std::env::var("SAMPLES").ok().and_then(|text| {
        let (seed, count) = text.split_once(':')?;
        Some((seed.parse().ok()?, count.parse().ok()?))
    });
    let (seed, count) = asked.unwrap_or(USUAL);
    let files = project(seed, count, SIZE);
    let files = files.into_iter().map(|file| (file.path.into(), file.text)).collect();
    let compiled = compile(&Input { files, ..Input::default() }.functions(host_functions()));
    if let Some(wrong) = compiled.diagnostics.iter().find(|found| found.severity == Severity::Error)
    {
        let place = compiled.sources.position(wrong.span);
        let path = compiled.sources.path(wrong.span.file).display();
        println!("cargo::error=seed {seed}: {path}:{}: {}", place.line, wrong.message);
        return;
    }
    let programs = &compiled.programs;
    let options = Options { mode: Mode::Expanded, functions: "crate::host", programs };
    let code = codegen::file(programs, &options);
    let steps: usize = programs.iter().map(|program| program.steps.len()).sum();
    let lines = code.lines().count();
    let out = std::env::var_os("OUT_DIR").unwrap_or_default();
    if let Err(error) = fs::write(Path::new(&out).join("samples.rs"), code) {
        println!("cargo::error=cannot write to OUT_DIR: {error}");
    }
    println!(
        "cargo::rustc-env=SAMPLE_SIZE={} programs, {steps} steps, {lines} lines",
        programs.len()
    );
}
