//! Seeded chance: agents that answer right, wrong, doubled, early and late, and take up again what
//! has failed, through two servers on one store, while a third does nothing but what is due; servers
//! that call the tools of another, and are built anew while runs wait; a clock that goes forth and
//! back; and a store that fails, a power that goes, and processes that are killed, at any instant.
//!
//! A simulation runs on one thread and draws all that happens from its seed, so a seed that fails
//! fails again: `SIMULATION_SEED=7 cargo test -p workflow-runtime simulation`.
//! `SIMULATION_SEEDS=10000` takes more of them than [`SEEDS`], as is done before a change is merged.

mod agents;
mod audit;
mod builds;
mod calls;
mod chance;
mod clock;
mod disk;
mod family;
mod journal;
mod known;
mod scripts;
mod server;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use self::audit::audit;
use self::builds::Builds;
use self::calls::Fates;
use self::chance::Chance;
use self::clock::Hands;
use self::disk::{Disk, Torn};
use self::known::Known;
use self::scripts::Parts;
use self::server::{Fault, Outcome, Server};
use super::super::commands::Command;
use super::super::planted::{self, Bug};
use super::outside::Outside;
use crate::connectors::Connectors;
use crate::engine::{StartRequest, Submission};
use crate::machine::{Answer, AnsweredBy};

/// Seeds of a test run, where nobody says how many
const SEEDS: u64 = 1_000;

/// Seeds within which a planted mistake must show
const ENOUGH: u64 = 10_000;

/// Red seeds that each thread goes on to look for
const TOLD: usize = 3;

/// The server that no agent calls, by its place behind the others
const THIRD: usize = 2;

/// Looks and answers that are enough to bring all runs to their end
const ROUNDS: usize = 2_000;

/// Two servers that agents call, and one that nobody does
struct Simulation {
    parts: Parts,
    chance: Chance,
    clock: Arc<Hands>,
    disk: Disk,
    outside: Arc<Outside>,
    servers: [Server; 2],
    third: Server,
    known: Known,
    fates: Fates,
    /// Whether something went wrong while the last commands were carried out
    disturbed: bool,
}

impl Simulation {
    fn new(seed: u64) -> Self {
        chance::begin(seed);
        let mut chance = Chance::new(seed);
        let parts = Parts { calls: chance.one_in(2), builds: chance.one_in(3) };
        let clock = Arc::new(Hands::new());
        let (disk, outside) = (Disk::new(), Arc::<Outside>::default());
        let mut start = |calls: bool| {
            let builds = if parts.builds { Builds::some(&mut chance) } else { Builds::first() };
            Server::start(&disk, &clock, builds, connectors(&outside, calls))
        };
        let (servers, third) = ([start(parts.calls), start(parts.calls)], start(false));
        let (known, fates) = (Known::default(), Fates::default());
        Self { parts, chance, clock, disk, outside, servers, third, known, fates, disturbed: false }
    }

    /// A server dies, or is stopped; another takes its place, which may be another build
    fn restart(&mut self, which: usize) {
        let builds =
            if self.parts.builds { Builds::some(&mut self.chance) } else { Builds::first() };
        self.begin(which, builds);
    }

    fn begin(&mut self, which: usize, builds: Builds) {
        let calls = self.parts.calls && which < self.servers.len();
        let connectors = connectors(&self.outside, calls);
        let server = Server::start(&self.disk, &self.clock, builds, connectors);
        let place = self.servers.get_mut(which).unwrap_or(&mut self.third);
        let before = std::mem::replace(place, server);
        self.fates.dead.insert(before.name().to_owned());
    }

    /// Whatever may happen, in any order; then everybody does what is right, until all runs ended
    fn run(&mut self) {
        let steps = match self.chance.below(50) {
            0 => 200,
            _ => 8 + self.chance.below(30),
        };
        for _ in 0..steps {
            self.step();
        }
        self.audit();
        self.finish();
        self.audit();
        audit::all_ended(self.third.db());
        self.damage();
    }

