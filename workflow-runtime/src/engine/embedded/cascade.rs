//! One command's consequences: a run moves, children begin, parents go on, all in one transaction.
//!
//! Runs are worked off one after the other from a list, never by recursion.

use std::collections::VecDeque;

use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::json;

use super::due::{self, Kind, Timer};
use super::live::Live;
use super::planted::{Bug, planted};
use super::rows::{self, ParentRow, Queued, RunRow};
use super::snapshots::Tail;
use super::world::World;
use super::{calls, fork, upgrade};
use crate::connectors::{self, memory};
use crate::engine::EngineError;
use crate::engine::rules::failure::{self, run_error};
use crate::engine::rules::{builds, calling, children, starts, time};
use crate::machine::{
    Action, Answer, AnsweredBy, Env, Event, Fork, Parent, Pending, Place, Program, Start,
};

/// One command at work
pub(super) struct Cascade<'a> {
    pub(super) db: &'a Connection,
    pub(super) world: &'a World,
    pub(super) now: Timestamp,
    /// Marks all that this command writes
    pub(super) command: i64,
    /// The run that it moved last, as it stands, unless that waits for children
    pub(super) last: Option<RunRow>,
    work: VecDeque<Work>,
}

/// What is left to do
enum Work {
    /// The next queued child of a step may begin
    Begin { parent: String, step_id: String },
    /// All children of a step have ended
    Join { parent: String, step_id: String },
}

impl<'a> Cascade<'a> {
    pub(super) fn new(db: &'a Connection, world: &'a World, now: Timestamp) -> Self {
        // The top bit stays clear: SQLite's integers are signed.
        let command = i64::try_from((world.chance)() >> 1).unwrap_or_default();
        Self { db, world, now, command, last: None, work: VecDeque::new() }
    }

    pub(super) fn env(&self) -> Env {
        self.world.env(self.now, (self.world.chance)())
    }

    /// Settles a run that has moved, then all that follows from it
    pub(super) fn run(&mut self, moved: Live) -> Result<(), EngineError> {
        self.settle(moved)?;
        self.finish()
    }

    /// A run was called off by itself: whoever waits for it goes on without it
    pub(super) fn cancel(
        &mut self,
        row: RunRow,
        reason: Option<String>,
    ) -> Result<(), EngineError> {
        self.cancel_below(&row.id)?;
        let queued = row.status == "queued";
        let run = self.cancel_one(row, reason)?;
        self.ended(&run.row, queued)?;
        self.finish()
    }

    /// A timer of a run has come due
    pub(super) fn due(&mut self, timer: &Timer) -> Result<(), EngineError> {
        let mut run = Live::load(self.world.hot.get(self.db, &timer.run_id)?)?;
        let pending = run.snapshot.pending.as_ref();
        let same = |at: &&Pending| at.step_id == timer.step_id || planted(Bug::TimerOfAnotherStep);
        let Some(pending) = pending.filter(same) else { return Ok(()) };
        let answer = match timer.kind {
            // Settling it makes the attempt; one that is being made is not made again.
            Kind::Attempt if run.row.open_children > 0 => return Ok(()),
            Kind::Attempt => return self.run(run),
            Kind::Begin => return self.begin_late(&run, timer),
            Kind::Join => {
                let Some(answer) = self.results(&run, &timer.step_id)? else { return Ok(()) };
                answer
            }
            Kind::Wait => time::waited(pending, self.now),
            Kind::Deadline => time::too_late(pending),
        };
        self.cancel_below(&timer.run_id)?;
        self.take(&mut run, answer)?;
        self.run(run)
    }

    /// Children that no server could begin when their turn came
    fn begin_late(&mut self, run: &Live, timer: &Timer) -> Result<(), EngineError> {
        let (parent, step_id) = (&timer.run_id, &timer.step_id);
        let Some(fork) = run.fork() else { return Ok(()) };
        let at_once = children::at_once(fork, self.world.limits);
        let next = rows::children_that_are(self.db, parent, step_id, "queued", 1)?;
        for row in &next {
            upgrade::to_begin(self.db, self.world, row)?;
        }
        let begun = rows::children_that_are(self.db, parent, step_id, "waiting", at_once)?;
        for _ in begun.len()..at_once {
            let (parent, step_id) = (parent.clone(), step_id.clone());
            self.work.push_back(Work::Begin { parent, step_id });
        }
        self.finish()
    }

