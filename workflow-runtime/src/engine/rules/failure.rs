//! What goes wrong with any engine, in words.

use crate::engine::EngineError;
use crate::machine::{Changed, Info, Limit, Limits, Refusal, RunError};
use crate::plural::count;
use crate::registry::Registry;

/// A failure of a step
pub(crate) fn run_error(code: &str, message: String) -> RunError {
    RunError { code: code.to_owned(), message, step_id: None, help: None }
}

pub(crate) fn unknown_run(run_id: &str) -> EngineError {
    EngineError::new(
        "unknown-run",
        format!("there is no run `{run_id}`"),
        "use the `run_id` that a reply gave, or start a run with `start_workflow`",
    )
}

pub(crate) fn unknown_workflow(registry: &Registry, name: &str) -> EngineError {
    let help = match registry.suggest(name) {
        Some(near) => format!("did you mean `{near}`? `list_workflows` shows all"),
        None => "`list_workflows` shows what there is".to_owned(),
    };
    EngineError::new("unknown-workflow", format!("there is no workflow `{name}`"), help)
}

/// Inputs that do not fit the workflow
pub(crate) fn invalid_inputs(info: &Info, refusal: &Refusal) -> EngineError {
    let message = format!("`{}` cannot start: {refusal}", info.name);
    EngineError::new("invalid-inputs", message, "see the workflow's input schema")
}

/// A key that has started another run
pub(crate) fn idempotency_conflict(key: &str, run_id: &str) -> EngineError {
    EngineError::new(
        "idempotency-conflict",
        format!("the key `{key}` has started run `{run_id}` with another workflow or inputs"),
        "use a new key for a new run",
    )
}

/// No further run may begin
pub(crate) fn too_many_runs(limits: Limits) -> EngineError {
    EngineError::new(
        "too-many-runs",
        format!("the limit of {} is reached", count(limits.get(Limit::Runs), "unfinished run")),
        format!("finish or cancel some, or {}", limits.raise(Limit::Runs)),
    )
}

/// A field that the state does not have
pub(crate) fn unknown_field<'a>(
    field: &str,
    known: impl Iterator<Item = &'a String>,
) -> EngineError {
    let known: Vec<&str> = known.map(String::as_str).collect();
    let message = format!("the state has no field `{field}`");
    EngineError::new("unknown-field", message, format!("the fields are `{}`", known.join("`, `")))
}

/// A run went by a workflow that this server does not have
///
/// `now` is what this server has under the run's name, if that is anything.
pub(crate) fn incompatible(name: &str, version: &str, now: Option<&Info>) -> EngineError {
    let cause = match now {
        Some(info) if info.version == version => {
            format!("`{name}` {version} has changed since the run began")
        }
        Some(info) => {
            format!("the run goes by `{name}` {version}, this server has {}", info.version)
        }
        None => format!("this server has no workflow `{name}`"),
    };
    kept(&cause, version)
}

/// What a run needs where it waits is not what this server's build of its workflow has
pub(crate) fn changed(name: &str, version: &str, now: &Info, changed: &Changed) -> EngineError {
    let cause = if now.version == version {
        format!("`{name}` {version} has changed since the run began: {changed}")
    } else {
        let now = now.version;
        format!("the run goes by `{name}` {version}, this server has {now}, in which {changed}")
    };
    kept(&cause, version)
}

fn kept(cause: &str, version: &str) -> EngineError {
    EngineError::new(
        "incompatible",
        format!("the run cannot go on: {cause}"),
        format!(
            "the run is kept, and goes on as soon as a server has the workflow as it was: keep the \
             old file beside the new one, under its version {version}, and give the new one a higher \
             version; or cancel the run"
        ),
    )
}

/// Whether an error is that of a run that waits for a server with its workflow
pub(crate) fn is_incompatible(error: &EngineError) -> bool {
    error.code == "incompatible"
}
