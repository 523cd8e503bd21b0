//! A program of the actions that `everything` has no room for: commands, time, choices that are
//! computed, a workflow within the workflow.

use serde_json::json;
use workflow_compiler::typed::{Action, Block, Children, End, Expr, ExprKind, Program, Step};
use workflow_compiler::types::Ty;

use super::build::*;

// Kept values: what each step but the last is answered
const TESTS: usize = 0;
const PAUSE: usize = 1;
const CHOICE: usize = 2;
// 3 is not read
const RESULTS: usize = 4;

/// The program
pub fn actions() -> Program {
    let mut program = program("test:actions", "actions");
    program.inputs = vec![input("file", Ty::String, ""), input("names", Ty::list(Ty::String), "")];
    program.input_schema = json!({
        "type": "object",
        "properties": {
            "file": {"type": "string"},
            "names": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["file", "names"],
    });
    program.steps = steps();
    program.top_level_steps = program.steps.len();
    program.temps = vec![
        kept("tests", tests()),
        kept("pause", Ty::object([("waited_seconds", Ty::Float)])),
        kept("answer", Ty::object([("selected", Ty::String)])),
        kept("answer", Ty::object([("acknowledged", Ty::Bool)])),
        kept("answer", Ty::list(Ty::object([("label", Ty::String)]))),
    ];
    program.blocks = blocks();
    program.result = result().ty;
    program
}

fn tests() -> Ty {
    Ty::object([
        ("stdout", Ty::String),
        ("stderr", Ty::String),
        ("exit_code", Ty::Int),
        ("duration", Ty::Float),
    ])
}

const STEPS: [(&str, &str); 6] = [
    ("test", "shell"),
    ("settle", "wait"),
    ("choose", "prompt"),
    ("tell", "prompt"),
    ("review", "workflow"),
    ("done", "return"),
];

fn steps() -> Vec<Step> {
    let step = |(at, (id, kind)): (usize, &(&str, &str))| step(id, kind, 10 + at, at, vec![]);
    STEPS.iter().enumerate().map(step).collect()
}

fn file() -> Expr {
    expr(ExprKind::Input(0), Ty::String)
}

fn names() -> Expr {
    expr(ExprKind::Input(1), Ty::list(Ty::String))
}

fn actions_in_order() -> [Action; 5] {
    let name = call("filters::upper", vec![file()], Ty::String, false);
    let exit_code = field(temp(TESTS, tests()), "exit_code", Ty::Int);
    [
        Action::Shell { command: template(vec![words("cargo test "), out(name)]) },
        Action::Pause {
            seconds: widen(exit_code, Ty::Number),
            message: Some(template(vec![words("Watch "), out(file())])),
        },
        Action::Prompt {
            kind: "choice",
            message: text("Which one?"),
            options: Some(names()),
            user_only: false,
        },
        Action::Prompt { kind: "info", message: text("Read this"), options: None, user_only: true },
        Action::Fork {
            program: "test:everything/part".to_owned(),
            start: Children::One(vec![(
                "part".to_owned(),
                any(object(vec![("name", file()), ("size", int(2))])),
            )]),
            agent: None,
            concurrency: 1,
            keep_errors: false,
        },
    ]
}

/// What is still to be read where each step begins, the answer to the one before left out
const LIVE: [&[usize]; 6] =
    [&[], &[], &[TESTS], &[TESTS, PAUSE], &[TESTS, PAUSE, CHOICE], &[TESTS, PAUSE, CHOICE]];

fn blocks() -> Vec<Block> {
    let wait = |(at, action)| End::Wait {
        action,
        result_schema: if at == CHOICE { choice() } else { json!({}) },
        patience: Box::default(),
        next: at + 1,
    };
    let ends = actions_in_order().into_iter().enumerate().map(wait);
    let block = |(at, end): (usize, End)| Block {
        name: STEPS[at].0.to_owned(),
        step: at,
        live: LIVE[at].to_vec(),
        answer: at.checked_sub(1),
        null: Vec::new(),
        caught: None,
        ops: Vec::new(),
        end,
    };
    ends.chain([End::Return(result())]).enumerate().map(block).collect()
}

fn choice() -> serde_json::Value {
    json!({
        "type": "object",
        "properties": {"selected": {"type": "string"}},
        "required": ["selected"],
    })
}

fn result() -> Expr {
    let results = temp(RESULTS, Ty::list(Ty::object([("label", Ty::String)])));
    let first =
        expr(ExprKind::Index(boxed(results), boxed(int(0))), Ty::object([("label", Ty::String)]));
    let waited = temp(PAUSE, Ty::object([("waited_seconds", Ty::Float)]));
    let choice = temp(CHOICE, Ty::object([("selected", Ty::String)]));
    object(vec![
        ("duration", field(temp(TESTS, tests()), "duration", Ty::Float)),
        ("waited", field(waited, "waited_seconds", Ty::Float)),
        ("selected", field(choice, "selected", Ty::String)),
        ("label", field(first, "label", Ty::String)),
    ])
}
