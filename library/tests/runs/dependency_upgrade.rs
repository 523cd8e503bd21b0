//! `team:dependency-upgrade`

use serde_json::{Value, json};

use crate::stage::{Beat, Stage, Told, answer, badly, choose, fails, text, well};

const NAME: &str = "team:dependency-upgrade";

fn outdated() -> Beat {
    let it = |name: &str, kind: &str| json!({"name": name, "from": "1.0.0", "to": "1.1.0", "kind": kind});
    answer(
        "find-outdated",
        json!([it("serde", "patch"), it("axum", "minor"), it("tls", "security")]),
    )
}

fn play(inputs: Value, story: Vec<Beat>) -> Told {
    Stage::new().tell(NAME, inputs, story)
}

fn begin(reach: &str) -> Vec<Beat> {
    vec![outdated(), choose("how-far", reach), well("begin-branch", "")]
}

fn kept(words: &str) -> [Beat; 3] {
    [text("upgrade", words), well("check", ""), well("commit", "")]
}

#[test]
fn what_passes_is_kept_reviewed_and_pushed() {
    let mut story = begin("patches too");
    story.extend(kept("faster"));
    story.extend(kept("safer"));
    story.extend([
        // The review is a workflow of its own.
        well("look", "Cargo.lock | 4 ++--"),
        answer("review-aspect", json!([])),
        answer("review-aspect", json!([])),
        answer("judge", json!({"blocking": [], "minor": [], "summary": "all good"})),
        answer("hand-over", json!({"confirmed": true})),
        well("push", ""),
    ]);
    let told = play(json!({}), story);
    assert_eq!(
        *told.result(),
        json!({"outcome": "upgraded", "branch": "upgrades-2023-11-14", "upgraded": ["serde", "tls"],
            "left": ["axum"], "approved": true, "pushed": true, "note": null})
    );
    assert!(told.shown("how-far")[0].contains("- patch: serde 1.0.0 → 1.1.0"));
    assert!(told.shown("commit")[0].contains("Upgrade serde to 1.1.0"));
    assert!(told.shown("look")[0].contains("main...upgrades-2023-11-14"));
    let over = &told.shown("hand-over")[0];
    assert!(over.contains("The review: approved. all good") && over.contains("tls 1.1.0: safer"));
}

#[test]
fn what_breaks_is_mended_or_taken_back_and_the_others_go_on() {
    let mut story = begin("everything");
    story.extend([text("upgrade", "faster"), badly("check", "E0308"), text("upgrade", "adapted")]);
    story.extend([well("check", ""), well("commit", "")]);
    story.extend([text("upgrade", "new"), badly("check", "red"), text("upgrade", "new")]);
    story.extend([badly("check", "still red"), well("take-back", "")]);
    story.push(fails("upgrade", "no such version"));
    story.push(answer("hand-over", json!({"confirmed": false})));
    let told = play(json!({"review": false}), story);
    assert!(told.shown("upgrade")[1].contains("E0308"));
    assert_eq!(told.result()["upgraded"], json!(["serde"]));
    assert_eq!(told.result()["left"], json!(["axum", "tls"]));
    assert_eq!(told.result()["approved"], Value::Null);
    assert_eq!(told.result()["pushed"], false);
}

#[test]
fn where_nothing_is_kept_nothing_is_handed_over() {
    let mut story = begin("security fixes only");
    story.extend([text("upgrade", "x"), badly("check", "red"), text("upgrade", "x")]);
    story.extend([badly("check", "red"), well("take-back", "")]);
    let told = play(json!({}), story);
    assert_eq!(told.result()["outcome"], "nothing-kept");
    assert!(told.shown("upgrade")[0].contains("`tls`"), "the others are not security fixes");
}

#[test]
fn where_all_is_new_or_there_is_no_branch_it_ends() {
    let new = play(json!({}), vec![answer("find-outdated", json!([]))]);
    assert_eq!(new.result()["outcome"], "up-to-date");
    let story =
        vec![outdated(), choose("how-far", "everything"), badly("begin-branch", "already exists")];
    let told = play(json!({}), story);
    assert_eq!(told.result()["outcome"], "stopped");
    assert_eq!(told.result()["note"], "already exists");
    let begin = &told.shown("begin-branch")[0];
    assert!(begin.contains("git diff --quiet HEAD && "), "uncommitted work is left alone: {begin}");
}

#[test]
fn a_push_that_fails_is_told() {
    let mut story = begin("security fixes only");
    story.extend(kept("safer"));
    story.push(answer("hand-over", json!({"confirmed": true})));
    story.extend([fails("push", "offline"), fails("push", "offline"), fails("push", "offline")]);
    let told = play(json!({"review": false}), story);
    assert_eq!(told.result()["outcome"], "upgraded");
    assert_eq!(told.result()["pushed"], false);
}
