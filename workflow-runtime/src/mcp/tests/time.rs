//! Waiting, trying again, and who may answer, with the engine that a user has.

use tempfile::TempDir;

use super::*;
use crate::engine::embedded::{Embedded, Options};
use crate::engine::{Engine, Submission};
use crate::machine::{Answer, AnsweredBy, sample};

/// A client of a server on a store of its own
struct Bench {
    client: Client,
    engine: Arc<Embedded>,
    _folder: TempDir,
}

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::new(folder.path().join("runs.sqlite"));
        let engine = Arc::new(Embedded::open(sample::registry(), options).unwrap());
        Self { client: connect_to(engine.clone()).await, engine, _folder: folder }
    }

    async fn start(&self, steps: Value) -> Value {
        let start = json!({"workflow": "test:script", "inputs": {"steps": steps}});
        structured(&call(&self.client, "start_workflow", start).await).clone()
    }

    /// The next step, waited for, and how long that took
    async fn wait(&self, run_id: &Value) -> (CallToolResult, Duration) {
        let since = Instant::now();
        let next = json!({"run_id": run_id, "wait_seconds": 20});
        (call(&self.client, "get_next_step", next).await, since.elapsed())
    }
}

const SOON: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_wait_is_waited_for() {
    let bench = Bench::new().await;
    let first = bench.start(json!([{"wait": 0.4}, {"ask": "well?"}])).await;
    assert_eq!((&first["status"], &first["step"]["type"]), (&json!("waiting"), &json!("wait")));
    assert!(first["step"]["resume_at"].is_string() && first["step"]["seconds_left"] == 1);
    let (next, took) = bench.wait(&first["run_id"]).await;
    assert_eq!(structured(&next)["step"]["message"], "well?");
    assert!(took < SOON, "{took:?}");
}

#[tokio::test]
async fn a_pause_before_another_attempt_is_waited_for() {
    let bench = Bench::new().await;
    let retry = json!({"max_attempts": 3, "backoff_seconds": 0.4, "backoff_factor": 1.0});
    let first = bench.start(json!([{"ask": "well?", "retry": retry}])).await;
    let run = &first["run_id"];
    let error = json!({"run_id": run, "step_id": "s0", "error": "no kettle"});
    let resting = call(&bench.client, "submit_result", error).await;
    assert_eq!(structured(&resting)["status"], "running");
    assert!(structured(&resting)["retry_after_ms"].as_u64().unwrap() <= 400);
    let early = json!({"run_id": run, "step_id": "s0#2", "result": "now"});
    assert_eq!(refused(&bench.client, "submit_result", early).await.0, "not-pending");
    let (next, took) = bench.wait(run).await;
    let step = &structured(&next)["step"];
    assert_eq!((&step["step_id"], &step["attempt"]), (&json!("s0#2"), &json!(2)));
    assert!(text_of(&next).contains("Step `s0#2`, attempt 2 of 3. "), "{}", text_of(&next));
    assert!(text_of(&next).contains("failed: no kettle"), "{}", text_of(&next));
    assert!(took < SOON, "{took:?}");
}

#[tokio::test]
async fn an_approval_cannot_be_forged_and_is_waited_for() {
    let bench = Bench::new().await;
    let first = bench.start(json!([{"ask": "sign?", "user_only": true}])).await;
    let run_id = first["run_id"].as_str().unwrap().to_owned();
    let forged = json!({"run_id": run_id, "step_id": "s0", "result": "signed"});
    let (code, text) = refused(&bench.client, "submit_result", forged).await;
    assert_eq!(code, "user-only");
    assert!(text.contains(&format!("workflow-server run --resume {run_id} --user-only")), "{text}");
    let engine = bench.engine.clone();
    let run = run_id.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let answer = Answer::Result(json!("signed"));
        let (step_id, by) = ("s0".to_owned(), AnsweredBy::User);
        engine.submit(Submission { run_id: run, step_id, answer, by }).await.unwrap();
    });
    let (next, took) = bench.wait(&json!(run_id)).await;
    assert_eq!(structured(&next)["result"], json!(["signed"]));
    assert!(took < SOON, "{took:?}");
}

#[tokio::test]
async fn a_parent_waits_for_its_sub_agents_but_not_to_start_them() {
    let bench = Bench::new().await;
    let each = json!([{"each": [[{"ask": "a"}]], "agent": "@task"}]);
    let first = bench.start(each).await;
    let child = first["step"]["children"][0]["run_id"].clone();
    let (again, took) = bench.wait(&first["run_id"]).await;
    assert_eq!(structured(&again)["step"]["children"][0]["status"], "waiting");
    assert!(took < Duration::from_secs(2), "{took:?}");
    call(&bench.client, "get_next_step", json!({"run_id": child})).await;
    let answer = json!({"run_id": child, "step_id": "s0", "result": "A"});
    let ((last, took), _) = tokio::join!(bench.wait(&first["run_id"]), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        call(&bench.client, "submit_result", answer).await
    });
    assert_eq!(structured(&last)["result"], json!([[["A"]]]));
    assert!(took > Duration::from_millis(200) && took < SOON, "{took:?}");
}
