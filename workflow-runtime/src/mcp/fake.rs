//! An engine in memory for tests: runs go through a list of scripted steps.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};

use crate::engine::{
    Answering, ChildReport, Engine, EngineError, Health, HealthStatus, JournalPage, RunEntry,
    RunFilter, RunPage, StartRequest, StateReport, StatusReport, StoreHealth, Submission,
};
use crate::machine::{
    Answer, AnsweredBy, Changed, Env, Event, Info, Outline, Program, Refusal, RunError, Snapshot,
    Start, Status,
};
use crate::registry::Registry;
use crate::reply::{Progress, Reply, Step};
use crate::schema::Schema;

/// A step of a scripted run
#[derive(Clone)]
pub(crate) enum Script {
    /// Waits for an answer
    Ask { id: &'static str, kind: &'static str, fields: Value, schema: Value },
    /// Child runs, for sub-agents or for the parent's agent
    Each { id: &'static str, agent: bool, items: Vec<Value>, steps: Vec<Script> },
    /// The server works until it has been looked at so often
    Busy(usize),
}

/// A step of a kind with fields, answered by what fits the schema
pub(crate) fn ask(id: &'static str, kind: &'static str, fields: Value, schema: Value) -> Script {
    Script::Ask { id, kind, fields, schema }
}

/// A text prompt
pub(crate) fn text(id: &'static str, message: &str) -> Script {
    ask(id, "prompt", json!({"kind": "text", "message": message}), json!({"type": "string"}))
}

struct Run {
    steps: Vec<Script>,
    at: usize,
    answers: Map<String, Value>,
    parent: Option<(String, usize)>,
    item: Value,
    children: Vec<String>,
    status: Status,
    error: Option<RunError>,
    asked: bool,
}

impl Run {
    fn new(steps: Vec<Script>) -> Self {
        Self {
            steps,
            at: 0,
            answers: Map::new(),
            parent: None,
            item: Value::Null,
            children: Vec::new(),
            status: Status::Waiting,
            error: None,
            asked: false,
        }
    }
}

type Runs = BTreeMap<String, Run>;

/// Runs in memory
pub(crate) struct Fake {
    registry: Arc<Registry>,
    script: Vec<Script>,
    runs: Mutex<Runs>,
    keys: Mutex<BTreeMap<String, String>>,
}

impl Fake {
    /// An engine whose only workflow, `demo:plan`, goes through the steps and returns the answers
    pub(crate) fn new(script: Vec<Script>) -> Arc<Self> {
        Self::of(&[&DEMO], script)
    }

    /// An engine of these workflows, each of which goes through the steps
    pub(crate) fn of(workflows: &[&'static Info], script: Vec<Script>) -> Arc<Self> {
        let mut registry = Registry::default();
        for info in workflows {
            registry.register(Arc::new(Described(info)));
        }
        let registry = Arc::new(registry);
        Arc::new(Self { registry, script, runs: Mutex::default(), keys: Mutex::default() })
    }

    fn with_run<T>(
        &self,
        run_id: &str,
        act: impl FnOnce(&mut Runs) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let mut runs = self.runs.lock().unwrap();
        if !runs.contains_key(run_id) {
            let message = format!("there is no run `{run_id}`");
            return Err(EngineError::new("unknown-run", message, "start one"));
        }
        act(&mut runs)
    }
}

/// A workflow that takes a task, and a limit or not
pub(crate) const DEMO: Info = Info {
    name: "demo:plan",
    description: "Plans a task",
    tags: &["plan", "q3"],
    file: "plan.yaml",
    fingerprint: "0",
    input_schema: r#"{"type": "object", "properties": {"task": {"type": "string"},
        "limit": {"type": "integer", "default": 3}}, "required": ["task"],
        "additionalProperties": false}"#,
    top_level_steps: 4,
    ..Info::UNKNOWN
};

/// A workflow of which only the description is used
struct Described(&'static Info);

impl Program for Described {
    fn info(&self) -> &'static Info {
        self.0
    }

    fn begin(&self, _: Start, _: Env) -> Result<Vec<Event>, Refusal> {
        Ok(Vec::new())
    }

    fn resume(
        &self,
        _: &Snapshot,
        _: Answer,
        _: AnsweredBy,
        _: Env,
    ) -> Result<Vec<Event>, Refusal> {
        Ok(Vec::new())
    }

    fn retry(&self, _: &Snapshot, _: Env) -> Result<Vec<Event>, Refusal> {
        Ok(Vec::new())
    }

    fn upgrade(&self, _: &Snapshot, _: &Outline, _: Env) -> Result<Event, Changed> {
        Err(Changed(Vec::new()))
    }

    fn accepts(&self, _: &Start) -> Result<(), Refusal> {
        Ok(())
    }
}