    fn step(&mut self) {
        match self.chance.below(20) {
            0 | 1 => self.clock.turn(*self.chance.pick(&[-20.0, 0.000_000_7, 1.0, 2.0, 5.5, 15.0])),
            2 => {
                let fault = self.fault();
                if !self.third.tick(fault) {
                    self.restart(THIRD);
                }
            }
            3 => {
                self.cut_power(u64::MAX);
                if self.chance.one_in(3) {
                    self.audit();
                }
            }
            4 => {
                let which = self.chance.below(3);
                self.restart(which);
            }
            5 if !self.known.unsure.is_empty() => {
                let which = self.chance.below(self.known.unsure.len());
                let command = self.known.unsure.swap_remove(which);
                self.call(&[command]);
            }
            6..=9 => {
                let calls = 1 + self.chance.below(4);
                let commands: Vec<_> = (0..calls).map(|_| self.blind()).collect();
                self.call(&commands);
            }
            10..=15 if self.parts.calls => self.call_out(),
            _ => self.work(),
        }
    }

    fn blind(&mut self) -> Command {
        agents::blind(&mut self.chance, &self.known, self.parts)
    }

    fn fault(&mut self) -> Option<Fault> {
        self.chance.one_in(6).then(|| Fault::some(&mut self.chance))
    }

    /// An agent looks at a run, and answers the step that it sees
    fn work(&mut self) {
        let Some(last) = self.known.runs.len().checked_sub(1) else {
            let command = self.blind();
            return self.call(&[command]);
        };
        let run_id = self.known.runs[self.chance.below(last + 1)].clone();
        let which = self.chance.below(2);
        if self.chance.one_in(8) {
            let report = self.servers[which].status(&run_id).unwrap();
            report.children.iter().for_each(|child| self.known.name(&child.run_id));
        }
        let seen = self.servers[which].glance(&run_id).unwrap();
        let Some(reply) = seen else {
            return self.call_at(which, &[Command::Look { run_id, asks: true }]);
        };
        self.known.hear_by_now(&reply);
        let row = self.servers[which].row(&reply.run_id);
        audit::agrees(&reply, &row);
        self.servers[which].builds().assert_told(&reply, &row);
        let Some(step) = reply.step.filter(agents::answerable) else { return };
        let answer = agents::some_answer(&mut self.chance, &step);
        let by = agents::by_whom(&mut self.chance, &step);
        let (run_id, step_id) = (step.run_id.clone(), step.step_id.clone());
        let taken = self.known.taken.len();
        let unsure = self.known.unsure.len();
        self.call_at(which, &[agents::answer(&step, answer, by)]);
        // Somebody who answers what is to be answered by now is not turned away.
        if self.known.unsure.len() == unsure {
            assert!(self.known.taken.len() > taken, "{run_id} has refused an answer to {step_id}");
            let server = &self.servers[which];
            server.builds().assert_moved(&server.row(&run_id));
        }
    }

    /// A server sees to its calls
    fn call_out(&mut self) {
        let which = self.chance.below(2);
        let server = &mut self.servers[which];
        let mut under_way = std::mem::take(&mut server.under_way);
        let next = under_way.next(&mut self.chance, server, &mut self.fates);
        server.under_way = under_way;
        let Some(command) = next.command() else { return };
        if let Some(outcomes) = self.deliver(which, &[command]) {
            self.servers[which].under_way.heard(next, &outcomes[0]);
        }
    }

    fn call(&mut self, commands: &[Command]) {
        let which = self.chance.below(2);
        self.call_at(which, commands);
    }

    /// Makes calls at a server, at once, and hears what comes of them, if that is not lost
    fn call_at(&mut self, which: usize, commands: &[Command]) {
        for command in commands {
            if let Command::Retry { run_id } = command {
                self.known.take_up(run_id);
            }
        }
        let Some(outcomes) = self.deliver(which, commands) else {
            return self.known.unsure.extend(commands.iter().cloned());
        };
        for (command, outcome) in commands.iter().zip(&outcomes) {
            self.known.told(command, outcome, self.disturbed);
        }
    }

