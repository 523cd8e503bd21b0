//! What only the user can answer (`answered_by: user`): they are asked by their client, past the
//! agent.
//!
//! `get_next_step` asks, and no other call. A start or an answer of the agent's must not hang on
//! how long a person thinks, nor be repeated by a client; this one may be repeated and called off at
//! any time. How it asks depends on the revision of the protocol: a request of ours to the client
//! ([`dialogs`]), or a result that says what is missing, upon which the client calls again with the
//! answer ([`seal`]). Neither goes through what the agent can say, which is the name and the
//! arguments of a tool.

mod dialogs;
mod form;
mod seal;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ElicitRequest, ElicitResult, ElicitationAction,
    InputRequest, InputRequiredResult, ProtocolVersion,
};
use rmcp::service::{RequestContext, RoleServer};
use serde_json::{Map, Value};
use tokio::time::Instant;

use self::dialogs::Dialogs;
use self::seal::{Asked, Question, Seal};
use super::arguments::{self, NextStep};
use super::{Server, paged};
use crate::engine::{Engine, EngineError, Submission};
use crate::machine::{Answer, AnsweredBy};
use crate::reply::{Reply, Step};
use crate::words::Asking;

/// How long a call waits for the user where it does not say: less than what clients allow a tool
const PATIENCE: Duration = Duration::from_secs(45);

/// How often a call asks again for an answer that is refused
const TRIES: u32 = 3;

/// How long a look at a run takes at most until it is seen that the user can be asked
const SLICE: Duration = Duration::from_secs(1);

/// The one question of a result that asks
const KEY: &str = "answer";

/// What a server keeps to ask users
pub(super) struct Asker {
    /// With the one client that this server talks to
    dialogs: Arc<Dialogs>,
    seal: Seal,
    patience: Duration,
    /// Whether it asks at all
    pub(super) asks: bool,
}

impl Asker {
    /// Sealed with the key of the store, so that another process on it can take the answer; else
    /// with one of this process
    pub(super) fn new(engine: &dyn Engine) -> Self {
        let key = engine.seal_key().unwrap_or_else(random_key);
        Self { dialogs: Arc::default(), seal: Seal::new(key), patience: PATIENCE, asks: true }
    }

    /// The same for another client
    pub(super) fn for_another(&self) -> Self {
        Self { dialogs: Arc::default(), seal: self.seal.clone(), ..*self }
    }
}

/// 244 bits of chance, from where the ids come from
pub(crate) fn random_key() -> [u8; 32] {
    let halves = [uuid::Uuid::new_v4(), uuid::Uuid::new_v4()];
    std::array::from_fn(|at| halves[at / 16].as_bytes()[at % 16])
}

/// How a client can ask its user
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Means {
    /// Not at all
    None,
    /// By a request to it
    Request,
    /// By a result, upon which it calls again
    Result,
}

impl Means {
    fn of(cx: &RequestContext<RoleServer>) -> Self {
        let elicitation = cx.client_capabilities().and_then(|can| can.elicitation);
        // One that names no mode means forms.
        if !elicitation.is_some_and(|can| can.form.is_some() || can.url.is_none()) {
            return Self::None;
        }
        match cx.protocol_version() {
            Some(version) if version >= ProtocolVersion::V_2026_07_28 => Self::Result,
            _ => Self::Request,
        }
    }

    /// A refusal of what only the user can answer, with how they do
    pub(super) fn told_how(self, error: EngineError, run_id: &str) -> EngineError {
        if self == Self::None || error.code != "user-only" {
            return error;
        }
        let help = format!("call get_next_step(run_id=\"{run_id}\"): their client asks them");
        EngineError { help, ..error }
    }

    /// How the asking stands with such a client before it was asked
    pub(super) fn standing(self) -> Asking<'static> {
        match self {
            Self::None => Asking::Unable,
            Self::Request | Self::Result => Asking::Ready,
        }
    }
}

/// What has come of a question
#[derive(Clone, Debug, PartialEq, Eq)]
enum Ending {
    /// The run does not wait for it any more: by the user's answer, or without it
    Moved,
    /// The user will not answer
    Declined,
    /// The user, or the client for them, closed the form
    Dismissed,
    /// The call that asked was called off
    TakenBack,
    /// The answer does not fit, and why
    Refused(String),
    /// The client, or the store, could not do its part
    Failed(String),
}

impl Ending {
    fn told(&self) -> Asking<'_> {
        match self {
            Self::Moved | Self::Dismissed | Self::TakenBack => Asking::Dismissed,
            Self::Declined => Asking::Declined,
            Self::Refused(why) => Asking::Refused(why),
            Self::Failed(why) => Asking::Failed(why),
        }
    }
}

/// Takes a user's answer for a step
async fn take(engine: &dyn Engine, step: &Step, content: Option<&Value>) -> Ending {
    let Step { run_id, step_id, .. } = step.clone();
    let answer = Answer::Result(form::answer(step, content));
    let by = AnsweredBy::UserByElicitation;
    match engine.submit(Submission { run_id, step_id, answer, by }).await {
        Ok(_) => Ending::Moved,
        Err(error) if error.code == "result-mismatch" => Ending::Refused(error.message),
        // Somebody else was faster, or time.
        Err(error) if SETTLED.contains(&error.code) => Ending::Moved,
        Err(error) => Ending::Failed(error.message),
    }
}