    pub(super) fn finish(&mut self) -> Result<(), EngineError> {
        while let Some(work) = self.work.pop_front() {
            match work {
                Work::Begin { parent, step_id } => self.begin_next(&parent, &step_id)?,
                Work::Join { parent, step_id } => self.join(&parent, &step_id)?,
            }
        }
        Ok(())
    }

    /// Moves a run by an answer
    pub(super) fn take(&self, run: &mut Live, answer: Answer) -> Result<(), EngineError> {
        let forked = run.fork().and(run.step_id());
        let program = upgrade::carry(self.db, self.world, run, self.env())?;
        let by = AnsweredBy::Server;
        let events = match program.resume(&run.snapshot, answer, by, self.env()) {
            Ok(events) => events,
            Err(refusal) => {
                let message = format!("the result does not fit the step: {refusal}");
                let failed = Answer::Failed(run_error("result-mismatch", message));
                program.resume(&run.snapshot, failed, by, self.env()).map_err(|refusal| {
                    EngineError::new("internal", refusal.to_string(), "report this")
                })?
            }
        };
        run.apply(calling::hand_out(&self.world.connectors, events))?;
        match forked {
            Some(before) if !planted(Bug::SiblingsDiscarded) => self.try_again(run, &before),
            _ => Ok(()),
        }
    }

    /// Where a step's children are tried again, they are the ones that there are: those with a
    /// result keep it
    fn try_again(&self, run: &Live, before: &str) -> Result<(), EngineError> {
        let again = run.fork().and(run.snapshot.pending.as_ref()).filter(|at| at.attempt > 1);
        again.map_or(Ok(()), |at| rows::carry_over(self.db, &run.row.id, before, &at.step_id))
    }

    /// Goes on with a run as long as the server itself can, then writes it down
    pub(super) fn settle(&mut self, mut run: Live) -> Result<(), EngineError> {
        while let Some(answer) = self.own_answer(&run)? {
            self.take(&mut run, answer)?;
        }
        let rests = run.snapshot.pending.as_ref().is_some_and(|at| self.rests(at));
        let fork = run.fork().filter(|_| !rests).cloned();
        let Some((fork, step_id)) = fork.zip(run.step_id()) else {
            run.row.open_children = 0;
            self.save(&mut run)?;
            if run.snapshot.ended() {
                self.ended(&run.row, false)?;
            }
            self.last = Some(run.row);
            return Ok(());
        };
        let (there, done) = rows::carried(self.db, &run.row.id, &step_id)?;
        run.row.open_children = fork.children.len() - done;
        self.save(&mut run)?;
        match there {
            0 => self.fork(&run, &fork, &step_id)?,
            _ => rows::requeue(self.db, &run.row.id, &step_id)?,
        }
        self.let_begin(&run, &fork, &step_id);
        Ok(())
    }

    /// As many children of a step as may be under way at once will begin
    fn let_begin(&mut self, run: &Live, fork: &Fork, step_id: &str) {
        let (parent, step_id) = (&run.row.id, step_id);
        let open = run.row.open_children;
        if open == 0 {
            self.work.push_back(Work::Join { parent: parent.clone(), step_id: step_id.to_owned() });
        }
        let at_once =
            children::at_once(fork, self.world.limits) + usize::from(planted(Bug::OneTooMany));
        for _ in 0..open.min(at_once) {
            self.work
                .push_back(Work::Begin { parent: parent.clone(), step_id: step_id.to_owned() });
        }
    }