    /// Has a server carry out commands; `None` where nobody hears of it
    fn deliver(&mut self, which: usize, commands: &[Command]) -> Option<Vec<Outcome>> {
        if self.chance.one_in(12) {
            self.call_into_the_dark(which, commands);
            return None;
        }
        let fault = self.fault();
        self.disturbed = fault.is_some();
        let before = self.third.version();
        let (outcomes, lives) = self.servers[which].carry_out(commands, fault);
        let failed = |outcome: &Outcome| {
            outcome.as_ref().is_err_and(|error| ["store", "internal"].contains(&error.code))
        };
        // What was due may have happened where only the command itself has failed.
        let within =
            matches!(fault, Some(Fault::Interrupted(_) | Fault::DiskFull(_) | Fault::Panics(_)));
        if outcomes.iter().all(failed) && !within {
            let after = self.third.version();
            assert_eq!(after, before, "{fault:?} has changed something: {outcomes:?}");
        }
        if !lives {
            assert!(outcomes.iter().all(failed), "the dead have spoken: {outcomes:?}");
            self.restart(which);
            return None;
        }
        Some(outcomes)
    }

    /// Nobody hears the replies: the power goes while they are written down, or right after
    fn call_into_the_dark(&mut self, which: usize, commands: &[Command]) {
        let before = self.disk.log_length();
        self.servers[which].let_log_grow();
        self.servers[which].carry_out(commands, None);
        let written = self.disk.log_length().saturating_sub(before);
        let kept = self.chance.below(usize::try_from(written).unwrap() + 1) as u64;
        self.cut_power(before + kept);
    }

    fn cut_power(&mut self, kept: u64) {
        let torn = *self.chance.pick(&[Torn::Nothing, Torn::Zeros, Torn::Noise]);
        self.disk.cut_power(kept, torn);
        (0..=THIRD).for_each(|which| self.restart(which));
    }

    /// Everybody does what is right, nothing goes wrong, time passes, and there is a server with
    /// each build
    fn finish(&mut self) {
        (0..=THIRD).for_each(|which| self.begin(which, Builds::all()));
        let mut open = audit::open_runs(self.third.db());
        for _ in 0..ROUNDS {
            let Some(run_id) = open.pop() else {
                self.clock.turn(1_000.0);
                self.third.tick(None);
                open = audit::open_runs(self.third.db());
                if open.is_empty() {
                    return;
                }
                continue;
            };
            self.advance(&run_id);
            self.call_out_all();
        }
        panic!("runs that do not end: {:?}", audit::open_runs(self.third.db()));
    }

    /// All calls are made and told
    fn call_out_all(&mut self) {
        for server in &mut self.servers {
            loop {
                let mut under_way = std::mem::take(&mut server.under_way);
                let next = under_way.rest(server);
                server.under_way = under_way;
                let Some(command) = next.command() else { break };
                let outcome = server.carry_out(&[command], None).0.remove(0);
                server.under_way.heard(next, &outcome);
            }
        }
    }

    fn advance(&mut self, run_id: &str) {
        let look = Command::Look { run_id: run_id.to_owned(), asks: true };
        let reply = self.servers[0].carry_out(&[look], None).0.remove(0).unwrap();
        self.known.hear_by_now(&reply);
        let Some(step) = reply.step else { return };
        for child in known::children(&step) {
            self.advance(&child.run_id);
        }
        if agents::answerable(&step) {
            let answer = Answer::Result(agents::fitting(&step, "green"));
            let by = agents::by_whom(&mut self.chance, &step);
            let command = agents::answer(&step, answer, by);
            let outcome =
                self.servers[1].carry_out(std::slice::from_ref(&command), None).0.remove(0);
            self.known.told(&command, &outcome, false);
            outcome.unwrap();
        }
    }

    fn audit(&self) {
        audit(self.third.db(), &self.known, &self.outside, &self.fates);
    }

