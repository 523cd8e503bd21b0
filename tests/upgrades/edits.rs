//! Every kind of edit, with a run that waits at the second of two questions.

use serde_json::json;
use workflow_runtime::machine::Status;
use workflow_runtime::reply::Reply;

use crate::bench::{Bench, Build, assert_kept, build};

/// The workflow that runs begin under
mod base {
    workflow_macros::workflow!(
        r#"
        name: tea:order
        version: 1.0.0
        inputs:
          guest: { type: string, required: true }
          cups: { type: integer, default: 2 }
        initial_state: { rounds: 1, note: none yet }
        steps:
          - { id: ask, type: prompt, needs_state: [note], message: "Which tea, {{ inputs.guest }}? ({{ state.note }})", output_to: tea }
          - { id: with, type: prompt, kind: choice, message: With?, options: [milk, lemon], output_to: extra }
          - { id: sum, type: set_state, needs_state: [rounds], updates: { rounds: "{{ state.rounds + inputs.cups }}" } }
          - { id: done, type: return, needs_state: [tea, extra, rounds], value: "{{ state.rounds }} {{ state.tea }} with {{ state.extra.selected }}" }
        "#
    );
}

/// Other words
mod said {
    workflow_macros::workflow!(
        r#"
        name: tea:order
        version: 1.0.0
        description: Takes an order
        inputs:
          guest: { type: string, required: true }
          cups: { type: integer, default: 2 }
        initial_state: { rounds: 1, note: none yet }
        steps:
          - { id: ask, type: prompt, needs_state: [note], message: "Hello {{ inputs.guest }}, which tea? ({{ state.note }})", output_to: tea }
          - { id: with, type: prompt, kind: choice, message: Anything with it?, options: [milk, lemon], output_to: extra }
          - { id: sum, type: set_state, needs_state: [rounds], updates: { rounds: "{{ state.rounds + inputs.cups }}" } }
          - { id: done, type: return, needs_state: [tea, extra, rounds], value: "{{ state.rounds }} {{ state.tea }} with {{ state.extra.selected }}" }
        "#
    );
}

/// A step before, of which nothing is read behind
mod before {
    workflow_macros::workflow!(
        r#"
        name: tea:order
        version: 1.0.0
        inputs:
          guest: { type: string, required: true }
          cups: { type: integer, default: 2 }
        initial_state: { rounds: 1, note: none yet }
        steps:
          - { id: ask, type: prompt, needs_state: [note], message: "Which tea, {{ inputs.guest }}? ({{ state.note }})", output_to: tea }
          - { id: size, type: prompt, message: Which size?, output_to: size }
          - { id: with, type: prompt, kind: choice, message: With?, options: [milk, lemon], output_to: extra }
          - { id: sum, type: set_state, needs_state: [rounds], updates: { rounds: "{{ state.rounds + inputs.cups }}" } }
          - { id: done, type: return, needs_state: [tea, extra, rounds], value: "{{ state.rounds }} {{ state.tea }} with {{ state.extra.selected }}" }
        "#
    );
}

/// A step before, of which something is read behind
mod before_read {
    workflow_macros::workflow!(
        r#"
        name: tea:order
        version: 1.0.0
        inputs:
          guest: { type: string, required: true }
          cups: { type: integer, default: 2 }
        initial_state: { rounds: 1, note: none yet }
        steps:
          - { id: ask, type: prompt, needs_state: [note], message: "Which tea, {{ inputs.guest }}? ({{ state.note }})", output_to: tea }
          - { id: size, type: prompt, message: Which size?, output_to: size }
          - { id: with, type: prompt, kind: choice, message: With?, options: [milk, lemon], output_to: extra }
          - { id: sum, type: set_state, needs_state: [rounds], updates: { rounds: "{{ state.rounds + inputs.cups }}" } }
          - { id: done, type: return, needs_state: [tea, size], value: "{{ state.size }} {{ state.tea }}" }
        "#
    );
}