/// What an engine says of an answer to a step that waits no more
const SETTLED: [&str; 4] = ["already-answered", "too-late", "not-pending", "not-waiting"];

impl Server {
    /// How the user of a call's client can be asked
    pub(super) fn means(&self, cx: &RequestContext<RoleServer>) -> Means {
        if self.asker.asks { Means::of(cx) } else { Means::None }
    }

    /// `get_next_step`, which has the user asked where only they can answer
    pub(super) async fn next_step(
        &self,
        arguments: Map<String, Value>,
        request: &CallToolRequestParams,
        cx: &RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, EngineError> {
        let next: NextStep = arguments::read("get_next_step", arguments)?;
        let page = next.page.unwrap_or(1);
        match self.means(cx) {
            Means::Request if page == 1 => self.ask_by_request(&next, cx).await,
            Means::Result if page == 1 => self.ask_by_result(&next, request).await,
            means => {
                let waited = Duration::from_secs(next.wait_seconds.unwrap_or(0));
                let reply = if waited.is_zero() {
                    self.engine.next(&next.run_id).await?
                } else {
                    self.engine.wait(&next.run_id, waited).await?
                };
                Ok(paged(reply, page, means.standing())?.into())
            }
        }
    }

    async fn ask_by_request(
        &self,
        next: &NextStep,
        cx: &RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, EngineError> {
        let now = Instant::now();
        let look_until = now + Duration::from_secs(next.wait_seconds.unwrap_or(0));
        let until = next.wait_seconds.map_or(now + self.asker.patience, |_| look_until);
        loop {
            let reply = self.look(&next.run_id, look_until).await?;
            let Some(step) = reply.users_step() else {
                return Ok(paged(reply, 1, Asking::Ready)?.into());
            };
            let ending = self.asker.dialogs.ask(&self.engine, step, cx, until).await;
            match ending {
                Some(Ending::Moved) if Instant::now() < until => {}
                Some(Ending::Moved) => {
                    let reply = self.engine.next(&next.run_id).await?;
                    return Ok(paged(reply, 1, Asking::Ready)?.into());
                }
                Some(ending) => return Ok(paged(reply, 1, ending.told())?.into()),
                None => return Ok(paged(reply, 1, Asking::Open)?.into()),
            }
        }
    }

    async fn ask_by_result(
        &self,
        next: &NextStep,
        request: &CallToolRequestParams,
    ) -> Result<CallToolResponse, EngineError> {
        let before = self.hear(next, request).await?;
        let look_until = Instant::now() + Duration::from_secs(next.wait_seconds.unwrap_or(0));
        let reply = self.look(&next.run_id, look_until).await?;
        let Some(step) = reply.users_step() else {
            return Ok(paged(reply, 1, Asking::Ready)?.into());
        };
        let before = before.filter(|(asked, _)| asked.question.is_about(step));
        let (refused, why) = match &before {
            Some((asked, Ending::Refused(why))) => (asked.refused + 1, Some(why.as_str())),
            Some((_, Ending::Moved)) | None => (0, None),
            Some((_, ending)) => return Ok(paged(reply, 1, ending.told())?.into()),
        };
        let asked = Asked { question: Question::of(step), refused };
        let sealed = self.asker.seal.close(&asked, &next.run_id);
        let Some(sealed) = sealed.filter(|_| refused < TRIES) else {
            let standing = why.map_or(Asking::Unable, Asking::Refused);
            return Ok(paged(reply, 1, standing)?.into());
        };
        let form = InputRequest::Elicitation(ElicitRequest::new(form::request(step, why)));
        let requests = BTreeMap::from([(KEY.to_owned(), form)]);
        Ok(InputRequiredResult::new(Some(requests), Some(sealed)).into())
    }

    /// Takes what a call brings of an answer, if it is one to a question of ours
    async fn hear(
        &self,
        next: &NextStep,
        request: &CallToolRequestParams,
    ) -> Result<Option<(Asked, Ending)>, EngineError> {
        let sealed = request.request_state.as_deref();
        let Some(asked) = sealed.and_then(|sealed| self.asker.seal.open(sealed, &next.run_id))
        else {
            return Ok(None);
        };
        let given = request.input_responses.as_ref().and_then(|responses| responses.get(KEY));
        let Some(given) = given else { return Ok(None) };
        let Ok(given) = serde_json::from_value::<ElicitResult>(given.clone()) else {
            let why = "what it sent back is no answer".to_owned();
            return Ok(Some((asked, Ending::Failed(why))));
        };
        let ending = match given.action {
            ElicitationAction::Accept => {
                let reply = self.engine.next(&asked.question.run_id).await?;
                match reply.users_step().filter(|step| asked.question.is_about(step)) {
                    Some(step) => take(&*self.engine, step, given.content.as_ref()).await,
                    None => Ending::Moved,
                }
            }
            ElicitationAction::Decline => Ending::Declined,
            _ => Ending::Dismissed,
        };
        Ok(Some((asked, ending)))
    }

    /// A run as it stands once somebody, the user too, can do something, or the time is over
    async fn look(&self, run_id: &str, until: Instant) -> Result<Reply, EngineError> {
        let mut reply = self.engine.next(run_id).await?;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || !reply.is_idle() || reply.users_step().is_some() {
                return Ok(reply);
            }
            reply = self.engine.wait(run_id, left.min(SLICE)).await?;
        }
    }
}