    /// A bit of the journal turns: whoever reads it there is told, and nobody else is disturbed
    fn damage(&mut self) {
        let Some(last) = self.known.taken.len().checked_sub(1) else { return };
        let which = self.chance.below(last + 1);
        let (hand_out, (answer, _)) = self.known.taken.iter().nth(which).unwrap();
        let (run_id, step_id) = hand_out.clone();
        let Some(other) = audit::damage(self.third.db(), &run_id, &step_id) else { return };
        for answer in [answer.clone(), other] {
            let (run_id, step_id) = (run_id.clone(), step_id.clone());
            let by = AnsweredBy::Agent;
            let submission = Submission { run_id, step_id, answer, by };
            let outcome =
                self.servers[0].carry_out(&[Command::Submit(submission)], None).0.remove(0);
            assert_eq!(outcome.unwrap_err().code, "quarantined");
        }
    }
}

/// Whom a server can call
fn connectors(outside: &Arc<Outside>, calls: bool) -> Connectors {
    if calls { outside.connectors() } else { Connectors::default() }
}

/// What a seed has broken, if it has
fn broken(seed: u64) -> Option<String> {
    let scattered = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let simulated = catch_unwind(AssertUnwindSafe(|| Simulation::new(scattered).run()));
    simulated.err().map(|panic| words(&*panic))
}

/// What a panic has said
fn words(panic: &(dyn Any + Send)) -> String {
    let owned = panic.downcast_ref::<String>().cloned();
    owned.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned())).unwrap_or_default()
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap())
}

#[test]
fn whatever_happens_each_thing_happens_once() {
    if let Some(seed) = setting("SIMULATION_SEED") {
        return assert_eq!(broken(seed), None, "seed {seed}");
    }
    let seeds = setting("SIMULATION_SEEDS").unwrap_or(SEEDS);
    let next = AtomicU64::new(1);
    let work = || {
        let mut red = Vec::new();
        while red.len() < TOLD {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed > seeds {
                break;
            }
            red.extend(broken(seed).map(|why| (seed, why)));
        }
        red
    };
    let threads = thread::available_parallelism().map_or(2, usize::from);
    let red: Vec<(u64, String)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    for (seed, why) in &red {
        println!("red, and again with SIMULATION_SEED={seed}: {why}");
    }
    assert!(red.is_empty(), "seeds are red: {:?}", red.iter().map(|red| red.0).collect::<Vec<_>>());
}

/// An answer that is too late stays so, at whichever instruction the store stumbles over the
/// deadline
#[test]
fn a_deadline_holds_wherever_the_store_stumbles() {
    for instruction in 0.. {
        let mut simulation = Simulation::new(1);
        let steps = serde_json::json!({"steps": [{"ask": "well?", "timeout": 2}]});
        let start = StartRequest {
            workflow: "test:script".to_owned(),
            inputs: known::inputs(steps),
            idempotency_key: None,
        };
        simulation.parts = Parts { calls: false, builds: false };
        let server = &mut simulation.servers[0];
        let reply = server.carry_out(&[Command::Start(start)], None).0.remove(0).unwrap();
        simulation.clock.turn(3.0);
        let answer = Answer::Result("late".into());
        let command = agents::answer(&reply.step.unwrap(), answer, AnsweredBy::Agent);
        let fault = Some(Fault::Interrupted(instruction));
        let outcome = server.carry_out(&[command], fault).0.remove(0);
        let error = outcome.expect_err("the answer is too late");
        simulation.audit();
        if error.code == "too-late" && instruction > 100 {
            return;
        }
    }
}

#[test]
fn the_simulation_finds_each_planted_mistake() {
    let only = std::env::var("SIMULATION_BUG").ok();
    let next = AtomicU64::new(0);
    let work = || {
        loop {
            let at = usize::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap();
            let Some(&bug) = planted::ALL.get(at) else { return };
            if only.as_ref().is_some_and(|only| *only != format!("{bug:?}")) {
                continue;
            }
            let (seed, why) = hunt(bug);
            println!("{bug:?}: red at seed {seed}: {why}");
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        workers.into_iter().for_each(|worker| worker.join().unwrap());
    });
}

/// The first seed at which a mistake shows
fn hunt(bug: Bug) -> (u64, String) {
    let first = || (1..=ENOUGH).find_map(|seed| broken(seed).map(|why| (seed, why)));
    planted::with(bug, first).unwrap_or_else(|| panic!("{ENOUGH} seeds do not show {bug:?}"))
}
