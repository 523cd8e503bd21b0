//! `team:incident`

use serde_json::{Value, json};

use crate::stage::{Beat, Stage, Told, answer, choose, fails, passes, text};

const NAME: &str = "team:incident";

fn inputs() -> Value {
    json!({"summary": "checkout answers 500", "severity": "critical", "on_call": ["Ada", "Ben"]})
}

fn play(story: Vec<Beat>) -> Told {
    Stage::new().tell(NAME, inputs(), story)
}

fn call() -> Beat {
    answer("call", json!({"sent": true}))
}

fn idea(mitigation: &str) -> Beat {
    let idea =
        json!({"findings": "since the release", "mitigation": mitigation, "undo": "redeploy"});
    answer("investigate", idea)
}

/// A mitigation that is done, told, and looked at after a quarter of an hour
fn tried(mitigation: &str, healthy: bool) -> Vec<Beat> {
    let evidence = if healthy { "no errors for 10 minutes" } else { "still 40 % errors" };
    vec![
        idea(mitigation),
        choose("choose", "do it"),
        text("mitigate", mitigation),
        answer("tell", json!({"ok": true})),
        passes("watch", 900),
        answer("look-again", json!({"healthy": healthy, "evidence": evidence})),
    ]
}

fn lines(told: &Told) -> Vec<String> {
    let lines = told.result()["timeline"].as_array().unwrap().iter();
    lines.map(|line| line.as_str().unwrap().split_once(' ').unwrap().1.to_owned()).collect()
}

#[test]
fn a_mitigation_that_holds_ends_it_and_is_remembered() {
    let stage = Stage::new();
    let mut story = vec![call(), choose("acknowledge", "I take it")];
    story.extend(tried("roll back", true));
    story.push(text("write-review", "The release was bad; a canary would have helped."));
    let told = stage.tell(NAME, inputs(), story);
    assert_eq!(told.result()["outcome"], "resolved");
    assert_eq!(told.result()["leader"], "Ada");
    assert_eq!(told.result()["escalations"], 0);
    assert_eq!(told.took, 900);
    assert_eq!(
        lines(&told),
        [
            "opened: checkout answers 500",
            "taken by Ada",
            "mitigated: roll back",
            "looked: no errors for 10 minutes"
        ]
    );
    assert!(told.shown("tell")[0].contains("Ada is on it"));
    assert!(!told.shown("investigate")[0].contains("looked like it before"));

    // The next time, it is known.
    let mut story = vec![call(), choose("acknowledge", "I take it")];
    story.extend(tried("roll back", true));
    story.push(text("write-review", "Again."));
    let again = stage.tell(NAME, inputs(), story);
    assert!(again.shown("investigate")[0].contains("a canary would have helped"));
}

#[test]
fn who_does_not_answer_within_ten_minutes_is_passed_over() {
    let mut story =
        vec![call(), passes("acknowledge", 600), call(), choose("acknowledge", "I take it")];
    story.extend(tried("roll back", true));
    story.push(text("write-review", "…"));
    let told = play(story);
    assert_eq!(told.result()["leader"], "Ben");
    assert_eq!(told.result()["escalations"], 1);
    let asked = told.shown("acknowledge");
    assert!(asked[0].contains("Ada has been called") && asked[1].contains("Ben has been called"));
    assert!(told.shown("call")[1].contains(r#""who":"Ben""#));
}

#[test]
fn where_nobody_answers_it_is_said_so() {
    let told = play(vec![
        call(),
        choose("acknowledge", "call the next one"),
        call(),
        passes("acknowledge", 600),
    ]);
    assert_eq!(told.result()["outcome"], "nobody-answered");
    assert_eq!(told.result()["leader"], Value::Null);
    assert_eq!(told.took, 600);
}

#[test]
fn a_pager_that_is_broken_ends_nothing() {
    let mut story = vec![
        fails("call", "no such tool"),
        fails("call", "no such tool"),
        choose("acknowledge", "I take it"),
    ];
    story.extend(tried("roll back", true));
    story.push(text("write-review", "…"));
    assert_eq!(play(story).result()["outcome"], "resolved");
}

#[test]
fn after_three_that_did_not_hold_the_next_one_is_called() {
    let mut story = vec![call(), choose("acknowledge", "I take it")];
    for _ in 0..3 {
        story.extend(tried("restart", false));
    }
    story.extend([call(), choose("acknowledge", "I take it")]);
    story.extend([idea("more of the same"), choose("choose", "look for another")]);
    story.extend(tried("roll back", true));
    story.push(text("write-review", "…"));
    let told = play(story);
    assert_eq!(told.result()["leader"], "Ben");
    assert_eq!(told.took, 4 * 900);
    assert!(told.shown("choose")[2].contains("Mitigation 3: restart"));
    let known = &told.shown("investigate")[3];
    assert!(known.contains("still 40 % errors") && known.contains("escalated from Ada"), "{known}");
}

#[test]
fn what_nobody_wants_is_never_done() {
    let mut story = vec![call(), choose("acknowledge", "I take it")];
    for _ in 0..11 {
        story.extend([idea("switch it off"), choose("choose", "look for another")]);
    }
    story.extend([call(), passes("acknowledge", 600)]);
    let told = play(story);
    assert_eq!(told.result()["outcome"], "handed-over");
    assert!(!told.ids().contains(&"mitigate"), "{:?}", told.ids());
}

#[test]
fn an_agent_that_cannot_look_is_no_reason_to_stop() {
    let told = play(vec![
        call(),
        choose("acknowledge", "I take it"),
        fails("investigate", "no access to the logs"),
        call(),
        choose("acknowledge", "I take it"),
        idea("roll back"),
        choose("choose", "call the next one"),
    ]);
    assert_eq!(told.result()["outcome"], "handed-over");
    assert!(lines(&told).contains(&"the agent could not: no access to the logs".to_owned()));
}