fn reply(runs: &mut Runs, run_id: &str) -> Reply {
    enter(runs, run_id);
    let step = pending(runs, run_id);
    let run = &runs[run_id];
    let over = run.status != Status::Waiting;
    let busy = matches!(run.steps.get(run.at), Some(Script::Busy(_)));
    Reply {
        run_id: run_id.to_owned(),
        workflow: "demo:plan".to_owned(),
        status: if busy && !over { Status::Running } else { run.status },
        step: step.filter(|_| !over && !busy),
        progress: Some(Progress { done: run.at, total: run.steps.len() }),
        result: (run.status == Status::Completed).then(|| Value::Object(run.answers.clone())),
        error: run.error.clone(),
        retry_after_ms: (busy && !over).then_some(20),
    }
}

/// Forks children, counts looks, ends what is through
fn enter(runs: &mut Runs, run_id: &str) {
    let run = runs.get_mut(run_id).unwrap();
    match run.steps.get_mut(run.at) {
        Some(Script::Busy(0)) => run.at += 1,
        Some(Script::Busy(looks)) => *looks -= 1,
        _ => {}
    }
    if run.at >= run.steps.len() && run.status == Status::Waiting {
        run.status = Status::Completed;
    }
    let Some(Script::Each { items, steps, .. }) = run.steps.get(run.at).cloned() else { return };
    if !run.children.is_empty() {
        return;
    }
    for (index, item) in items.into_iter().enumerate() {
        let id = format!("{run_id}.{index}");
        let child =
            Run { parent: Some((run_id.to_owned(), index)), item, ..Run::new(steps.clone()) };
        runs.get_mut(run_id).unwrap().children.push(id.clone());
        runs.insert(id, child);
    }
}

fn pending(runs: &Runs, run_id: &str) -> Option<Step> {
    let run = &runs[run_id];
    let (id, kind, fields, schema) = match run.steps.get(run.at)? {
        Script::Busy(_) => return None,
        Script::Ask { id, kind, fields, schema } => (*id, *kind, fields.clone(), schema.clone()),
        Script::Each { agent: false, .. } => {
            let open = run.children.iter().find(|child| runs[*child].status == Status::Waiting)?;
            return pending(runs, open);
        }
        Script::Each { id, .. } => {
            let fields = json!({
                "agent": "@task",
                "sub_agent_prompt": "Work off run RUN_ID.",
                "children": children(runs, run),
                "remaining": 0,
            });
            (*id, "foreach", fields, json!({"type": "array"}))
        }
    };
    Some(Step {
        step_id: id.to_owned(),
        run_id: run_id.to_owned(),
        kind: kind.to_owned(),
        attempt: 1,
        result_schema: schema,
        deadline: None,
        fields: fields.as_object().cloned().unwrap(),
    })
}

fn children(runs: &Runs, run: &Run) -> Vec<ChildReport> {
    let report = |(index, id): (usize, &String)| ChildReport {
        run_id: id.clone(),
        index,
        item: runs[id].item.clone(),
        status: match (runs[id].status, runs[id].asked) {
            (Status::Completed, _) => "completed",
            (Status::Waiting, false) => "waiting",
            (Status::Waiting, true) => "running",
            _ => "failed",
        }
        .to_owned(),
    };
    run.children.iter().enumerate().map(report).collect()
}

fn submit(runs: &mut Runs, submission: Submission) -> Result<Reply, EngineError> {
    let Submission { run_id, step_id, answer, .. } = submission;
    let Some(step) = pending(runs, &run_id).filter(|step| step.step_id == step_id) else {
        let message = format!("step `{step_id}` is not pending");
        return Err(EngineError::new("not-pending", message, "call get_next_step"));
    };
    let run = runs.get_mut(&run_id).unwrap();
    match answer {
        Answer::Error(message) => {
            let step_id = Some(step_id);
            run.status = Status::Failed;
            run.error = Some(RunError { code: "refused".into(), message, step_id, help: None });
        }
        Answer::Failed(error) => {
            run.status = Status::Failed;
            run.error = Some(error);
        }
        Answer::Result(value) => {
            Schema::cached(&step.result_schema).unwrap().check(&value).map_err(|why| {
                let message = format!("the result does not fit step `{step_id}`: {why}");
                EngineError::new("result-mismatch", message, "submit one that fits")
            })?;
            run.answers.insert(step_id, value);
            run.at += 1;
        }
    }
    let over = run.status != Status::Waiting || run.at >= run.steps.len();
    if over && run.status == Status::Waiting {
        run.status = Status::Completed;
    }
    match runs[&run_id].parent.clone().filter(|_| over) {
        Some((parent, _)) => Ok(join(runs, &run_id, &parent)),
        None => Ok(reply(runs, &run_id)),
    }
}

/// Goes on with a parent whose children are all over
fn join(runs: &mut Runs, child: &str, parent: &str) -> Reply {
    let results: Vec<Value> =
        runs[parent].children.iter().map(|id| Value::Object(runs[id].answers.clone())).collect();
    let open = runs[parent].children.iter().any(|id| runs[id].status == Status::Waiting);
    let run = runs.get_mut(parent).unwrap();
    let Some(Script::Each { id, agent, .. }) = run.steps.get(run.at).cloned() else {
        return reply(runs, child);
    };
    if !open {
        run.answers.insert(id.to_owned(), results.into());
        run.at += 1;
    }
    reply(runs, if agent { child } else { parent })
}

