//! `team:bug-triage`

use serde_json::{Value, json};

use crate::stage::{Beat, Stage, answer, badly, choose, fails, passes, text, well};

const NAME: &str = "team:bug-triage";

fn inputs() -> Value {
    json!({"report": "The cart shows 0.30000000000000004"})
}

fn assessed(question: &str, duplicate_of: &str) -> Beat {
    answer(
        "assess",
        json!({"summary": "sums are not rounded", "severity": "high", "area": "cart",
            "duplicate_of": duplicate_of, "question": question}),
    )
}

fn reproduced() -> Beat {
    let found = json!({"reproduced": true, "how": "add 0.1 and 0.2", "cause": "sums of floats"});
    answer("reproduce", found)
}

#[test]
fn a_bug_is_mended_once_the_checks_pass_and_known_from_then_on() {
    let stage = Stage::new();
    let told = stage.tell(
        NAME,
        inputs(),
        vec![
            assessed("", ""),
            reproduced(),
            choose("decide", "mend it now"),
            text("mend", "rounded"),
            badly("check", "test `cart` failed"),
            text("mend", "rounded at the end"),
            well("check", "ok"),
        ],
    );
    assert_eq!(
        *told.result(),
        json!({"outcome": "mended", "severity": "high", "summary": "sums are not rounded",
            "reproduced": true, "notes": "rounded at the end"})
    );
    assert!(told.shown("decide")[0].contains("Reproduced: add 0.1 and 0.2"));
    assert!(told.shown("mend")[1].contains("test `cart` failed"));

    // The next report of it is told what is known.
    let inputs = json!({"report": "In the cart sums are not rounded"});
    let again = stage.tell(NAME, inputs, vec![assessed("", "sums are not rounded")]);
    assert!(again.shown("assess")[0].contains("sums of floats"), "{}", again.shown("assess")[0]);
    assert_eq!(again.result()["outcome"], "duplicate");
}

#[test]
fn what_is_missing_is_asked_for_twice_at_most() {
    let told = Stage::new().tell(
        NAME,
        inputs(),
        vec![
            assessed("Which browser?", ""),
            text("ask-reporter", "Firefox"),
            assessed("Which version?", ""),
            text("ask-reporter", "No idea"),
            assessed("And the day?", ""),
            text("ask-reporter", "Monday"),
            reproduced(),
            choose("decide", "put it on the list"),
        ],
    );
    assert_eq!(told.result()["outcome"], "scheduled");
    let asked = &told.shown("reproduce")[0];
    assert!(asked.contains("Firefox") && asked.contains("Monday"), "{asked}");
}

#[test]
fn it_is_decided_even_where_nobody_could_look_into_it() {
    let told = Stage::new().tell(
        NAME,
        inputs(),
        vec![
            assessed("", ""),
            fails("reproduce", "no display"),
            fails("reproduce", "no display"),
            choose("decide", "it is no bug"),
        ],
    );
    assert!(told.shown("decide")[0].contains("Nobody could look into it."));
    assert_eq!(told.result()["outcome"], "rejected");
    assert_eq!(told.result()["reproduced"], false);
}

#[test]
fn a_mend_that_never_passes_is_told_as_that() {
    let mut story = vec![assessed("", ""), reproduced(), choose("decide", "mend it now")];
    for _ in 0..3 {
        story.extend([text("mend", "tried"), badly("check", "red")]);
    }
    let told = Stage::new().tell(NAME, inputs(), story);
    assert_eq!(told.result()["outcome"], "not-mended");
}

#[test]
fn it_can_become_an_incident_at_once() {
    let told = Stage::new().tell(
        NAME,
        inputs(),
        vec![
            assessed("", ""),
            reproduced(),
            choose("decide", "make it an incident"),
            answer("call", json!({})),
            choose("acknowledge", "I take it"),
            answer(
                "investigate",
                json!({"findings": "f", "mitigation": "flag off", "undo": "flag on"}),
            ),
            choose("choose", "do it"),
            text("mitigate", "flag off"),
            answer("tell", json!({})),
            passes("watch", 900),
            answer("look-again", json!({"healthy": true, "evidence": "sums are right"})),
            text("write-review", "Floats are no money."),
        ],
    );
    assert_eq!(told.result()["outcome"], "incident");
    assert_eq!(told.result()["notes"], "resolved: Floats are no money.");
    assert!(told.shown("acknowledge")[0].contains("MAJOR: sums are not rounded"));
}
