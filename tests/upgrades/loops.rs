//! What stands in a position: counts of `goto`s, and what a step has computed before it waits.

use serde_json::json;
use workflow_runtime::machine::Status;

use crate::bench::{Bench, assert_kept, build};

/// Without a loop
mod plain {
    workflow_macros::workflow!(
        r#"
        name: letter
        version: 1.0.0
        steps:
          - { id: draft, type: prompt, message: Draft, output_to: draft }
          - { id: review, type: prompt, kind: confirm, message: Good?, output_to: verdict }
          - { id: done, type: return, needs_state: [draft, verdict], value: "{{ state.draft }} {{ state.verdict.confirmed }}" }
        "#
    );
}

/// With a loop
mod looped {
    workflow_macros::workflow!(
        r#"
        name: letter
        version: 1.0.0
        steps:
          - { id: draft, type: prompt, message: Draft, output_to: draft }
          - { id: review, type: prompt, kind: confirm, message: Good?, output_to: verdict }
          - { id: again, type: goto, needs_state: [verdict], when: not state.verdict.confirmed, target: draft, max_iterations: 1 }
          - { id: done, type: return, needs_state: [draft, verdict], value: "{{ state.draft }} {{ state.verdict.confirmed }}" }
        "#
    );
}

/// With a loop that goes back less far
mod short {
    workflow_macros::workflow!(
        r#"
        name: letter
        version: 1.0.0
        steps:
          - { id: draft, type: prompt, message: Draft, output_to: draft }
          - { id: review, type: prompt, kind: confirm, message: Good?, output_to: verdict }
          - { id: again, type: goto, needs_state: [verdict], when: not state.verdict.confirmed, target: review, max_iterations: 1 }
          - { id: done, type: return, needs_state: [draft, verdict], value: "{{ state.draft }} {{ state.verdict.confirmed }}" }
        "#
    );
}

/// With another loop before it in the file
mod doubled {
    workflow_macros::workflow!(
        r#"
        name: letter
        version: 1.0.0
        steps:
          - { id: draft, type: prompt, message: Draft, output_to: draft }
          - { id: review, type: prompt, kind: confirm, message: Good?, output_to: verdict }
          - { id: at-once, type: goto, needs_state: [verdict], when: not state.verdict.confirmed, target: review, max_iterations: 1 }
          - { id: again, type: goto, needs_state: [verdict], when: not state.verdict.confirmed, target: draft, max_iterations: 1 }
          - { id: done, type: return, needs_state: [draft, verdict], value: "{{ state.draft }} {{ state.verdict.confirmed }}" }
        "#
    );
}

/// Asks twice within a step
mod asks {
    workflow_macros::workflow!(
        r#"
        name: both
        version: 1.0.0
        steps:
          - { id: merge, type: set_state, updates: { plan: "{{ merge_plan_with_feedback('a', 'x') }} and {{ merge_plan_with_feedback('b', 'y') }}" } }
          - { id: done, type: return, needs_state: [plan], value: "{{ state.plan }}" }
        "#
    );
}

/// Asks for something else the second time, in other words
mod asks_again {
    workflow_macros::workflow!(
        r#"
        name: both
        version: 1.0.0
        steps:
          - { id: merge, type: set_state, updates: { plan: "{{ merge_plan_with_feedback('a', 'x') }}, then {{ merge_plan_with_feedback('c', 'z') }}" } }
          - { id: done, type: return, needs_state: [plan], value: "{{ state.plan }}" }
        "#
    );
}

/// Asks only once
mod asks_once {
    workflow_macros::workflow!(
        r#"
        name: both
        version: 1.0.0
        steps:
          - { id: merge, type: set_state, updates: { plan: "{{ merge_plan_with_feedback('b', 'y') }}" } }
          - { id: done, type: return, needs_state: [plan], value: "{{ state.plan }}" }
        "#
    );
}

/// Asks for something else first
mod asks_other {
    workflow_macros::workflow!(
        r#"
        name: both
        version: 1.0.0
        steps:
          - { id: merge, type: set_state, updates: { plan: "{{ analyze_search_results([1]) }} and {{ merge_plan_with_feedback('b', 'y') }}" } }
          - { id: done, type: return, needs_state: [plan], value: "{{ state.plan }}" }
        "#
    );
}

/// A run of `looped` in its second and last round
async fn second_round(bench: &Bench) -> workflow_runtime::reply::Reply {
    let server = bench.server(build![looped::letter::Machine]);
    let draft = server.start("letter", json!({})).await;
    let review = server.answer(&draft, json!("one")).await;
    let draft = server.answer(&review, json!({"confirmed": false})).await;
    assert_eq!(draft.step.as_ref().unwrap().step_id, "draft#2");
    draft
}

#[tokio::test]
async fn a_loop_that_goes_elsewhere_keeps_its_count() {
    let bench = Bench::new();
    let draft = second_round(&bench).await;
    let server = bench.server(build![short::letter::Machine]);
    assert_eq!(server.next(&draft.run_id).await.step, draft.step);
    let review = server.answer(&draft, json!("two")).await;
    let end = server.answer(&review, json!({"confirmed": false})).await;
    assert_eq!(end.result, Some(json!("two false")));
}

#[tokio::test]
async fn a_loop_that_is_gone_leaves_nothing_behind() {
    let bench = Bench::new();
    let draft = second_round(&bench).await;
    let server = bench.server(build![plain::letter::Machine]);
    let review = server.answer(&draft, json!("two")).await;
    let end = server.answer(&review, json!({"confirmed": false})).await;
    assert_eq!(end.result, Some(json!("two false")));
}

#[tokio::test]
async fn a_loop_that_is_new_has_not_been_gone_through() {
    let bench = Bench::new();
    let draft = bench.server(build![plain::letter::Machine]).start("letter", json!({})).await;
    let server = bench.server(build![looped::letter::Machine]);
    let review = server.answer(&draft, json!("one")).await;
    let draft = server.answer(&review, json!({"confirmed": false})).await;
    assert_eq!(draft.step.as_ref().unwrap().step_id, "draft#2");
}

#[tokio::test]
async fn counts_are_not_mixed_up() {
    let bench = Bench::new();
    let draft = second_round(&bench).await;
    let server = bench.server(build![doubled::letter::Machine]);
    let review = server.answer(&draft, json!("two")).await;
    // The new loop has its one round; the old one has had it.
    let review = server.answer(&review, json!({"confirmed": false})).await;
    assert_eq!(review.step.as_ref().unwrap().step_id, "review#3");
    let end = server.answer(&review, json!({"confirmed": false})).await;
    assert_eq!((end.status, end.result), (Status::Completed, Some(json!("two false"))));
}

#[tokio::test]
async fn what_a_step_has_been_told_already_it_keeps() {
    let bench = Bench::new();
    let second = {
        let server = bench.server(build![asks::both::Machine]);
        let first = server.start("both", json!({})).await;
        server.answer(&first, json!("one")).await
    };
    assert_eq!(second.step.as_ref().unwrap().step_id, "merge#2");
    let kept = bench.server(build![asks_once::both::Machine]).next(&second.run_id).await;
    assert_kept(&kept, "step `merge`, at which the run waits, no longer waits at this place");
    let kept = bench.server(build![asks_other::both::Machine]).next(&second.run_id).await;
    assert_kept(&kept, "what step `merge` computes before it waits here has changed");
    let server = bench.server(build![asks_again::both::Machine]);
    let end = server.answer(&second, json!("two")).await;
    assert_eq!(end.result, Some(json!("one, then two")));
}
