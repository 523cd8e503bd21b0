//! The machine by itself, and the fold of a journal: no store, no pipe.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use workflow_runtime::machine::{Env, Event, Snapshot, Start};

use crate::Outcome;
use crate::report::{Line, rate};

/// How long each is measured
const LONG: Duration = Duration::from_secs(2);

pub(crate) fn measure() -> Outcome<Vec<Line>> {
    let registry = crate::registry();
    let program = registry.get("bench:counting").ok_or("the workflow is not there")?;
    let env = Env::new(Timestamp::UNIX_EPOCH, 1);
    let events = program.begin(Start::default(), env).map_err(|refusal| refusal.message)?;
    let stepped = |event: &&Event| matches!(event, Event::Stepped { .. });
    let steps = events.iter().filter(stepped).count();
    let runs =
        repeated(|| program.begin(Start::default(), env).is_ok_and(|events| !events.is_empty()));
    let folds = repeated(|| Snapshot::fold(&events).is_ok_and(|snapshot| snapshot.ended()));
    let step = 1e6 / rate(steps, runs);
    let folded = rate(events.len(), folds);
    Ok(vec![
        Line::new("the machine, a step", format!("{step:.2} us")).at_most(step, 2.0, " us"),
        Line::new("the fold of a journal", format!("{:.1} million events/s", folded / 1e6))
            .at_least(folded / 1e6, 1.0, " million/s"),
    ])
}

/// How long something takes once, by doing it over and over
fn repeated(what: impl Fn() -> bool) -> Duration {
    let began = Instant::now();
    let mut times = 0_u32;
    while began.elapsed() < LONG {
        assert!(what(), "what is measured went wrong");
        times += 1;
    }
    began.elapsed() / times
}