fn status(runs: &mut Runs, run_id: &str) -> StatusReport {
    let reply = reply(runs, run_id);
    let run = &runs[run_id];
    let position = match run.steps.get(run.at) {
        Some(Script::Ask { id, .. } | Script::Each { id, .. }) => Some((*id).to_owned()),
        _ => None,
    };
    StatusReport {
        run_id: run_id.to_owned(),
        workflow: reply.workflow,
        version: "1.0.0".into(),
        status: reply.status,
        position,
        progress: reply.progress.unwrap(),
        pending: reply.step.into_iter().collect(),
        children: children(runs, run),
        user_answers: Vec::new(),
        parent: run.parent.as_ref().map(|(parent, _)| parent.clone()),
        created_at: "2025-01-01T00:00:00Z".into(),
        updated_at: "2025-01-01T00:00:00Z".into(),
        error: reply.error,
    }
}

fn now<'a, T: Send + 'a>(result: Result<T, EngineError>) -> Answering<'a, T> {
    Box::pin(std::future::ready(result))
}

impl Engine for Fake {
    fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    fn start(&self, request: StartRequest) -> Answering<'_, Reply> {
        let mut runs = self.runs.lock().unwrap();
        if self.registry.get(&request.workflow).is_none() {
            let message = format!("there is no workflow `{}`", request.workflow);
            return now(Err(EngineError::new("unknown-workflow", message, "see list_workflows")));
        }
        let mut id = format!("run-{}", runs.len() + 1);
        if let Some(key) = request.idempotency_key {
            id.clone_from(self.keys.lock().unwrap().entry(key).or_insert(id.clone()));
        }
        runs.entry(id.clone()).or_insert_with(|| Run::new(self.script.clone()));
        now(Ok(reply(&mut runs, &id)))
    }

    fn next(&self, run_id: &str) -> Answering<'_, Reply> {
        now(self.with_run(run_id, |runs| {
            runs.get_mut(run_id).unwrap().asked = true;
            Ok(reply(runs, run_id))
        }))
    }

    fn submit(&self, submission: Submission) -> Answering<'_, Reply> {
        let run_id = submission.run_id.clone();
        now(self.with_run(&run_id, |runs| submit(runs, submission)))
    }

    fn cancel(&self, run_id: &str, reason: Option<String>) -> Answering<'_, Reply> {
        now(self.with_run(run_id, |runs| {
            let run = runs.get_mut(run_id).unwrap();
            run.status = Status::Cancelled;
            let message = reason.unwrap_or_else(|| "no reason given".into());
            let code = "cancelled".to_owned();
            run.error = Some(RunError { code, message, step_id: None, help: None });
            Ok(reply(runs, run_id))
        }))
    }

    fn retry(&self, run_id: &str) -> Answering<'_, Reply> {
        now(self.with_run(run_id, |runs| {
            runs.get_mut(run_id).unwrap().status = Status::Waiting;
            Ok(reply(runs, run_id))
        }))
    }

    fn status(&self, run_id: &str) -> Answering<'_, StatusReport> {
        now(self.with_run(run_id, |runs| Ok(status(runs, run_id))))
    }

    fn journal(&self, run_id: &str, _: u64, _: usize) -> Answering<'_, JournalPage> {
        now(self.with_run(run_id, |_| Ok(JournalPage::default())))
    }

    fn list(&self, filter: RunFilter) -> Answering<'_, RunPage> {
        let mut runs = self.runs.lock().unwrap();
        let ids: Vec<String> = runs.keys().cloned().collect();
        let entries =
            ids.iter().filter(|id| runs[*id].parent.is_none()).cloned().collect::<Vec<_>>();
        let entries = entries.iter().map(|id| {
            let reply = reply(&mut runs, id);
            RunEntry {
                run_id: id.clone(),
                workflow: reply.workflow,
                version: "1.0.0".into(),
                status: reply.status,
                position: None,
                created_at: "2025-01-01T00:00:00Z".into(),
                updated_at: "2025-01-01T00:00:00Z".into(),
                error: None,
            }
        });
        let fits = |run: &RunEntry| filter.status.is_none_or(|status| status == run.status);
        now(Ok(RunPage { runs: entries.filter(fits).collect(), cursor: None }))
    }

    fn health(&self) -> Answering<'_, Health> {
        now(Ok(Health {
            status: HealthStatus::Ok,
            version: "0".into(),
            engine: "fake".into(),
            uptime_seconds: 0,
            store: Some(StoreHealth::default()),
            cluster: None,
            connectors: Vec::new(),
            queue_depth: 0,
            cache: crate::engine::CacheHealth::default(),
            memory_bytes: None,
            problems: Vec::new(),
        }))
    }

    fn state(&self, run_id: &str, fields: Option<Vec<String>>) -> Answering<'_, StateReport> {
        now(self.with_run(run_id, |runs| {
            let mut state = runs[run_id].answers.clone();
            state.retain(|name, _| fields.as_ref().is_none_or(|fields| fields.contains(name)));
            Ok(StateReport { run_id: run_id.to_owned(), state })
        }))
    }
}
