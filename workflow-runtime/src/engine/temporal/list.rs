//! Runs by the page, as Temporal's visibility has them: what it knows is a moment old.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use temporalio_client::WorkflowCountOptions;
use temporalio_client::tonic::Request;
use temporalio_common::protos::temporal::api::enums::v1::WorkflowExecutionStatus;
use temporalio_common::protos::temporal::api::workflow::v1::WorkflowExecutionInfo;
use temporalio_common::protos::temporal::api::workflowservice::v1::ListWorkflowExecutionsRequest;
use temporalio_common::search_attributes::SearchAttributes;

use super::attributes::{POSITION, STATUS, WORKFLOW};
use super::{Temporal, replies};
use crate::engine::rules::failure;
use crate::engine::{EngineError, RunEntry, RunFilter, RunPage};
use crate::machine::{Limit, Status};
use crate::mcp::paging::beginning;

/// Runs on a page, unless fewer are asked for
const MAX_RUNS: usize = 50;

/// How large a page's runs are together, in bytes as JSON text
const MAX_BYTES: usize = 20 * 1024;

/// How much is told of an error, in bytes
const ERROR: usize = 200;

impl Temporal {
    /// Refuses a start where as many runs are open as there may be
    pub(super) async fn make_room(&self) -> Result<(), EngineError> {
        let limits = self.workshop.limits;
        if self.open_runs().await? >= limits.get(Limit::Runs) {
            return Err(failure::too_many_runs(limits));
        }
        Ok(())
    }

    /// How many runs are open, children not counted
    pub(super) async fn open_runs(&self) -> Result<u64, EngineError> {
        let query = format!("{} AND ExecutionStatus = 'Running'", self.own_runs());
        let counting = self.link.client.count_workflows(query, WorkflowCountOptions::default());
        let counted = self.link.in_time(counting).await?;
        let counted =
            counted.map_err(|error| super::link::away(&self.link.host, &error.to_string()))?;
        Ok(u64::try_from(counted.count()).unwrap_or(u64::MAX))
    }

    fn own_runs(&self) -> String {
        let queue = quoted(&self.link.task_queue);
        format!("TaskQueue = {queue} AND WorkflowType = 'workflow-run' AND RunTop = true")
    }

    fn name_of(&self, given: &str) -> String {
        let known = self.workshop.registry.get(given);
        known.map_or(given, |program| program.info().name).to_owned()
    }

    /// A run as a list tells it; nothing where it is an execution of a run that was taken up again
    async fn entry(&self, info: WorkflowExecutionInfo) -> Option<RunEntry> {
        let execution = info.execution.clone()?;
        let run_id = execution.workflow_id;
        // What visibility does not know, the run itself does.
        let looked = self.look(&run_id).await;
        let told = looked.and_then(|(view, reply)| {
            Ok((view.execution.clone(), replies::status(&run_id, &view, reply)?))
        });
        match told {
            Ok((current, _)) if current != execution.run_id => None,
            Ok((_, report)) => Some(RunEntry {
                run_id,
                workflow: report.workflow,
                version: report.version,
                status: report.status,
                position: report.position,
                created_at: report.created_at,
                updated_at: report.updated_at,
                error: report.error.map(|error| short(&error.message)),
            }),
            Err(error) => Some(unseen(run_id, &info, &error)),
        }
    }
}

/// A run that nobody can look at by now: what visibility tells of it, and why it is no more
fn unseen(run_id: String, info: &WorkflowExecutionInfo, error: &EngineError) -> RunEntry {
    let shown = info.search_attributes.clone().unwrap_or_default();
    let shown = SearchAttributes::from_proto(&shown);
    let started = info.start_time.map(|at| (at.seconds, at.nanos));
    let ended = info.close_time.map(|at| (at.seconds, at.nanos));
    let at = |at: Option<(i64, i32)>| {
        let at = at.and_then(|(seconds, nanos)| Timestamp::new(seconds, nanos).ok());
        at.unwrap_or(Timestamp::UNIX_EPOCH).to_string()
    };
    RunEntry {
        run_id,
        workflow: shown.get(&WORKFLOW).unwrap_or_default(),
        version: String::new(),
        status: status_of(info.status, shown.get(&STATUS).as_deref()),
        position: shown.get(&POSITION).filter(|step| !step.is_empty()),
        created_at: at(started),
        updated_at: at(ended.or(started)),
        error: Some(short(&error.message)),
    }
}

