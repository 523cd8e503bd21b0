//! The generated machine at work, typed and untyped.

use jiff::SignedDuration;
use serde_json::{Value, json};
use workflow_runtime::data::{Data, Number};
use workflow_runtime::generated::Handle;
use workflow_runtime::machine::{
    Action, Answer, AnsweredBy, Env, Event, Pending, Place, PromptKind, Snapshot, Start, Stop,
};
use workflow_runtime::registry::Registry;
use workflow_runtime::typed;

use crate::expanded;
use crate::golden::everything::{
    Approval, Inputs, ItemsItem, Machine, Options, PickAnswer, Waiting,
};
use crate::golden::{everything_part, registry};

fn env() -> Env {
    Env::new("2026-01-31T12:00:00Z".parse().unwrap(), 7)
}

fn inputs() -> Inputs {
    Inputs {
        task: "a {{ b }} task".to_owned(),
        limit: Number::Int(2),
        tags: vec!["x".to_owned(), "y".to_owned()],
        note: None,
        options: Options { depth: 3, type_: "t".to_owned() },
    }
}

fn text(action: &Action) -> &str {
    match action {
        Action::Prompt { message, .. } => message,
        Action::Delegate { instructions, .. } | Action::Call { instructions, .. } => instructions,
        other => panic!("no text in {other:?}"),
    }
}

/// The handle that a run waits with
macro_rules! expect {
    ($variant:ident, $waiting:expr) => {
        match $waiting {
            Waiting::$variant(handle) => handle,
            other => panic!("{} is not {other:?}", stringify!($variant)),
        }
    };
}

/// As far as the report
fn report() -> Handle<Machine, Approval> {
    let gather = expect!(Gather, typed::start::<Machine>(inputs(), env()).unwrap());
    assert_eq!(gather.run().state.memo, json!("for {a {{ b }} task}: short"));
    assert_eq!(
        text(&gather.wait().action),
        "I'll help you with \"a {{ b }} task\", at 2026-01-31T12:00:00Z.\nGo {{3}!"
    );
    let pick = expect!(Pick, gather.answer("needs".to_owned(), env()).unwrap());
    let Action::Prompt { options, .. } = &pick.wait().action else { panic!() };
    assert_eq!(options, &["a", "b0"]);
    let picked = PickAnswer { selected: "a".to_owned() };
    let merge = expect!(Merge, pick.answer(picked, env()).unwrap());
    assert_eq!(text(&merge.wait().action), "Merge nee into:\nneeds");
    let research = expect!(Research, merge.answer("wants".to_owned(), env()).unwrap());
    let state = &research.run().state;
    assert_eq!(state.requirements.as_deref(), Some("{nee} 5: wants"));
    assert_eq!(state.count, -1);
    let Action::Foreach(fork) = &research.wait().action else { panic!() };
    let names: Vec<_> = fork.children.iter().map(|child| &child.inputs["part"]["name"]).collect();
    assert_eq!(names, ["NEEDS", "x-0"]);
    let spread = expect!(Spread, research.answer(vec![json!(1)], env()).unwrap());
    let Action::Foreach(fork) = &spread.wait().action else { panic!() };
    assert_eq!(json!(fork.children[1].inputs), json!({"part": "y"}));
    expect!(Report, spread.answer(Value::Null, env()).unwrap())
}

#[test]
fn a_typed_run_goes_from_wait_to_wait() {
    let report = report();
    let uuid = {
        let (before, after) = text(&report.wait().action).rsplit_once("] ").unwrap();
        assert!(before.starts_with("# Report: {nee} 5: wants\n{{ raw }} {# kept #}\nratio 0.5\n"));
        after.trim_end().to_owned()
    };
    assert_eq!(uuid.len(), 36);
    assert!(
        text(&report.wait().action)
            .contains("\n1. NEEDS NEEDS x/1,\n2. x-0 X-0\n*x*y\n0k=-1[truex](truexy]\n[\n")
    );
    assert_eq!(report.wait().timeout, Some(90.0));
    let save = expect!(Save, report.answer(Approval { confirmed: true }, env()).unwrap());
    let Action::McpCall { tool, parameters } = &save.wait().action else { panic!() };
    assert_eq!(tool, "memory.save");
    assert!(parameters["key"].as_str().unwrap().starts_with("plan_"));
    assert_eq!(
        parameters["value"],
        json!({"plan": "{nee} 5: wants", "approved": true, "timestamp": "2026-01-31T12:00:00Z"})
    );
    let Waiting::Returned(output) = save.answer(json!({"id": "m1"}), env()).unwrap() else {
        panic!()
    };
    assert!(output.success);
    assert_eq!(output.items[1], ItemsItem { name: "x-0".to_owned(), size: 0 });
}

