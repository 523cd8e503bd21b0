//! Hand-written workflows for tests, in the shape that the compiler gives its own.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the blocks have the shape that the trait gives them"
)]

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    Action, ChildStart, Compiled, Context, Fault, Fork, Info, Next, Position, Program, PromptKind,
    Refusal, Run, StepInfo, Stop, Variables, Wait, Workflow,
};
use crate::data::{Data, Mismatch, Object};
use crate::generated::render;
use crate::registry::Registry;

/// Any JSON value
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Any(pub(crate) Value);

impl Data for Any {
    fn to_json(&self) -> Value {
        self.0.clone()
    }

    fn from_json(value: &Value) -> Result<Self, Mismatch> {
        Ok(Self(value.clone()))
    }
}

impl Variables for Any {
    const TYPES: &'static [(&'static str, &'static str)] = &[];

    fn to_object(&self) -> Object {
        self.0.as_object().cloned().unwrap_or_default()
    }

    fn read(object: &Object, _: &dyn Fn(&str) -> bool) -> Result<Self, Mismatch> {
        Ok(Self(Value::Object(object.clone())))
    }
}

/// Where a sample waits
#[derive(Clone, Debug)]
pub(crate) struct At(usize);

impl Position for At {
    fn to_json(&self) -> Value {
        self.0.into()
    }

    fn from_json(value: &Value) -> Result<Self, Mismatch> {
        let number = value.as_u64().and_then(|number| usize::try_from(number).ok());
        number.map(Self).ok_or_else(|| Mismatch {
            path: String::new(),
            expected: "a position".to_owned(),
            found: value.to_string(),
        })
    }
}

const TEXT: &str = r#"{"type": "string"}"#;
const ANYTHING: &str = "{}";
const LIST: &str = r#"{"type": "array"}"#;
const CONFIRM: &str = r#"{"type": "object", "properties": {"confirmed": {"type": "boolean"}},
    "required": ["confirmed"], "additionalProperties": false}"#;

pub(crate) fn registry() -> Arc<Registry> {
    Arc::new(Registry::new(vec![
        Arc::new(Compiled::new(&Plan)),
        Arc::new(Compiled::new(&Fan)),
        Arc::new(Compiled::new(&FanChild)),
        Arc::new(Compiled::new(&Note)),
        Arc::new(Compiled::new(&Spin)),
        Arc::new(Compiled::new(&Grow)),
        Arc::new(Compiled::new(&Slow)),
        Arc::new(Compiled::new(&Deep)),
        Arc::new(Compiled::new(&Count)),
        Arc::new(Compiled::new(&Tell)),
        Arc::new(Compiled::new(&script::Script)),
    ]))
}

/// All of them, and the workflow that there are several builds of in these
pub(crate) fn registry_with(builds: &[usize]) -> Arc<Registry> {
    let mut registry = Registry::clone(&registry());
    for build in builds {
        let programs: [Arc<dyn Program>; 2] = match build {
            0 => course::programs::<0>(),
            1 => course::programs::<1>(),
            2 => course::programs::<2>(),
            _ => course::programs::<3>(),
        };
        programs.into_iter().for_each(|program| registry.register(program));
    }
    Arc::new(registry)
}

pub(crate) fn program<W: Workflow>(workflow: &'static W) -> Box<dyn Program> {
    Box::new(Compiled::new(workflow))
}

const fn step(id: &'static str, kind: &'static str, top: usize) -> StepInfo {
    StepInfo { id, kind, line: 1, top }
}

macro_rules! info {
    ($name:literal, $inputs:literal, $task:literal, $steps:expr) => {
        &Info {
            name: $name,
            file: concat!("workflows/file-of-", $name, ".yaml"),
            fingerprint: concat!($name, "-f1"),
            input_schema: $inputs,
            steps: $steps,
            top_level_steps: $steps.len(),
            inline_task: $task,
            item: "any",
            source: concat!("name: ", $name, "\nversion: 1.0.0\n"),
            diagram: "flowchart TD\n    n0([\"start\"])\n",
            ..Info::UNKNOWN
        }
    };
}

