//! What the workflows call.

use workflow_macros::workflow_fn;

/// The subjects of a log as `git log --oneline` gives it, without the hashes, merges left out
#[workflow_fn]
pub fn subjects(log: &str) -> Vec<String> {
    let subjects = log.lines().filter_map(|line| line.trim().split_once(' '));
    let subjects = subjects.map(|(_hash, subject)| subject.trim());
    subjects.filter(|subject| !subject.starts_with("Merge ")).map(str::to_owned).collect()
}
