//! Each row of `table.jsonl`, compiled and run: with inputs of known types, and with inputs of
//! which nothing is known.

#![expect(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test has no public items, and may panic"
)]

#[path = "../build/row.rs"]
mod row;

#[rustfmt::skip] // as it was generated
mod workflows {
    include!(concat!(env!("OUT_DIR"), "/workflows.rs"));
}

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use row::{Mode, Outcome, Row};
use serde_json::{Map, Value};
use workflow_runtime::machine::{Env, Event, Start};
use workflow_runtime::registry::Registry;

/// What the build script says of the rows
struct Built {
    registry: Registry,
    /// The workflow of each row, without its mode
    groups: Map<String, Value>,
    /// Rows that do not compile: the code and the message
    refused: Map<String, Value>,
    /// The inputs of all rows of a workflow
    inputs: BTreeMap<String, Map<String, Value>>,
}

impl Built {
    fn new(table: &[Row]) -> Self {
        let places = include_str!(concat!(env!("OUT_DIR"), "/places.json"));
        let places: BTreeMap<String, Map<String, Value>> = serde_json::from_str(places).unwrap();
        let [groups, refused] = ["groups", "refused"].map(|name| places[name].clone());
        let mut inputs: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
        for row in table {
            let group = groups[&row.id].as_str().unwrap().to_owned();
            let given = row.context.clone().into_iter().filter(|(_, value)| !value.is_null());
            inputs.entry(group).or_default().extend(given);
        }
        Self { registry: workflows::registry(), groups, refused, inputs }
    }

    /// What comes of a row, and what was said
    fn outcome(&self, row: &Row, mode: Mode) -> (Outcome, String) {
        if let Some(refused) = self.refused.get(&format!("{} {}", row.id, mode.name())) {
            let text = |at: usize| refused[at].as_str().unwrap().to_owned();
            return (Outcome::Diagnostic(text(0)), text(1));
        }
        let group = self.groups[&row.id].as_str().unwrap();
        let program = self.registry.get(&format!("{group}-{}", mode.name())).unwrap();
        let env = Env::new("2026-01-31T12:00:00Z".parse().unwrap(), 7);
        let mut inputs = self.inputs[group].clone();
        inputs.insert("row".into(), row.id.clone().into());
        let events = program.begin(Start { inputs, ..Start::default() }, env);
        match events.unwrap().pop().unwrap() {
            Event::Completed { result, .. } => (Outcome::Gives(result), String::new()),
            Event::Failed { error, .. } => {
                (Outcome::Fault, format!("{}: {}", error.code, error.message))
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn every_row_is_as_in_jinja2_or_as_the_manual_says() {
    let table = Row::table();
    let built = Built::new(&table);
    let mut wrong = String::new();
    for row in &table {
        for mode in Mode::ALL {
            let expected = row.expected(mode);
            let (found, said) = built.outcome(row, mode);
            if found != expected {
                let (mode, source) = (mode.name(), row.source());
                let _ = writeln!(
                    wrong,
                    "{} {mode}: {source}\n  expected {expected:?}\n  found    {found:?} {said}",
                    row.id
                );
            }
        }
    }
    assert!(table.len() >= 400, "{} rows", table.len());
    assert!(wrong.is_empty(), "{} outcomes are wrong:\n{wrong}", wrong.matches("expected").count());
}

#[test]
fn the_manual_has_a_reason_for_each_difference_and_a_row_for_each_reason() {
    let page = include_str!("../../../docs/language/jinja2.md");
    let reasons = page.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'));
    let reasons: BTreeSet<_> = reasons.collect();
    let table = Row::table();
    let used: BTreeSet<_> = table.iter().filter_map(|row| row.differs.as_deref()).collect();
    assert_eq!(reasons, used);
}

#[test]
fn rows_that_differ_really_do() {
    for row in Row::table().iter().filter(|row| row.differs.is_some()) {
        let as_there = |mode| {
            Row { ours: None, typed: None, any: None, ..row.clone() }.expected(mode)
                == row.expected(mode)
        };
        assert!(!Mode::ALL.into_iter().all(as_there), "{} is as in Jinja2", row.id);
    }
}
