//! Workflows and runs as resources: what there is, and what each holds.
//!
//! | address | holds |
//! |---|---|
//! | `workflow://NAME` | its YAML, and its steps as a Mermaid flowchart |
//! | `workflow://NAME/diagram` | the flowchart |
//! | `run://ID` | how a run stands, and its state |
//! | `run://ID/journal` | all that has happened, a line of JSON each |
//! | `run://ID/steps/STEP` | a step as it was handed out, and its answer, in full |

mod address;
mod content;

use rmcp::ErrorData;
use rmcp::model::{
    Annotations, ReadResourceResult, Resource as Listed, ResourceContents, ResourceTemplate,
};
use serde_json::json;

pub(super) use self::address::{Address, Resource, TEMPLATES, Template};
use self::address::{JSON, YAML};
use super::lists::{self, Page};
use super::paging::beginning;
use crate::engine::{self, Engine, EngineError, RunEntry, RunFilter};
use crate::machine::Info;
use crate::registry::Registry;

/// How much of a journal is read for a page, in bytes of JSON; values in it are shortened
const JOURNAL: usize = 256 * 1024;

/// How much of a description is shown in a list, in bytes
const DESCRIPTION: usize = 500;

/// The lists that make up the list of resources, as cursors name them
const WORKFLOWS: &str = "workflows";
const RUNS: &str = "runs";

/// A page of what there is: the workflows by name, then the runs, the newest first
pub(super) async fn list(
    engine: &dyn Engine,
    cursor: Option<&str>,
) -> Result<Page<Listed>, ErrorData> {
    if let Some(cursor) = cursor
        && let Ok(behind) = lists::behind(RUNS, cursor)
    {
        return runs(engine, Some(behind)).await.map_err(|_| lists::no_cursor(cursor));
    }
    let workflows = engine.registry().workflows().map(|program| {
        let info = program.info();
        (info.name, workflow(info))
    });
    let (mut page, next) = lists::page(WORKFLOWS, workflows, cursor)?;
    if next.is_some() {
        return Ok((page, next));
    }
    let (runs, next) = runs(engine, None).await.map_err(|error| refusal("run://", error))?;
    page.extend(runs);
    Ok((page, next))
}

/// What the addresses of all resources look like
pub(super) fn templates() -> Vec<ResourceTemplate> {
    let template = |of: &Template| {
        ResourceTemplate::new(of.uri, of.name)
            .with_title(of.title)
            .with_description(of.about)
            .with_mime_type(of.mime_type)
    };
    TEMPLATES.iter().map(template).collect()
}

/// What a resource holds, or a page of it
pub(super) async fn read(engine: &dyn Engine, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let Address { resource, page, after } = Address::parse(uri)?;
    let workflow = |name: &str| find(engine.registry(), name, uri);
    let contents = match &resource {
        Resource::Workflow(name) => Ok(content::workflow(workflow(name)?, page)?),
        Resource::Diagram(name) => Ok(content::diagram(workflow(name)?, page)?),
        Resource::Run(run) => standing(engine, run).await,
        Resource::Journal(run) => journal(engine, run, after).await,
        Resource::Step(run, step) => hand_out(engine, run, step, page).await,
    };
    contents.map(ReadResourceResult::new).map_err(|error| refusal(uri, error))
}

type Contents = Result<Vec<ResourceContents>, EngineError>;

async fn standing(engine: &dyn Engine, run: &str) -> Contents {
    let status = engine.status(run).await?;
    Ok(content::run(status, engine.state(run, None).await?))
}

async fn journal(engine: &dyn Engine, run: &str, after: u64) -> Contents {
    Ok(content::journal(run, after, engine.journal(run, after, JOURNAL).await?))
}

async fn hand_out(engine: &dyn Engine, run: &str, step: &str, page: usize) -> Contents {
    content::step(run, engine::hand_out(engine, run, step).await?, page)
}

fn find<'r>(registry: &'r Registry, name: &str, uri: &str) -> Result<&'r Info, ErrorData> {
    let known = registry.get(name).map(|program| program.info());
    known.filter(|info| !info.inline_task).ok_or_else(|| {
        let near = registry.suggest(name).map(|near| {
            let uri = Resource::Workflow(near.to_owned()).uri();
            format!("there is no workflow `{name}`, did you mean `{uri}`")
        });
        address::not_found(uri, &near.unwrap_or_else(|| format!("there is no workflow `{name}`")))
    })
}

/// What the engine refuses, as an error of the protocol
pub(super) fn refusal(uri: &str, error: EngineError) -> ErrorData {
    let EngineError { code, message, help, .. } = error;
    let data = Some(json!({"uri": uri, "code": code, "help": help}));
    let message = format!("{}; {help}", beginning(&message.into(), 2_000));
    match code {
        "unknown-run" | "unknown-step" => ErrorData::resource_not_found(message, data),
        "no-such-page" => ErrorData::invalid_params(message, data),
        _ => ErrorData::internal_error(message, data),
    }
}

fn workflow(info: &Info) -> Listed {
    let listed = Listed::new(Resource::Workflow(info.name.to_owned()).uri(), info.name)
        .with_title(format!("{} {}", info.name, info.version))
        .with_mime_type(YAML)
        .with_size(info.source.len() as u64);
    match info.description.trim_end() {
        "" => listed,
        text => listed.with_description(beginning(&text.into(), DESCRIPTION)),
    }
}

/// A page of the runs behind a cursor of the engine, an empty one for the first page
async fn runs(engine: &dyn Engine, behind: Option<String>) -> Result<Page<Listed>, EngineError> {
    let page = engine.list(RunFilter { cursor: behind, ..RunFilter::default() }).await?;
    let next = page.cursor.map(|cursor| lists::cursor_behind(RUNS, &cursor));
    Ok((page.runs.into_iter().map(run).collect(), next))
}

fn run(entry: RunEntry) -> Listed {
    let mut annotations = Annotations::default();
    annotations.last_modified = Some(entry.updated_at);
    let title = match entry.position {
        Some(step) => format!("{}, {} at {step}", entry.workflow, entry.status.word()),
        None => format!("{}, {}", entry.workflow, entry.status.word()),
    };
    Listed::new(Resource::Run(entry.run_id.clone()).uri(), entry.run_id)
        .with_title(title)
        .with_mime_type(JSON)
        .with_annotations(annotations)
}