fn short(message: &str) -> String {
    beginning(&message.into(), ERROR)
}

/// A page of runs, the newest first
pub(super) async fn page(engine: &Temporal, filter: RunFilter) -> Result<RunPage, EngineError> {
    let mut query = engine.own_runs();
    if let Some(workflow) = &filter.workflow {
        let name = engine.name_of(workflow);
        query = format!("{query} AND WorkflowName = {}", quoted(&name));
    }
    if let Some(status) = filter.status {
        query = format!("{query} AND {}", standing(status));
    }
    let limit = filter.limit.unwrap_or(MAX_RUNS).clamp(1, MAX_RUNS);
    let token = filter.cursor.as_deref().map(token).transpose()?.unwrap_or_default();
    let ask = ListWorkflowExecutionsRequest {
        namespace: engine.link.namespace.clone(),
        page_size: i32::try_from(limit).unwrap_or(i32::MAX),
        next_page_token: token,
        query: format!("{query} AND ExecutionStatus != 'ContinuedAsNew'"),
    };
    let mut service = engine.link.client.connection().workflow_service();
    let listed = engine.link.in_time(service.list_workflow_executions(Request::new(ask))).await?;
    let listed = listed.map_err(|status| engine.link.failed(&status))?.into_inner();
    let (mut page, mut seen, mut room) = (RunPage::default(), HashSet::new(), MAX_BYTES);
    let first = |info: &WorkflowExecutionInfo| {
        info.execution.as_ref().is_some_and(|execution| seen.insert(execution.workflow_id.clone()))
    };
    let runs = listed.executions.into_iter().filter({
        let mut first = first;
        move |info| first(info)
    });
    let entries = futures::future::join_all(runs.map(|info| engine.entry(info))).await;
    for entry in entries.into_iter().flatten() {
        if filter.status.is_some_and(|status| status != entry.status) {
            continue;
        }
        room = room.saturating_sub(serde_json::to_string(&entry).map_or(0, |text| text.len()));
        page.runs.push(entry);
        if room == 0 {
            break;
        }
    }
    page.cursor = (!listed.next_page_token.is_empty())
        .then(|| URL_SAFE_NO_PAD.encode(&listed.next_page_token));
    Ok(page)
}

/// Which executions may be runs that stand so
fn standing(status: Status) -> &'static str {
    match status {
        Status::Completed => "ExecutionStatus = 'Completed'",
        Status::Failed => "ExecutionStatus IN ('Failed', 'TimedOut', 'Terminated')",
        Status::Cancelled => "ExecutionStatus = 'Canceled'",
        Status::Running | Status::Waiting | Status::Incompatible => "ExecutionStatus = 'Running'",
        // There are none.
        Status::Quarantined => "RunStatus = 'quarantined'",
    }
}

fn status_of(execution: i32, shown: Option<&str>) -> Status {
    match WorkflowExecutionStatus::try_from(execution) {
        Ok(WorkflowExecutionStatus::Completed) => Status::Completed,
        Ok(WorkflowExecutionStatus::Canceled) => Status::Cancelled,
        Ok(WorkflowExecutionStatus::Running) => Status::ALL
            .into_iter()
            .find(|status| shown == Some(status.word()))
            .unwrap_or(Status::Running),
        _ => Status::Failed,
    }
}

fn token(cursor: &str) -> Result<Vec<u8>, EngineError> {
    URL_SAFE_NO_PAD.decode(cursor).map_err(|_| {
        EngineError::new(
            "bad-cursor",
            format!("`{cursor}` is no cursor"),
            "give the cursor of a page as it came, or none for the first page",
        )
    })
}

/// A value in a query
fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
}
