//! `team:release`

use serde_json::{Value, json};

use crate::stage::{Beat, Stage, Told, badly, choose, fails, passes, read, text, well};

const NAME: &str = "team:release";

fn inputs() -> Value {
    json!({"version": "1.4.0", "watch_minutes": 10})
}

fn play(story: Vec<Beat>) -> Told {
    Stage::new().tell(NAME, inputs(), story)
}

/// As far as what comes behind the approval
fn approved(rest: Vec<Beat>) -> Vec<Beat> {
    let mut story = vec![
        well("check", ""),
        well("changes", "3f0c1aa say which file is missing"),
        text("write-notes", "Errors name the file."),
        choose("approve", "put it out"),
    ];
    story.extend(rest);
    story
}

#[test]
fn a_release_that_holds_is_out_after_three_probes() {
    let mut rest = vec![well("deploy", "")];
    for _ in 0..3 {
        rest.extend([passes("settle", 600), well("probe", "ok")]);
    }
    let told = play(approved(rest));
    assert_eq!(
        *told.result(),
        json!({"version": "1.4.0", "outcome": "released", "notes": "Errors name the file.", "reason": ""})
    );
    assert_eq!(told.took, 1800, "ten minutes before each probe");
    assert!(told.shown("write-notes")[0].contains("say which file is missing"));
    assert!(told.shown("approve")[0].contains("Errors name the file."));
    assert!(told.shown("deploy")[0].contains("sh -c 'make deploy'"));
}

#[test]
fn nothing_goes_out_that_fails_its_checks() {
    let told = play(vec![badly("check", "2 tests failed")]);
    assert_eq!(told.result()["outcome"], "checks-failed");
    assert!(told.result()["reason"].as_str().unwrap().contains("2 tests failed"));
}

#[test]
fn nothing_goes_out_that_the_user_has_not_approved() {
    let begin = || vec![well("check", ""), well("changes", ""), text("write-notes", "One.")];
    let mut story = begin();
    story.extend([
        choose("approve", "write the notes anew"),
        text("write-notes", "Two."),
        choose("approve", "leave it"),
    ]);
    let left = play(story);
    assert_eq!(left.result()["outcome"], "not-approved");
    assert_eq!(left.result()["notes"], "Two.");
    assert!(!left.ids().contains(&"deploy"));

    let mut story = begin();
    story.push(passes("approve", 86_400));
    let silent = play(story);
    assert_eq!(silent.result()["outcome"], "not-approved");
    assert_eq!(silent.result()["reason"], "nobody has answered within a day");
}

#[test]
fn what_does_not_work_is_taken_back() {
    let told = play(approved(vec![
        well("deploy", ""),
        passes("settle", 600),
        well("probe", "ok"),
        passes("settle", 600),
        badly("probe", "checkout answers 500"),
        well("roll-back", ""),
    ]));
    assert_eq!(told.result()["outcome"], "rolled-back");
    assert_eq!(told.result()["reason"], "it does not work: checkout answers 500");
    assert!(told.shown("roll-back")[0].contains("make rollback"));
}

#[test]
fn a_deployment_that_fails_or_breaks_off_is_taken_back() {
    let failed = play(approved(vec![badly("deploy", "quota"), well("roll-back", "")]));
    assert_eq!(failed.result()["outcome"], "rolled-back");
    assert_eq!(failed.result()["reason"], "the deployment failed: quota");

    let broke = play(approved(vec![fails("deploy", "the shell is gone"), well("roll-back", "")]));
    assert_eq!(broke.result()["outcome"], "rolled-back");
    assert_eq!(broke.result()["reason"], "`deploy` broke off: the shell is gone");

    let silent = play(approved(vec![passes("deploy", 3600), well("roll-back", "")]));
    assert_eq!(silent.result()["outcome"], "rolled-back");
}

#[test]
fn what_cannot_be_taken_back_takes_hands() {
    let told = play(approved(vec![
        badly("deploy", "quota"),
        fails("roll-back", "no connection"),
        fails("roll-back", "no connection"),
        fails("roll-back", "no connection"),
        read("stuck"),
    ]));
    assert_eq!(told.result()["outcome"], "stuck");
    assert!(told.shown("stuck")[0].contains("What went wrong first: the deployment failed: quota"));
}

#[test]
fn a_version_is_a_version() {
    let why = Stage::new().refuse(NAME, json!({"version": "the next one"}));
    assert!(why.contains("version"), "{why}");
}
