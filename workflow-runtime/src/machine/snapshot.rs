//! A run as far as its journal tells: the fold of its events.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Event, Left, Parent, Pending, Place, Reentry, RunError};

/// How a run stands
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The server works on it
    Running,
    /// It waits for an answer
    Waiting,
    /// It returned
    Completed,
    /// It cannot go on
    Failed,
    /// It was called off
    Cancelled,
    /// Its workflow has changed under it, and it is kept until somebody decides
    Incompatible,
    /// Its journal is damaged, and it is kept until somebody decides
    Quarantined,
}

/// A run as far as its journal tells
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Name of the workflow
    pub workflow: String,
    /// Its version
    pub version: String,
    /// Fingerprint of the workflow that the run goes by
    pub fingerprint: String,
    /// How it stands
    pub status: Status,
    /// The inputs, defaults filled in
    pub inputs: Map<String, Value>,
    /// `item` of an inline task
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub item: Value,
    /// Where it stands among its siblings
    pub place: Place,
    /// Whose child it is
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
    /// The author's variables
    pub state: Map<String, Value>,
    /// Where the machine stands, while it waits
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Value>,
    /// What it waits for, while it waits
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
    /// What the server has begun to do about it, if anything that may take effect outside
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calling: Option<Calling>,
    /// Where it waited last, once it goes on from there; kept if it ends without a result
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Box<Left>>,
    /// How often each step was handed out
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub handed_out: BTreeMap<String, u32>,
    /// How many visits of steps were run to their end
    pub steps_done: u64,
    /// What it returned
    #[serde(
        default,
        deserialize_with = "crate::data::present",
        skip_serializing_if = "Option::is_none"
    )]
    pub result: Option<Value>,
    /// Why it failed, or was cancelled
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<RunError>,
    /// When it was started
    pub created_at: Timestamp,
    /// When it last moved
    pub updated_at: Timestamp,
}

/// A call by the server, as far as it is known before its outcome
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calling {
    /// Who makes it, of the servers that share the store
    pub by: String,
    /// Whether to make it once more would do no harm
    pub repeatable: bool,
    /// Since when
    pub since: Timestamp,
}

/// A journal that no run can have written
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("its record is damaged: {0}")]
pub struct Damaged(pub String);

impl Snapshot {
    /// The run after the first event of a journal
    pub fn begin(first: &Event) -> Result<Self, Damaged> {
        let Event::Started {
            workflow,
            version,
            fingerprint,
            inputs,
            item,
            place,
            parent,
            state,
            at,
        } = first
        else {
            return Err(Damaged("it does not begin with `started`".to_owned()));
        };
        Ok(Self {
            workflow: workflow.clone(),
            version: version.clone(),
            fingerprint: fingerprint.clone(),
            status: Status::Running,
            inputs: inputs.clone(),
            item: item.clone(),
            place: *place,
            parent: parent.clone(),
            state: state.clone(),
            position: None,
            pending: None,
            calling: None,
            left: None,
            handed_out: BTreeMap::new(),
            steps_done: 0,
            result: None,
            error: None,
            created_at: *at,
            updated_at: *at,
        })
    }

