//! Journals as histories.

use serde_json::json;

use super::*;
use crate::machine::Action;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn object(value: Value) -> Map<String, Value> {
    let Value::Object(object) = value else { panic!("{value} is no object") };
    object
}

fn pending(step_id: &str) -> Pending {
    Pending {
        step_id: step_id.to_owned(),
        step: step_of(step_id).to_owned(),
        action: Action::Shell { command: "make".to_owned() },
        by_server: false,
        result_schema: json!({}),
        attempt: 1,
        deadline: None,
        since: at(10),
        retry: None,
        not_before: None,
        last_error: None,
    }
}

fn history(events: Vec<Event>) -> History {
    let mut history = History::default();
    for (seq, event) in (1..).zip(events) {
        history.add(Recorded { seq, event });
    }
    history
}

fn started() -> Event {
    Event::Started {
        workflow: "demo".to_owned(),
        version: "1.0.0".to_owned(),
        fingerprint: "f".to_owned(),
        inputs: object(json!({"name": "x"})),
        item: Value::Null,
        place: crate::machine::Place::default(),
        parent: None,
        state: object(json!({"list": [1]})),
        at: at(0),
    }
}

fn waiting(step_id: &str) -> Event {
    Event::Waiting { position: Value::Null, pending: pending(step_id) }
}

fn answered(step_id: &str, answer: Answer) -> Event {
    Event::Answered { step_id: step_id.to_owned(), answer, by: AnsweredBy::User, at: at(13) }
}

fn stepped(step: &str, writes: Value) -> Event {
    Event::Stepped { step: step.to_owned(), writes: object(writes) }
}

#[test]
fn a_visit_is_one_entry_with_what_it_has_changed() {
    let history = history(vec![
        started(),
        waiting("build"),
        answered("build", Answer::Result(json!({"exit_code": 0}))),
        stepped("build", json!({"list": [1, 2]})),
        stepped("sum", json!({"list": [1, 2], "sum": 3})),
        waiting("build#2"),
    ]);
    let [start, build, sum, again] = history.entries.as_slice() else {
        panic!("{history:#?}");
    };
    assert_eq!((start.what.as_str(), start.came.as_deref()), ("started", Some("name: x")));
    assert_eq!(build.step.as_deref(), Some("build"));
    assert_eq!(build.came.as_deref(), Some("exit code 0"));
    assert_eq!((build.outcome, build.took().as_deref()), (Outcome::Done, Some("3 seconds")));
    assert_eq!(build.by, Some("by the user in a terminal or on the page"));
    let lines: Vec<String> =
        build.changes[0].lines.iter().map(|line| format!("{}{}", line.sign, line.text)).collect();
    assert_eq!(lines, [" [", "-  1", "+  1,", "+  2", " ]"]);
    let changed: Vec<&str> = sum.changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(changed, ["sum"], "what was written as it was has not changed");
    assert_eq!(again.outcome, Outcome::Open);
    assert_eq!(history.done.iter().collect::<Vec<_>>(), ["build", "sum"]);
}

#[test]
fn a_failure_is_seen_at_its_step_until_the_run_is_taken_up_again() {
    let failed = |step_id: &str| Event::Failed {
        error: RunError {
            code: "timeout".to_owned(),
            message: "too late".to_owned(),
            step_id: Some(step_id.to_owned()),
            help: None,
        },
        since: None,
        at: at(20),
    };
    let mut events = vec![
        started(),
        waiting("build#2"),
        answered("build#2", Answer::Error("no compiler".to_owned())),
        failed("build#2"),
    ];
    let before = history(events.clone());
    assert_eq!(before.failed.as_deref(), Some("build"));
    assert_eq!(before.entries[1].outcome, Outcome::Failed);
    assert_eq!(before.entries[2].came.as_deref(), Some("timeout: too late"));
    events.push(Event::Retried {
        from: Reentry::Wait {
            position: Value::Null,
            pending: Box::new(pending("build#3")),
            restored: object(json!({"list": []})),
            removed: BTreeSet::new(),
        },
        at: at(30),
    });
    let after = history(events);
    assert_eq!(after.failed, None);
    assert_eq!(after.state["list"], json!([]));
    let last: Vec<&str> = after.entries[3..].iter().map(|entry| entry.what.as_str()).collect();
    assert_eq!(last, ["taken up again", "shell"]);
}
