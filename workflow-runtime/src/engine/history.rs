//! What has happened in a run: its journal by the page, and each step that was handed out.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::Serialize;

use super::{Engine, EngineError};
use crate::machine::{Answer, AnsweredBy, Event, Pending};

/// How much of a journal is read at once to look for something, in bytes of JSON
const READ: usize = 1024 * 1024;

/// How many hand-outs an error names
const NAMED: usize = 20;

/// Events of a journal, in order
#[derive(Clone, Debug, Default)]
pub struct JournalPage {
    /// The events; none where there are no more
    pub events: Vec<Recorded>,
    /// Whether more follow
    pub more: bool,
}

/// An event as it stands in a journal
#[derive(Clone, Debug, Serialize)]
pub struct Recorded {
    /// Its place in the journal, from 1
    pub seq: u64,
    /// What happened
    #[serde(flatten)]
    pub event: Event,
}

/// A step as it was handed out, and what came of it
#[derive(Clone, Debug)]
pub struct HandOut {
    /// The workflow of its run
    pub workflow: String,
    /// What was to be done
    pub pending: Pending,
    /// What came of it; nothing while it is pending, or where its run was called off
    pub outcome: Option<Outcome>,
}

/// What came of a step
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The answer, or the failure
    pub answer: Answer,
    /// Who gave it
    pub by: AnsweredBy,
    /// When
    pub at: Timestamp,
}

/// A hand-out of a run; fails with code `unknown-step` where there was none of that id
pub(crate) async fn hand_out(
    engine: &dyn Engine,
    run_id: &str,
    step_id: &str,
) -> Result<HandOut, EngineError> {
    let (mut workflow, mut found, mut others) = (String::new(), None, Vec::new());
    let mut reader = Reader::new(engine, run_id);
    while let Some(event) = reader.next().await? {
        match event {
            Event::Started { workflow: name, .. } => workflow = name,
            Event::Waiting { pending, .. } if pending.step_id == step_id => found = Some(pending),
            Event::Waiting { pending, .. } if found.is_none() => others.push(pending.step_id),
            Event::Answered { step_id: answered, answer, by, at } if answered == step_id => {
                if let Some(pending) = found {
                    let outcome = Some(Outcome { answer, by, at });
                    return Ok(HandOut { workflow, pending, outcome });
                }
            }
            _ => {}
        }
    }
    found
        .map(|pending| HandOut { workflow, pending, outcome: None })
        .ok_or_else(|| unknown_step(run_id, step_id, &others))
}

/// The ids of the hand-outs of a run, the latest first
pub(crate) async fn hand_outs(
    engine: &dyn Engine,
    run_id: &str,
) -> Result<Vec<String>, EngineError> {
    let mut reader = Reader::new(engine, run_id);
    let mut ids = Vec::new();
    while let Some(event) = reader.next().await? {
        if let Event::Waiting { pending, .. } = event {
            ids.push(pending.step_id);
        }
    }
    ids.reverse();
    Ok(ids)
}

/// Reads a journal event by event, a page at a time
struct Reader<'a> {
    engine: &'a dyn Engine,
    run_id: &'a str,
    page: std::vec::IntoIter<Recorded>,
    /// The last event that was read
    seq: u64,
    more: bool,
}

impl<'a> Reader<'a> {
    fn new(engine: &'a dyn Engine, run_id: &'a str) -> Self {
        Self { engine, run_id, page: Vec::new().into_iter(), seq: 0, more: true }
    }

    async fn next(&mut self) -> Result<Option<Event>, EngineError> {
        if self.page.as_slice().is_empty() && self.more {
            let page = self.engine.journal(self.run_id, self.seq, READ).await?;
            (self.page, self.more) = (page.events.into_iter(), page.more);
        }
        Ok(self.page.next().map(|recorded| {
            self.seq = recorded.seq;
            recorded.event
        }))
    }
}

fn unknown_step(run_id: &str, step_id: &str, others: &[String]) -> EngineError {
    let mut help = String::from("no step was handed out yet");
    if let [others @ .., last] = &others[others.len().saturating_sub(NAMED)..] {
        help.clear();
        for other in others {
            // Writing to a string cannot fail.
            let _ = write!(help, "`{other}`, ");
        }
        help = format!("the steps that were handed out last are {help}`{last}`");
    }
    let message = format!("run `{run_id}` has handed out no step `{step_id}`");
    EngineError::new("unknown-step", message, help)
}
