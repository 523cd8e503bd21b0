//! A workflow in the builds that come of its author's edits, with what may go on under which.
//!
//! | build | version | is |
//! |---|---|---|
//! | 0 | 1.0.0 | as it was written |
//! | 1 | 1.0.0 | in other words |
//! | 2 | 1.0.0 | with a field that is written behind the first step, and read at the end |
//! | 3 | 2.0.0 | with another kind of answer at the end, and from its children |
//!
//! It asks, works off `parts`, asks once more, and gives all three answers. `each` says how the
//! children are worked off, as in a script.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Any, CONFIRM, LIST, TEXT, step, write};
use crate::data::Mismatch;
use crate::machine::{
    Action, ChildStart, Compiled, Context, Fault, Fork, Info, Live, Next, Position, Program,
    PromptKind, Run, StepInfo, Stop, Wait, Workflow,
};

/// How many builds there are
pub(crate) const BUILDS: usize = 4;

/// The build that reads `extra`
const WITH_EXTRA: usize = 2;

/// The build of the second version
const SECOND: usize = 3;

/// Whether a run of one build that waits at a step can go on under another
pub(crate) fn takes_over(at: &str, from: usize, to: usize) -> bool {
    let same_version = (from == SECOND) == (to == SECOND);
    match (at, to) {
        _ if from == to => true,
        _ if from == SECOND => false,
        ("work", _) => same_version,
        (_, WITH_EXTRA) => at == "first",
        (_, SECOND) => at == "first",
        _ => true,
    }
}

/// Which build a fingerprint is of
pub(crate) fn build_of(fingerprint: &str) -> Option<usize> {
    fingerprint.strip_prefix("course-").or(fingerprint.strip_prefix("part-"))?.parse().ok()
}

/// The workflow in one build
pub(crate) struct Course<const BUILD: usize>;

/// One of its parts
pub(crate) struct Part<const BUILD: usize>;

/// Where a course, or a part, waits
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place(&'static str);

const STEPS: [&str; 4] = ["first", "each", "last", "end"];

impl Position for Place {
    fn to_json(&self) -> Value {
        json!({"at": self.0})
    }

    fn from_json(value: &Value) -> Result<Self, Mismatch> {
        let at = ["first", "each", "last", "work"].into_iter().find(|at| value["at"] == *at);
        at.map(Self).ok_or_else(|| Mismatch {
            path: String::new(),
            expected: "a position".to_owned(),
            found: value.to_string(),
        })
    }
}

const FIRST: Live = Live::new("prompt text", "string", 1).at("first").inputs(&["parts", "each"]);
const EACH: Live = Live::new("foreach", "list<string>", 2).at("each").state(&[("first", "string")]);
const LAST: Live = Live::new("prompt text", "string", 1)
    .at("last")
    .state(&[("first", "string"), ("parts", "any")]);

const COURSE_STEPS: &[StepInfo] = &[
    step("first", "prompt", 0),
    step("each", "foreach", 1),
    step("last", "prompt", 2),
    step("end", "return", 3),
];
const PART_STEPS: &[StepInfo] = &[step("work", "prompt", 0)];

const WORK: &[Live] = &[Live::new("prompt text", "string", 1).at("work").item()];
const PLAIN: &[Live] = &[FIRST, EACH, LAST];
const EXTRA: &[Live] = &[
    FIRST,
    EACH.state(&[("extra", "string"), ("first", "string")]),
    LAST.state(&[("extra", "string"), ("first", "string"), ("parts", "any")]),
];
const CONFIRMED: &[Live] = &[
    FIRST,
    Live::new("foreach", "list<list<any>>", 2).at("each").state(&[("first", "string")]),
    Live::new("prompt confirm", "object{confirmed: bool}", 3)
        .at("last")
        .state(&[("first", "string"), ("parts", "any")]),
];

const fn course(
    build: usize,
    version: &'static str,
    fingerprint: &'static str,
    positions: &'static [Live],
) -> Info {
    Info {
        name: "test:course",
        version,
        description: "",
        tags: &[],
        file: "workflows/course.yaml",
        fingerprint,
        input_schema: r#"{"type": "object", "properties": {"parts": {"type": "array"},
            "each": {"type": "object"}}, "required": ["parts", "each"]}"#,
        steps: COURSE_STEPS,
        top_level_steps: 4,
        inline_task: false,
        inputs: &[("parts", "list<any>"), ("each", "any")],
        state: if build == WITH_EXTRA {
            &[("extra", "string?"), ("first", "string?"), ("parts", "any")]
        } else {
            &[("first", "string?"), ("parts", "any")]
        },
        item: "any",
        result: "any",
        positions,
        source: "",
        diagram: "",
        picture: "",
    }
}

const fn part(version: &'static str, fingerprint: &'static str, result: &'static str) -> Info {
    Info {
        name: "test:course/part",
        version,
        description: "",
        tags: &[],
        file: "workflows/course.yaml",
        fingerprint,
        input_schema: r#"{"type": "object", "properties": {}}"#,
        steps: PART_STEPS,
        top_level_steps: 1,
        inline_task: true,
        inputs: &[],
        state: &[],
        item: "any",
        result,
        positions: WORK,
        source: "",
        diagram: "",
        picture: "",
    }
}

static COURSES: [Info; BUILDS] = [
    course(0, "1.0.0", "course-0", PLAIN),
    course(1, "1.0.0", "course-1", PLAIN),
    course(2, "1.0.0", "course-2", EXTRA),
    course(3, "2.0.0", "course-3", CONFIRMED),
];