#[test]
fn a_fault_in_a_step_is_given_back() {
    let save = expect!(Save, report().answer(Approval { confirmed: true }, env()).unwrap());
    // The step reads a field of the answer.
    let Err(Stop::Failed(fault)) = save.answer(json!("text"), env()) else { panic!() };
    assert_eq!(fault.code, "no-such-field");
}

#[test]
fn a_child_knows_its_item_and_place() {
    let item = everything_part::Part { name: "p".to_owned(), size: 4 };
    let place = Place { index: 1, total: 3 };
    let inputs = everything_part::Inputs { part: item.clone() };
    let waiting = typed::start_child::<everything_part::Machine>(inputs, item, place, env());
    let everything_part::Waiting::Returned(output) = waiting.unwrap();
    assert_eq!(output.to_json(), json!({"label": "2/3 p", "last": true, "size": 4}));
}

#[test]
fn the_program_checks_answers_and_survives_json() {
    let registry = registry();
    let program = registry.get("test:everything").unwrap();
    let start =
        Start { inputs: json!({"task": "t"}).as_object().unwrap().clone(), ..Start::default() };
    let mut events = program.begin(start, env()).unwrap();
    let refused =
        program.resume(&fold(&events), Answer::Result(json!(1)), AnsweredBy::Agent, env());
    assert!(refused.unwrap_err().message.contains("string"));
    for answer in [json!("needs"), json!({"selected": "b"}), json!("wants"), json!([]), json!([])] {
        let more = program.resume(&fold(&events), Answer::Result(answer), AnsweredBy::Agent, env());
        events.extend(more.unwrap());
        let position = fold(&events).position;
        assert!(position.is_some(), "{:?}", events.last());
    }
    let steps: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Stepped { step, .. } => Some(step.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(steps, ["gather", "pick", "compute", "check", "merge", "research", "spread"]);
    assert_eq!(fold(&events).pending.unwrap().step_id, "report");
}

fn fold(events: &[Event]) -> Snapshot {
    Snapshot::fold(events).unwrap()
}

#[test]
fn expanded_templates_give_the_same_texts() {
    let start =
        Start { inputs: json!({"task": "t"}).as_object().unwrap().clone(), ..Start::default() };
    let events = |registry: Registry| {
        registry.get("test:everything").unwrap().begin(start.clone(), env()).unwrap()
    };
    assert_eq!(events(registry()), events(expanded::registry()));
}

/// Answers what the run waits for, some seconds after it was handed out
fn answered(events: &mut Vec<Event>, value: Value, by: AnsweredBy, seconds: f64) {
    let registry = registry();
    let run = fold(events);
    let now = run.pending.as_ref().unwrap().since + SignedDuration::from_secs_f64(seconds);
    let program = registry.get("test:actions").unwrap();
    let env = Env { now, ..env() };
    events.extend(program.resume(&run, Answer::Result(value), by, env).unwrap());
}

fn pending(events: &[Event]) -> Pending {
    fold(events).pending.unwrap()
}

#[test]
fn commands_time_choices_and_workflows_are_waited_for() {
    let inputs = json!({"file": "a.rs", "names": ["x", "y", "x"]});
    let start = Start { inputs: inputs.as_object().unwrap().clone(), ..Start::default() };
    let mut events = registry().get("test:actions").unwrap().begin(start, env()).unwrap();
    assert_eq!(pending(&events).action, Action::Shell { command: "cargo test A.RS".to_owned() });
    answered(&mut events, json!({"stdout": "ok", "exit_code": 90}), AnsweredBy::Agent, 2.5);
    // What was answered is kept as it was given; what is measured is not part of it.
    assert!(events.iter().any(|event| matches!(
        event,
        Event::Answered { answer: Answer::Result(given), .. }
            if *given == json!({"stdout": "ok", "exit_code": 90})
    )));
    let wait = pending(&events);
    let resume_at = wait.since + SignedDuration::from_secs(90);
    let message = Some("Watch a.rs".to_owned());
    assert_eq!(wait.action, Action::Wait { resume_at, message });
    answered(&mut events, Value::Null, AnsweredBy::Server, 91.0);
    let choice = pending(&events);
    assert_eq!(choice.result_schema["properties"]["selected"]["enum"], json!(["x", "y"]));
    answered(&mut events, json!({"selected": "y"}), AnsweredBy::Agent, 1.0);
    let Action::Prompt { kind: PromptKind::Info, user_only: true, .. } = pending(&events).action
    else {
        panic!("{:?}", events.last())
    };
    answered(&mut events, json!({"acknowledged": true}), AnsweredBy::User, 1.0);
    let Action::Foreach(fork) = pending(&events).action else { panic!() };
    assert_eq!(json!(fork.children[0].inputs), json!({"part": {"name": "a.rs", "size": 2}}));
    answered(&mut events, json!([{"label": "l"}]), AnsweredBy::Server, 1.0);
    let expected = json!({"duration": 2.5, "waited": 91.0, "selected": "y", "label": "l"});
    assert_eq!(fold(&events).result, Some(expected));
}
