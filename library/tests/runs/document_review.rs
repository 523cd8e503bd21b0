//! `team:document-review`

use serde_json::{Value, json};

use crate::stage::{Beat, Stage, Told, answer, badly, choose, passes, read, text, well};

const NAME: &str = "team:document-review";
const HASH: &str = "8f94139338f9404f26296befa88755fc2598c289";
const OTHER: &str = "5716ca5987cbf97d6bb54920bea6adde242d87e6";

fn inputs() -> Value {
    json!({"document": "docs/plan.md", "approvers": ["Ada", "Ben"]})
}

fn play(inputs: Value, story: Vec<Beat>) -> Told {
    Stage::new().tell(NAME, inputs, story)
}

fn begin() -> Vec<Beat> {
    vec![well("take-hash", &format!("{HASH}\n")), text("summarise", "It moves the shop.")]
}

fn end(hash: &str) -> Beat {
    well("take-hash-again", hash)
}

#[test]
fn all_approve_what_stands_there() {
    let mut story = begin();
    story.extend([
        choose("ask-approver", "approve"),
        choose("ask-approver", "approve with remarks"),
        text("ask-remarks", "mind the dates"),
        end(HASH),
    ]);
    let told = play(inputs(), story);
    assert_eq!(
        *told.result(),
        json!({"approved": true, "hash": HASH, "approvals": ["Ada", "Ben"], "objections": [], "rounds": 1})
    );
    let asked = told.shown("ask-approver");
    assert!(asked[0].contains("Ada, this is for you (1 of 2)"), "{}", asked[0]);
    assert!(asked[1].contains("as of\\n8f9413933") && asked[1].contains("It moves the shop."));
}

#[test]
fn who_objects_is_heard_and_everybody_is_asked_again() {
    let mut story = begin();
    story.extend([
        choose("ask-approver", "object"),
        text("ask-remarks", "no way back"),
        choose("ask-approver", "approve"),
        end(HASH),
        text("revise", "added a way back"),
        answer("show-revision", json!({"confirmed": true})),
        well("take-hash", OTHER),
        text("summarise", "It moves the shop, and back."),
        choose("ask-approver", "approve"),
        choose("ask-approver", "approve"),
        end(OTHER),
    ]);
    let told = play(inputs(), story);
    assert!(told.shown("revise")[0].contains("Ada (objects): no way back"));
    assert_eq!(told.result()["approved"], true);
    assert_eq!(told.result()["rounds"], 2);
    assert_eq!(told.result()["hash"], OTHER);
}

#[test]
fn what_was_changed_meanwhile_was_not_approved() {
    let mut story = Vec::new();
    for round in 0..3 {
        story.extend(begin());
        story.extend([choose("ask-approver", "approve"), choose("ask-approver", "approve")]);
        story.extend([end(OTHER), read("tell-changed")]);
        assert!(round < 3);
    }
    let told = play(inputs(), story);
    assert_eq!(told.result()["approved"], false, "though both have said yes, three times");
}

#[test]
fn as_many_have_to_approve_as_are_needed() {
    let mut inputs = inputs();
    inputs["needed"] = json!(1);
    let mut story = begin();
    story.extend([choose("ask-approver", "approve"), passes("ask-approver", 259_200), end(HASH)]);
    let told = play(inputs, story);
    assert_eq!(told.result()["approved"], true);
    assert_eq!(told.result()["objections"], json!(["has not answered"]));
    assert_eq!(told.took, 3 * 24 * 3600);
}

#[test]
fn the_user_can_leave_it_at_an_objection() {
    let mut story = begin();
    story.extend([
        choose("ask-approver", "object"),
        text("ask-remarks", "no way back"),
        choose("ask-approver", "approve"),
        end(HASH),
        text("revise", "nothing to be done"),
        answer("show-revision", json!({"confirmed": false})),
    ]);
    let told = play(inputs(), story);
    assert_eq!(told.result()["approved"], false);
    assert_eq!(told.result()["objections"], json!(["no way back"]));
}

#[test]
fn a_document_that_is_not_there_is_nobodys_to_approve() {
    let told = play(inputs(), vec![badly("take-hash", "could not open 'docs/plan.md'")]);
    assert_eq!(told.result()["approved"], false);
    assert_eq!(
        told.result()["objections"],
        json!(["cannot be read: could not open 'docs/plan.md'"])
    );
}
