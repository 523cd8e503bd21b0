//! Children that wait or are queued, and parents that wait for them.

use serde_json::json;
use workflow_runtime::machine::Status;

use crate::bench::{Bench, Build, Server, assert_kept, build};

/// The workflow that runs begin under
mod base {
    workflow_macros::workflow!(
        r#"
        name: read-all
        version: 1.0.0
        inputs: { files: { type: array, item_type: string, required: true } }
        initial_state: { head: 1 }
        tasks:
          one:
            steps:
              - { id: look, type: delegate, instructions: "Read {{ item }}", output_to: text }
              - { id: check, type: delegate, instructions: "Read it again", output_to: checked }
              - { id: done, type: return, needs_state: [text], value: "{{ state.text }}" }
        steps:
          - { id: each, type: foreach, items: "{{ inputs.files }}", task: one, agent: "@task", concurrency: 1, output_to: texts }
          - { id: done, type: return, needs_state: [texts, head], value: "{{ state.head }}: {{ state.texts | join(', ') }}" }
        "#
    );
}

/// Other words in the task
mod said {
    workflow_macros::workflow!(
        r#"
        name: read-all
        version: 1.0.0
        inputs: { files: { type: array, item_type: string, required: true } }
        initial_state: { head: 1 }
        tasks:
          one:
            steps:
              - { id: look, type: delegate, instructions: "Look at {{ item }}", output_to: text }
              - { id: check, type: delegate, instructions: "Look at it again", output_to: checked }
              - { id: done, type: return, needs_state: [text], value: "{{ state.text }}" }
        steps:
          - { id: each, type: foreach, items: "{{ inputs.files }}", task: one, agent: "@task", concurrency: 1, output_to: texts }
          - { id: done, type: return, needs_state: [texts, head], value: "{{ state.head }}: {{ state.texts | join(', ') }}" }
        "#
    );
}

/// A step of the task has another answer
mod counted {
    workflow_macros::workflow!(
        r#"
        name: read-all
        version: 1.0.0
        inputs: { files: { type: array, item_type: string, required: true } }
        initial_state: { head: 1 }
        tasks:
          one:
            steps:
              - { id: look, type: delegate, instructions: "Read {{ item }}", output: { type: integer }, output_to: text }
              - { id: check, type: delegate, instructions: "Read it again", output_to: checked }
              - { id: done, type: return, needs_state: [text], value: "{{ state.text }} words" }
        steps:
          - { id: each, type: foreach, items: "{{ inputs.files }}", task: one, agent: "@task", concurrency: 1, output_to: texts }
          - { id: done, type: return, needs_state: [texts, head], value: "{{ state.head }}: {{ state.texts | join(', ') }}" }
        "#
    );
}

/// The task returns something else
mod listed {
    workflow_macros::workflow!(
        r#"
        name: read-all
        version: 1.0.0
        inputs: { files: { type: array, item_type: string, required: true } }
        initial_state: { head: 1 }
        tasks:
          one:
            steps:
              - { id: look, type: delegate, instructions: "Read {{ item }}", output_to: text }
              - { id: check, type: delegate, instructions: "Read it again", output_to: checked }
              - { id: done, type: return, needs_state: [text], value: ["{{ state.text }}"] }
        steps:
          - { id: each, type: foreach, items: "{{ inputs.files }}", task: one, agent: "@task", concurrency: 1, output_to: texts }
          - { id: done, type: return, needs_state: [texts, head], value: "{{ state.head }}: {{ state.texts | join(', ') }}" }
        "#
    );
}

/// The items are numbers
mod numbered {
    workflow_macros::workflow!(
        r#"
        name: read-all
        version: 1.0.0
        inputs: { files: { type: array, item_type: integer, required: true } }
        initial_state: { head: 1 }
        tasks:
          one:
            steps:
              - { id: look, type: delegate, instructions: "Read {{ item }}", output_to: text }
              - { id: check, type: delegate, instructions: "Read it again", output_to: checked }
              - { id: done, type: return, needs_state: [text], value: "{{ state.text }}" }
        steps:
          - { id: each, type: foreach, items: "{{ inputs.files }}", task: one, agent: "@task", concurrency: 1, output_to: texts }
          - { id: done, type: return, needs_state: [texts, head], value: "{{ state.head }}: {{ state.texts | join(', ') }}" }
        "#
    );
}

/// The parent has a field of another type
mod headed {
    workflow_macros::workflow!(
        r#"
        name: read-all
        version: 1.0.0
        inputs: { files: { type: array, item_type: string, required: true } }
        initial_state: { head: "one" }
        tasks:
          one:
            steps:
              - { id: look, type: delegate, instructions: "Read {{ item }}", output_to: text }
              - { id: check, type: delegate, instructions: "Read it again", output_to: checked }
              - { id: done, type: return, needs_state: [text], value: "{{ state.text }}" }
        steps:
          - { id: each, type: foreach, items: "{{ inputs.files }}", task: one, agent: "@task", concurrency: 1, output_to: texts }
          - { id: done, type: return, needs_state: [texts, head], value: "{{ state.head }}: {{ state.texts | join(', ') }}" }
        "#
    );
}

macro_rules! both {
    ($of:ident) => {
        build![$of::read_all::Machine, $of::read_all_one::Machine]
    };
}

