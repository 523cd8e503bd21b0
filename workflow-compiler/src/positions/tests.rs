use super::*;
use crate::{Input, compile};

/// The position of a step in a workflow of these steps
fn position(steps: &str, at: &str) -> Position {
    let text =
        format!("name: a\nversion: 1.0.0\ninitial_state: {{ n: 0, m: \"\" }}\nsteps:\n{steps}");
    let compiled = compile(&Input { files: vec![("a.yaml".into(), text)], ..Input::default() });
    assert_eq!(compiled.errors(), 0, "{:?}", compiled.diagnostics);
    let found = positions(&compiled.programs[0]).into_iter().find(|position| position.name == at);
    found.unwrap()
}

fn delegate(output: &str) -> Position {
    let steps = format!("  - {{ id: ask, type: delegate, instructions: Go, output: {output} }}\n");
    position(&steps, "ask")
}

#[test]
fn words_of_a_schema_do_not_count_and_a_field_called_so_does() {
    let plain = "{ type: object, properties: { size: { type: integer } } }";
    let said = "{ type: object, description: It, properties: { size: { type: integer, \
                description: How large } } }";
    let named = "{ type: object, properties: { size: { type: integer }, description: { type: \
                 string } } }";
    assert_eq!(delegate(plain).schema, delegate(said).schema);
    assert_ne!(delegate(plain).schema, delegate(named).schema);
}

#[test]
fn what_is_written_before_it_is_read_is_not_needed() {
    let steps = "  - { id: ask, type: prompt, message: Go, output_to: m }
  - { id: set, type: set_state, updates: { n: 7 } }
  - { id: again, type: prompt, needs_state: [n], message: \"{{ state.n }}\" }
  - { id: done, type: return, needs_state: [m], value: \"{{ state.m }}\" }
";
    assert!(position(steps, "ask").state.is_empty());
    let needed: Vec<_> = position(steps, "again").state.iter().map(|n| n.untouched).collect();
    assert_eq!(needed, [false]);
}

#[test]
fn what_a_loop_may_have_written_is_not_as_it_was() {
    let steps = "  - { id: ask, type: prompt, message: Go }
  - { id: add, type: set_state, needs_state: [n], updates: { n: \"{{ state.n + 1 }}\" } }
  - { id: more, type: goto, target: ask, max_iterations: 2 }
  - { id: done, type: return, needs_state: [n, m], value: \"{{ state.n }}{{ state.m }}\" }
";
    let ask = position(steps, "ask");
    let untouched: Vec<_> = ask.state.iter().map(|needed| needed.untouched).collect();
    assert_eq!(untouched, [false, true]);
    let kept: Vec<_> = ask.kept.iter().map(|(_, origin)| origin.as_str()).collect();
    assert_eq!(kept, ["goto more"]);
}

#[test]
fn what_a_failure_leads_to_is_needed_too() {
    let steps = "  - { id: ask, type: delegate, instructions: Go, on_error: help, output_to: m }
  - { id: done, type: return, needs_state: [m], value: \"{{ state.m }}\" }
  - { id: help, type: return, needs_state: [n], value: \"{{ state.n }}\" }
";
    let fields: Vec<_> = position(steps, "ask").state.iter().map(|needed| needed.field).collect();
    assert_eq!(fields, [0]);
}
