//! A workflow whose steps are its input: whatever can be waited for, with timeouts and retries.
//!
//! ```json
//! {"steps": [{"wait": 60}, {"ask": "well?", "timeout": 30, "user_only": true},
//!     {"tool": "memory.get", "parameters": {}, "retry": {"max_attempts": 3, "backoff_seconds": 5,
//!     "backoff_factor": 2}}, {"each": [[{"ask": "a?"}], [{"ask": "b?"}]], "agent": "@task"}]}
//! ```
//!
//! A step with `"on_error": "continue"` gets the error if it fails, one with `"object": true` takes
//! nothing but an object as its answer.
//! It gives the list of what its steps got; its steps are `s0` to `s7`.

use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use super::{ANYTHING, Any, At, TEXT, step, write};
use crate::machine::{
    Action, ChildStart, Context, Fault, Fork, Info, Next, PromptKind, Retry, Run, Stop, Wait,
    Workflow,
};

const OBJECT: &str = r#"{"type": "object"}"#;

sample!(
    Script,
    info!(
        "test:script",
        r#"{"type": "object", "properties": {"steps": {"type": "array", "maxItems": 8}},
            "required": ["steps"]}"#,
        false,
        &[
            step("s0", "any", 0),
            step("s1", "any", 1),
            step("s2", "any", 2),
            step("s3", "any", 3),
            step("s4", "any", 4),
            step("s5", "any", 5),
            step("s6", "any", 6),
            step("s7", "any", 7),
            step("end", "return", 8),
        ]
    ),
    |_| Ok(json!({"results": []}))
);

impl Script {
    fn block(block: usize, run: &mut Run<Self>, cx: &mut Context) -> Result<Next<Self>, Fault> {
        if block >= 200 {
            let error = cx.caught::<Any>()?;
            push(run, cx, &error.0);
            return Ok(Next::Go(block - 200 + 1));
        }
        let Some(asked) = run.inputs.0["steps"].get(block) else {
            return Ok(Next::Return(run.state.0["results"].clone()));
        };
        let (action, schema) = action(asked, cx);
        let result_schema = if asked["object"] == true { OBJECT } else { schema };
        let retry = serde_json::from_value::<Option<Retry>>(asked["retry"].clone());
        let retry = retry.map_err(|error| Fault::new("bad-script", error.to_string()))?;
        let timeout = asked["timeout"].as_f64();
        let at = if asked["on_error"] == "continue" { 100 + block } else { block };
        Ok(Next::Wait(At(at), Wait { action, result_schema, timeout, retry }))
    }

    fn answer(
        at: usize,
        answer: &Value,
        run: &mut Run<Self>,
        cx: &mut Context,
    ) -> Result<Next<Self>, Stop> {
        push(run, cx, answer);
        Ok(Next::Go(at % 100 + 1))
    }
}

fn push(run: &mut Run<Script>, cx: &mut Context, result: &Value) {
    let mut results = run.state.0["results"].as_array().cloned().unwrap_or_default();
    results.push(result.clone());
    write(run, cx, "results", results.into());
}

fn action(asked: &Value, cx: &Context) -> (Action, &'static str) {
    if let Some(seconds) = asked["wait"].as_f64() {
        let resume_at = cx.now().0 + SignedDuration::from_secs_f64(seconds);
        return (Action::Wait { resume_at, message: Some("cooling down".to_owned()) }, ANYTHING);
    }
    if let Some(tool) = asked["tool"].as_str() {
        let parameters = asked["parameters"].as_object().cloned().unwrap_or_default();
        return (Action::McpCall { tool: tool.to_owned(), parameters }, ANYTHING);
    }
    if let Some(command) = asked["shell"].as_str() {
        return (Action::Shell { command: command.to_owned() }, ANYTHING);
    }
    if let Some(scripts) = asked["each"].as_array() {
        return (Action::Foreach(fork(scripts, asked)), ANYTHING);
    }
    let message = asked["ask"].as_str().unwrap_or_default().to_owned();
    let user_only = asked["user_only"] == true;
    (Action::Prompt { kind: PromptKind::Text, message, options: vec![], user_only }, TEXT)
}

fn fork(scripts: &[Value], asked: &Value) -> Fork {
    let start = |script: &Value| ChildStart {
        item: script.clone(),
        inputs: Map::from_iter([("steps".to_owned(), script.clone())]),
    };
    Fork {
        program: "test:script".to_owned(),
        children: scripts.iter().map(start).collect(),
        agent: asked["agent"].as_str().map(str::to_owned),
        concurrency: asked["at_once"].as_u64().map_or(10, |at_once| at_once.try_into().unwrap()),
        keep_errors: asked["keep"] == true,
    }
}
