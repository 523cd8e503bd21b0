//! What an argument of a prompt, or a variable of a resource template, may be.

use rmcp::ErrorData;
use rmcp::model::{CompleteRequestParams, CompletionInfo, Reference};
use serde_json::Value;

use super::prompts;
use super::resources::{TEMPLATES, Template};
use crate::engine::{self, Engine, EngineError, RunFilter};
use crate::registry::Registry;
use crate::schema::nearest;

/// How many of the newest runs are offered, or a page more
const RUNS: usize = 200;

/// The values that go on from what has been typed; fails for what has no such argument
pub(super) async fn complete(
    engine: &dyn Engine,
    request: &CompleteRequestParams,
) -> Result<CompletionInfo, ErrorData> {
    let (argument, typed) = (&request.argument.name, &request.argument.value);
    let candidates = match &request.r#ref {
        Reference::Prompt(prompt) => of_input(engine.registry(), &prompt.name, argument)?,
        Reference::Resource(resource) => {
            let known = request.context.as_ref().and_then(|context| context.get_argument("run_id"));
            let run_id = known.map(String::as_str);
            of_variable(engine, &resource.uri, argument, run_id).await?
        }
        _ => Vec::new(),
    };
    Ok(offered(candidates, typed))
}

/// What a variable of a resource template may be; a step is one of the run that was chosen before
async fn of_variable(
    engine: &dyn Engine,
    uri: &str,
    variable: &str,
    run_id: Option<&str>,
) -> Result<Vec<String>, ErrorData> {
    let named =
        |template: &&Template| template.uri == uri || template.uri.split("{?").next() == Some(uri);
    let Some(template) = TEMPLATES.iter().find(named) else {
        let message =
            format!("there is no resource template `{uri}`, see resources/templates/list");
        return Err(ErrorData::invalid_params(message, None));
    };
    if !template.variables.contains(&variable) {
        let variables = template.variables.join("`, `");
        let message = format!("`{uri}` has no variable `{variable}`, only `{variables}`");
        return Err(ErrorData::invalid_params(message, None));
    }
    let found = match (variable, run_id) {
        ("name", _) => {
            let workflows = engine.registry().workflows();
            Ok(workflows.map(|program| program.info().name.to_owned()).collect())
        }
        ("run_id", _) => runs(engine).await,
        ("step_id", Some(run_id)) => engine::hand_outs(engine, run_id).await,
        _ => Ok(Vec::new()),
    };
    // There is nothing to offer for a run that is not there.
    Ok(found.unwrap_or_default())
}

/// The newest runs
async fn runs(engine: &dyn Engine) -> Result<Vec<String>, EngineError> {
    let (mut ids, mut filter) = (Vec::new(), RunFilter::default());
    loop {
        let page = engine.list(filter).await?;
        ids.extend(page.runs.into_iter().map(|run| run.run_id));
        if page.cursor.is_none() || ids.len() >= RUNS {
            return Ok(ids);
        }
        filter = RunFilter { cursor: page.cursor, ..RunFilter::default() };
    }
}

/// What an input of a workflow may be, where that can be listed
fn of_input(registry: &Registry, name: &str, input: &str) -> Result<Vec<String>, ErrorData> {
    let schema = prompts::schema(prompts::find(registry, name)?);
    let inputs = schema["properties"].as_object();
    let Some(found) = inputs.and_then(|inputs| inputs.get(input)) else {
        let known = inputs.into_iter().flat_map(|inputs| inputs.keys().map(String::as_str));
        let near = nearest(input, known).map(|near| format!(", did you mean `{near}`"));
        let message =
            format!("the prompt `{name}` has no argument `{input}`{}", near.unwrap_or_default());
        return Err(ErrorData::invalid_params(message, None));
    };
    Ok(match (found["enum"].as_array(), &found["type"]) {
        (Some(values), _) => values.iter().map(text).collect(),
        (None, kind) if kind == "boolean" => vec!["true".to_owned(), "false".to_owned()],
        _ => found.get("default").filter(|value| !value.is_null()).map(text).into_iter().collect(),
    })
}

/// A value as it is written as an argument
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Those that begin with what has been typed, then those that hold it, whatever the case
fn offered(candidates: Vec<String>, typed: &str) -> CompletionInfo {
    let typed = typed.to_lowercase();
    let (begin, others): (Vec<_>, Vec<_>) =
        candidates.into_iter().partition(|value| value.to_lowercase().starts_with(&typed));
    let hold = others.into_iter().filter(|value| value.to_lowercase().contains(&typed));
    let mut values: Vec<_> = begin.into_iter().chain(hold).collect();
    let total = values.len();
    values.truncate(CompletionInfo::MAX_VALUES);
    let mut info = CompletionInfo::default();
    info.has_more = Some(values.len() < total);
    info.total = u32::try_from(total).ok();
    info.values = values;
    info
}
