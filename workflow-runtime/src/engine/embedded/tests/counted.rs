//! What is told of runs to whoever counts: once, and only what is durable.

use super::outside::Outside;
use super::*;
use crate::engine::{Age, Waiting, WaitsOn};
use crate::telemetry::{Exposition, Telemetry};

/// An engine that tells, and what it has told
struct Counted {
    bench: Bench,
    telemetry: Telemetry,
}

impl Counted {
    fn new() -> Self {
        let telemetry = Telemetry::new(&sample::registry());
        let outside = Arc::<Outside>::default();
        let bench = Bench::with(|options| {
            options.telemetry = telemetry.clone();
            options.connectors = outside.connectors();
            // As after a restart: no run is kept decoded that would still be known well.
            options.cache_size = 0;
        });
        Self { bench, telemetry }
    }

    /// The figure of a line, by what stands before it
    async fn figure(&self, line: &str) -> f64 {
        let engine = Arc::new(self.bench.another());
        let text = Exposition::new(self.telemetry.clone(), engine).text().await.unwrap();
        let of_line = |text: &str| text.strip_prefix(line)?.strip_prefix(' ')?.parse().ok();
        text.lines().find_map(of_line).unwrap_or_else(|| panic!("no `{line}` in {text}"))
    }

    async fn assert(&self, lines: &[(&str, f64)]) {
        for (line, figure) in lines {
            assert!((self.figure(line).await - figure).abs() < 1e-9, "{line}: not {figure}");
        }
    }

    async fn waiting(&self) -> Vec<(WaitsOn, Age, u64)> {
        let all = self.bench.engine.waiting().await.unwrap();
        let all = all.into_iter().filter(|these| these.runs > 0);
        all.map(|Waiting { on, age, runs }| (on, age, runs)).collect()
    }
}

#[tokio::test]
async fn a_runs_steps_are_timed_from_hand_out_to_answer() {
    let counted = Counted::new();
    let engine = &counted.bench.engine;
    let ask = json!({"ask": "well?", "retry": retry(2, 10.0)});
    let reply = script(engine, json!([ask, {"shell": "make"}])).await;
    counted.bench.sleep(4);
    fails(engine, &reply.run_id, "s0", "no kettle").await;
    // The pause before an attempt is nobody's work.
    counted.bench.sleep(10 + 3);
    answer(engine, &reply.run_id, "s0#2", json!("yes")).await;
    fails(engine, &reply.run_id, "s1", "no compiler").await;
    counted
        .assert(&[
            ("workflow_runs_started_total{workflow=\"test:script\"}", 1.0),
            ("workflow_runs_ended_total{workflow=\"test:script\",outcome=\"failed\"}", 1.0),
            ("workflow_runs_ended_total{workflow=\"test:script\",outcome=\"completed\"}", 0.0),
            ("workflow_step_duration_seconds_count{type=\"prompt\"}", 2.0),
            ("workflow_step_duration_seconds_sum{type=\"prompt\"}", 7.0),
            ("workflow_step_duration_seconds_count{type=\"shell\"}", 1.0),
            ("workflow_step_errors_total{type=\"prompt\",code=\"agent-error\"}", 1.0),
            ("workflow_step_errors_total{type=\"shell\",code=\"agent-error\"}", 1.0),
        ])
        .await;
}

#[tokio::test]
async fn children_are_runs_and_what_no_answer_brought_is_computed() {
    let counted = Counted::new();
    let engine = &counted.bench.engine;
    let reply = script(engine, json!([{"each": [[], []]}])).await;
    assert_eq!(reply.result, Some(json!([[[], []]])));
    let reply = start(engine, "test:spin", json!({})).await;
    assert_eq!(failure(&reply), "too-many-steps");
    counted
        .assert(&[
            ("workflow_runs_started_total{workflow=\"test:script\"}", 3.0),
            ("workflow_runs_ended_total{workflow=\"test:script\",outcome=\"completed\"}", 3.0),
            ("workflow_runs_ended_total{workflow=\"test:spin\",outcome=\"failed\"}", 1.0),
            ("workflow_step_duration_seconds_count{type=\"foreach\"}", 1.0),
            ("workflow_step_errors_total{type=\"compute\",code=\"too-many-steps\"}", 1.0),
            ("workflow_commit_commands_count", 2.0),
        ])
        .await;
}

#[tokio::test]
async fn what_was_refused_or_told_again_counts_for_nothing() {
    let counted = Counted::new();
    let engine = &counted.bench.engine;
    let reply = script(engine, json!([{"ask": "a"}, {"ask": "b"}])).await;
    let run = &reply.run_id;
    assert_eq!(refused(try_answer(engine, run, "s0", json!(7)).await), "result-mismatch");
    answer(engine, run, "s0", json!("once")).await;
    answer(engine, run, "s0", json!("once")).await;
    counted.assert(&[("workflow_step_duration_seconds_count{type=\"prompt\"}", 1.0)]).await;
}

#[tokio::test]
async fn a_transaction_that_is_done_again_counts_once() {
    let counted = Counted::new();
    let engine = &counted.bench.engine;
    let parent = script(engine, json!([{"each": [[{"ask": "a"}]], "agent": "@task"}])).await;
    let child = children(&parent)[0].run_id.clone();
    // The child's answer is taken, comes upon its parent's record, and is taken once more without it.
    let spoil = "UPDATE journal SET data = x'7b7d' WHERE run_id = ? AND seq = 1";
    counted.bench.store().execute(spoil, [&parent.run_id]).unwrap();
    answer(engine, &child, "s0", json!("A")).await;
    assert_eq!(stored_status(&counted.bench, &parent.run_id), "quarantined");
    let done = "workflow_runs_ended_total{workflow=\"test:script\",outcome=\"completed\"}";
    let answered = "workflow_step_duration_seconds_count{type=\"prompt\"}";
    counted.assert(&[(done, 1.0), (answered, 1.0), ("workflow_commit_commands_count", 2.0)]).await;
}

#[tokio::test]
async fn waiting_runs_are_told_by_what_they_wait_for_and_how_long() {
    let counted = Counted::new();
    let engine = &counted.bench.engine;
    script(engine, json!([{"ask": "a"}])).await;
    counted.bench.sleep(2 * 3_600);
    let parent =
        script(engine, json!([{"each": [[{"ask": "b"}, {"ask": "c"}]], "agent": "@task"}])).await;
    script(engine, json!([{"wait": 1_000_000}])).await;
    script(engine, json!([{"tool": "out.note", "parameters": {"text": "x"}}])).await;
    counted.bench.sleep(20 * 60);
    answer(engine, &children(&parent)[0].run_id, "s0", json!("b")).await;
    assert_eq!(
        counted.waiting().await,
        [
            (WaitsOn::Answer, Age::Day, 1),
            (WaitsOn::Call, Age::Hour, 1),
            (WaitsOn::Time, Age::Hour, 1),
            // Its child has just moved.
            (WaitsOn::Children, Age::Minute, 1),
        ]
    );
    counted.assert(&[("workflow_runs_waiting{on=\"answer\",age=\"1d\"}", 1.0)]).await;
}