/// Steps behind, which read more and ask once more
mod after {
    workflow_macros::workflow!(
        r#"
        name: tea:order
        version: 1.0.0
        inputs:
          guest: { type: string, required: true }
          cups: { type: integer, default: 2 }
        initial_state: { rounds: 1, note: none yet, tip: 5 }
        steps:
          - { id: ask, type: prompt, needs_state: [note], message: "Which tea, {{ inputs.guest }}? ({{ state.note }})", output_to: tea }
          - { id: with, type: prompt, kind: choice, message: With?, options: [milk, lemon], output_to: extra }
          - { id: sum, type: set_state, needs_state: [rounds], updates: { rounds: "{{ state.rounds + inputs.cups }}" } }
          - { id: when, type: prompt, message: "When, {{ inputs.guest }}?", output_to: time }
          - { id: done, type: return, needs_state: [tea, rounds, time, tip, note], value: "{{ state.rounds }} {{ state.tea }} at {{ state.time }} plus {{ state.tip }}, {{ state.note }}" }
        "#
    );
}

/// A field by another name that is still to be read
mod renamed {
    workflow_macros::workflow!(
        r#"
        name: tea:order
        version: 1.0.0
        inputs:
          guest: { type: string, required: true }
          cups: { type: integer, default: 2 }
        initial_state: { rounds: 1, note: none yet }
        steps:
          - { id: ask, type: prompt, needs_state: [note], message: "Which tea, {{ inputs.guest }}? ({{ state.note }})", output_to: brew }
          - { id: with, type: prompt, kind: choice, message: With?, options: [milk, lemon], output_to: extra }
          - { id: sum, type: set_state, needs_state: [rounds], updates: { rounds: "{{ state.rounds + inputs.cups }}" } }
          - { id: done, type: return, needs_state: [brew, extra, rounds], value: "{{ state.rounds }} {{ state.brew }} with {{ state.extra.selected }}" }
        "#
    );
}

/// A field by another name that nobody reads
mod renamed_unread {
    workflow_macros::workflow!(
        r#"
        name: tea:order
        version: 1.0.0
        inputs:
          guest: { type: string, required: true }
          cups: { type: integer, default: 2 }
        initial_state: { rounds: 1, remark: none yet }
        steps:
          - { id: ask, type: prompt, needs_state: [remark], message: "Which tea, {{ inputs.guest }}? ({{ state.remark }})", output_to: tea }
          - { id: with, type: prompt, kind: choice, message: With?, options: [milk, lemon], output_to: extra }
          - { id: sum, type: set_state, needs_state: [rounds], updates: { rounds: "{{ state.rounds + inputs.cups }}" } }
          - { id: done, type: return, needs_state: [tea, extra, rounds], value: "{{ state.rounds }} {{ state.tea }} with {{ state.extra.selected }}" }
        "#
    );
}

/// A field of another type that is still to be read
mod retyped {
    workflow_macros::workflow!(
        r#"
        name: tea:order
        version: 1.0.0
        inputs:
          guest: { type: string, required: true }
          cups: { type: integer, default: 2 }
        initial_state: { rounds: "1", note: none yet }
        steps:
          - { id: ask, type: prompt, needs_state: [note], message: "Which tea, {{ inputs.guest }}? ({{ state.note }})", output_to: tea }
          - { id: with, type: prompt, kind: choice, message: With?, options: [milk, lemon], output_to: extra }
          - { id: sum, type: set_state, needs_state: [rounds], updates: { rounds: "{{ state.rounds }} and {{ inputs.cups }}" } }
          - { id: done, type: return, needs_state: [tea, extra, rounds], value: "{{ state.rounds }} {{ state.tea }} with {{ state.extra.selected }}" }
        "#
    );
}

/// A field and an input of other types that nobody reads any more
mod retyped_unread {
    workflow_macros::workflow!(
        r#"
        name: tea:order
        version: 1.0.0
        inputs:
          guest: { type: integer, required: true }
          cups: { type: integer, default: 2 }
        initial_state: { rounds: 1, note: [1, 2] }
        steps:
          - { id: ask, type: prompt, needs_state: [note], message: "Which tea, {{ inputs.guest }}? ({{ state.note }})", output_to: tea }
          - { id: with, type: prompt, kind: choice, message: With?, options: [milk, lemon], output_to: extra }
          - { id: sum, type: set_state, needs_state: [rounds], updates: { rounds: "{{ state.rounds + inputs.cups }}" } }
          - { id: done, type: return, needs_state: [tea, extra, rounds], value: "{{ state.rounds }} {{ state.tea }} with {{ state.extra.selected }}" }
        "#
    );
}

