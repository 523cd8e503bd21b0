//! What Temporal's own lists show of a run: search attributes.

use std::collections::HashMap;

use temporalio_client::tonic::{Code, Request};
use temporalio_common::protos::temporal::api::operatorservice::v1::{
    AddSearchAttributesRequest, ListSearchAttributesRequest,
};
use temporalio_common::search_attributes::{SearchAttributeKey, SearchAttributeUpdate, Timestamp};
use temporalio_sdk::WorkflowContext;

use super::kept::{Kept, is_remembering};
use super::link::Link;
use super::run::Run;
use crate::engine::EngineError;
use crate::machine::{Action, Pending, Snapshot, Status};
use crate::reply::position;

/// The workflow's name
pub(super) const WORKFLOW: SearchAttributeKey<String> = SearchAttributeKey::keyword("WorkflowName");
/// How the run stands, in a word
pub(super) const STATUS: SearchAttributeKey<String> = SearchAttributeKey::keyword("RunStatus");
/// The step that it stands at
pub(super) const POSITION: SearchAttributeKey<String> = SearchAttributeKey::keyword("RunPosition");
/// Whether nobody is its parent
pub(super) const TOP: SearchAttributeKey<bool> = SearchAttributeKey::bool("RunTop");
/// When it last moved
pub(super) const UPDATED: SearchAttributeKey<Timestamp> =
    SearchAttributeKey::datetime("RunUpdated");

/// What the namespace has to know of, each with its type
pub(super) const ALL: [(&str, i32); 5] =
    [("WorkflowName", 2), ("RunStatus", 2), ("RunPosition", 2), ("RunTop", 5), ("RunUpdated", 6)];

/// Shows a run as it stands by now, where that is not what shows
pub(super) fn publish(ctx: &WorkflowContext<Run>) {
    let now = ctx.search_attributes();
    let updates = ctx.state(|run| run.kept.as_ref().map(of)).unwrap_or_default();
    let shown = |key: &SearchAttributeKey<String>, value: &str| {
        now.get(key).is_some_and(|shown| shown == value)
    };
    let Some((status, position)) = ctx.state(|run| {
        let snapshot = &run.kept.as_ref()?.snapshot;
        Some((status(snapshot).to_owned(), position(snapshot).unwrap_or_default().to_owned()))
    }) else {
        return;
    };
    if !(shown(&STATUS, &status) && shown(&POSITION, &position)) {
        ctx.upsert_search_attributes(updates);
    }
}

/// What shows of a run
pub(super) fn of(kept: &Kept) -> Vec<SearchAttributeUpdate> {
    let snapshot = &kept.snapshot;
    let updated =
        Timestamp::new(snapshot.updated_at.as_second(), snapshot.updated_at.subsec_nanosecond());
    vec![
        WORKFLOW.value_set(snapshot.workflow.clone()),
        STATUS.value_set(status(snapshot).to_owned()),
        POSITION.value_set(position(snapshot).unwrap_or_default().to_owned()),
        TOP.value_set(snapshot.parent.is_none()),
        UPDATED.value_set(updated),
    ]
}

/// How a run stands as it would be told: one that waits for the fleet itself is running
fn status(snapshot: &Snapshot) -> &'static str {
    match &snapshot.pending {
        Some(pending) if is_the_fleets(pending) => Status::Running.word(),
        _ => snapshot.status.word(),
    }
}

fn is_the_fleets(pending: &Pending) -> bool {
    match &pending.action {
        Action::McpCall { .. } => pending.by_server || is_remembering(pending),
        _ => false,
    }
}

/// Makes the namespace know of the attributes that runs show
///
/// Fails with code `store` where it does not, and may not be made to: whoever runs the cluster has to
/// add them.
pub(super) async fn register(link: &Link) -> Result<(), EngineError> {
    let mut operator = link.client.connection().operator_service();
    let asked = ListSearchAttributesRequest { namespace: link.namespace.clone() };
    let listed = link.in_time(operator.list_search_attributes(Request::new(asked))).await?;
    let known = match listed {
        Ok(listed) => listed.into_inner().custom_attributes,
        Err(status) => return Err(link.failed(&status)),
    };
    let missing: HashMap<String, i32> = ALL
        .iter()
        .filter(|(name, _)| !known.contains_key(*name))
        .map(|(name, kind)| ((*name).to_owned(), *kind))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.keys().map(String::as_str).collect();
    let help = format!(
        "have whoever runs the cluster add the search attributes {} to the namespace `{}`",
        names.join(", "),
        link.namespace
    );
    let ask = AddSearchAttributesRequest {
        namespace: link.namespace.clone(),
        search_attributes: missing.clone(),
    };
    match link.in_time(operator.add_search_attributes(Request::new(ask))).await? {
        Ok(_) => Ok(()),
        // Another process was quicker.
        Err(status) if status.code() == Code::AlreadyExists => Ok(()),
        Err(status) => {
            let message = format!("the namespace lacks search attributes: {}", status.message());
            Err(EngineError::new("store", message, help))
        }
    }
}
