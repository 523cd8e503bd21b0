//! Random workflows: in those that are right nothing is found, in those with one mistake that
//! mistake, at its place.
//!
//! `SEED=7 cargo test -p workflow-compiler --test samples` shows one seed; `SEEDS=0..100000` looks
//! at other ones than CI does.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write as _;
use std::ops::Range;

use workflow_compiler::diagnostic::Diagnostic;
use workflow_compiler::diagnostic::render::render;
use workflow_compiler::{Compilation, Input, compile};
use workflow_samples::{File, host_functions, project};

/// Sizes that a failing seed is tried with, the smallest first
const SIZES: [usize; 5] = [1, 2, 4, 8, 16];

fn compiled(files: &[File]) -> Compilation {
    let files = files.iter().map(|file| (file.path.clone().into(), file.text.clone())).collect();
    compile(&Input { files, ..Input::default() }.functions(host_functions()))
}

fn seeds(usual: Range<u64>) -> Range<u64> {
    if let Ok(seed) = std::env::var("SEED") {
        let seed = seed.parse().unwrap();
        return seed..seed + 1;
    }
    let Ok(seeds) = std::env::var("SEEDS") else { return usual };
    let (from, to) = seeds.split_once("..").unwrap();
    from.parse().unwrap()..to.parse().unwrap()
}

fn shown(found: &[Diagnostic], compiled: &Compilation) -> String {
    render(found, &compiled.sources, false)
}

#[test]
fn nothing_is_wrong_with_right_workflows() {
    let mut report = String::new();
    let mut failed = 0;
    for seed in seeds(0..400) {
        let wrong = |size: &usize| {
            let files = project(seed, 1 + usize::try_from(seed % 3).unwrap(), *size);
            let compiled = compiled(&files);
            let found = shown(&compiled.diagnostics, &compiled);
            (!compiled.diagnostics.is_empty()).then_some((*size, found))
        };
        let wrong = wrong(&SIZES[4]).map(|large| SIZES[..4].iter().find_map(wrong).unwrap_or(large));
        if let Some((size, found)) = wrong {
            failed += 1;
            writeln!(report, "seed {seed}, size {size}:\n{found}").unwrap();
        }
    }
    let shortened: String = report.chars().take(20_000).collect();
    assert!(failed == 0, "{failed} seeds:\n{shortened}");
}