/// The types and the plain parts that all samples share: block `n` belongs to step `n`, and so does
/// block `100 + n`; what waits at position `100 + n` has the block `200 + n` for its failure
macro_rules! sample {
    ($name:ident, $info:expr, $initial:expr) => {
        pub(crate) struct $name;

        impl Workflow for $name {
            type Inputs = Any;
            type State = Any;
            type Item = Any;
            type Block = usize;
            type Position = At;

            const INFO: &'static Info = $info;

            fn initial(inputs: &Any, _: &Any, _: &mut Context) -> Result<Any, Fault> {
                let initial: fn(&Value) -> Result<Value, Fault> = $initial;
                initial(&inputs.0).map(Any)
            }

            fn entry() -> usize {
                0
            }

            fn step_of(block: &usize) -> usize {
                *block % 100
            }

            fn waiting_step(position: &At) -> usize {
                position.0 % 100
            }

            fn failed(position: &At) -> Option<usize> {
                (position.0 >= 100).then_some(position.0 + 100)
            }

            fn run(
                block: usize,
                run: &mut Run<Self>,
                cx: &mut Context,
            ) -> Result<Next<Self>, Fault> {
                Self::block(block, run, cx)
            }

            fn resume(
                position: At,
                answer: &Value,
                run: &mut Run<Self>,
                cx: &mut Context,
            ) -> Result<Next<Self>, Stop> {
                Self::answer(position.0, answer, run, cx)
            }
        }
    };
}

pub(crate) mod course;
mod script;

fn write<W: Workflow<State = Any>>(
    run: &mut Run<W>,
    cx: &mut Context,
    field: &'static str,
    value: Value,
) {
    cx.wrote(field, &Any(value.clone()));
    run.state.0[field] = value;
}

fn prompt<W: Workflow<Position = At>>(at: usize, message: &str) -> Next<W> {
    waits(
        at,
        Action::Prompt {
            kind: PromptKind::Text,
            message: message.to_owned(),
            options: vec![],
            user_only: false,
        },
        TEXT,
    )
}

fn waits<W: Workflow<Position = At>>(at: usize, action: Action, schema: &'static str) -> Next<W> {
    Next::Wait(At(at), Wait { action, result_schema: schema, timeout: None, retry: None })
}

// Asks until the answer is not `again`, asks for approval, gives back its whole state.
sample!(
    Plan,
    info!(
        "test:plan",
        r#"{"type": "object", "properties": {"task": {"type": "string", "minLength": 1},
            "tone": {"type": "string", "default": "calm"}}, "required": ["task"]}"#,
        false,
        &[
            step("ask", "prompt", 0),
            step("count", "set_state", 1),
            step("check", "condition", 2),
            step("approve", "prompt", 3),
            step("finish", "return", 4),
        ]
    ),
    |inputs| if inputs["task"] == "fault" {
        Err(Fault::new("index-out-of-range", "the list has no item 3"))
    } else {
        Ok(json!({"asked": 0, "answer": null, "approval": null, "ids": []}))
    }
);

impl Plan {
    fn block(block: usize, run: &mut Run<Self>, cx: &mut Context) -> Result<Next<Self>, Fault> {
        Ok(match block {
            0 => prompt(0, &format!("what about {}", run.inputs.0["task"])),
            1 => {
                let asked = run.state.0["asked"].as_i64().unwrap_or(0) + 1;
                write(run, cx, "asked", asked.into());
                let ids = json!([cx.uuid(), cx.random()]);
                write(run, cx, "ids", ids);
                Next::Go(2)
            }
            2 if run.state.0["answer"] == "again" => Next::Go(0),
            2 if run.state.0["answer"] == "panic" => panic!("the host function gave up"),
            2 if run.state.0["answer"] == "odd" => {
                return Err(Fault::new("odd-answer", "nothing follows from it"));
            }
            2 => Next::Go(3),
            3 => {
                let kind = PromptKind::Confirm;
                let message = "is it good".to_owned();
                waits(
                    3,
                    Action::Prompt { kind, message, options: vec![], user_only: false },
                    CONFIRM,
                )
            }
            _ => Next::Return(run.state.0.clone()),
        })
    }

    fn answer(
        at: usize,
        answer: &Value,
        run: &mut Run<Self>,
        cx: &mut Context,
    ) -> Result<Next<Self>, Stop> {
        if answer == "refuse me" {
            return Err(Stop::Refused(Refusal { message: "expected a kind word".to_owned() }));
        }
        let field = if at == 0 { "answer" } else { "approval" };
        write(run, cx, field, answer.clone());
        Ok(Next::Go(at + 1))
    }
}

// Runs `test:fan/each` for each of its items, gives back the results.
sample!(
    Fan,
    info!(
        "test:fan",
        r#"{"type": "object", "properties": {"items": {"type": "array"},
            "agent": {"type": "string"}, "at_once": {"type": "integer", "default": 10},
            "keep": {"type": "boolean", "default": false}}, "required": ["items"]}"#,
        false,
        &[step("each", "foreach", 0), step("finish", "return", 1)]
    ),
    |_| Ok(json!({"results": null}))
);

