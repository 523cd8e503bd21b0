//! Random workflows: in those that are right nothing is found, in those with one mistake that
//! mistake, at its place.
//!
//! `SEED=7 cargo test -p workflow-samples --test diagnostics` shows one seed; `SEEDS=0..100000` looks
//! at other ones than CI does.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write as _;
use std::ops::Range;

use workflow_compiler::diagnostic::render::render;
use workflow_compiler::diagnostic::{Code, Diagnostic, Severity};
use workflow_compiler::{Compilation, Input, compile};
use workflow_samples::{File, Mistake, Place, Random, host_functions, kinds, mistake, project};

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

/// What is found, but for tests of what an outer test has ruled out: those are made by chance
fn found(compiled: &Compilation) -> Vec<Diagnostic> {
    let by_chance = |found: &&Diagnostic| {
        found.code == Code::ConstantCondition && found.severity == Severity::Warning
    };
    compiled.diagnostics.iter().filter(|found| !by_chance(found)).cloned().collect()
}

#[test]
fn nothing_is_wrong_with_right_workflows() {
    let mut report = String::new();
    let mut failed = 0;
    for seed in seeds(0..200) {
        let wrong = |size: &usize| {
            let files = project(seed, 1 + usize::try_from(seed % 3).unwrap(), *size);
            let compiled = compiled(&files);
            let found = found(&compiled);
            (!found.is_empty()).then(|| (*size, shown(&found, &compiled)))
        };
        let wrong =
            wrong(&SIZES[4]).map(|large| SIZES[..4].iter().find_map(wrong).unwrap_or(large));
        if let Some((size, found)) = wrong {
            failed += 1;
            writeln!(report, "seed {seed}, size {size}:\n{found}").unwrap();
        }
    }
    let shortened: String = report.chars().take(20_000).collect();
    assert!(failed == 0, "{failed} seeds:\n{shortened}");
}

/// Why what is said of a mistake is not what should be
fn wrong(mistake: &Mistake) -> Option<String> {
    let compiled = compiled(&mistake.files);
    let all = found(&compiled);
    let [found] = all.as_slice() else {
        let (count, shown, place) = (all.len(), shown(&all, &compiled), place_of(mistake));
        return Some(format!("{count} diagnostics\n{shown}the mistake is at {place}"));
    };
    let source = compiled.sources.file(found.span.file);
    let marked = found.span.range();
    let fits = source.path.as_os_str() == mistake.path.as_str()
        && match &mistake.place {
            Place::At(place) => *place == unquoted(marked, &source.text),
            Place::Within(place) => place.start <= marked.start && marked.end <= place.end,
        };
    if found.code.as_str() == mistake.code && fits {
        return None;
    }
    let (Place::At(place) | Place::Within(place)) = &mistake.place;
    let place = source.position(place.start);
    let shown = shown(&all, &compiled);
    Some(format!("expected {} at {}:{}\n{shown}", mistake.code, place.line, place.column))
}

/// Where a mistake is, and what stands there
fn place_of(mistake: &Mistake) -> String {
    let (Place::At(place) | Place::Within(place)) = &mistake.place;
    let text = mistake.files.iter().find(|file| file.path == mistake.path).map(|file| &file.text);
    let text = text.map_or("", |text| text.as_str());
    let number = text[..place.start].matches('\n').count();
    format!("{}:{}: {}", mistake.path, number + 1, &text[place.clone()])
}

/// A place without the quotes of a scalar
fn unquoted(place: Range<usize>, text: &str) -> Range<usize> {
    let marked = &text[place.clone()];
    let inside = marked.trim_matches(['\'', '"']);
    let start = place.start + marked.find(inside).unwrap_or(0);
    start..start + inside.len()
}

#[test]
fn one_mistake_is_told_once_at_its_place() {
    let mut report = String::new();
    let (mut failed, mut looked) = (0, 0);
    let only = std::env::var("KIND").unwrap_or_default();
    for seed in seeds(0..40) {
        for kind in kinds().filter(|kind| kind.contains(&only)) {
            let wrong = |size: &usize| {
                let files = project(seed, 1 + usize::try_from(seed % 3).unwrap(), *size);
                let mistake = mistake(&files, kind, &mut Random::new(seed))?;
                Some((*size, wrong(&mistake)?))
            };
            looked += 1;
            let Some(large) = wrong(&SIZES[3]) else { continue };
            let (size, found) = SIZES[..3].iter().find_map(wrong).unwrap_or(large);
            failed += 1;
            writeln!(report, "{kind}: seed {seed}, size {size}: {found}").unwrap();
        }
    }
    let shortened: String = report.chars().take(40_000).collect();
    assert!(failed == 0, "{failed} of {looked}:\n{shortened}");
}
