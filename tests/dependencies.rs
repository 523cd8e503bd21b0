//! What the features `temporal` and `otlp` bring is not there without them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::process::Command;

/// All packages that a build compiles, by cargo's own account
fn compiled(more: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--prefix=none", "--format={p}", "--edges=all"])
        .args(more)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).unwrap();
    tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// Packages of Temporal's SDK, and what comes with no other
fn of_temporal(packages: &BTreeSet<String>) -> Vec<&String> {
    let known = ["tonic", "prost", "protox", "tokio-postgres"];
    packages
        .iter()
        .filter(|package| {
            package.contains("temporal") || known.iter().any(|known| package.starts_with(known))
        })
        .collect()
}

#[test]
fn without_the_feature_nothing_of_temporal_is_compiled() {
    // Tests and tools too, whatever they are.
    let without = compiled(&["--workspace"]);
    assert!(without.contains("rusqlite"), "{without:?}");
    assert_eq!(of_temporal(&without), [""; 0]);

    let with = compiled(&["--features", "temporal"]);
    let found = of_temporal(&with);
    for package in ["temporalio-sdk", "temporalio-client", "tonic", "prost", "tokio-postgres"] {
        assert!(found.iter().any(|found| *found == package), "{package} is not in {found:?}");
    }
    // What it costs, so that nobody is surprised: some 110 packages.
    let more = with.difference(&without).count();
    assert!(more < 150, "{more} packages come with the feature");
}

#[test]
fn without_the_feature_nothing_of_opentelemetry_is_compiled() {
    let of_it = |packages: &BTreeSet<String>| {
        packages.iter().any(|package| package.contains("opentelemetry"))
    };
    assert!(!of_it(&compiled(&["--workspace"])));
    assert!(of_it(&compiled(&["--features", "otlp"])));
}
