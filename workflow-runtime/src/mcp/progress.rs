//! A client that waits for a run is told how far it is, if it wants to know.

use std::convert::Infallible;
use std::future::Future;

use rmcp::model::{CallToolRequestParams, ProgressNotificationParam, ProgressToken};
use rmcp::service::{Peer, RequestContext, RoleServer};

use crate::engine::Engine;
use crate::words;

/// Whom to tell of which run
struct Telling {
    run_id: String,
    token: ProgressToken,
    client: Peer<RoleServer>,
}

/// A call, and beside it what its client wants to hear while it takes: of `get_next_step` that
/// waits, how the run gets on
pub(super) async fn beside<T>(
    engine: &dyn Engine,
    request: &CallToolRequestParams,
    context: &RequestContext<RoleServer>,
    call: impl Future<Output = T>,
) -> T {
    let Some(telling) = Telling::of(request, context) else { return call.await };
    tokio::select! {
        biased;
        outcome = call => outcome,
        never = telling.tell(engine) => match never {},
    }
}

impl Telling {
    fn of(request: &CallToolRequestParams, context: &RequestContext<RoleServer>) -> Option<Self> {
        let arguments = request.arguments.as_ref()?;
        let waits = request.name == "get_next_step"
            && arguments.get("wait_seconds").is_some_and(|seconds| seconds.as_u64() > Some(0));
        let run_id = arguments.get("run_id")?.as_str()?.to_owned();
        let token = context.meta.get_progress_token().filter(|_| waits)?;
        Some(Self { run_id, token, client: context.peer.clone() })
    }

    /// Tells how far the run is, and again whenever it is further; never ends
    ///
    /// A run that jumps back is told of once it is further than before: progress only grows.
    async fn tell(self, engine: &dyn Engine) -> Infallible {
        let mut told = None;
        let mut seen = engine.standing(&self.run_id).await;
        while let Ok(now) = seen {
            let done = now.done();
            if told.is_none_or(|told| done > told) {
                told = Some(done);
                // A client that has gone is noticed by whoever answers its call.
                let _ = self.client.notify_progress(self.notification(done, &now)).await;
            }
            seen = engine.watch(&self.run_id, now).await;
        }
        // There is no such run, or it cannot be read: the call says so.
        std::future::pending().await
    }

    #[expect(clippy::cast_precision_loss, reason = "a count of steps")]
    fn notification(
        &self,
        done: f64,
        standing: &crate::engine::Standing,
    ) -> ProgressNotificationParam {
        ProgressNotificationParam::new(self.token.clone(), done)
            .with_total(standing.progress.total as f64)
            .with_message(words::progress(standing))
    }
}
