//! Waits, deadlines and pauses hold whatever build comes.

use serde_json::json;
use workflow_runtime::machine::Status;

use crate::bench::{Bench, build};

/// The workflow that runs begin under
mod base {
    workflow_macros::workflow!(
        r#"
        name: slow
        version: 1.0.0
        steps:
          - { id: cool, type: wait, duration_seconds: 60, message: Try }
          - { id: try, type: delegate, instructions: Try, timeout: 30, retry: { max_attempts: 2, backoff_seconds: 10 }, on_error: help, output_to: got }
          - { id: done, type: return, needs_state: [got], value: "{{ state.got }}" }
          - { id: help, type: prompt, message: "{{ error.code }} of {{ error.step_id }}, Try?", output_to: advice }
          - { id: end, type: return, needs_state: [advice], value: "{{ state.advice }}" }
        "#
    );
}

/// Other words
mod said {
    workflow_macros::workflow!(
        r#"
        name: slow
        version: 1.0.0
        steps:
          - { id: cool, type: wait, duration_seconds: 60, message: Once more }
          - { id: try, type: delegate, instructions: Once more, timeout: 30, retry: { max_attempts: 2, backoff_seconds: 10 }, on_error: help, output_to: got }
          - { id: done, type: return, needs_state: [got], value: "{{ state.got }}" }
          - { id: help, type: prompt, message: "{{ error.code }} of {{ error.step_id }}, Once more?", output_to: advice }
          - { id: end, type: return, needs_state: [advice], value: "{{ state.advice }}" }
        "#
    );
}

/// A step whose failure nothing handles
mod plain {
    workflow_macros::workflow!(
        r#"
        name: slow
        version: 1.0.0
        steps:
          - { id: try, type: delegate, instructions: Try, output_to: got }
          - { id: done, type: return, needs_state: [got], value: "got {{ state.got }}" }
        "#
    );
}

/// Other words
mod plain_said {
    workflow_macros::workflow!(
        r#"
        name: slow
        version: 1.0.0
        steps:
          - { id: try, type: delegate, instructions: Once more, output_to: got }
          - { id: done, type: return, needs_state: [got], value: "got {{ state.got }}, at last" }
        "#
    );
}

#[tokio::test]
async fn a_wait_is_over_under_another_build() {
    let bench = Bench::new();
    let cool = bench.server(build![base::slow::Machine]).start("slow", json!({})).await;
    let server = bench.server(build![said::slow::Machine]);
    assert_eq!(server.next(&cool.run_id).await.step.unwrap().step_id, "cool");
    bench.sleep(60);
    let attempt = server.next(&cool.run_id).await.step.unwrap();
    assert_eq!(
        (attempt.step_id.as_str(), &attempt.fields["instructions"]),
        ("try", &json!("Once more"))
    );
    assert_eq!(bench.upgrades(&cool.run_id), 1);
}

#[tokio::test]
async fn what_has_failed_is_taken_up_again_under_another_build() {
    let bench = Bench::new();
    let failed = {
        let server = bench.server(build![plain::slow::Machine]);
        let attempt = server.start("slow", json!({})).await;
        server.give_up(&attempt, "not now").await
    };
    assert_eq!(failed.status, Status::Failed);
    let server = bench.server(build![plain_said::slow::Machine]);
    let again = server.retry(&failed.run_id).await;
    assert_eq!(again.step.as_ref().unwrap().step_id, "try#2");
    assert_eq!(server.answer(&again, json!("it")).await.result, Some(json!("got it, at last")));
    assert_eq!(bench.upgrades(&failed.run_id), 1);
}

#[tokio::test]
async fn pauses_attempts_and_deadlines_hold() {
    let bench = Bench::new();
    let run_id = {
        let server = bench.server(build![base::slow::Machine]);
        let cool = server.start("slow", json!({})).await;
        bench.sleep(60);
        let attempt = server.next(&cool.run_id).await;
        server.give_up(&attempt, "not now").await.run_id
    };
    let server = bench.server(build![said::slow::Machine]);
    let rests = server.next(&run_id).await;
    assert_eq!((rests.status, rests.retry_after_ms), (Status::Running, Some(10_000)));
    bench.sleep(10);
    let again = server.next(&run_id).await.step.unwrap();
    assert_eq!((again.step_id.as_str(), again.attempt), ("try#2", 2));
    // It was asked in the old words, and still is.
    assert_eq!(again.fields["instructions"], "Try");
    bench.sleep(30);
    let help = server.next(&run_id).await;
    let message = &help.step.as_ref().unwrap().fields["message"];
    assert_eq!(message, "timeout of try#2, Once more?");
    assert_eq!(server.answer(&help, json!("leave it")).await.result, Some(json!("leave it")));
}
