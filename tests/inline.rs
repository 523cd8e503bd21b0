//! A workflow that stands in Rust, and runs.

use workflow_runtime::machine::Env;
use workflow_runtime::typed;

workflow_macros::workflow!(
    r#"
    name: greet:twice
    version: 1.0.0
    inputs:
      name: { type: string, required: true }
    initial_state: { times: 0 }
    steps:
      - id: greet
        type: prompt
        message: |
          Hello, {{ inputs.name }}!
        output_to: reply
      - id: count
        type: set_state
        needs_state: [times]
        updates: { times: "{{ state.times + 1 }}" }
      - { id: again, type: goto, target: greet, max_iterations: 1 }
      - { id: done, type: return, needs_state: [reply, times], value: "{{ state.times }} {{ state.reply }}" }
    "#
);

#[test]
fn a_workflow_inside_of_rust_runs() {
    use greet_twice::{Inputs, Machine, Waiting};

    let env = Env::new("2026-01-31T12:00:00Z".parse().unwrap(), 7);
    let mut at = typed::start::<Machine>(Inputs { name: "Ada".to_owned() }, env).unwrap();
    for answer in ["hello", "again"] {
        let Waiting::Greet(greet) = at else { panic!("{at:?}") };
        at = greet.answer(answer.to_owned(), env).unwrap();
    }
    let Waiting::Returned(result) = at else { panic!("{at:?}") };
    assert_eq!(result, "2 again");
}
