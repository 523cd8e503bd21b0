//! Seeded chance: answers right, wrong, doubled and late, from two servers, with crashes between,
//! while time passes, goes back, and a third process does nothing but what is due. Both servers call
//! a third one's tools, and crash before, within and after the calls.

use std::collections::HashMap;

use super::super::due;
use super::super::tables;
use super::super::ticker;
use super::super::world::World;
use super::outside::Outside;
use super::under_way::{UnderWay, assert_calls};
use super::*;
use crate::reply::Step;

/// Small, well known, the same everywhere: xorshift
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n as u64).unwrap()
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// What the agents of a simulation know
#[derive(Default)]
struct Known {
    /// Runs that a reply has named
    runs: Vec<String>,
    /// Answers that were taken, with the reply to each
    taken: Vec<(String, String, Answer, Reply)>,
    ended: HashMap<String, Reply>,
}

impl Known {
    fn hear(&mut self, reply: &Reply) {
        let step = reply.step.as_ref();
        let children = step.and_then(|step| step.fields.get("children"));
        let children: Vec<ChildReport> =
            children.map(|list| serde_json::from_value(list.clone()).unwrap()).unwrap_or_default();
        let named = children.into_iter().map(|child| child.run_id);
        for run in named.chain([reply.run_id.clone()]) {
            if !self.runs.contains(&run) {
                self.runs.push(run);
            }
        }
        if reply.status.ended()
            && let Some(before) = self.ended.insert(reply.run_id.clone(), reply.clone())
        {
            assert_eq!(&before, reply, "an end has changed");
        }
    }
}

async fn act(chance: &mut Chance, engine: &Embedded, known: &mut Known) {
    let run = chance.pick(&known.runs).clone();
    let reply = engine.next(&run).await.unwrap();
    known.hear(&reply);
    let Some(step) = reply.step else { return };
    match chance.below(10) {
        // A tool's result may be anything.
        0 if step.kind != "mcp_call" => {
            let wrong = json!([chance.below(9)]);
            let outcome = try_answer(engine, &step.run_id, &step.step_id, wrong).await;
            let code = refused(outcome);
            assert!(["result-mismatch", "not-answerable", "user-only"].contains(&code), "{code}");
        }
        1 => {
            let outcome = try_answer(engine, &step.run_id, "nothing", json!("x")).await;
            assert_eq!(refused(outcome), "not-pending");
        }
        2 if chance.below(8) == 0 => {
            known.hear(&engine.cancel(&run, None).await.unwrap());
        }
        _ if ["foreach", "wait"].contains(&step.kind.as_str()) => {}
        _ => {
            let answer = answer_to(chance, &step);
            submit(chance, engine, known, &step, answer).await;
        }
    }
}

fn answer_to(chance: &mut Chance, step: &Step) -> Answer {
    let words = ["again", "green", "panic", "black", "white"];
    match step.fields.get("kind").and_then(Value::as_str) {
        Some("confirm") => Answer::Result(json!({"confirmed": chance.below(2) == 0})),
        _ if chance.below(4) == 0 => Answer::Error("not today".to_owned()),
        _ => Answer::Result(json!(chance.pick(&words))),
    }
}

/// An answer to a step that is handed out is taken, unless it is the user's alone
async fn submit(
    chance: &mut Chance,
    engine: &Embedded,
    known: &mut Known,
    step: &Step,
    answer: Answer,
) {
    let by = *chance.pick(&[AnsweredBy::Agent, AnsweredBy::User]);
    let (run_id, step_id) = (step.run_id.clone(), step.step_id.clone());
    let submission = Submission { run_id, step_id, answer, by };
    let outcome = engine.submit(submission.clone()).await;
    if step.fields.contains_key("answered_by") && by == AnsweredBy::Agent {
        return assert_eq!(refused(outcome), "user-only");
    }
    let reply = outcome.unwrap();
    known.hear(&reply);
    known.taken.push((submission.run_id, submission.step_id, submission.answer, reply));
}

