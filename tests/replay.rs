//! Runs of the shipped workflows, recorded on Temporal: today's server still follows their histories,
//! and today's machines still go the way that they went.
//!
//! `UPDATE_HISTORIES=1 cargo test --features temporal --test replay` records them anew, on the
//! development server. What changes with it is read in the diff: workers that run the old and the new
//! build side by side would meet it.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

#[path = "e2e/answers.rs"]
mod answers;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use workflow_cluster::{dev_server, postgres};
use workflow_runtime::engine::temporal::{Settings, Temporal, replay};
use workflow_runtime::engine::{Engine, StartRequest, Submission};
use workflow_runtime::machine::{Answer, AnsweredBy, Env, Event, Snapshot, Start, Status};
use workflow_runtime::reply::Reply;

/// What is recorded: a whole planning run, a child of it, and one that is called off with its children
const RECORDED: [&str; 3] = ["planning", "research", "cancelled"];

fn file(name: &str, kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/temporal/histories/{name}.{kind}"))
}

fn read(name: &str, kind: &str) -> String {
    fs::read_to_string(file(name, kind)).unwrap()
}

fn journal(name: &str) -> Vec<Event> {
    read(name, "jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// An engine that records what it does
struct Recorder {
    engine: Temporal,
    answers: Value,
}

impl Recorder {
    async fn start() -> Self {
        let settings = Settings {
            task_queue: "recorded".to_owned(),
            database: Some(postgres().database("recorded")),
            ..Settings::new(dev_server().address())
        };
        let registry = Arc::new(workflow_server::registry());
        let engine = Temporal::connect(registry, settings).await.unwrap();
        Self { engine, answers: answers::example() }
    }

    async fn planning(&self) -> Reply {
        let inputs = json!({"task_description": "Move the search", "max_research_tasks": 2});
        let inputs = inputs.as_object().unwrap().clone();
        let workflow = "planning:interactive".to_owned();
        let request = StartRequest { workflow, inputs, idempotency_key: None };
        self.engine.start(request).await.unwrap()
    }

    /// Answers steps as the example does, to the end or until children are to be worked off
    async fn answer(&self, mut reply: Reply, child: Option<usize>) -> Reply {
        while let Some(step) = reply.step.as_ref().filter(|step| step.kind != "foreach") {
            let answer = &self.answers[&step.step_id];
            let answer = match (child, step.step_id.as_str()) {
                (Some(index), _) => answer[index].clone(),
                // As many as there may be.
                (None, "generate-research-tasks") => json!([answer[0], answer[1]]),
                (None, _) => answer.clone(),
            };
            let (run_id, step_id) = (step.run_id.clone(), step.step_id.clone());
            let (answer, by) = (Answer::Result(answer), AnsweredBy::Agent);
            let submission = Submission { run_id, step_id, answer, by };
            reply = self.engine.submit(submission).await.unwrap();
        }
        reply
    }

    fn children(reply: &Reply) -> Vec<String> {
        let step = reply.step.as_ref().unwrap();
        let children = step.fields["children"].as_array().unwrap().iter();
        children.map(|child| child["run_id"].as_str().unwrap().to_owned()).collect()
    }

    async fn record(&self) {
        let reply = self.answer(self.planning().await, None).await;
        let children = Self::children(&reply);
        for (index, child) in children.iter().enumerate() {
            let ended = self.answer(self.engine.next(child).await.unwrap(), Some(index)).await;
            assert_eq!(ended.status, Status::Completed, "{ended:?}");
        }
        let next = self.engine.next(&reply.run_id).await.unwrap();
        assert_eq!(self.answer(next, None).await.status, Status::Completed);
        self.write("planning", &reply.run_id).await;
        self.write("research", &children[0]).await;

        let reply = self.answer(self.planning().await, None).await;
        self.engine.next(&Self::children(&reply)[0]).await.unwrap();
        self.engine.cancel(&reply.run_id, Some("enough is known".to_owned())).await.unwrap();
        self.write("cancelled", &reply.run_id).await;
        self.engine.close().await.unwrap();
    }

    /// Writes down what a run has done, once Temporal has done with it
    async fn write(&self, name: &str, run_id: &str) {
        let describe = ["workflow", "describe", "--workflow-id", run_id, "--output", "json"];
        // Each look takes a process, and with it its time.
        while dev_server().temporal(&describe).contains("WORKFLOW_EXECUTION_STATUS_RUNNING") {}
        let history = self.engine.history(run_id).await.unwrap();
        let mut history = serde_json::from_slice(&history).unwrap();
        make_anonymous(&mut history);
        fs::create_dir_all(file(name, "json").parent().unwrap()).unwrap();
        fs::write(file(name, "json"), format!("{history}\n")).unwrap();
        let page = self.engine.journal(run_id, 0, usize::MAX).await.unwrap();
        let lines = page.events.iter().map(|recorded| json!(recorded.event).to_string() + "\n");
        fs::write(file(name, "jsonl"), lines.collect::<String>()).unwrap();
    }
}

/// Takes out who has recorded it, and where: processes name themselves after their machine
fn make_anonymous(value: &mut Value) {
    match value {
        Value::String(text) if text.starts_with("workflow-server ") => {
            "recorder".clone_into(text);
        }
        Value::Object(fields) => fields.values_mut().for_each(make_anonymous),
        Value::Array(items) => items.iter_mut().for_each(make_anonymous),
        _ => {}
    }
}

/// An event, but for the build that it is of: a description may change
fn as_done(event: &Event) -> Value {
    let mut event = json!(event);
    if let Some(fields) = event.as_object_mut() {
        fields.remove("fingerprint");
    }
    event
}

/// The first thing that today's machines would have done otherwise
fn difference(journal: &[Event]) -> Option<String> {
    let registry = workflow_server::registry();
    let Some(Event::Started { workflow, inputs, item, place, parent, at, .. }) = journal.first()
    else {
        return Some("it does not begin with its start".to_owned());
    };
    let Some(program) = registry.get(workflow) else {
        return Some(format!("there is no workflow `{workflow}`"));
    };
    let start =
        Start { inputs: inputs.clone(), item: item.clone(), place: *place, parent: parent.clone() };
    let begun = program.begin(start, Env::new(*at, 1));
    let answered = journal.iter().enumerate().filter_map(|(index, event)| {
        let Event::Answered { answer, by, at, .. } = event else { return None };
        let before = Snapshot::fold(&journal[..index]).unwrap();
        Some((index, program.resume(&before, answer.clone(), *by, Env::new(*at, 1))))
    });
    std::iter::once((0, begun)).chain(answered).find_map(|(index, made)| {
        let made = made.map_err(|refusal| format!("event {}: {refusal}", index + 1));
        let made = match made {
            Ok(made) => made,
            Err(refusal) => return Some(refusal),
        };
        if made.len() > journal.len() - index {
            return Some(format!("it would have gone on behind event {}", journal.len()));
        }
        made.iter().zip(&journal[index..]).enumerate().find_map(|(further, (made, was))| {
            let (made, was) = (as_done(made), as_done(was));
            let number = index + further + 1;
            (made != was).then(|| format!("event {number} was {was}, and would be {made}"))
        })
    })
}

#[tokio::test]
async fn recorded_runs_go_as_they_went() {
    if std::env::var_os("UPDATE_HISTORIES").is_some() {
        Recorder::start().await.record().await;
    }
    for name in RECORDED {
        let followed = replay(read(name, "json").as_bytes()).await;
        assert_eq!(followed, Ok(()), "{name}: the server would not have kept it like this");
        let journal = journal(name);
        assert!(journal.len() > 3, "{name}");
        assert_eq!(difference(&journal), None, "{name}: a machine has changed");
    }
}

/// A history that this server would not have made
#[tokio::test]
async fn another_server_is_caught() {
    let mut history: Value = serde_json::from_str(&read("planning", "json")).unwrap();
    let events = history["events"].as_array_mut().unwrap();
    let starts = "StartChildWorkflowExecutionInitiatedEventAttributes";
    let child = events.iter_mut().find_map(|event| event["attributes"].get_mut(starts)).unwrap();
    child["workflow_id"] = json!("another");
    let why = replay(history.to_string().as_bytes()).await.unwrap_err();
    assert!(why.contains("nondeterministic"), "{why}");
}

/// Machines that would not have gone this way
#[test]
fn another_machine_is_caught() {
    let told = |edit: fn(&mut Event) -> bool| {
        let mut journal = journal("planning");
        assert!(journal.iter_mut().any(edit), "there is something to be edited");
        difference(&journal).unwrap()
    };
    let version = told(|event| match event {
        Event::Started { version, .. } => {
            *version = "9.9.9".to_owned();
            true
        }
        _ => false,
    });
    assert!(version.starts_with("event 1 was"), "{version}");
    let step = told(|event| match event {
        Event::Stepped { step, .. } => {
            *step = "another-step".to_owned();
            true
        }
        _ => false,
    });
    assert!(step.contains("another-step"), "{step}");
}