    /// The answer that needs nobody else; `None` where the run must wait
    fn own_answer(&self, run: &Live) -> Result<Option<Answer>, EngineError> {
        let pending = run.snapshot.pending.as_ref();
        let Some(pending) = pending.filter(|at| !self.rests(at)) else { return Ok(None) };
        match &pending.action {
            Action::Wait { resume_at, .. } if *resume_at <= self.now => {
                Ok(Some(time::waited(pending, self.now)))
            }
            Action::McpCall { tool, parameters } if connectors::is_memory(tool) => {
                if planted(Bug::CalledTwice) {
                    let _ = memory::call(self.db, tool, parameters, self.now);
                }
                match memory::call(self.db, tool, parameters, self.now) {
                    Ok(result) => Ok(Some(Answer::Result(result))),
                    Err(memory::MemoryError::Refused(why)) => {
                        Ok(Some(Answer::Failed(run_error("tool-failed", why))))
                    }
                    Err(memory::MemoryError::Store(error)) => Err(error.into()),
                }
            }
            Action::McpCall { tool, .. } if connectors::is_built_in(tool) && !pending.by_server => {
                Ok(Some(Answer::Failed(connectors::files::off(tool))))
            }
            Action::Foreach(fork) if fork.children.is_empty() => {
                Ok(Some(Answer::Result(json!([]))))
            }
            Action::Foreach(fork) => {
                Ok(children::refused(fork, run.row.depth, self.world.limits).map(Answer::Failed))
            }
            _ => Ok(None),
        }
    }

    /// Whether a pending action is not to be done yet
    fn rests(&self, pending: &Pending) -> bool {
        time::rests(pending, self.now).is_some()
    }

    /// Writes down what has happened to a run since it was loaded
    pub(super) fn save(&self, run: &mut Live) -> Result<(), EngineError> {
        if run.had_timers && !planted(Bug::TimersKept) {
            due::clear(self.db, &run.row.id)?;
        }
        run.save(self.db, self.world, self.command)?;
        self.world.hot.keep(&run.row);
        let (run_id, pending) = (&run.row.id, run.snapshot.pending.as_ref());
        calls::keep(self.db, self.world, run_id, run.had_call.as_deref(), pending, self.now)?;
        match pending {
            Some(pending) => due::set(self.db, self.world, run_id, pending, self.now),
            None => Ok(()),
        }
    }

    /// Adds the children of a step
    fn fork(&self, run: &Live, fork: &Fork, step_id: &str) -> Result<(), EngineError> {
        let registry = &self.world.registry;
        let program = builds::task_or_failure(registry, &fork.program, &run.snapshot.version)?;
        upgrade::remember(self.db, program.info())?;
        let total = fork.children.len();
        for (index, start) in fork.children.iter().enumerate() {
            let start = Queued { start: start.clone(), total };
            rows::insert(self.db, &self.child(run, fork, &**program, step_id, index, start))?;
        }
        Ok(())
    }

    fn child(
        &self,
        parent: &Live,
        fork: &Fork,
        program: &dyn Program,
        step_id: &str,
        index: usize,
        start: Queued,
    ) -> RunRow {
        let info = program.info();
        RunRow {
            id: children::child_id(&parent.row.id, step_id, index),
            workflow: info.name.to_owned(),
            version: info.version.to_owned(),
            fingerprint: info.fingerprint.to_owned(),
            status: "queued".to_owned(),
            seq: 0,
            command: 0,
            parent: Some(ParentRow {
                id: parent.row.id.clone(),
                step_id: step_id.to_owned(),
                index,
            }),
            depth: parent.row.depth + 1,
            own_agent: fork.agent.is_some(),
            asked: false,
            open_children: 0,
            created_at: self.now,
            updated_at: self.now,
            start: Some(start),
            snapshot: None,
            tail: Tail::default(),
            quarantine: None,
        }
    }

    fn begin_next(&mut self, parent: &str, step_id: &str) -> Result<(), EngineError> {
        let next = rows::children_that_are(self.db, parent, step_id, "queued", 1)?;
        let Some(row) = next.into_iter().next() else { return Ok(()) };
        let program = match upgrade::to_begin(self.db, self.world, &row) {
            Err(error) if failure::is_incompatible(&error) => {
                if planted(Bug::BeginForgotten) {
                    return Ok(());
                }
                return due::leave(self.db, self.world, self.now, parent, step_id, Kind::Begin);
            }
            program => program?,
        };
        if row.snapshot.is_some() {
            return self.take_up_child(row);
        }
        let start = start_of(&row, program.info().inline_task);
        let events = match program.begin(start.clone(), self.env()) {
            Ok(events) => events,
            Err(refusal) => {
                let error = run_error("invalid-inputs", refusal.to_string());
                let failed = Event::Failed { error, since: None, at: self.now };
                starts::stillborn(&row.build(), start, failed, self.now)
            }
        };
        let run = Live::begin(row, calling::hand_out(&self.world.connectors, events))?;
        self.settle(run)
    }

