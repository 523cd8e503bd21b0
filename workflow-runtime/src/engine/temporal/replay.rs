//! Histories that were recorded, followed once more: what Temporal's replayer says of them.

use temporalio_client::WorkflowHistory;
use temporalio_sdk::workflow_replayer::{WorkflowReplayer, WorkflowReplayerOptions};

use super::link::in_words;
use super::run::Run;

/// Follows the history of a run, as `temporal workflow show --output json` writes it, once more; fails
/// with why this build would not have made it
///
/// Workers do that whenever they take up a run that they do not remember: a build of the server that
/// cannot follow the histories of the one before it must not be rolled out.
pub async fn replay(history: &[u8]) -> Result<(), String> {
    let history = WorkflowHistory::from_json(history).map_err(|error| in_words(&error))?;
    let options = WorkflowReplayerOptions::new()
        .register_workflow::<Run>()
        .map_err(|error| in_words(&error))?
        .build();
    let replayer = WorkflowReplayer::new(options).map_err(|error| in_words(&error))?;
    replayer.replay_workflow(history).await.map_err(|error| in_words(&error))
}
