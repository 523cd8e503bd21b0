//! The whole front end on broken files: whatever the text, it ends soon, says something or gives
//! code, and points into the files.
//!
//! ```text
//! cargo test -p workflow-samples --test fuzz                      # what CI runs
//! FUZZ_SECONDS=3600 FUZZ_SEED=7 cargo test --profile fuzz -p workflow-samples --test fuzz -- --nocapture
//! ```
//!
//! An input follows from its seed. What fails is made smaller and printed with its seed;
//! `FUZZ_SEED=n FUZZ_SECONDS=0` looks at that one input alone, and shows it.
//!
//! Nothing may stay on the heap of an input that was answered: see [`memory`]. A longer run tells
//! every minute how much is in use.

mod check;
mod corpus;
mod memory;
mod mutate;
mod shrink;
mod watch;

use std::time::{Duration, Instant};

use corpus::Corpus;
use memory::Memory;
use watch::Watch;
use workflow_samples::Random;

/// Files with their names
type Project = Vec<(String, String)>;

/// How many inputs CI looks at
const USUAL: u64 = 400;

/// How often a longer run tells how it stands
const TOLD_EVERY: Duration = Duration::from_mins(1);

/// As many failures are enough to begin with
const MAX_FAILURES: usize = 5;

#[test]
fn whatever_the_text_the_compiler_answers() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let (seconds, first) = (number("FUZZ_SECONDS"), number("FUZZ_SEED").unwrap_or(1));
    let corpus = Corpus::read();
    if seconds == Some(0) {
        println!("{}", shown(&input(&corpus, first)));
    }
    let watch = Watch::start();
    let began = Instant::now();
    let mut failures = Vec::new();
    let (mut seed, mut accepted) = (first, 0);
    let (mut memory, mut told) = (Memory::new(), began);
    loop {
        match answered(&corpus, &watch, seed) {
            Some(was_accepted) => accepted += u64::from(was_accepted),
            None => failures.push(seed),
        }
        if let Err(why) = memory.look(seed) {
            println!("seed {seed}: {why}");
            failures.push(seed);
            break;
        }
        seed += 1;
        if told.elapsed() >= TOLD_EVERY {
            told = Instant::now();
            println!("{} inputs: {}", seed - first, memory.shown());
        }
        let over = match seconds {
            Some(seconds) => began.elapsed() >= Duration::from_secs(seconds),
            None => seed - first >= USUAL,
        };
        if over || failures.len() >= MAX_FAILURES {
            break;
        }
    }
    let (count, took) = (seed - first, began.elapsed().as_secs_f64());
    println!("{count} inputs in {took:.0} s, {accepted} of them right");
    println!("{}", memory.shown());
    assert!(failures.is_empty(), "seeds {failures:?}, shown above");
}

/// Whether the input of a seed was right; shows a failure, made smaller, and gives `None`
fn answered(corpus: &Corpus, watch: &Watch, seed: u64) -> Option<bool> {
    watch.begin(seed);
    let project = input(corpus, seed);
    let answer = check::check(&project);
    watch.pause();
    answer
        .map_err(|why| {
            let small = shrink::shrink(project, &why);
            println!("seed {seed}: {why}\n{}", shown(&small));
        })
        .ok()
}

/// The input of a seed
fn input(corpus: &Corpus, seed: u64) -> Project {
    let mut random = Random::new(seed);
    let mut project = corpus.project(&mut random);
    let changes = 1 + random.below(5);
    for _ in 0..changes {
        let at = random.below(project.len());
        mutate::mutate(&mut project[at].1, corpus, &mut random);
    }
    project
}

fn shown(project: &Project) -> String {
    let files = project.iter().map(|(path, text)| format!("--- {path}\n{text}\n--- as {text:?}\n"));
    files.collect::<Vec<_>>().concat()
}
