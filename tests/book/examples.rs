//! The YAML of the book: each workflow compiles, or gives just the diagnostics below it.
//!
//! A fence `yaml` holds a whole workflow, or a list of steps, around which a workflow is put; a fence
//! `text` behind it is what the compiler says.

use std::fmt::Write as _;

use workflow_compiler::diagnostic::render::render;
use workflow_compiler::{Input, compile};

use crate::kinds::{Kind, of_kind};
use crate::pages::{Fence, all, updates};

#[test]
fn every_workflow_compiles_or_is_told_as_shown() {
    let mut workflows = 0;
    for mut page in all() {
        let told = of_kind(&page, Kind::Told);
        let mut printed = Vec::new();
        for (at, fence) in of_kind(&page, Kind::Workflow) {
            workflows += 1;
            let said = said(&fence);
            match told.iter().find(|(below, _)| *below == at + 1) {
                Some((_, shown)) if updates() => printed.push((shown.range.clone(), said)),
                Some((_, shown)) => assert_eq!(said, shown.text, "docs/{}", page.path),
                None => assert_eq!(said, "", "docs/{}: {}", page.path, fence.text),
            }
        }
        if !printed.is_empty() {
            page.rewrite(printed);
        }
    }
    assert!(workflows >= 2, "only {workflows} workflows");
}

/// What the compiler says of a fence
fn said(fence: &Fence) -> String {
    let whole = fence.text.starts_with("name:") || fence.text.contains("\nname:");
    let text = if whole { fence.text.clone() } else { around(&fence.text) };
    let files = vec![("workflows/example.yaml".into(), text)];
    let compiled = compile(&Input { files, ..Input::default() });
    let said = render(&compiled.diagnostics, &compiled.sources, false);
    if said.is_empty() { said } else { format!("{}\n", said.trim()) }
}

/// A workflow around a list of steps, which returns what they have found
fn around(steps: &str) -> String {
    let mut text = "name: example\nversion: 1.0.0\nsteps:\n".to_owned();
    let mut fields: Vec<&str> = Vec::new();
    for line in steps.lines() {
        writeln!(text, "  {line}").unwrap();
        fields.extend(line.trim().strip_prefix("output_to: "));
    }
    let fields = fields.join(", ");
    let value = fields.split(", ").map(|field| format!("\"{{{{ state.{field} }}}}\""));
    let value = value.collect::<Vec<_>>().join(", ");
    writeln!(text, "  - id: found").unwrap();
    writeln!(text, "    type: return\n    needs_state: [{fields}]\n    value: [{value}]").unwrap();
    text
}