/// An answer told again gets its reply again; where a parent speaks for its child, lists children
/// or hands out their steps, that is how they stand by then, and of a pause what is left of it
async fn double(chance: &mut Chance, engine: &Embedded, known: &Known) {
    let Some(index) = chance.below(known.taken.len() + 1).checked_sub(1) else { return };
    let (run, step, answer, before) = &known.taken[index];
    let (run_id, step_id) = (run.clone(), step.clone());
    let by = AnsweredBy::Agent;
    let again = Submission { run_id, step_id, answer: answer.clone(), by };
    let reply = engine.submit(again).await.unwrap();
    let of_children = |step: &Step| step.kind == "foreach" || step.run_id != before.run_id;
    let children = before.step.as_ref().is_some_and(of_children);
    if &before.run_id == run && before.retry_after_ms.is_none() && !children {
        assert_eq!(&reply, before);
    }
    let other = try_answer(engine, run, step, json!("something else")).await;
    assert_eq!(refused(other), "already-answered");
}

/// Steps of `test:script`
fn steps(chance: &mut Chance, depth: usize) -> Value {
    let count = 1 + chance.below(3);
    let steps = (0..count).map(|_| {
        let mut step = match chance.below(if depth == 0 { 6 } else { 8 }) {
            0 => json!({"wait": chance.pick(&[0, 3, 20])}),
            1 => json!({"tool": "memory.add", "parameters": {"category": "c", "content": "x"}}),
            2 => json!({"tool": "memory.add", "parameters": {"category": "c"}}),
            3 => json!({"ask": "?", "user_only": chance.below(3) == 0}),
            4 | 5 => {
                let tool = chance.pick(&["out.note", "out.put", "out.fail", "out.none"]);
                let text = chance.below(1_000_000_000).to_string();
                json!({"tool": tool, "parameters": {"text": text}})
            }
            _ => {
                let children = 1 + chance.below(3);
                let each: Vec<Value> = (0..children).map(|_| steps(chance, depth - 1)).collect();
                let agent = chance.pick(&[json!("@task"), Value::Null]).clone();
                let keep = chance.below(2) == 0;
                json!({"each": each, "agent": agent, "keep": keep, "at_once": 1 + chance.below(2)})
            }
        };
        if chance.below(2) == 0 {
            step["timeout"] = chance.pick(&[json!(2), json!(10), json!(40)]).clone();
        }
        if chance.below(4) == 0 {
            step["on_error"] = json!("continue");
        }
        if chance.below(2) == 0 {
            let pause = chance.pick(&[0.0, 1.5, 10.0]);
            step["retry"] =
                json!({"max_attempts": 3, "backoff_seconds": pause, "backoff_factor": 2.0});
        }
        step
    });
    steps.collect()
}

async fn begin(chance: &mut Chance, engine: &Embedded, known: &mut Known) {
    for agent in [json!("@task"), json!(null)] {
        let items: Vec<&&str> =
            (0..chance.below(6)).map(|_| chance.pick(&["a", "b", "auto", "bad"])).collect();
        let at_once = 1 + chance.below(3);
        let mut inputs = json!({"items": items, "at_once": at_once, "keep": chance.below(2) == 0});
        if agent.is_string() {
            inputs["agent"] = agent;
        }
        known.hear(&start(engine, "test:fan", inputs).await);
    }
    known.hear(&start(engine, "test:plan", tea()).await);
    for _ in 0..3 {
        let steps = steps(chance, 2);
        known.hear(&start(engine, "test:script", json!({"steps": steps})).await);
    }
}

/// A process that does nothing but what is due
struct Third {
    db: Connection,
    world: World,
}

impl Third {
    fn new(bench: &Bench) -> Self {
        let options = options(&bench.folder, &bench.clock);
        let db = tables::open(&options.path, options.busy_timeout).unwrap();
        Self { db, world: World::new(sample::registry(), &options) }
    }

    fn tick(&mut self) {
        ticker::tick(&mut self.db, &self.world).unwrap();
    }
}

async fn simulate(seed: u64) {
    let mut chance = Chance(seed);
    let outside = Arc::<Outside>::default();
    let mut bench = Bench::with(|options| options.connectors = outside.connectors());
    let other = bench.another();
    let (mut calls, mut others_calls) = (UnderWay::default(), UnderWay::default());
    let mut third = Third::new(&bench);
    let mut known = Known::default();
    begin(&mut chance, &bench.engine, &mut known).await;
    for _ in 0..120 {
        match chance.below(16) {
            0 => {
                bench.kill();
                calls = UnderWay::default();
            }
            12 | 13 => calls.step(&mut chance, &bench.engine).await,
            14 | 15 => others_calls.step(&mut chance, &other).await,
            1 => double(&mut chance, &bench.engine, &known).await,
            2 => double(&mut chance, &other, &known).await,
            3 | 4 => bench.sleep(*chance.pick(&[-20, 1, 2, 5, 15])),
            5 => third.tick(),
            6 | 7 => act(&mut chance, &other, &mut known).await,
            _ => act(&mut chance, &bench.engine, &mut known).await,
        }
    }
    assert_timers(&bench);
    assert_calls(&bench, &outside);
    exhaust(&bench, &other, &mut third, &known, [calls, others_calls]).await;
    bench.assert_folds();
    assert_timers(&bench);
    assert_calls(&bench, &outside);
    assert_count(&bench);
    assert_notes(&bench);
}