/// Without the step at which the run waits
mod gone {
    workflow_macros::workflow!(
        r#"
        name: tea:order
        version: 1.0.0
        inputs:
          guest: { type: string, required: true }
          cups: { type: integer, default: 2 }
        initial_state: { rounds: 1, note: none yet }
        steps:
          - { id: ask, type: prompt, needs_state: [note], message: "Which tea, {{ inputs.guest }}? ({{ state.note }})", output_to: tea }
          - { id: sum, type: set_state, needs_state: [rounds], updates: { rounds: "{{ state.rounds + inputs.cups }}" } }
          - { id: done, type: return, needs_state: [tea, rounds], value: "{{ state.rounds }} {{ state.tea }}" }
        "#
    );
}

/// Without another step
mod other_gone {
    workflow_macros::workflow!(
        r#"
        name: tea:order
        version: 1.0.0
        inputs:
          guest: { type: string, required: true }
          cups: { type: integer, default: 2 }
        initial_state: { rounds: 1, note: none yet }
        steps:
          - { id: ask, type: prompt, needs_state: [note], message: "Which tea, {{ inputs.guest }}? ({{ state.note }})", output_to: tea }
          - { id: with, type: prompt, kind: choice, message: With?, options: [milk, lemon], output_to: extra }
          - { id: done, type: return, needs_state: [tea, extra, rounds], value: "{{ state.rounds }} {{ state.tea }} with {{ state.extra.selected }}" }
        "#
    );
}

/// A step behind now stands before
mod moved {
    workflow_macros::workflow!(
        r#"
        name: tea:order
        version: 1.0.0
        inputs:
          guest: { type: string, required: true }
          cups: { type: integer, default: 2 }
        initial_state: { rounds: 1, note: none yet }
        steps:
          - { id: ask, type: prompt, needs_state: [note], message: "Which tea, {{ inputs.guest }}? ({{ state.note }})", output_to: tea }
          - { id: sum, type: set_state, needs_state: [rounds], updates: { rounds: "{{ state.rounds + inputs.cups }}" } }
          - { id: with, type: prompt, kind: choice, message: With?, options: [milk, lemon], output_to: extra }
          - { id: done, type: return, needs_state: [tea, extra, rounds], value: "{{ state.rounds }} {{ state.tea }} with {{ state.extra.selected }}" }
        "#
    );
}

/// The two questions the other way round
mod swapped {
    workflow_macros::workflow!(
        r#"
        name: tea:order
        version: 1.0.0
        inputs:
          guest: { type: string, required: true }
          cups: { type: integer, default: 2 }
        initial_state: { rounds: 1, note: none yet }
        steps:
          - { id: with, type: prompt, kind: choice, message: With?, options: [milk, lemon], output_to: extra }
          - { id: ask, type: prompt, needs_state: [note], message: "Which tea, {{ inputs.guest }}? ({{ state.note }})", output_to: tea }
          - { id: sum, type: set_state, needs_state: [rounds], updates: { rounds: "{{ state.rounds + inputs.cups }}" } }
          - { id: done, type: return, needs_state: [tea, extra, rounds], value: "{{ state.rounds }} {{ state.tea }} with {{ state.extra.selected }}" }
        "#
    );
}

/// Other options
mod options {
    workflow_macros::workflow!(
        r#"
        name: tea:order
        version: 1.0.0
        inputs:
          guest: { type: string, required: true }
          cups: { type: integer, default: 2 }
        initial_state: { rounds: 1, note: none yet }
        steps:
          - { id: ask, type: prompt, needs_state: [note], message: "Which tea, {{ inputs.guest }}? ({{ state.note }})", output_to: tea }
          - { id: with, type: prompt, kind: choice, message: With?, options: [milk, lemon, honey], output_to: extra }
          - { id: sum, type: set_state, needs_state: [rounds], updates: { rounds: "{{ state.rounds + inputs.cups }}" } }
          - { id: done, type: return, needs_state: [tea, extra, rounds], value: "{{ state.rounds }} {{ state.tea }} with {{ state.extra.selected }}" }
        "#
    );
}

