//! The texts word for word: a change of wording is seen in review.

use serde_json::{Value, json};

use super::*;
use crate::reply::{Progress, Reply, Step};

fn replying(kind: &str, fields: Value, schema: Value) -> PagedReply {
    let Value::Object(fields) = fields else { panic!("fields are an object") };
    let reply = Reply {
        run_id: "run-1".into(),
        workflow: "demo".into(),
        status: Status::Waiting,
        step: Some(Step {
            step_id: "the-step".into(),
            run_id: "run-1".into(),
            kind: kind.into(),
            attempt: 1,
            result_schema: schema,
            deadline: None,
            fields,
        }),
        progress: Some(Progress { done: 1, total: 9 }),
        result: None,
        error: None,
        retry_after_ms: None,
    };
    told(PagedReply { reply, page: None }, Asking::Unable)
}

/// The reply as it goes out, with what is to be done said in it
fn told(mut paged: PagedReply, asking: Asking<'_>) -> PagedReply {
    say_what_to_do(&mut paged.reply, asking);
    paged
}

fn said(kind: &str, fields: Value, schema: Value) -> String {
    reply(&replying(kind, fields, schema))
}

#[test]
fn a_text_prompt() {
    let text = said(
        "prompt",
        json!({"kind": "text", "message": "What for?\n"}),
        json!({"type": "string"}),
    );
    assert_eq!(
        text,
        "[2/9] Step `the-step`. Ask the user this message, word for word; never answer for them.\n\n\
         What for?\n\n\
         Then submit_result(run_id=\"run-1\", step_id=\"the-step\", result=\"…\")."
    );
}

#[test]
fn a_confirmation_a_choice_and_an_info() {
    let confirm = json!({"type": "object", "properties": {"confirmed": {"type": "boolean"}},
        "required": ["confirmed"], "additionalProperties": false});
    let text = said("prompt", json!({"kind": "confirm", "message": "Go?"}), confirm);
    assert!(text.ends_with("result={\"confirmed\": true or false})."), "{text}");

    let choice = json!({"type": "object", "properties": {"selected": {"enum": ["red", "blue"]}},
        "required": ["selected"]});
    let fields = json!({"kind": "choice", "message": "Which?", "options": ["red", "blue"]});
    let text = said("prompt", fields, choice);
    assert!(text.contains("word for word, with its options; never answer"), "{text}");
    assert!(text.contains("Which?\n\n- red\n- blue\n\nThen submit"), "{text}");
    assert!(text.ends_with("result={\"selected\": \"red\" or \"blue\"})."), "{text}");

    let info = json!({"type": "object", "properties": {"acknowledged": {"const": true}},
        "required": ["acknowledged"]});
    let text = said("prompt", json!({"kind": "info", "message": "Done."}), info);
    assert!(
        text.starts_with(
            "[2/9] Step `the-step`. Tell the user this message, word for word.\n\nDone."
        ),
        "{text}"
    );
    assert!(text.ends_with("result={\"acknowledged\": true})."), "{text}");
}

#[test]
fn a_command() {
    let schema = json!({"type": "object", "required": ["stdout", "exit_code"], "properties": {
        "stdout": {"type": "string"}, "stderr": {"type": "string"},
        "exit_code": {"type": "integer"}}});
    assert_eq!(
        said("shell", json!({"command": "ls <x> && \"y\""}), schema),
        "[2/9] Step `the-step`. Run this command as it is.\n\nls <x> && \"y\"\n\n\
         Then submit_result(run_id=\"run-1\", step_id=\"the-step\", result={\"stdout\": \
         \"…\", \"stderr\": \"…\" (may be left out), \"exit_code\": an integer}), or \
         error=\"why\" if it cannot be done."
    );
}

#[test]
fn a_tool_call() {
    let text = said("mcp_call", json!({"tool": "web.search", "parameters": {"q": "x"}}), json!({}));
    assert!(
        text.contains("Call this tool with these parameters.\n\nweb.search\n{\"q\":\"x\"}\n\nThen"),
        "{text}"
    );
    assert!(text.contains("result=…)"), "{text}");
}