impl Fan {
    fn block(block: usize, run: &mut Run<Self>, _: &mut Context) -> Result<Next<Self>, Fault> {
        if block > 0 {
            return Ok(Next::Return(run.state.0["results"].clone()));
        }
        let inputs = &run.inputs.0;
        let items = inputs["items"].as_array().cloned().unwrap_or_default();
        let start = |item: Value| ChildStart { inputs: serde_json::Map::new(), item };
        let fork = Fork {
            program: "test:fan/each".to_owned(),
            children: items.into_iter().map(start).collect(),
            agent: inputs["agent"].as_str().map(str::to_owned),
            concurrency: usize::try_from(inputs["at_once"].as_u64().unwrap_or(1)).unwrap_or(1),
            keep_errors: inputs["keep"] == true,
        };
        Ok(waits(0, Action::Foreach(fork), LIST))
    }

    fn answer(
        _: usize,
        answer: &Value,
        run: &mut Run<Self>,
        cx: &mut Context,
    ) -> Result<Next<Self>, Stop> {
        write(run, cx, "results", answer.clone());
        Ok(Next::Go(1))
    }
}

// Asks one thing about its item; the item `auto` needs no answer, `bad` fails at once.
sample!(
    FanChild,
    info!(
        "test:fan/each",
        r#"{"type": "object", "properties": {}}"#,
        true,
        &[step("work", "prompt", 0)]
    ),
    |_| Ok(json!({}))
);

impl FanChild {
    fn block(_: usize, run: &mut Run<Self>, _: &mut Context) -> Result<Next<Self>, Fault> {
        match run.item.0.as_str() {
            Some("auto") => Ok(Next::Return("by itself".into())),
            Some("bad") => Err(Fault::new("bad-item", "the item is bad")),
            _ => Ok(prompt(0, &format!("do {}", run.item.0))),
        }
    }

    fn answer(
        _: usize,
        answer: &Value,
        run: &mut Run<Self>,
        _: &mut Context,
    ) -> Result<Next<Self>, Stop> {
        Ok(Next::Return(json!([run.place.index, run.place.total, run.item.0, answer])))
    }
}

// Calls the tool it is told, then a second one, gives back both results.
sample!(
    Note,
    info!(
        "test:note",
        r#"{"type": "object", "properties": {"first": {}, "second": {}}}"#,
        false,
        &[step("first", "mcp_call", 0), step("second", "mcp_call", 1), step("finish", "return", 2)]
    ),
    |_| Ok(json!({"first": null, "second": null}))
);

impl Note {
    fn block(block: usize, run: &mut Run<Self>, _: &mut Context) -> Result<Next<Self>, Fault> {
        let call = match block {
            0 => &run.inputs.0["first"],
            1 => &run.inputs.0["second"],
            _ => return Ok(Next::Return(json!([run.state.0["first"], run.state.0["second"]]))),
        };
        let tool = call["tool"].as_str().unwrap_or_default().to_owned();
        let parameters = call["parameters"].as_object().cloned().unwrap_or_default();
        Ok(waits(block, Action::McpCall { tool, parameters }, ANYTHING))
    }

    fn answer(
        at: usize,
        answer: &Value,
        run: &mut Run<Self>,
        cx: &mut Context,
    ) -> Result<Next<Self>, Stop> {
        write(run, cx, if at == 0 { "first" } else { "second" }, answer.clone());
        Ok(Next::Go(at + 1))
    }
}

// Jumps for ever.
sample!(
    Spin,
    info!(
        "test:spin",
        r#"{"type": "object", "properties": {}}"#,
        false,
        &[step("spin", "set_state", 0), step("back", "goto", 1)]
    ),
    |_| Ok(json!({"n": 0}))
);

impl Spin {
    fn block(block: usize, run: &mut Run<Self>, cx: &mut Context) -> Result<Next<Self>, Fault> {
        if block == 0 {
            let n = run.state.0["n"].as_i64().unwrap_or(0) + 1;
            write(run, cx, "n", n.into());
        }
        Ok(Next::Go(1 - block))
    }

    fn answer(_: usize, _: &Value, _: &mut Run<Self>, _: &mut Context) -> Result<Next<Self>, Stop> {
        Ok(Next::Go(0))
    }
}

// Doubles a text for ever.
sample!(
    Grow,
    info!(
        "test:grow",
        r#"{"type": "object", "properties": {}}"#,
        false,
        &[step("grow", "set_state", 0)]
    ),
    |_| Ok(json!({"text": "0123456789abcdef"}))
);

impl Grow {
    fn block(_: usize, run: &mut Run<Self>, cx: &mut Context) -> Result<Next<Self>, Fault> {
        let text = run.state.0["text"].as_str().unwrap_or_default().repeat(2);
        write(run, cx, "text", text.into());
        Ok(Next::Go(0))
    }

