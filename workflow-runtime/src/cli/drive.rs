//! Drives a run to its end, with answers from a person or a file.

use std::collections::HashMap;
use std::future::Future;
use std::io::{BufRead, Write};
use std::pin::Pin;
use std::time::Duration;

use serde_json::Value;

use super::answers::Answers;
use super::failure::Failure;
use super::terminal::{Silence, Terminal};
use crate::engine::{ChildReport, Engine, Submission};
use crate::machine::{Answer, AnsweredBy, RunError, Status};
use crate::mcp::paging::beginning;
use crate::reply::{Reply, Step};
use crate::words::time;

/// How long between two looks at a run that others move
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// How much of an item is shown in a heading, in bytes
const HEADING: usize = 70;

/// A step that wants an answer
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask<'a> {
    /// The run that was started, whose child the step's run may be
    pub(crate) root: &'a str,
    /// The step
    pub(crate) step: &'a Step,
    /// Where its run stands among its siblings, if it is a child
    pub(crate) place: Option<&'a Place>,
    /// How far its run is: which step of how many
    pub(crate) progress: Option<(usize, usize)>,
}

impl Ask<'_> {
    /// The command that goes on from here
    pub(crate) fn how_to_resume(&self, answers: Option<&str>) -> String {
        let answers = answers.map(|file| format!(" --answers {file}")).unwrap_or_default();
        let root = self.root;
        format!("run {root} waits; go on with `workflow-server run --resume {root}{answers}`")
    }

    fn heading(&self) -> String {
        let indent = if self.place.is_some() { "  " } else { "" };
        let progress =
            self.progress.map(|(step, of)| format!("[{step}/{of}] ")).unwrap_or_default();
        let attempt = match self.step.attempt {
            0 | 1 => String::new(),
            attempt => format!(" (attempt {attempt}{})", self.last_error()),
        };
        format!("{indent}{progress}{}{attempt}", self.step.step_id)
    }

    fn last_error(&self) -> String {
        let error = self.step.fields.get("last_error");
        error.map(|why| format!("; before: {}", beginning(why, HEADING))).unwrap_or_default()
    }
}

/// Where a child run stands among its siblings
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Index from 0
    pub(crate) index: usize,
    /// How many there are
    pub(crate) total: usize,
    /// Its item
    pub(crate) item: Value,
    /// The step that forked it
    pub(crate) of: String,
}

/// Plays the agent until a run ends
pub(crate) struct Driver<'a, R, W> {
    engine: &'a dyn Engine,
    root: String,
    terminal: Terminal<R, W>,
    answers: Option<Answers>,
    places: HashMap<String, Option<Place>>,
    shown: Option<String>,
    /// Whether what the agent can answer is left to it
    user_only: bool,
    /// Whether what only the user can answer is left to them
    is_agent: bool,
}

type Driving<'a> = Pin<Box<dyn Future<Output = Result<Reply, Failure>> + 'a>>;

impl<'a, R: BufRead, W: Write> Driver<'a, R, W> {
    /// A driver of a run; without answers the person at the terminal is asked
    pub(crate) fn new(
        engine: &'a dyn Engine,
        root: String,
        terminal: Terminal<R, W>,
        answers: Option<Answers>,
    ) -> Self {
        Self {
            engine,
            root,
            terminal,
            answers,
            places: HashMap::new(),
            shown: None,
            user_only: false,
            is_agent: false,
        }
    }

    /// Answers only what the user alone can answer
    pub(crate) fn leave_to_the_agent(&mut self) {
        self.user_only = true;
    }

    /// Answers nothing that the user alone can answer
    pub(crate) fn leave_to_the_user(&mut self) {
        self.is_agent = true;
    }

    /// Drives the run to its end and gives its last reply
    pub(crate) async fn run(&mut self) -> Result<Reply, Failure> {
        let root = self.root.clone();
        let reply = self.drive(root).await?;
        if let (Some(answers), Status::Completed) = (&self.answers, reply.status) {
            for key in answers.unused() {
                let line = format!("note: no step asked for the answer `{key}`");
                self.terminal.say(&line).map_err(|error| Failure::writing(&error))?;
            }
        }
        Ok(reply)
    }

    /// Says something to the person
    pub(crate) fn say(&mut self, line: &str) -> Result<(), Failure> {
        self.terminal.say(line).map_err(|error| Failure::writing(&error))
    }