    /// A whole journal
    pub fn fold<'a>(events: impl IntoIterator<Item = &'a Event>) -> Result<Self, Damaged> {
        let mut events = events.into_iter();
        let first = events.next().ok_or_else(|| Damaged("it is empty".to_owned()))?;
        let mut snapshot = Self::begin(first)?;
        for event in events {
            snapshot.apply(event)?;
        }
        Ok(snapshot)
    }

    /// Moves on by one event
    pub fn apply(&mut self, event: &Event) -> Result<(), Damaged> {
        match event {
            Event::Started { .. } => return Err(Damaged("it begins twice".to_owned())),
            Event::Stepped { writes, .. } => {
                self.expect(Status::Running, "a step ran")?;
                self.steps_done += 1;
                for (field, value) in writes {
                    self.state.insert(field.clone(), value.clone());
                }
            }
            Event::Waiting { position, pending } => self.wait(position, pending)?,
            Event::Calling { step_id, by, repeatable, at } => {
                self.expect_pending(step_id, "a call was begun")?;
                let (by, repeatable, since) = (by.clone(), *repeatable, *at);
                self.calling = Some(Calling { by, repeatable, since });
                self.updated_at = *at;
            }
            Event::Answered { step_id, at, .. } => self.answer(step_id, *at)?,
            Event::Upgraded { version, to, position, inputs, state, at, .. } => {
                // One that has failed is upgraded to be taken up again.
                if !matches!(self.status, Status::Failed | Status::Cancelled) {
                    self.expect(Status::Waiting, "it was upgraded")?;
                }
                self.version.clone_from(version);
                self.fingerprint.clone_from(to);
                match (position, &mut self.left) {
                    (Some(position), Some(left)) => left.position.clone_from(position),
                    (Some(position), None) => self.position = Some(position.clone()),
                    (None, _) => {}
                }
                self.inputs.extend(inputs.clone());
                self.state.extend(state.clone());
                self.updated_at = *at;
            }
            Event::Caught { at, .. } => {
                self.expect(Status::Running, "a failure was caught")?;
                self.updated_at = *at;
            }
            Event::Completed { result, at } => {
                self.expect(Status::Running, "it completed")?;
                self.result = Some(result.clone());
                self.left = None;
                self.end(Status::Completed, *at);
            }
            Event::Failed { error, since, at } => {
                self.expect(Status::Running, "it failed")?;
                self.error = Some(error.clone());
                if let Some(left) = &mut self.left {
                    left.since.clone_from(since);
                }
                self.end(Status::Failed, *at);
            }
            Event::Retried { from, at } => self.take_up(from, *at)?,
            Event::Cancelled { reason, at } => self.cancel(reason.as_deref(), *at)?,
        }
        Ok(())
    }

    /// Whether nothing more will happen
    pub fn ended(&self) -> bool {
        self.status.ended()
    }

    fn wait(&mut self, position: &Value, pending: &Pending) -> Result<(), Damaged> {
        self.expect(Status::Running, "it waits")?;
        self.status = Status::Waiting;
        self.position = Some(position.clone());
        *self.handed_out.entry(pending.step.clone()).or_default() += 1;
        self.updated_at = pending.since;
        self.pending = Some(pending.clone());
        self.left = None;
        Ok(())
    }

    fn answer(&mut self, step_id: &str, at: Timestamp) -> Result<(), Damaged> {
        self.expect_pending(step_id, "an answer came")?;
        self.status = Status::Running;
        self.leave();
        self.updated_at = at;
        Ok(())
    }

    /// Remembers where it waited, while it goes on from there
    fn leave(&mut self) {
        self.calling = None;
        if let (Some(position), Some(pending)) = (self.position.take(), self.pending.take()) {
            self.left = Some(Box::new(Left { position, pending, since: None }));
        }
    }

    fn take_up(&mut self, from: &Reentry, at: Timestamp) -> Result<(), Damaged> {
        if !matches!(self.status, Status::Failed | Status::Cancelled) {
            let status = self.status.word();
            return Err(Damaged(format!("it was taken up again while it was {status}")));
        }
        self.status = Status::Running;
        self.error = None;
        self.left = None;
        self.updated_at = at;
        match from {
            Reentry::Start { inputs, state } => {
                self.inputs.clone_from(inputs);
                self.state.clone_from(state);
                Ok(())
            }
            Reentry::Wait { position, pending, restored, removed } => {
                self.state.retain(|field, _| !removed.contains(field));
                for (field, value) in restored {
                    self.state.insert(field.clone(), value.clone());
                }
                self.wait(position, pending)
            }
        }
    }

    fn cancel(&mut self, reason: Option<&str>, at: Timestamp) -> Result<(), Damaged> {
        if self.ended() {
            return Err(Damaged("it was cancelled after its end".to_owned()));
        }
        self.error = Some(RunError {
            code: "cancelled".to_owned(),
            message: reason.unwrap_or("the run was cancelled").to_owned(),
            step_id: self.pending.as_ref().map(|pending| pending.step_id.clone()),
            help: None,
        });
        self.leave();
        self.end(Status::Cancelled, at);
        Ok(())
    }

    fn end(&mut self, status: Status, at: Timestamp) {
        self.status = status;
        self.position = None;
        self.pending = None;
        self.calling = None;
        self.updated_at = at;
    }

    fn expect_pending(&self, step_id: &str, what: &str) -> Result<(), Damaged> {
        self.expect(Status::Waiting, what)?;
        if self.pending.as_ref().is_none_or(|pending| pending.step_id != step_id) {
            return Err(Damaged(format!("{what} for `{step_id}`, which did not wait")));
        }
        Ok(())
    }

    fn expect(&self, status: Status, what: &str) -> Result<(), Damaged> {
        if self.status == status {
            return Ok(());
        }
        Err(Damaged(format!("{what} while it was {}", self.status.word())))
    }
}

impl Status {
    /// Every status
    pub const ALL: [Self; 7] = [
        Self::Running,
        Self::Waiting,
        Self::Completed,
        Self::Failed,
        Self::Cancelled,
        Self::Incompatible,
        Self::Quarantined,
    ];

    /// Those by which a run goes on no more: its ends, and being kept apart
    pub const OVER: [Self; 4] = [Self::Completed, Self::Failed, Self::Cancelled, Self::Quarantined];

    /// Whether nothing more will happen
    pub fn ended(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }

    /// The word for it, as it is told and stored
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Incompatible => "incompatible",
            Self::Quarantined => "quarantined",
        }
    }
}