static PARTS: [Info; BUILDS] = [
    part("1.0.0", "part-0", "string"),
    part("1.0.0", "part-1", "string"),
    part("1.0.0", "part-2", "string"),
    part("2.0.0", "part-3", "list<string>"),
];

/// The workflow in a build, and the task of its parts
pub(super) fn programs<const BUILD: usize>() -> [Arc<dyn Program>; 2] {
    [Arc::new(Compiled::new(&Course::<BUILD>)), Arc::new(Compiled::new(&Part::<BUILD>))]
}

fn asks<W: Workflow<Position = Place>>(at: &'static str, kind: PromptKind, words: &str) -> Next<W> {
    let schema = if kind == PromptKind::Confirm { CONFIRM } else { TEXT };
    let message = words.to_owned();
    let action = Action::Prompt { kind, message, options: vec![], user_only: false };
    Next::Wait(Place(at), Wait { action, result_schema: schema, timeout: None, retry: None })
}

impl<const BUILD: usize> Workflow for Course<BUILD> {
    type Inputs = Any;
    type State = Any;
    type Item = Any;
    type Block = usize;
    type Position = Place;

    const INFO: &'static Info = &COURSES[BUILD];

    fn initial(_: &Any, _: &Any, _: &mut Context) -> Result<Any, Fault> {
        Ok(Any(match BUILD {
            WITH_EXTRA => json!({"extra": null, "first": null, "parts": null}),
            _ => json!({"first": null, "parts": null}),
        }))
    }

    fn entry() -> usize {
        0
    }

    fn step_of(block: &usize) -> usize {
        *block
    }

    fn waiting_step(position: &Place) -> usize {
        STEPS.iter().position(|step| *step == position.0).unwrap_or_default()
    }

    fn run(block: usize, run: &mut Run<Self>, _: &mut Context) -> Result<Next<Self>, Fault> {
        let state = &run.state.0;
        match block {
            0 => Ok(asks("first", PromptKind::Text, &format!("what first, in build {BUILD}"))),
            1 => Ok(fork(&run.inputs.0)),
            2 if BUILD == SECOND => Ok(asks("last", PromptKind::Confirm, "is that all")),
            2 => Ok(asks("last", PromptKind::Text, "what last")),
            _ if BUILD == WITH_EXTRA && !state["extra"].is_string() => {
                Err(Fault::new("lost-field", "what this build reads was never written"))
            }
            _ => Ok(Next::Return(json!([state["first"], state["parts"]]))),
        }
    }

    fn resume(
        position: Place,
        answer: &Value,
        run: &mut Run<Self>,
        cx: &mut Context,
    ) -> Result<Next<Self>, Stop> {
        match position.0 {
            "first" => {
                write(run, cx, "first", answer.clone());
                if BUILD == WITH_EXTRA {
                    write(run, cx, "extra", answer.clone());
                }
                Ok(Next::Go(1))
            }
            "each" => {
                // A result is of the type that this build's children give.
                let fits = |part: &Value| {
                    part.is_null()
                        || if BUILD == SECOND { part.is_array() } else { part.is_string() }
                };
                if !answer.as_array().is_some_and(|parts| parts.iter().all(fits)) {
                    return Err(Fault::new("lost-type", "a part is not what it should be").into());
                }
                write(run, cx, "parts", answer.clone());
                Ok(Next::Go(2))
            }
            _ => Ok(Next::Go(3)),
        }
    }
}

fn fork<W: Workflow<Position = Place>>(inputs: &Value) -> Next<W> {
    let each = &inputs["each"];
    let parts = inputs["parts"].as_array().cloned().unwrap_or_default();
    let child = |item: Value| ChildStart { item, inputs: serde_json::Map::new() };
    let fork = Fork {
        program: "test:course/part".to_owned(),
        children: parts.into_iter().map(child).collect(),
        agent: each["agent"].as_str().map(str::to_owned),
        concurrency: usize::try_from(each["at_once"].as_u64().unwrap_or(1)).unwrap_or(1),
        keep_errors: each["keep"] == true,
    };
    let retry = serde_json::from_value(each["retry"].clone()).ok();
    let timeout = each["timeout"].as_f64();
    let action = Action::Foreach(fork);
    Next::Wait(Place("each"), Wait { action, result_schema: LIST, timeout, retry })
}

impl<const BUILD: usize> Workflow for Part<BUILD> {
    type Inputs = Any;
    type State = Any;
    type Item = Any;
    type Block = ();
    type Position = Place;

    const INFO: &'static Info = &PARTS[BUILD];

    fn initial(_: &Any, _: &Any, _: &mut Context) -> Result<Any, Fault> {
        Ok(Any(json!({})))
    }

    fn entry() {}

    fn step_of((): &()) -> usize {
        0
    }

    fn waiting_step(_: &Place) -> usize {
        0
    }

    fn run((): (), run: &mut Run<Self>, _: &mut Context) -> Result<Next<Self>, Fault> {
        Ok(asks("work", PromptKind::Text, &format!("work off {}", run.item.0)))
    }

    fn resume(
        _: Place,
        answer: &Value,
        _: &mut Run<Self>,
        _: &mut Context,
    ) -> Result<Next<Self>, Stop> {
        Ok(Next::Return(if BUILD == SECOND { json!([answer]) } else { answer.clone() }))
    }
}