#[test]
fn delegated_work_with_and_without_an_agent() {
    let fields = json!({"instructions": "Write it.", "agent": "@task"});
    let text = said("delegate", fields, json!({"type": "string"}));
    assert!(
        text.contains("instructions to the sub-agent @task, word for word.\n\nWrite it.\n\n"),
        "{text}"
    );
    let text = said("delegate", json!({"instructions": "Write it."}), json!({"type": "string"}));
    assert!(text.contains("`the-step`. Follow these instructions.\n\nWrite it.\n\n"), "{text}");
}

#[test]
fn an_agent_function_with_the_schema_of_its_answer() {
    let schema = json!({"type": "array", "items": {"type": "string"}});
    let text = said("call", json!({"function": "split", "instructions": "Split it."}), schema);
    assert!(text.contains("Work out `split` by these instructions.\n\nSplit it.\n\n"), "{text}");
    assert!(
        text.contains(r#"result=a value of the JSON Schema {"type":"array","items":"#),
        "{text}"
    );
}

#[test]
fn time_that_passes() {
    let fields = json!({"resume_at": "2025-01-01T00:00:00Z", "message": "Cooling down."});
    assert_eq!(
        said("wait", fields, json!({})),
        "[2/9] Step `the-step`. Nothing to do until 2025-01-01T00:00:00Z; the run goes on by \
         itself. To wait for it: get_next_step(run_id=\"run-1\", wait_seconds=20).\n\n\
         Cooling down."
    );
}

#[test]
fn a_long_wait_says_how_long_and_that_nobody_need_stay() {
    let fields = json!({"resume_at": "2025-01-01T00:00:00Z", "seconds_left": 9_000});
    let text = said("wait", fields, json!({}));
    assert!(text.contains("until 2025-01-01T00:00:00Z (in 3 hours); the run"), "{text}");
    assert!(text.contains("No need to stay: it is taken up again by get_next_step("), "{text}");
    let fields = json!({"resume_at": "2025-01-01T00:00:00Z", "seconds_left": 90});
    let text = said("wait", fields, json!({}));
    assert!(text.contains("(in 90 seconds)") && !text.contains("No need to stay"), "{text}");
}

fn users_question(asking: Asking<'_>) -> String {
    let fields = json!({"kind": "confirm", "message": "Ship it?", "answered_by": "user"});
    reply(&told(replying("prompt", fields, json!({"type": "object"})), asking))
}

#[test]
fn what_only_the_user_answers_is_not_asked_of_the_agent() {
    assert_eq!(
        users_question(Asking::Ready),
        "[2/9] Step `the-step`. Only the user can answer this; submit_result is refused. Their \
         client asks them: get_next_step(run_id=\"run-1\").\n\nShip it?"
    );
    assert_eq!(
        users_question(Asking::Unable),
        "[2/9] Step `the-step`. Only the user can answer this; submit_result is refused. They \
         answer in a terminal of theirs: workflow-server run --resume run-1 --user-only (with the \
         --store of this server, if it has one). Then get_next_step(run_id=\"run-1\", wait_seconds=20).\n\nShip it?"
    );
}

#[test]
fn how_the_asking_of_the_user_stands_is_told() {
    for (asking, said) in [
        (Asking::Open, "Their client is asking them. To wait for the answer: get_next_step("),
        (Asking::Declined, "They declined to answer; the run waits on. Talk with them, then"),
        (Asking::Dismissed, "They closed the question without an answer; the run waits on."),
        (Asking::Refused("too short"), "Their answer was not taken: too short. To have them asked"),
        (Asking::Failed("no screen"), "To ask them has failed: no screen. They answer in"),
    ] {
        let text = users_question(asking);
        assert!(text.contains(said) && text.contains("get_next_step(run_id=\"run-1\""), "{text}");
    }
}

#[test]
fn another_attempt_says_which_and_why() {
    let fields = json!({"instructions": "Do.", "max_attempts": 3, "last_error": "no network"});
    let mut paged = replying("delegate", fields, json!({"type": "string"}));
    if let Some(step) = &mut paged.reply.step {
        step.attempt = 2;
    }
    let text = reply(&paged);
    assert!(
        text.contains("Step `the-step`, attempt 2 of 3. Follow these instructions.\n\nDo.\n"),
        "{text}"
    );
    assert!(text.contains("\nThe attempt before this one failed: no network\n"), "{text}");
}

#[test]
fn stretches_of_time_are_told_in_units_that_fit() {
    let told: Vec<String> = [1, 119, 120, 7_200, 172_800].map(time).into();
    assert_eq!(told, ["1 second", "119 seconds", "2 minutes", "2 hours", "2 days"]);
}

#[test]
fn child_runs_for_sub_agents() {
    let fields = json!({"agent": "@task", "sub_agent_prompt": "Work off RUN_ID.", "remaining": 3,
        "children": [{"run_id": "c-0", "index": 0, "item": "first", "status": "waiting"},
            {"run_id": "c-1", "index": 1, "item": {"n": 2}, "status": "running"}]});
    assert_eq!(
        said("foreach", fields, json!({"type": "array"})),
        "[2/9] Step `the-step`. For each child that is `waiting`, all at once, start a sub-agent \
         @task with the words of sub_agent_prompt, RUN_ID replaced by its run_id. One that is \
         `running` has its own already; start another only if that is gone. Then \
         get_next_step(run_id=\"run-1\", wait_seconds=20).\n\n\
         sub_agent_prompt: Work off RUN_ID.\n\n\
         - run_id=\"c-0\" (waiting) first\n- run_id=\"c-1\" (running) {\"n\":2}\n\
         3 more will follow as these end."
    );
}

#[test]
fn a_childs_step_an_attempt_and_a_deadline() {
    let mut paged = replying("delegate", json!({"instructions": "Do."}), json!({"type": "string"}));
    if let Some(step) = &mut paged.reply.step {
        step.run_id = "run-1-child".into();
        step.attempt = 2;
        step.deadline = Some("2025-01-01T00:00:00Z".into());
    }
    let text = reply(&paged);
    assert!(
        text.contains("Step `the-step`, attempt 2 of child run run-1-child. Follow these"),
        "{text}"
    );
    assert!(text.contains("It fails unless answered by 2025-01-01T00:00:00Z.\n"), "{text}");
    assert!(text.contains("submit_result(run_id=\"run-1-child\""), "{text}");
}

#[test]
fn pages_say_how_to_get_the_next() {
    let mut paged =
        replying("prompt", json!({"kind": "text", "message": "part"}), json!({"type": "string"}));
    let cut = vec![Cut { field: "step.message".into(), json: false }];
    paged.page = Some(crate::mcp::paging::Page { number: 1, pages: 3, cut: cut.clone() });
    let text = reply(&paged);
    assert!(
        text.contains(
            "This is page 1 of 3; `step.message` goes on over the pages, joined with nothing in \
             between. First read the rest: get_next_step(run_id=\"run-1\", page=2) and so on.\n"
        ),
        "{text}"
    );
    paged.page = Some(crate::mcp::paging::Page { number: 3, pages: 3, cut });
    assert!(reply(&paged).contains("This is the last page.\n"));
}

#[test]
fn ends_and_work_in_progress() {
    let mut paged = replying("prompt", json!({}), json!({}));
    paged.reply.step = None;
    paged.reply.status = Status::Running;
    assert_eq!(
        reply(&paged),
        "The server is working on run run-1. Call get_next_step(run_id=\"run-1\", wait_seconds=20)."
    );
    paged.reply.retry_after_ms = Some(12_000);
    assert!(reply(&paged).contains("run-1. There is nothing to do for 12 seconds. Call"));
    paged.reply.status = Status::Completed;
    paged.reply.result = Some(json!({"success": true}));
    assert_eq!(
        reply(&paged),
        "Workflow `demo` is completed. Its result:\n\n{\"success\":true}\nNo further calls for run run-1."
    );
    paged.reply.status = Status::Failed;
    paged.reply.result = None;
    paged.reply.error = Some(RunError {
        code: "boom".into(),
        message: "it broke".into(),
        step_id: Some("the-step".into()),
        help: Some("mend it".into()),
    });
    assert_eq!(
        reply(&paged),
        "Workflow `demo` failed at step `the-step`: it broke\nTo do: mend it\nNo further calls for run run-1."
    );
}

#[test]
fn the_structured_reply_says_what_to_do_before_what_with() {
    let paged = replying("shell", json!({"command": "ls"}), json!({"type": "object"}));
    let step = serde_json::to_value(&paged.reply.step).unwrap();
    let last: Vec<_> = step.as_object().unwrap().iter().rev().take(2).collect();
    assert_eq!(last[0], (&"command".to_owned(), &json!("ls")));
    assert_eq!(last[1], (&"to_do".to_owned(), &json!("Run this command as it is.")));
}