/// Another kind of question
mod kind {
    workflow_macros::workflow!(
        r#"
        name: tea:order
        version: 1.0.0
        inputs:
          guest: { type: string, required: true }
          cups: { type: integer, default: 2 }
        initial_state: { rounds: 1, note: none yet }
        steps:
          - { id: ask, type: prompt, needs_state: [note], message: "Which tea, {{ inputs.guest }}? ({{ state.note }})", output_to: tea }
          - { id: with, type: prompt, kind: text, message: With?, output_to: extra }
          - { id: sum, type: set_state, needs_state: [rounds], updates: { rounds: "{{ state.rounds + inputs.cups }}" } }
          - { id: done, type: return, needs_state: [tea, extra, rounds], value: "{{ state.rounds }} {{ state.tea }} with {{ state.extra }}" }
        "#
    );
}

/// Another schema of the answer
mod validated {
    workflow_macros::workflow!(
        r#"
        name: tea:order
        version: 1.0.0
        inputs:
          guest: { type: string, required: true }
          cups: { type: integer, default: 2 }
        initial_state: { rounds: 1, note: none yet }
        steps:
          - { id: ask, type: prompt, needs_state: [note], message: "Which tea, {{ inputs.guest }}? ({{ state.note }})", validation: { min_length: 3 }, output_to: tea }
          - { id: with, type: prompt, kind: choice, message: With?, options: [milk, lemon], output_to: extra }
          - { id: sum, type: set_state, needs_state: [rounds], updates: { rounds: "{{ state.rounds + inputs.cups }}" } }
          - { id: done, type: return, needs_state: [tea, extra, rounds], value: "{{ state.rounds }} {{ state.tea }} with {{ state.extra.selected }}" }
        "#
    );
}

/// A new input that has a default
mod new_input {
    workflow_macros::workflow!(
        r#"
        name: tea:order
        version: 1.0.0
        inputs:
          guest: { type: string, required: true }
          cups: { type: integer, default: 2 }
          place: { type: string, default: inside }
        initial_state: { rounds: 1, note: none yet }
        steps:
          - { id: ask, type: prompt, needs_state: [note], message: "Which tea, {{ inputs.guest }}? ({{ state.note }})", output_to: tea }
          - { id: with, type: prompt, kind: choice, message: With?, options: [milk, lemon], output_to: extra }
          - { id: sum, type: set_state, needs_state: [rounds], updates: { rounds: "{{ state.rounds + inputs.cups }}" } }
          - { id: done, type: return, needs_state: [tea, rounds], value: "{{ state.rounds }} {{ state.tea }} {{ inputs.place }}" }
        "#
    );
}

/// A new input that is required
mod required_input {
    workflow_macros::workflow!(
        r#"
        name: tea:order
        version: 1.0.0
        inputs:
          guest: { type: string, required: true }
          cups: { type: integer, default: 2 }
          place: { type: string, required: true }
        initial_state: { rounds: 1, note: none yet }
        steps:
          - { id: ask, type: prompt, needs_state: [note], message: "Which tea, {{ inputs.guest }}? ({{ state.note }})", output_to: tea }
          - { id: with, type: prompt, kind: choice, message: With?, options: [milk, lemon], output_to: extra }
          - { id: sum, type: set_state, needs_state: [rounds], updates: { rounds: "{{ state.rounds + inputs.cups }}" } }
          - { id: done, type: return, needs_state: [tea, rounds], value: "{{ state.rounds }} {{ state.tea }} {{ inputs.place }}" }
        "#
    );
}

