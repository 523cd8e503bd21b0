//! Questions that a client is asked by requests of ours: revisions up to 2025-11-25.
//!
//! A form that the client shows outlives the call that had it shown: people take longer to answer
//! than clients wait for a tool. Calls about the same question join the form that is open. It is
//! taken back when the run moves without it, or when the call that opened it is called off.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rmcp::model::{
    CancelledNotificationParam, ClientResult, ElicitRequest, ElicitationAction, ServerRequest,
};
use rmcp::service::{PeerRequestOptions, RequestContext, RequestHandle, RoleServer, ServiceError};
use tokio::sync::{oneshot, watch};
use tokio::time::Instant;

use super::form;
use super::seal::Question;
use super::{Ending, TRIES, take};
use crate::engine::Engine;
use crate::reply::Step;

/// How many questions may stand open with one client
const MOST: usize = 32;

/// How long between two looks at a run whose question stands open, where nothing tells of it
const LOOK_AGAIN: Duration = Duration::from_mins(1);

/// The questions that stand open with one client, and those whose end nobody has heard of yet
#[derive(Debug, Default)]
pub(super) struct Dialogs {
    asked: Mutex<HashMap<Question, Ended>>,
}

/// How a question has ended, once it has
type Ended = watch::Receiver<Option<Ending>>;

impl Dialogs {
    /// Has the user asked, and waits for the end of it; `None` if it still stands open by then
    ///
    /// An answer that is refused is asked for again, a few times.
    pub(super) async fn ask(
        self: &Arc<Self>,
        engine: &Arc<dyn Engine>,
        step: &Step,
        cx: &RequestContext<RoleServer>,
        until: Instant,
    ) -> Option<Ending> {
        let question = Question::of(step);
        let mut last = None;
        for _ in 0..TRIES {
            let refused = match &last {
                Some(Ending::Refused(why)) => Some(why.as_str()),
                _ => None,
            };
            let (mut ended, take_back) = self.join(engine, step, refused, cx).await;
            let ending = tokio::select! {
                biased;
                ending = ended.wait_for(Option::is_some) => {
                    // It goes without an end only where the process does.
                    ending.ok().and_then(|ending| ending.clone())
                }
                () = cx.ct.cancelled() => {
                    if let Some(take_back) = take_back {
                        // It may have come to an end this moment.
                        let _ = take_back.send(());
                    }
                    return None;
                }
                () = tokio::time::sleep_until(until) => return None,
            };
            self.forget(&question, &ended);
            match ending {
                Some(Ending::Refused(why)) => last = Some(Ending::Refused(why)),
                // By another call that was called off; this one was not.
                Some(Ending::TakenBack) => {}
                ending => return ending.or(Some(Ending::Dismissed)),
            }
        }
        last
    }

    /// The form that is open for a question, or a new one with the means to take it back
    async fn join(
        self: &Arc<Self>,
        engine: &Arc<dyn Engine>,
        step: &Step,
        refused: Option<&str>,
        cx: &RequestContext<RoleServer>,
    ) -> (Ended, Option<oneshot::Sender<()>>) {
        let question = Question::of(step);
        let (ending, ended) = watch::channel(None);
        {
            let mut asked = self.lock();
            if asked.len() >= MOST {
                asked.retain(|_, ended| ended.borrow().is_none());
            }
            let full = asked.len() >= MOST;
            match asked.entry(question.clone()) {
                Entry::Occupied(open) => return (open.get().clone(), None),
                Entry::Vacant(_) if full => {
                    let why = format!("{MOST} questions are open with it already");
                    ending.send_replace(Some(Ending::Failed(why)));
                    return (ended, None);
                }
                Entry::Vacant(free) => free.insert(ended.clone()),
            };
        }
        // From within the call, so that it goes to the client on the call's own stream.
        let request = ElicitRequest::new(form::request(step, refused));
        let request = ServerRequest::ElicitRequest(request);
        let sent = cx.peer.send_cancellable_request(request, PeerRequestOptions::no_options());
        let handle = match sent.await {
            Ok(handle) => handle,
            Err(error) => {
                ending.send_replace(Some(Ending::Failed(error.to_string())));
                return (ended, None);
            }
        };
        let (take_back, taken_back) = oneshot::channel();
        let (dialogs, engine, step) = (self.clone(), engine.clone(), step.clone());
        tokio::spawn(async move {
            let (peer, id) = (handle.peer.clone(), handle.id.clone());
            let (end, open) = follow(&*engine, &step, handle, taken_back).await;
            if matches!(end, Ending::Moved | Ending::TakenBack) {
                // There is nothing to tell the next call of it.
                dialogs.lock().remove(&question);
            }
            ending.send_replace(Some(end));
            if open {
                let reason = Some("the question is settled".to_owned());
                let closes = CancelledNotificationParam::new(Some(id), reason);
                // A client that is gone has closed its form, too.
                let _ = peer.notify_cancelled(closes).await;
            }
        });
        (ended, Some(take_back))
    }

    /// Forgets a question whose end was heard
    fn forget(&self, question: &Question, ended: &Ended) {
        let mut asked = self.lock();
        if asked.get(question).is_some_and(|other| other.same_channel(ended)) {
            asked.remove(question);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Question, Ended>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for what comes of a form, and takes the answer; and whether the form is open still
async fn follow(
    engine: &dyn Engine,
    step: &Step,
    handle: RequestHandle<RoleServer>,
    taken_back: oneshot::Receiver<()>,
) -> (Ending, bool) {
    tokio::select! {
        response = handle.await_response() => (judge(engine, step, response).await, false),
        () = moved(engine, step) => (Ending::Moved, true),
        Ok(()) = taken_back => (Ending::TakenBack, true),
    }
}

async fn judge(
    engine: &dyn Engine,
    step: &Step,
    response: Result<ClientResult, ServiceError>,
) -> Ending {
    match response {
        Ok(ClientResult::ElicitResult(result)) => match result.action {
            ElicitationAction::Accept => take(engine, step, result.content.as_ref()).await,
            ElicitationAction::Decline => Ending::Declined,
            _ => Ending::Dismissed,
        },
        Ok(_) => Ending::Failed("what it sent back is no answer".to_owned()),
        Err(ServiceError::McpError(error)) => Ending::Failed(error.message.into_owned()),
        Err(error) => Ending::Failed(error.to_string()),
    }
}

/// Returns once a run does not wait for a step any more
async fn moved(engine: &dyn Engine, step: &Step) {
    let question = Question::of(step);
    while let Ok(reply) = engine.wait(&step.run_id, LOOK_AGAIN).await {
        if !reply.step.is_some_and(|step| question.is_about(&step)) {
            return;
        }
    }
}
