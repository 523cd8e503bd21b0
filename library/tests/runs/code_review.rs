//! `team:code-review`

use serde_json::{Value, json};

use crate::stage::{Beat, Stage, answer, badly, choose, fails, text, well};

const NAME: &str = "team:code-review";

fn finding(severity: &str, problem: &str) -> Value {
    json!([{"place": "src/cart.rs:42", "severity": severity, "problem": problem, "remedy": "round last"}])
}

fn judged(blocking: &[&str]) -> Beat {
    let summary = format!("{} in the way", blocking.len());
    answer("judge", json!({"blocking": blocking, "minor": ["a typo"], "summary": summary}))
}

/// Two reviewers who find nothing, or one thing
fn reviewed(first: Value) -> [Beat; 2] {
    [answer("review-aspect", first), answer("review-aspect", json!([]))]
}

fn inputs() -> Value {
    json!({"change": "main...cart", "aspects": ["correctness", "tests"]})
}

#[test]
fn a_sound_change_is_approved_in_one_round() {
    let mut story = vec![well("look", " src/cart.rs | 4 ++--")];
    story.extend(reviewed(json!([])));
    story.push(judged(&[]));
    let told = Stage::new().tell(NAME, inputs(), story);
    assert_eq!(
        *told.result(),
        json!({"approved": true, "verdict": "approved", "rounds": 1, "summary": "0 in the way",
            "blocking": [], "minor": ["a typo"], "not_reviewed": []})
    );
    let asked = told.shown("review-aspect");
    assert!(asked[0].contains("for one thing: correctness"), "{}", asked[0]);
    assert!(asked[1].contains("`git diff main...cart` shows for one thing: tests"), "{}", asked[1]);
}

#[test]
fn what_blocks_is_mended_and_looked_at_again() {
    let mut story = vec![well("look", "1 file")];
    story.extend(reviewed(finding("blocking", "it rounds twice")));
    story.extend([judged(&["it rounds twice"]), text("mend", "1. it rounds once")]);
    story.push(well("look", "2 files"));
    story.extend(reviewed(json!([])));
    story.push(judged(&[]));
    let told = Stage::new().tell(NAME, inputs(), story);
    assert_eq!(told.result()["verdict"], "approved");
    assert_eq!(told.result()["rounds"], 2);
    assert!(told.shown("judge")[0].contains("src/cart.rs:42: it rounds twice → round last"));
    assert!(told.shown("mend")[0].contains("1. it rounds twice"));
    let again = &told.shown("review-aspect")[2];
    assert!(again.contains("reviewed before") && again.contains("it rounds once"), "{again}");
}

#[test]
fn when_the_rounds_are_used_up_the_user_decides() {
    let play = |decision: &str| {
        let mut story = Vec::new();
        for round in 0..2 {
            story.push(well("look", "1 file"));
            story.extend(reviewed(finding("blocking", "it rounds twice")));
            story.push(judged(&["it rounds twice"]));
            if round == 0 {
                story.push(text("mend", "nothing helped"));
            }
        }
        story.push(choose("decide", decision));
        let mut inputs = inputs();
        inputs["max_rounds"] = json!(2);
        Stage::new().tell(NAME, inputs, story)
    };
    let back = play("send it back");
    assert_eq!(back.result()["verdict"], "changes-requested");
    assert_eq!(back.result()["blocking"], json!(["it rounds twice"]));
    assert!(back.shown("decide")[0].contains("2 rounds of review"));
    let merged = play("merge it all the same");
    assert_eq!(merged.result()["approved"], true);
}

#[test]
fn a_reviewer_who_fails_is_missed_and_the_others_are_heard() {
    let story = vec![
        well("look", "1 file"),
        fails("review-aspect", "the model is overloaded"),
        fails("review-aspect", "the model is overloaded"),
        answer("review-aspect", json!([])),
        judged(&[]),
    ];
    let told = Stage::new().tell(NAME, inputs(), story);
    let result = told.result();
    assert_eq!(result["verdict"], "incomplete");
    assert_eq!(result["approved"], false, "nobody can say so");
    assert_eq!(result["not_reviewed"], json!(["correctness"]));
}

#[test]
fn without_fix_it_is_only_reported() {
    let mut story = vec![well("look", "1 file")];
    story.extend(reviewed(finding("blocking", "it rounds twice")));
    story.push(judged(&["it rounds twice"]));
    let mut inputs = inputs();
    inputs["fix"] = json!(false);
    let told = Stage::new().tell(NAME, inputs, story);
    assert_eq!(told.result()["verdict"], "changes-requested");
}

#[test]
fn nobody_is_asked_to_look_at_nothing() {
    let empty = Stage::new().tell(NAME, inputs(), vec![well("look", "\n")]);
    assert_eq!(empty.result()["verdict"], "nothing-to-review");
    let wrong = Stage::new().tell(NAME, inputs(), vec![badly("look", "no branch `cart`")]);
    assert_eq!(wrong.result()["summary"], "no branch `cart`");
}