    fn answer(_: usize, _: &Value, _: &mut Run<Self>, _: &mut Context) -> Result<Next<Self>, Stop> {
        Ok(Next::Go(0))
    }
}

// Waits a minute, then asks with half a minute to answer.
sample!(
    Slow,
    info!(
        "test:slow",
        r#"{"type": "object", "properties": {}}"#,
        false,
        &[step("pause", "wait", 0), step("ask", "prompt", 1),]
    ),
    |_| Ok(json!({"waited": null}))
);

impl Slow {
    fn block(block: usize, _: &mut Run<Self>, cx: &mut Context) -> Result<Next<Self>, Fault> {
        if block == 0 {
            let resume_at = cx.now().0 + jiff::SignedDuration::from_secs(60);
            return Ok(waits(0, Action::Wait { resume_at, message: None }, ANYTHING));
        }
        match prompt(1, "quick") {
            Next::Wait(at, wait) => Ok(Next::Wait(at, Wait { timeout: Some(30.0), ..wait })),
            next => Ok(next),
        }
    }

    fn answer(
        at: usize,
        answer: &Value,
        run: &mut Run<Self>,
        cx: &mut Context,
    ) -> Result<Next<Self>, Stop> {
        if at > 0 {
            return Ok(Next::Return(run.state.0["waited"].clone()));
        }
        write(run, cx, "waited", answer["waited_seconds"].clone());
        Ok(Next::Go(1))
    }
}

// Runs itself as its own child.
sample!(
    Deep,
    info!(
        "test:deep",
        r#"{"type": "object", "properties": {}}"#,
        false,
        &[step("down", "foreach", 0)]
    ),
    |_| Ok(json!({}))
);

impl Deep {
    fn block(_: usize, _: &mut Run<Self>, _: &mut Context) -> Result<Next<Self>, Fault> {
        let fork = Fork {
            program: "test:deep".to_owned(),
            children: vec![ChildStart { item: json!(1), inputs: serde_json::Map::new() }],
            agent: None,
            concurrency: 1,
            keep_errors: false,
        };
        Ok(waits(0, Action::Foreach(fork), LIST))
    }

    fn answer(
        _: usize,
        answer: &Value,
        _: &mut Run<Self>,
        _: &mut Context,
    ) -> Result<Next<Self>, Stop> {
        Ok(Next::Return(answer.clone()))
    }
}

// Counts as far as it is told, one update of the state after the other.
sample!(
    Count,
    info!(
        "test:count",
        r#"{"type": "object", "properties": {"to": {"type": "integer"}}, "required": ["to"]}"#,
        false,
        &[step("count", "set_state", 0), step("again", "goto", 1)]
    ),
    |_| Ok(json!({"n": 0}))
);

impl Count {
    fn block(block: usize, run: &mut Run<Self>, cx: &mut Context) -> Result<Next<Self>, Fault> {
        let n = run.state.0["n"].as_i64().unwrap_or(0);
        if block == 0 {
            write(run, cx, "n", (n + 1).into());
            return Ok(Next::Go(1));
        }
        let done = run.inputs.0["to"].as_i64().is_none_or(|to| n >= to);
        Ok(if done { Next::Return(n.into()) } else { Next::Go(0) })
    }

    fn answer(_: usize, _: &Value, _: &mut Run<Self>, _: &mut Context) -> Result<Next<Self>, Stop> {
        Ok(Next::Go(0))
    }
}

// Tells a text that is so many KiB long, and asks whether it was read.
sample!(
    Tell,
    info!(
        "test:tell",
        r#"{"type": "object", "properties": {"kib": {"type": "integer"}}, "required": ["kib"]}"#,
        false,
        &[step("tell", "prompt", 0)]
    ),
    |_| Ok(json!({}))
);

#[derive(askama::Template)]
#[template(ext = "txt", escape = "none", source = "{{ text }}")]
struct Told {
    text: String,
}

impl Tell {
    fn block(_: usize, run: &mut Run<Self>, _: &mut Context) -> Result<Next<Self>, Fault> {
        let kib = run.inputs.0["kib"].as_u64().and_then(|kib| usize::try_from(kib).ok());
        let text = "x".repeat(kib.unwrap_or(0) << 10);
        Ok(prompt(0, &render(&Told { text })?))
    }

    fn answer(
        _: usize,
        answer: &Value,
        _: &mut Run<Self>,
        _: &mut Context,
    ) -> Result<Next<Self>, Stop> {
        Ok(Next::Return(answer.clone()))
    }
}
