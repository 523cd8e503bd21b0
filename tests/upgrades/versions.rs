//! A workflow that gets a new version, with the old file beside it and without.

use serde_json::json;
use workflow_runtime::machine::Status;

use crate::bench::{Bench, assert_kept, build};

/// The version that runs begin under
mod v1 {
    workflow_macros::workflow!(
        r#"
        name: note
        version: 1.0.0
        initial_state: { size: 1 }
        steps:
          - { id: ask, type: prompt, message: What?, output_to: text }
          - { id: done, type: return, needs_state: [size, text], value: "{{ state.text }} {{ state.size }}" }
        "#
    );
}

/// A version that needs the same
mod v1_1 {
    workflow_macros::workflow!(
        r#"
        name: note
        version: 1.1.0
        initial_state: { size: 1 }
        steps:
          - { id: ask, type: prompt, message: What?, output_to: text }
          - { id: done, type: return, needs_state: [size, text], value: "{{ state.text }}: {{ state.size }}" }
        "#
    );
}

/// A version that needs something else
mod v2 {
    workflow_macros::workflow!(
        r#"
        name: note
        version: 2.0.0
        initial_state: { size: large }
        steps:
          - { id: ask, type: prompt, message: What?, output_to: text }
          - { id: done, type: return, needs_state: [size, text], value: "{{ state.text }}, {{ state.size }}" }
        "#
    );
}

/// Another workflow
mod other {
    workflow_macros::workflow!(
        r#"
        name: other
        version: 1.0.0
        steps:
          - { id: ask, type: prompt, message: What? }
        "#
    );
}

/// Begins a run under 1.0.0; what becomes of it under a build
async fn under(server: crate::bench::Build) -> (workflow_runtime::reply::Reply, String) {
    let bench = Bench::new();
    let ask = bench.server(build![v1::note::Machine]).start("note", json!({})).await;
    let server = bench.server(server);
    let same = server.next(&ask.run_id).await;
    if same.status == Status::Incompatible {
        return (same, server.version(&ask.run_id).await);
    }
    assert_eq!(same.step, ask.step);
    let end = server.answer(&same, json!("a")).await;
    (end, server.version(&ask.run_id).await)
}

#[tokio::test]
async fn a_higher_version_that_needs_the_same_takes_the_run_over() {
    let (end, version) = under(build![v1_1::note::Machine]).await;
    assert_eq!((end.result, version.as_str()), (Some(json!("a: 1")), "1.1.0"));
}

#[tokio::test]
async fn with_the_old_file_beside_the_run_goes_on_as_it_began() {
    let (end, version) = under(build![v1::note::Machine, v1_1::note::Machine]).await;
    assert_eq!((end.result, version.as_str()), (Some(json!("a 1")), "1.0.0"));
    let (end, version) = under(build![v1::note::Machine, v2::note::Machine]).await;
    assert_eq!((end.result, version.as_str()), (Some(json!("a 1")), "1.0.0"));
}

#[tokio::test]
async fn without_the_old_file_a_run_that_needs_something_else_is_kept() {
    let (kept, version) = under(build![v2::note::Machine]).await;
    let change = "the run goes by `note` 1.0.0, this server has 2.0.0, in which state field `size` \
                  was `int`, is now `string`";
    assert_kept(&kept, change);
    assert_eq!(version, "1.0.0");
}

#[tokio::test]
async fn of_the_higher_versions_one_may_fit() {
    let (end, version) = under(build![v2::note::Machine, v1_1::note::Machine]).await;
    assert_eq!((end.result, version.as_str()), (Some(json!("a: 1")), "1.1.0"));
}

#[tokio::test]
async fn no_run_goes_back_to_a_lower_version() {
    let bench = Bench::new();
    let ask = bench.server(build![v1_1::note::Machine]).start("note", json!({})).await;
    let kept = bench.server(build![v1::note::Machine]).next(&ask.run_id).await;
    assert_kept(&kept, "the run goes by `note` 1.1.0, this server has 1.0.0");
}

#[tokio::test]
async fn a_workflow_that_is_gone_is_named() {
    let (kept, _) = under(build![other::other::Machine]).await;
    assert_kept(&kept, "this server has no workflow `note`");
}

#[tokio::test]
async fn what_has_ended_stays_as_it_was() {
    let bench = Bench::new();
    let run_id = {
        let server = bench.server(build![v1::note::Machine]);
        let ask = server.start("note", json!({})).await;
        server.answer(&ask, json!("a")).await.run_id
    };
    let end = bench.server(build![v2::note::Machine]).next(&run_id).await;
    assert_eq!((end.status, end.result), (Status::Completed, Some(json!("a 1"))));
}