/// A new input that is required, and read only before
mod required_input_unread {
    workflow_macros::workflow!(
        r#"
        name: tea:order
        version: 1.0.0
        inputs:
          guest: { type: string, required: true }
          cups: { type: integer, default: 2 }
          place: { type: string, required: true }
        initial_state: { rounds: 1, note: none yet }
        steps:
          - { id: ask, type: prompt, needs_state: [note], message: "Which tea at {{ inputs.place }}? ({{ state.note }})", output_to: tea }
          - { id: with, type: prompt, kind: choice, message: With?, options: [milk, lemon], output_to: extra }
          - { id: sum, type: set_state, needs_state: [rounds], updates: { rounds: "{{ state.rounds + inputs.cups }}" } }
          - { id: done, type: return, needs_state: [tea, extra, rounds], value: "{{ state.rounds }} {{ state.tea }} with {{ state.extra.selected }}" }
        "#
    );
}

/// A run of `base` that waits at `with`
async fn waiting(bench: &Bench) -> Reply {
    let server = bench.server(build![base::tea_order::Machine]);
    let ask = server.start("tea:order", json!({"guest": "Ada"})).await;
    server.answer(&ask, json!("Assam")).await
}

/// Asserts that the run goes on where it stands, and comes to this result
async fn goes_on(build: Build, result: &str) {
    let bench = Bench::new();
    let with = waiting(&bench).await;
    let server = bench.server(build);
    let same = server.next(&with.run_id).await;
    assert_eq!((same.status, &same.step), (Status::Waiting, &with.step));
    assert_eq!(bench.upgrades(&with.run_id), 0, "to look at a run moves nothing");
    let mut reply = server.answer(&same, json!({"selected": "milk"})).await;
    while reply.step.is_some() {
        reply = server.answer(&reply, json!("noon")).await;
    }
    assert_eq!((reply.status, reply.result), (Status::Completed, Some(json!(result))));
    assert_eq!(bench.upgrades(&with.run_id), 1);
}

/// Asserts that the run is kept for this reason, and goes on under the build that it began under
async fn is_kept(build: Build, change: &str) {
    let bench = Bench::new();
    let with = waiting(&bench).await;
    {
        let server = bench.server(build);
        assert_kept(&server.next(&with.run_id).await, change);
        let answer = workflow_runtime::machine::Answer::Result(json!({"selected": "milk"}));
        let refused = server.submit(&with, answer).await.unwrap_err();
        assert_eq!(refused.code, "incompatible");
        assert!(refused.message.contains(change), "{}", refused.message);
    }
    let server = bench.server(build![base::tea_order::Machine]);
    let same = server.next(&with.run_id).await;
    assert_eq!(same, with);
    let end = server.answer(&same, json!({"selected": "milk"})).await;
    assert_eq!(end.result, Some(json!("3 Assam with milk")));
    assert_eq!(bench.upgrades(&with.run_id), 0);
}

#[tokio::test]
async fn other_words_are_no_change() {
    goes_on(build![said::tea_order::Machine], "3 Assam with milk").await;
}

#[tokio::test]
async fn a_step_before_is_none_of_the_runs_business() {
    goes_on(build![before::tea_order::Machine], "3 Assam with milk").await;
}

#[tokio::test]
async fn a_step_before_whose_result_is_read_behind_is() {
    let change = "state field `size` is new, and what gives it its value lies before step `with`";
    is_kept(build![before_read::tea_order::Machine], change).await;
}

#[tokio::test]
async fn steps_behind_may_read_what_the_run_has_and_what_begins_with_a_constant() {
    goes_on(build![after::tea_order::Machine], "3 Assam at noon plus 5, none yet").await;
}

#[tokio::test]
async fn a_field_by_another_name_is_missed() {
    let change = "state field `brew` is new, and what gives it its value lies before step `with` \
                  (`tea` is gone, is it that by another name?)";
    is_kept(build![renamed::tea_order::Machine], change).await;
}

#[tokio::test]
async fn a_field_by_another_name_that_nobody_reads_is_not() {
    goes_on(build![renamed_unread::tea_order::Machine], "3 Assam with milk").await;
}

#[tokio::test]
async fn a_field_of_another_type_is_not_read_as_that() {
    let change = "`tea:order` 1.0.0 has changed since the run began: state field `rounds` was \
                  `int`, is now `string`";
    is_kept(build![retyped::tea_order::Machine], change).await;
}

#[tokio::test]
async fn types_of_what_nobody_reads_any_more_may_change() {
    goes_on(build![retyped_unread::tea_order::Machine], "3 Assam with milk").await;
}

