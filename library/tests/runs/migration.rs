//! `team:migration`

use serde_json::{Value, json};

use crate::stage::{Beat, Stage, Told, answer, badly, choose, fails, text, well};

const NAME: &str = "team:migration";

fn inputs() -> Value {
    json!({"goal": "from moment to Temporal", "marker": "moment(", "trial": 1, "files": "src"})
}

fn play(story: Vec<Beat>) -> Told {
    Stage::new().tell(NAME, inputs(), story)
}

fn begin(files: &str) -> Vec<Beat> {
    vec![
        well("find", files),
        text("write-recipe", "Replace each call."),
        choose("approve-recipe", "try it"),
    ]
}

/// A file that is migrated, and has nothing left of what was there
fn migrated() -> [Beat; 2] {
    [
        answer("migrate-file", json!({"fits": true, "note": "plain"})),
        answer("look", json!({"stdout": "", "exit_code": 1})),
    ]
}

#[test]
fn every_file_is_migrated_by_the_recipe_that_was_tried() {
    let mut story = begin("src/a.ts\nsrc/b.ts\n");
    story.extend(migrated());
    story.push(text("learn", "Replace each call, and mind the zones."));
    story.extend(migrated());
    story.push(well("check", ""));
    let told = play(story);
    assert_eq!(
        *told.result(),
        json!({"outcome": "migrated", "migrated": ["src/a.ts", "src/b.ts"], "left": [],
            "checks_pass": true, "recipe": "Replace each call, and mind the zones.", "note": null})
    );
    let find = &told.shown("find")[0];
    assert!(find.contains("grep -l -e 'moment(' -- src"), "{find}");
    let asked = told.shown("migrate-file");
    assert!(asked[0].contains("`src/a.ts`") && !asked[0].contains("zones"));
    assert!(asked[1].contains("`src/b.ts`") && asked[1].contains("mind the zones"));
}

#[test]
fn the_recipe_is_changed_as_the_user_says_or_left() {
    let told = play(vec![
        well("find", "src/a.ts"),
        text("write-recipe", "One."),
        choose("approve-recipe", "change it"),
        text("ask-remark", "keep the tests"),
        text("write-recipe", "Two."),
        choose("approve-recipe", "stop here"),
    ]);
    assert!(told.shown("write-recipe")[1].contains("keep the tests"));
    assert_eq!(told.result()["outcome"], "stopped");
    assert_eq!(told.result()["left"], json!(["src/a.ts"]));
}

#[test]
fn a_file_that_does_not_fit_holds_up_no_other_and_is_named() {
    let mut story = begin("src/a.ts\nsrc/b.ts\nsrc/c.ts\n");
    story.push(answer("migrate-file", json!({"fits": false, "note": "a plugin of moment"})));
    story.push(text("learn", "Replace each call."));
    story.push(fails("migrate-file", "too large"));
    story.extend(migrated());
    story.push(well("check", ""));
    let told = play(story);
    assert!(told.shown("learn")[0].contains("src/a.ts: not migrated. a plugin of moment"));
    assert_eq!(told.result()["outcome"], "partly");
    assert_eq!(told.result()["migrated"], json!(["src/c.ts"]));
    assert_eq!(told.result()["left"], json!(["src/a.ts", "src/b.ts"]));
}

#[test]
fn the_agents_word_is_not_enough() {
    let left = || answer("look", json!({"stdout": "7: moment(x)\n", "exit_code": 0}));
    let claim = || answer("migrate-file", json!({"fits": true, "note": "done"}));
    let mut story = begin("src/a.ts\n");
    story.extend([claim(), left(), claim(), left()]);
    story.extend([text("learn", "Replace each call."), well("check", "")]);
    let told = play(story);
    assert!(told.shown("migrate-file")[1].contains("7: moment(x)"));
    assert_eq!(told.result()["left"], json!(["src/a.ts"]));
}

#[test]
fn checks_that_fail_are_mended_or_told() {
    let mut story = begin("src/a.ts\n");
    story.extend(migrated());
    story.push(text("learn", "Replace each call."));
    for _ in 0..4 {
        story.extend([badly("check", "1 test failed"), text("mend-checks", "tried")]);
    }
    let told = play(story);
    assert_eq!(told.result()["checks_pass"], false);
    assert_eq!(told.result()["outcome"], "migrated");
}

#[test]
fn where_there_is_nothing_nothing_is_asked() {
    let told = play(vec![badly("find", "")]);
    assert_eq!(told.result()["outcome"], "nothing-to-do");
    let lost = json!({"stdout": "", "stderr": "not a git repository", "exit_code": 128});
    let told = play(vec![answer("find", lost)]);
    assert_eq!(told.result()["outcome"], "stopped");
    assert_eq!(told.result()["note"], "not a git repository");
}
