//! Histories that were recorded, followed once more: what Temporal's replayer says of them.

use temporalio_client::WorkflowHistory;
use temporalio_sdk::workflow_replayer::{WorkflowReplayer, WorkflowReplayerOptions};

use super::Temporal;
use super::link::in_words;
use super::run::Run;
use crate::engine::EngineError;

impl Temporal {
    /// The history of a run as Temporal has it, for [`replay`]: of its latest execution, as JSON
    pub async fn history(&self, run_id: &str) -> Result<Vec<u8>, EngineError> {
        let history = self.link.history(run_id).await?;
        history
            .to_json()
            .await
            .map_err(|error| EngineError::new("internal", in_words(&error), "report this"))
    }
}

/// Follows the history of a run, as [`Temporal::history`] gives it, once more; fails with why this
/// build would not have made it
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