    /// Boxed, because a child is driven as its parent is
    fn drive(&mut self, run_id: String) -> Driving<'_> {
        Box::pin(async move {
            loop {
                let reply = self.engine.next(&run_id).await?;
                if self.user_only && reply.users_step().is_none() {
                    return Ok(reply);
                }
                match (reply.status, &reply.step) {
                    (Status::Running | Status::Waiting, Some(step)) => match step.kind.as_str() {
                        "foreach" => self.children(step).await?,
                        "wait" => self.wait(&reply, step).await?,
                        _ => self.step(&reply, step).await?,
                    },
                    (Status::Running | Status::Waiting, None) => match reply.error {
                        Some(missing) => return Err(cannot_go_on(missing)),
                        None => look_again(&reply).await,
                    },
                    _ => return Ok(reply),
                }
            }
        })
    }

    /// Works off the children handed out, one after the other
    async fn children(&mut self, step: &Step) -> Result<(), Failure> {
        let report = self.engine.status(&step.run_id).await?;
        let children: Vec<ChildReport> = step
            .fields
            .get("children")
            .and_then(|children| serde_json::from_value(children.clone()).ok())
            .unwrap_or_default();
        let mut worked = false;
        for child in children.into_iter().filter(|child| !is_over(&child.status)) {
            worked = true;
            let total = siblings(&report.children, &child.run_id);
            let ChildReport { run_id, index, item, .. } = child;
            let place =
                Place { index, total: total.max(index + 1), item, of: step.step_id.clone() };
            self.announce(&run_id, &place)?;
            self.places.insert(run_id.clone(), Some(place));
            let reply = self.drive(run_id).await?;
            if let Some(error) = reply.error {
                self.say(&format!("  child {} failed: {}", index + 1, error.message))?;
            }
        }
        if !worked {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(())
    }

    fn announce(&mut self, child: &str, place: &Place) -> Result<(), Failure> {
        self.shown = Some(child.to_owned());
        if place.item.is_null() && place.total == 1 {
            // A workflow of its own, not an item of a list.
            return self.say(&format!("{}:", place.of));
        }
        let item = beginning(&place.item, HEADING).replace('\n', " ");
        self.say(&format!("{} [{}/{}] {item}", place.of, place.index + 1, place.total))
    }

    async fn wait(&mut self, reply: &Reply, step: &Step) -> Result<(), Failure> {
        if self.shown.as_ref() != Some(&step.step_id) {
            self.shown = Some(step.step_id.clone());
            let field = |name: &str| step.fields.get(name);
            let seconds = field("seconds_left").and_then(Value::as_u64).unwrap_or_default();
            let what = field("message").and_then(Value::as_str);
            let what = what.map(|what| format!(" ({what})")).unwrap_or_default();
            self.say(&format!("{}: waiting {}{what}", step.step_id, time(seconds)))?;
        }
        look_again(reply).await;
        Ok(())
    }

    /// Has a step answered; a refused answer is asked for again, if there is a person to ask
    async fn step(&mut self, reply: &Reply, step: &Step) -> Result<(), Failure> {
        let place = self.place(&step.run_id).await?;
        if let Some(place) = &place
            && self.shown.as_ref() != Some(&step.run_id)
        {
            self.announce(&step.run_id, place)?;
        }
        let progress = reply.progress.filter(|_| reply.run_id == step.run_id);
        let progress = progress.map(|p| ((p.done + 1).min(p.total), p.total));
        let root = self.root.clone();
        let ask = Ask { root: &root, step, place: place.as_ref(), progress };
        if self.is_agent && step.is_the_users() {
            let id = &step.step_id;
            return Err(Failure::new(format!(
                "step `{id}` is answered by the user, in a terminal"
            ))
            .help(ask.how_to_resume(None)));
        }
        self.say(&ask.heading())?;
        if self.answers.is_none() {
            self.terminal.show(&ask).map_err(|error| Failure::writing(&error))?;
        }
        loop {
            let answer = self.answer(&ask)?;
            let Step { run_id, step_id, .. } = step.clone();
            let submission = Submission { run_id, step_id, answer, by: AnsweredBy::User };
            match self.engine.submit(submission).await {
                Ok(_) => return Ok(()),
                Err(error) if self.answers.is_none() => self.say(&format!("{error}"))?,
                Err(error) => {
                    return Err(Failure::new(format!("step `{}`: {error}", step.step_id))
                        .help(error.help)
                        .help(ask.how_to_resume(None)));
                }
            }
        }
    }

    fn answer(&mut self, ask: &Ask<'_>) -> Result<Answer, Failure> {
        if let Some(answers) = &mut self.answers {
            return answers.answer(ask);
        }
        self.terminal.ask(ask).map_err(|silence| match silence {
            Silence::End => Failure::new(format!(
                "the input ended before step `{}` was answered",
                ask.step.step_id
            ))
            .help(ask.how_to_resume(None)),
            Silence::Io(error) => Failure::new(format!("the terminal does not work: {error}"))
                .help(ask.how_to_resume(None)),
        })
    }

    /// Where a run stands among its siblings; nothing for a run of its own
    async fn place(&mut self, run_id: &str) -> Result<Option<Place>, Failure> {
        if let Some(place) = self.places.get(run_id) {
            return Ok(place.clone());
        }
        let place = match self.engine.status(run_id).await?.parent {
            Some(parent) => {
                let parent = self.engine.status(&parent).await?;
                let of = parent.position.unwrap_or_default();
                let total = siblings(&parent.children, run_id);
                let child = parent.children.into_iter().find(|child| child.run_id == run_id);
                child.map(|child| Place { index: child.index, total, item: child.item, of })
            }
            None => None,
        };
        self.places.insert(run_id.to_owned(), place.clone());
        Ok(place)
    }
}

/// Whether a child needs nobody any more, by the word for how it stands
fn is_over(status: &str) -> bool {
    !matches!(status, "queued" | "running" | "waiting")
}

/// How many children of a run are of the same hand-out as one: their ids begin alike
fn siblings(children: &[ChildReport], run_id: &str) -> usize {
    let hand_out = |id: &str| id.rsplit_once('.').map(|(hand_out, _)| hand_out.to_owned());
    children.iter().filter(|child| hand_out(&child.run_id) == hand_out(run_id)).count()
}

/// The run waits for what this server lacks
fn cannot_go_on(missing: RunError) -> Failure {
    Failure::new(format!("the run cannot go on: {}", missing.message))
        .help(missing.help.unwrap_or_default())
}

async fn look_again(reply: &Reply) {
    let pause = reply.retry_after_ms.map_or(LOOK_AGAIN, Duration::from_millis);
    tokio::time::sleep(pause.clamp(Duration::from_millis(10), Duration::from_secs(1))).await;
}
