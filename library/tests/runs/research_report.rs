//! `team:research-report`

use serde_json::{Value, json};

use crate::stage::{Beat, Stage, Told, answer, fails, text};

const NAME: &str = "team:research-report";

fn inputs() -> Value {
    json!({"question": "Which search engine fits the shop?", "questions": 2})
}

fn play(story: Vec<Beat>) -> Told {
    Stage::new().tell(NAME, inputs(), story)
}

fn begin() -> [Beat; 2] {
    [answer("break-down", json!(["What does it cost?", "Is it fast?"])), text("ask-user", "go")]
}

/// A question that is looked into, and an answer that holds or not
fn answered(words: &str, holds: bool) -> [Beat; 2] {
    [
        answer("search", json!({"answer": words, "sources": ["Prices, example.org/prices"]})),
        answer("doubt", json!({"holds": holds, "answer": words})),
    ]
}

fn none(id: &'static str) -> Beat {
    answer(id, json!([]))
}

#[test]
fn a_report_rests_on_what_holds() {
    let mut story: Vec<Beat> = begin().into();
    story.extend(answered("100 a month", true));
    story.extend(answered("as fast as light", false));
    story.extend([
        none("find-gaps"),
        text("write", "It costs 100 a month [1]."),
        none("check-claims"),
    ]);
    let told = play(story);
    assert_eq!(
        *told.result(),
        json!({"report": "It costs 100 a month [1].", "sources": ["Prices, example.org/prices"],
            "unanswered": ["Is it fast?"], "unsupported": []})
    );
    let written = &told.shown("write")[0];
    assert!(
        written.contains("[1] What does it cost?")
            && written.contains("Not found out: Is it fast?")
    );
    assert!(!written.contains("as fast as light"), "{written}");
    assert!(told.shown("search")[0].contains("Which search engine fits the shop?"));
}

#[test]
fn the_user_can_have_other_questions() {
    let mut story =
        vec![answer("break-down", json!(["Who likes it?"])), text("ask-user", "ask for the price")];
    story.extend(begin());
    story.extend(answered("100", true));
    story.extend(answered("yes", true));
    story.extend([none("find-gaps"), text("write", "."), none("check-claims")]);
    let told = play(story);
    assert!(told.shown("break-down")[1].contains("ask for the price"));
    assert_eq!(told.result()["unanswered"], json!([]));
}

#[test]
fn what_is_missing_is_looked_into_once_more() {
    let mut story: Vec<Beat> = begin().into();
    story.extend(answered("100", true));
    story.extend([fails("search", "no network"), fails("search", "no network")]);
    story.push(answer("find-gaps", json!(["Does it run here?"])));
    story.extend(answered("yes", true));
    story.push(answer("find-gaps", json!(["And there?"])));
    story.extend([text("write", "Yes."), none("check-claims")]);
    let told = play(story);
    assert_eq!(
        told.result()["unanswered"],
        json!(["Is it fast?"]),
        "a researcher who fails is missed"
    );
    assert!(told.shown("write")[0].contains("Does it run here?"));
}

#[test]
fn what_nobody_has_found_is_taken_out_or_told() {
    let mut story: Vec<Beat> = begin().into();
    story.extend(answered("100", true));
    story.extend(answered("yes", true));
    story.push(none("find-gaps"));
    for _ in 0..3 {
        story.push(text("write", "Everybody loves it."));
        story.push(answer("check-claims", json!(["Everybody loves it."])));
    }
    let told = play(story);
    assert!(told.shown("write")[1].contains("leave it out: Everybody loves it."));
    assert_eq!(told.result()["unsupported"], json!(["Everybody loves it."]));
}

#[test]
fn nobody_is_asked_where_that_is_not_wanted() {
    let mut inputs = inputs();
    inputs["ask_first"] = json!(false);
    let mut story = vec![answer("break-down", json!(["What does it cost?"]))];
    story.extend(answered("100", true));
    story.extend([none("find-gaps"), text("write", "100."), none("check-claims")]);
    let told = Stage::new().tell(NAME, inputs, story);
    assert_eq!(told.result()["report"], "100.");
}