/// In the end nothing waits for time alone, or for a call
async fn exhaust(
    bench: &Bench,
    other: &Embedded,
    third: &mut Third,
    known: &Known,
    calls: [UnderWay; 2],
) {
    let left = || -> i64 {
        let sql = "SELECT (SELECT count(*) FROM timers) + (SELECT count(*) FROM calls)";
        bench.store().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let [mine, others] = calls;
    mine.finish(&bench.engine).await;
    others.finish(other).await;
    for _ in 0..500 {
        if left() == 0 {
            return;
        }
        for engine in [&bench.engine, other] {
            UnderWay::all(engine).await;
        }
        bench.sleep(1_000);
        third.tick();
        for run in &known.runs {
            // What the dead have left is taken over by who looks.
            bench.engine.next(run).await.unwrap();
        }
    }
    panic!("{} timers and calls are left", left());
}

/// There are the timers that the runs wait for, and no other
fn assert_timers(bench: &Bench) {
    let db = bench.store();
    let mut kept = db.prepare("SELECT run_id, step_id, kind FROM timers ORDER BY 1, 3").unwrap();
    let kept = kept.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let kept: Vec<(String, String, String)> = kept.map(Result::unwrap).collect();
    let mut runs = db.prepare("SELECT id FROM runs ORDER BY id").unwrap();
    let runs = runs.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let mut wanted = Vec::new();
    for id in runs.map(Result::unwrap) {
        let rows::RunRow { snapshot, open_children: children, .. } = rows::get(&db, &id).unwrap();
        let pending = snapshot.and_then(|snapshot| snapshot.pending.clone());
        let Some(pending) = pending else { continue };
        let sql = "SELECT 1 FROM calls WHERE run_id = ?";
        let calls = db.prepare(sql).unwrap().exists([&id]).unwrap();
        for (kind, _) in due::times(&pending) {
            // Children that have begun are an attempt that is being made, and so is a call.
            if kind != due::Kind::Attempt || children == 0 && !calls {
                let word = kind.word().to_owned();
                wanted.push((id.clone(), pending.step_id.clone(), word));
            }
        }
    }
    wanted.sort_by(|a, b| (&a.0, &a.2).cmp(&(&b.0, &b.2)));
    assert_eq!(kept, wanted);
}

/// A tool that was called has left its note once
fn assert_notes(bench: &Bench) {
    let db = bench.store();
    let notes: i64 = db.query_row("SELECT count(*) FROM memory", [], |row| row.get(0)).unwrap();
    let mut journal = db.prepare("SELECT data FROM journal WHERE kind = 'answered'").unwrap();
    let answers = journal.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    let saved = answers.map(|data| serde_json::from_slice::<Event>(&data.unwrap()).unwrap());
    let saved = saved.filter(|event| {
        let Event::Answered { answer: Answer::Result(result), .. } = event else { return false };
        result.get("success").is_some()
    });
    assert_eq!(i64::try_from(saved.count()).unwrap(), notes);
}

/// The count of unfinished runs is that of the rows
fn assert_count(bench: &Bench) {
    let query = "SELECT (SELECT value FROM counts WHERE name = 'unfinished_runs') = count(*)
         FROM runs WHERE parent_id IS NULL AND status = 'waiting'";
    let same: bool = bench.store().query_row(query, [], |row| row.get(0)).unwrap();
    assert!(same);
}

#[tokio::test]
async fn whatever_happens_to_calls_each_is_made_once() {
    // CALLS_SEED repeats one, CALLS_SEEDS takes more; a failing seed stands in the output. Each leaves
    // open what its killed servers had open, so a process can do some hundreds.
    let seeds = match std::env::var("CALLS_SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) => {
            let many = std::env::var("CALLS_SEEDS").map_or(30, |many| many.parse().unwrap());
            (1..=many).collect::<Vec<u64>>()
        }
    };
    for seed in seeds {
        println!("seed {seed}");
        simulate(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)).await;
    }
}