/// A parent, its first child at `look`, its second queued; their ids
async fn waiting(bench: &Bench) -> [String; 3] {
    let server = bench.server(both!(base));
    let parent = server.start("read-all", json!({"files": ["a", "b"]})).await.run_id;
    let children = [0, 1].map(|index| format!("{parent}.each.{index}"));
    let [first, second] = children;
    [parent, first, second]
}

async fn answer(server: &Server, run_id: &str, answer: &str) {
    let step = server.next(run_id).await;
    server.answer(&step, json!(answer)).await;
}

async fn instructions(server: &Server, run_id: &str) -> String {
    let step = server.next(run_id).await.step.unwrap();
    step.fields["instructions"].as_str().unwrap().to_owned()
}

/// The children that a parent's step shows, with how they stand
async fn shown(server: &Server, run_id: &str) -> serde_json::Value {
    let step = server.next(run_id).await.step.unwrap();
    let children = step.fields["children"].as_array().unwrap();
    children.iter().map(|child| child["status"].clone()).collect()
}

/// Answers all that is left of two children, and gives what the parent returns
async fn to_the_end(bench: &Bench, build: Build, ids: &[String; 3]) -> Option<serde_json::Value> {
    let server = bench.server(build);
    let [parent, children @ ..] = ids;
    server.next(parent).await;
    for child in children {
        while server.next(child).await.status == Status::Waiting {
            let index = child.rsplit('.').next().unwrap();
            answer(&server, child, &format!("text {index}")).await;
        }
    }
    server.next(parent).await.result
}

#[tokio::test]
async fn children_go_on_in_the_old_words_and_begin_in_the_new() {
    let bench = Bench::new();
    let ids = waiting(&bench).await;
    let [parent, first, second] = &ids;
    let server = bench.server(both!(said));
    assert_eq!(shown(&server, parent).await, json!(["waiting"]));
    assert_eq!(instructions(&server, first).await, "Read a");
    answer(&server, first, "A").await;
    assert_eq!(instructions(&server, first).await, "Look at it again");
    answer(&server, first, "yes").await;
    assert_eq!(instructions(&server, second).await, "Look at b");
    answer(&server, second, "B").await;
    answer(&server, second, "yes").await;
    assert_eq!(server.next(parent).await.result, Some(json!("1: A, B")));
    let upgrades = [parent, first, second].map(|run_id| bench.upgrades(run_id));
    // Nothing has changed of the parent itself, and the second child had not begun.
    assert_eq!(upgrades, [0, 1, 0]);
}

#[tokio::test]
async fn a_child_whose_step_has_changed_is_kept_and_shown_as_such() {
    let bench = Bench::new();
    let ids = waiting(&bench).await;
    {
        let server = bench.server(both!(counted));
        let change = "`read-all/one` 1.0.0 has changed since the run began: the answer to step \
                      `look` was `string`, is now `int`";
        assert_kept(&server.next(&ids[1]).await, change);
        assert_eq!(shown(&server, &ids[0]).await, json!(["incompatible"]));
    }
    let end = to_the_end(&bench, both!(base), &ids).await;
    assert_eq!(end, Some(json!("1: text 0, text 1")));
}

#[tokio::test]
async fn a_child_that_returns_something_else_is_no_use_to_its_parent() {
    let bench = Bench::new();
    let ids = waiting(&bench).await;
    {
        let server = bench.server(both!(listed));
        let change = "what the child run returns was `string`, is now `list<string>`";
        assert_kept(&server.next(&ids[1]).await, change);
        assert_kept(&server.next(&ids[2]).await, change);
        let change = "the answer to step `each` was `list<string>`, is now `list<list<string>>`";
        assert_kept(&server.next(&ids[0]).await, change);
    }
    let end = to_the_end(&bench, both!(base), &ids).await;
    assert_eq!(end, Some(json!("1: text 0, text 1")));
}

#[tokio::test]
async fn a_queued_child_that_cannot_begin_holds_up_nobody_and_begins_later() {
    let bench = Bench::new();
    let ids = waiting(&bench).await;
    let [parent, first, second] = &ids;
    answer(&bench.server(both!(base)), first, "A").await;
    {
        // The item is behind the first child, and before the second.
        let server = bench.server(both!(numbered));
        answer(&server, first, "yes").await;
        assert_eq!(server.next(first).await.result, Some(json!("A")));
        let change = "the item: expected an integer, found a string";
        assert_kept(&server.next(second).await, change);
        assert_kept(&server.next(parent).await, change);
    }
    let end = to_the_end(&bench, both!(base), &ids).await;
    assert_eq!(end, Some(json!("1: A, text 1")));
}

#[tokio::test]
async fn a_parent_that_is_kept_takes_its_childrens_results_later() {
    let bench = Bench::new();
    let ids = waiting(&bench).await;
    let [parent, first, second] = &ids;
    {
        let server = bench.server(both!(headed));
        let change = "state field `head` was `int`, is now `string`";
        assert_kept(&server.next(parent).await, change);
        for child in [first, second] {
            answer(&server, child, "text").await;
            answer(&server, child, "yes").await;
            assert_eq!(server.next(child).await.status, Status::Completed);
        }
        assert_kept(&server.next(parent).await, change);
    }
    let server = bench.server(both!(base));
    assert_eq!(server.next(parent).await.result, Some(json!("1: text, text")));
}
