//! The YAML of the book: each workflow compiles, without a warning.
//!
//! A fence `yaml` holds a whole workflow, or a list of steps, around which a workflow is put.

use std::fmt::Write as _;

use workflow_compiler::diagnostic::render::render;
use workflow_compiler::{Input, compile};

use crate::kinds::{Kind, of_kind};
use crate::pages::{Fence, all};

#[test]
fn every_workflow_compiles() {
    let mut workflows = 0;
    for page in all() {
        for fence in of_kind(&page, Kind::Workflow) {
            workflows += 1;
            assert_eq!(said(&fence), "", "docs/{}: {}", page.path, fence.text);
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
    render(&compiled.diagnostics, &compiled.sources, false)
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