    /// Tells the parent, or the count of unfinished runs, that a run has ended; one that was
    /// `queued` until then makes no room for the next
    pub(super) fn ended(&mut self, row: &RunRow, queued: bool) -> Result<(), EngineError> {
        let Some(parent) = &row.parent else {
            if planted(Bug::EndUncounted) {
                return Ok(());
            }
            self.db
                .prepare_cached("UPDATE counts SET value = value - 1 WHERE name = ?")?
                .execute(["unfinished_runs"])?;
            return Ok(());
        };
        let (open, parent_status): (i64, String) = self
            .db
            .prepare_cached(
                "UPDATE runs SET open_children = open_children - 1 WHERE id = ?
                 RETURNING open_children, status",
            )?
            .query_row([&parent.id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (parent, step_id) = (parent.id.clone(), parent.step_id.clone());
        self.work.push_back(match open {
            // Nobody puts together what a damaged parent waited for.
            0 if parent_status == "quarantined" => return Ok(()),
            0 => Work::Join { parent, step_id },
            1 if planted(Bug::JoinedEarly) => Work::Join { parent, step_id },
            _ if queued || planted(Bug::SiblingForgotten) => return Ok(()),
            _ => Work::Begin { parent, step_id },
        });
        Ok(())
    }

    /// All children have ended: their results are the answer to the parent's step
    fn join(&mut self, parent: &str, step_id: &str) -> Result<(), EngineError> {
        let mut run = Live::load(self.world.hot.get(self.db, parent)?)?;
        let Some(answer) = self.results(&run, step_id)? else { return Ok(()) };
        match upgrade::carry(self.db, self.world, &mut run, self.env()) {
            Err(error) if failure::is_incompatible(&error) => {
                if planted(Bug::JoinForgotten) {
                    return Ok(());
                }
                return due::leave(self.db, self.world, self.now, parent, step_id, Kind::Join);
            }
            program => _ = program?,
        }
        self.take(&mut run, answer)?;
        self.settle(run)
    }

    /// What the children of a step have come to; `None` where the run waits for others
    fn results(&self, run: &Live, step_id: &str) -> Result<Option<Answer>, EngineError> {
        let Some(fork) = run.fork().filter(|_| run.step_id().as_deref() == Some(step_id)) else {
            return Ok(None);
        };
        let children = rows::children(self.db, &run.row.id, Some(step_id))?;
        let ended: Vec<_> = children.iter().map(fork::ended).collect();
        Ok(Some(children::results(&ended, fork.keep_errors)))
    }

    /// Calls off all that is under way below a run
    pub(super) fn cancel_below(&self, root: &str) -> Result<(), EngineError> {
        let mut parents = vec![root.to_owned()];
        while let Some(parent) = parents.pop() {
            for row in rows::children(self.db, &parent, None)? {
                if fork::has_ended(&row) {
                    continue;
                }
                if !planted(Bug::GrandchildrenKept) {
                    parents.push(row.id.clone());
                }
                self.cancel_one(row, Some("the parent run ended before it".to_owned()))?;
            }
        }
        Ok(())
    }

    /// Calls one run off, whether it has begun or not
    pub(super) fn cancel_one(
        &self,
        row: RunRow,
        reason: Option<String>,
    ) -> Result<Live, EngineError> {
        let cancelled = Event::Cancelled { reason, at: self.now };
        let mut run = if row.snapshot.is_some() {
            let mut run = Live::load(row)?;
            // One that had failed and was queued once more has failed again.
            if !run.snapshot.ended() {
                run.apply(vec![cancelled])?;
            }
            run
        } else {
            let start = start_of(&row, true);
            let events = starts::stillborn(&row.build(), start, cancelled, self.now);
            Live::begin(row, events)?
        };
        run.row.open_children = 0;
        self.save(&mut run)?;
        Ok(run)
    }
}

/// What a queued child begins with; a workflow of its own gets the item as one of its inputs
pub(super) fn start_of(row: &RunRow, inline_task: bool) -> Start {
    let (Some(queued), Some(parent)) = (&row.start, &row.parent) else { return Start::default() };
    let place = Place { index: parent.index, total: queued.total };
    let parent = Parent { run_id: parent.id.clone(), step_id: parent.step_id.clone() };
    starts::of_child(&queued.start, place, parent, inline_task)
}
