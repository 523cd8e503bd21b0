//! How runs are started: a key starts one run, whichever server of the fleet it reaches.

use sha2::{Digest, Sha256};

use super::kept::{Begin, Input, Kept, Origin};
use super::link::Started;
use super::shown::View;
use super::{Temporal, broken};
use crate::engine::rules::{failure, starts};
use crate::engine::{EngineError, StartRequest};
use crate::machine::Start;
use crate::reply::Reply;

impl Temporal {
    /// Starts a run, or tells of the one that the same key has started
    pub(super) async fn begin(&self, request: StartRequest) -> Result<Reply, EngineError> {
        let program = starts::startable(&self.workshop.registry, &request.workflow)?;
        let digest = hex(&starts::digest(program.info().name, &request.inputs));
        let key = request.idempotency_key.as_deref();
        let run_id = match key {
            Some(key) => self.keyed(key),
            None => uuid::Uuid::now_v7().simple().to_string(),
        };
        if let Some(key) = key
            && let Some(reply) = self.started_before(key, &run_id, &digest).await?
        {
            return Ok(reply);
        }
        let start = Start { inputs: request.inputs, ..Start::default() };
        let moved = self.workshop.start(program, start);
        let moved = moved.map_err(|refusal| failure::invalid_inputs(program.info(), &refusal))?;
        self.make_room().await?;
        let kept = Kept::begin(&run_id, moved.clone()).map_err(|why| broken(&why))?;
        let origin = Origin { depth: 0, own_agent: false, digest: key.map(|_| digest.clone()) };
        let begin = Begin::Started { moved: moved.clone() };
        let input = Input { origin: origin.clone(), begin };
        if self.link.start(&run_id, input, false).await? == Started::Before {
            // By the same key elsewhere, or by this very call, whose first reply was lost.
            let Some(key) = key else { return self.reply_to(&run_id).await };
            let before = self.started_before(key, &run_id, &digest).await?;
            return before.ok_or_else(|| failure::unknown_run(&run_id));
        }
        self.workshop.tell(&run_id, None, &moved);
        self.reply_to_moved(&run_id, View::of(origin, kept)).await
    }

    /// The run that a key has started; a key belongs to one workflow and its inputs
    async fn started_before(
        &self,
        key: &str,
        run_id: &str,
        digest: &str,
    ) -> Result<Option<Reply>, EngineError> {
        match self.link.view(run_id).await {
            Ok(view) if view.origin.digest.as_deref() == Some(digest) => {
                self.reply_to(run_id).await.map(Some)
            }
            Ok(_) => Err(failure::idempotency_conflict(key, run_id)),
            Err(error) if error.code == "unknown-run" => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The run of a key: the same for every server of the fleet
    fn keyed(&self, key: &str) -> String {
        let mut hasher = Sha256::new();
        hasher.update(self.link.task_queue.as_bytes());
        hasher.update([0]);
        hasher.update(key.as_bytes());
        hex(&hasher.finalize()[..16])
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