#[tokio::test]
async fn the_step_at_which_it_waits_is_gone() {
    is_kept(build![gone::tea_order::Machine], "step `with`, at which the run waits, is gone").await;
}

#[tokio::test]
async fn another_step_is_gone() {
    goes_on(build![other_gone::tea_order::Machine], "1 Assam with milk").await;
}

#[tokio::test]
async fn a_step_that_now_stands_before_is_not_made_up_for() {
    goes_on(build![moved::tea_order::Machine], "1 Assam with milk").await;
}

#[tokio::test]
async fn steps_in_another_order_are_done_in_that_order() {
    goes_on(build![swapped::tea_order::Machine], "3 noon with milk").await;
}

#[tokio::test]
async fn steps_in_another_order_may_leave_a_value_out() {
    let bench = Bench::new();
    let ask = {
        let server = bench.server(build![base::tea_order::Machine]);
        server.start("tea:order", json!({"guest": "Ada"})).await
    };
    let server = bench.server(build![swapped::tea_order::Machine]);
    let change = "state field `extra` has no value yet, and is read from step `ask` on as \
                  `object{selected: enum{milk, lemon}}`";
    assert_kept(&server.next(&ask.run_id).await, change);
}

#[tokio::test]
async fn other_options_are_another_question() {
    let change = "the answer to step `with` was `object{selected: enum{milk, lemon}}`, is now \
                  `object{selected: enum{milk, lemon, honey}}`";
    is_kept(build![options::tea_order::Machine], change).await;
}

#[tokio::test]
async fn another_kind_of_question_is_another_question() {
    let change = "step `with` was `prompt choice`, is now `prompt text`";
    is_kept(build![kind::tea_order::Machine], change).await;
}

#[tokio::test]
async fn an_answer_that_must_look_otherwise() {
    // Nobody waits for that answer any more.
    goes_on(build![validated::tea_order::Machine], "3 Assam with milk").await;
    let bench = Bench::new();
    let ask = {
        let server = bench.server(build![base::tea_order::Machine]);
        server.start("tea:order", json!({"guest": "Ada"})).await
    };
    let server = bench.server(build![validated::tea_order::Machine]);
    let change = "what the answer to step `ask` must look like has changed";
    assert_kept(&server.next(&ask.run_id).await, change);
}

#[tokio::test]
async fn a_new_input_has_its_default() {
    goes_on(build![new_input::tea_order::Machine], "3 Assam inside").await;
}

#[tokio::test]
async fn a_new_input_that_is_required_is_missed() {
    let change = "input `place` is new and required, and the run was started without it";
    is_kept(build![required_input::tea_order::Machine], change).await;
}

#[tokio::test]
async fn a_new_input_that_nobody_reads_any_more_is_not() {
    goes_on(build![required_input_unread::tea_order::Machine], "3 Assam with milk").await;
}

#[tokio::test]
async fn a_run_that_is_kept_can_be_cancelled() {
    let bench = Bench::new();
    let with = waiting(&bench).await;
    let server = bench.server(build![gone::tea_order::Machine]);
    assert_eq!(server.cancel(&with.run_id).await.status, Status::Cancelled);
}

#[tokio::test]
async fn an_upgrade_is_an_event() {
    let bench = Bench::new();
    let with = waiting(&bench).await;
    let server = bench.server(build![after::tea_order::Machine]);
    server.answer(&with, json!({"selected": "milk"})).await;
    let journal = bench.journal(&with.run_id);
    let kinds: Vec<_> = journal.iter().filter_map(|event| event["event"].as_str()).collect();
    let expected = ["started", "waiting", "answered", "stepped", "waiting", "upgraded"];
    assert_eq!(kinds[..expected.len()], expected);
    let (began, upgraded) = (&journal[0], &journal[5]);
    assert_eq!(upgraded["from"], began["fingerprint"]);
    assert_ne!(upgraded["to"], began["fingerprint"]);
    assert_eq!(upgraded["state"], json!({"tip": 5}));
    assert_eq!(server.state(&with.run_id).await["tip"], 5);
}
