//! A program in which each kind of expression, operation, end and action occurs.

use serde_json::json;
use workflow_compiler::ir::{Patience, Retry};
use workflow_compiler::template::ast::{BinaryOp, CompareOp, LogicOp, UnaryOp};
use workflow_compiler::typed::{
    Action, Arg, Binding, Block, Children, End, Expr, ExprKind, For, HostType, LoopMethod, LoopVar,
    Op, Part, PlaceVar, Program,
};
use workflow_compiler::types::Ty;

use super::build::*;

// Inputs
const TASK: usize = 0;
const LIMIT: usize = 1;
const TAGS: usize = 2;
const NOTE: usize = 3;
const OPTIONS: usize = 4;

// State
const REQUIREMENTS: usize = 0;
const COUNT: usize = 1;
const RATIO: usize = 2;
const ITEMS: usize = 3;
const MEMO: usize = 4;
const FOUND: usize = 5;
const APPROVAL: usize = 6;
const OPEN: usize = 7;

fn input_of(at: usize) -> Expr {
    let ty = inputs()[at].ty.clone();
    expr(ExprKind::Input(at), ty)
}

fn read(at: usize, ty: Ty) -> Expr {
    expr(ExprKind::State(at), ty)
}

fn inputs() -> Vec<workflow_compiler::typed::Input> {
    let options = Ty::object([("depth", Ty::Int), ("type", Ty::String)]);
    vec![
        input("task", Ty::String, "What is to be done"),
        input("limit", Ty::Number, ""),
        input("tags", Ty::list(Ty::String), "Words [to] look for"),
        input("note", Ty::String.optional(), ""),
        input("options", options, ""),
    ]
}

fn item() -> Ty {
    Ty::object([("name", Ty::String), ("size", Ty::Int)])
}

fn approval() -> Ty {
    Ty::object([("confirmed", Ty::Bool)])
}

fn binary(op: BinaryOp, left: Expr, right: Expr) -> Expr {
    let ty = left.ty.clone();
    expr(ExprKind::Binary(op, boxed(left), boxed(right)), ty)
}

fn compare(op: CompareOp, left: Expr, right: Expr) -> Expr {
    expr(ExprKind::Compare(op, boxed(left), boxed(right)), Ty::Bool)
}

fn logic(op: LogicOp, left: Expr, right: Expr) -> Expr {
    let ty = left.ty.clone();
    expr(ExprKind::Logic(op, boxed(left), boxed(right)), ty)
}

fn unary(op: UnaryOp, operand: Expr) -> Expr {
    let ty = operand.ty.clone();
    expr(ExprKind::Unary(op, boxed(operand)), ty)
}

fn conditional(test: Expr, then: Expr, otherwise: Expr) -> Expr {
    let ty = then.ty.clone();
    expr(ExprKind::Conditional(boxed(test), boxed(then), boxed(otherwise)), ty)
}

fn is_none(of: Expr, negated: bool) -> Expr {
    expr(ExprKind::IsNull(boxed(of), negated), Ty::Bool)
}

fn present(of: Expr) -> Expr {
    let ty = of.ty.clone().present();
    expr(ExprKind::Present(boxed(of)), ty)
}

fn slice(of: Expr, stop: Expr) -> Expr {
    let ty = of.ty.clone();
    let bounds = (None, Some(boxed(stop)), None);
    expr(ExprKind::Slice { of: boxed(of), start: bounds.0, stop: bounds.1, step: bounds.2 }, ty)
}

fn index(of: Expr, at: Expr, ty: Ty) -> Expr {
    expr(ExprKind::Index(boxed(of), boxed(at)), ty)
}

fn loop_var(of: usize, var: LoopVar) -> Expr {
    let ty = match var {
        LoopVar::First | LoopVar::Last => Ty::Bool,
        _ => Ty::Int,
    };
    expr(ExprKind::Loop { of, var }, ty)
}

fn tojson(value: Expr) -> Expr {
    let indent = Arg::Optional(Some(int(2)));
    let args = vec![Arg::Given(value), indent];
    expr(ExprKind::Builtin { path: "filters::tojson", args, fallible: true }, Ty::String)
}

/// The program itself
pub fn everything() -> Program {
    let mut program = program("test:everything", "everything");
    program.description = String::from("Uses every kind of <expression>\n\n    once");
    program.inputs = inputs();
    program.input_schema = json!({
        "type": "object",
        "properties": {
            "task": {"type": "string"},
            "limit": {"type": "number", "default": 3},
            "tags": {"type": "array", "items": {"type": "string"}, "default": []},
            "note": {"type": ["string", "null"]},
            "options": {"type": "object", "default": {"depth": 1, "type": "x"}},
        },
        "required": ["task"],
    });
    program.state = fields();
    program.state_line = 12;
    program.steps = steps();
    program.top_level_steps = 9;
    program.temps = temps();
    program.blocks = blocks();
    program.result = Ty::object([("success", Ty::Bool), ("items", Ty::list(item()))]);
    program
}

fn fields() -> Vec<workflow_compiler::typed::Field> {
    let greeting = template(vec![
        words("for {"),
        out(input_of(TASK)),
        words("}: "),
        Part::If {
            branches: vec![(
                logic(LogicOp::Or, is_none(input_of(NOTE), false), truth(input_of(TASK))),
                vec![words("short")],
            )],
            otherwise: vec![words("{% long %}")],
            sets: vec![],
        },
    ]);
    vec![
        state("requirements", 13, null(Ty::String.optional())),
        state("count", 14, int(0)),
        state("ratio", 15, widen(input_of(LIMIT), Ty::Number)),
        state("items", 16, widen(list(vec![], Ty::Never), Ty::list(item()))),
        state("memo", 17, any(greeting)),
        state("found", 18, null(Ty::Any)),
        state("approval", 77, null(approval().optional())),
        state("open", 19, expr(ExprKind::Object(vec![("a".into(), any(int(-1)))]), Ty::Open)),
    ]
}

fn steps() -> Vec<workflow_compiler::typed::Step> {
    let all = vec![
        (REQUIREMENTS, Ty::String),
        (COUNT, Ty::Int),
        (RATIO, Ty::Number),
        (ITEMS, Ty::list(item())),
        (MEMO, Ty::Any),
        (FOUND, Ty::Any),
        (APPROVAL, approval().optional()),
        (OPEN, Ty::Open),
    ];
    vec![
        step("gather", "prompt", 22, 0, vec![]),
        step("pick", "prompt", 30, 1, vec![(COUNT, Ty::Int)]),
        step("compute", "set_state", 36, 2, all.clone()),
        step("check", "condition", 50, 3, vec![(COUNT, Ty::Int), (OPEN, Ty::Open)]),
        step("merge", "set_state", 55, 3, vec![(REQUIREMENTS, Ty::String)]),
        step("research", "foreach", 60, 4, vec![(ITEMS, Ty::list(item()))]),
        step("spread", "foreach", 66, 5, vec![(OPEN, Ty::Open)]),
        step("report", "delegate", 70, 6, all),
        step("save", "mcp_call", 80, 7, vec![(REQUIREMENTS, Ty::String), (APPROVAL, approval())]),
        step("complete", "return", 90, 8, vec![(ITEMS, Ty::list(item()))]),
    ]
}

// Kept values
const ANSWER: usize = 0;
const PICKED: usize = 1;
const SUM: usize = 2;
const SHARE: usize = 3;
const ENTRIES: usize = 4;
const NOTED: usize = 5;
const MERGED: usize = 6;
const CONFIRM: usize = 7;
const SAVED: usize = 8;
const PREFIX: usize = 9;
const FOUND_NOW: usize = 10;
const RESULTS: usize = 11;
const STAMP: usize = 12;
const TYPE: usize = 13;

fn temps() -> Vec<workflow_compiler::typed::Temp> {
    vec![
        kept("answer", Ty::String),
        kept(
            "answer",
            Ty::object([("selected", Ty::Enum(["a".to_owned(), "b".to_owned()].into()))]),
        ),
        kept("count", Ty::Int),
        kept("ratio", Ty::Number),
        kept("items", Ty::list(item())),
        kept("memo", Ty::Any),
        kept("answer", Ty::String),
        kept("answer", approval()),
        kept("answer", Ty::Any),
        kept("answer", Ty::String),
        kept("found", Ty::Any),
        kept("results", Ty::list(Ty::Any)),
        kept("stamp", Ty::DateTime),
        kept("type", Ty::list(Ty::String.optional())),
    ]
}

fn block(name: &str, step: usize, ops: Vec<Op>, end: End) -> Block {
    Block {
        name: name.to_owned(),
        step,
        live: vec![],
        answer: None,
        null: vec![],
        ops,
        end,
        caught: None,
    }
}

fn answered(name: &str, step: usize, answer: usize, ops: Vec<Op>, end: End) -> Block {
    Block { answer: Some(answer), ..block(name, step, ops, end) }
}

fn write(field: usize, value: Expr) -> Op {
    Op::Write { field, value }
}

fn keep(temp: usize, value: Expr) -> Op {
    Op::Let { temp, value }
}

fn waits(action: Action, result_schema: serde_json::Value, next: usize) -> End {
    End::Wait { action, result_schema, patience: Box::default(), next }
}

fn blocks() -> Vec<Block> {
    let text_schema = json!({"type": "string"});
    let mut blocks = vec![
        block("gather", 0, vec![], waits(gather(), text_schema.clone(), 1)),
        answered(
            "gather.2",
            0,
            ANSWER,
            vec![write(REQUIREMENTS, widen(temp(ANSWER, Ty::String), Ty::String.optional()))],
            End::Jump(2),
        ),
        block("pick", 1, vec![], waits(pick(), json!({"type": "object"}), 3)),
        answered("pick.2", 1, PICKED, picked(), End::Jump(4)),
        block("compute", 2, compute(), End::Jump(5)),
        block("check", 3, vec![], End::Branch { test: check(), then: 2, otherwise: 6 }),
        block(
            "merge",
            4,
            vec![keep(PREFIX, slice(read(REQUIREMENTS, Ty::String), int(3)))],
            merge(text_schema.clone()),
        ),
        answered("merge.2", 4, MERGED, merged(), End::Jump(8)),
        block("research", 5, vec![], waits(research(), json!({"type": "array"}), 9)),
        answered(
            "research.2",
            5,
            RESULTS,
            vec![write(FOUND, any(temp(RESULTS, Ty::list(Ty::Any))))],
            End::Jump(10),
        ),
        block("spread", 6, vec![], waits(spread(), json!({"type": "array"}), 11)),
        block("spread.2", 6, vec![], End::Jump(12)),
        block(
            "report",
            7,
            vec![],
            End::Wait {
                action: report(),
                result_schema: json!({"type": "object", "properties": {"confirmed": {"type": "boolean"}}, "required": ["confirmed"]}),
                patience: Box::new(Patience {
                    timeout: Some(90.0),
                    retry: Some(Retry {
                        max_attempts: 3,
                        backoff_seconds: 0.5,
                        backoff_factor: 2.0,
                    }),
                }),
                next: 13,
            },
        ),
        answered(
            "report.2",
            7,
            CONFIRM,
            vec![write(APPROVAL, widen(temp(CONFIRM, approval()), approval().optional()))],
            End::Jump(14),
        ),
        block("save", 8, vec![], waits(save(), json!({}), 15)),
        answered(
            "save.2",
            8,
            SAVED,
            vec![write(MEMO, key(temp(SAVED, Ty::Any), "id"))],
            End::Jump(16),
        ),
        block(
            "complete",
            9,
            vec![],
            End::Return(object(vec![("success", yes()), ("items", read(ITEMS, Ty::list(item())))])),
        ),
    ];
    blocks[7].live = vec![PREFIX];
    blocks
}

fn gather() -> Action {
    Action::Prompt {
        kind: "text",
        message: template(vec![
            words("I'll help you with \""),
            out(input_of(TASK)),
            words("\", at "),
            out(show(expr(ExprKind::Ambient("now"), Ty::DateTime))),
            words(".\nGo {"),
            out(text("{")),
            out(show(field(input_of(OPTIONS), "depth", Ty::Int))),
            words("}!"),
        ]),
        options: None,
        user_only: false,
    }
}

fn pick() -> Action {
    Action::Prompt {
        kind: "choice",
        message: text("Which one?"),
        options: Some(list(
            vec![text("a"), template(vec![words("b"), out(show(read(COUNT, Ty::Int)))])],
            Ty::String,
        )),
        user_only: true,
    }
}

fn picked() -> Vec<Op> {
    let selected = field(temp(PICKED, temps()[PICKED].ty.clone()), "selected", Ty::String);
    vec![keep(NOTED, any(selected)), write(MEMO, temp(NOTED, Ty::Any))]
}

fn compute() -> Vec<Op> {
    let requirements = || read(REQUIREMENTS, Ty::String);
    let count = || read(COUNT, Ty::Int);
    let memo = || read(MEMO, Ty::Any);
    let integral = |value| cast(value, Ty::Int);
    let upper = call("filters::upper", vec![requirements()], Ty::String, false);
    let words_in = host("word_count", vec![(requirements(), HostType::Str)], Ty::Int);
    let nth = host(
        "nth",
        vec![
            (input_of(TAGS), HostType::Reference),
            (binary(BinaryOp::Mod, count(), int(1)), HostType::Integer("usize".to_owned())),
            (any(text("none")), HostType::Value),
        ],
        Ty::String,
    );
    let power = cast(
        expr(ExprKind::Binary(BinaryOp::Pow, boxed(count()), boxed(int(2))), Ty::Number),
        Ty::Int,
    );
    let sum = binary(
        BinaryOp::Add,
        binary(BinaryOp::Sub, unary(UnaryOp::Minus, count()), integral(input_of(LIMIT))),
        binary(BinaryOp::Add, words_in, binary(BinaryOp::Mul, power, int(1))),
    );
    let entries = list(
        vec![
            object(vec![("name", upper), ("size", int(1))]),
            object(vec![
                (
                    "name",
                    binary(
                        BinaryOp::Concat,
                        binary(BinaryOp::Concat, nth, text("-")),
                        show(count()),
                    ),
                ),
                ("size", conditional(truth(input_of(TAGS)), count(), int(-1))),
            ]),
        ],
        item(),
    );
    let share = conditional(
        logic(
            LogicOp::And,
            compare(CompareOp::Eq, requirements(), text("x")),
            logic(LogicOp::Or, compare(CompareOp::In, text("y"), input_of(TAGS)), truth(memo())),
        ),
        widen(
            expr(ExprKind::Binary(BinaryOp::Div, boxed(count()), boxed(int(2))), Ty::Float),
            Ty::Number,
        ),
        widen(float(0.5), Ty::Number),
    );
    let found = logic(
        LogicOp::And,
        memo(),
        any(object(vec![
            ("key", index(requirements(), int(0), Ty::String)),
            ("any", index(memo(), any(int(0)), Ty::Any)),
            ("nested", list(vec![any(int(1)), any(null(Ty::Null)), any(input_of(NOTE))], Ty::Any)),
            (
                "first",
                field(index(read(ITEMS, Ty::list(item())), int(0), item()), "name", Ty::String),
            ),
            ("open", key(read(OPEN, Ty::Open), "a")),
        ])),
    );
    vec![
        keep(SUM, sum),
        keep(SHARE, share),
        keep(ENTRIES, entries),
        keep(
            NOTED,
            any(conditional(is_none(input_of(NOTE), true), present(input_of(NOTE)), text(""))),
        ),
        keep(FOUND_NOW, conditional(truth(read(ITEMS, Ty::list(item()))), found, memo())),
        keep(STAMP, expr(ExprKind::Ambient("now"), Ty::DateTime)),
        keep(TYPE, widen(input_of(TAGS), Ty::list(Ty::String.optional()))),
        write(COUNT, temp(SUM, Ty::Int)),
        write(RATIO, temp(SHARE, Ty::Number)),
        write(ITEMS, temp(ENTRIES, Ty::list(item()))),
        write(MEMO, temp(NOTED, Ty::Any)),
        write(FOUND, temp(FOUND_NOW, Ty::Any)),
        write(
            OPEN,
            expr(
                ExprKind::Object(vec![
                    ("stamp".into(), any(temp(STAMP, Ty::DateTime))),
                    ("types".into(), any(temp(TYPE, Ty::list(Ty::String.optional())))),
                    ("random".into(), any(expr(ExprKind::Ambient("random"), Ty::Float))),
                ]),
                Ty::Open,
            ),
        ),
    ]
}

fn check() -> Expr {
    logic(
        LogicOp::And,
        unary(UnaryOp::Not, compare(CompareOp::Ge, read(COUNT, Ty::Int), int(-100))),
        logic(
            LogicOp::Or,
            compare(CompareOp::NotIn, text("q"), read(OPEN, Ty::Open)),
            is_none(key(read(OPEN, Ty::Open), "a"), false),
        ),
    )
}

fn merge(schema: serde_json::Value) -> End {
    waits(
        Action::Call {
            function: "merge_notes".to_owned(),
            instructions: template(vec![
                words("Merge "),
                out(temp(PREFIX, Ty::String)),
                words(" into:\n"),
                out(read(REQUIREMENTS, Ty::String)),
            ]),
            agent: None,
        },
        schema,
        7,
    )
}

fn merged() -> Vec<Op> {
    let both = template(vec![
        words("{"),
        out(temp(PREFIX, Ty::String)),
        words("} "),
        out(show(call("filters::length_text", vec![temp(MERGED, Ty::String)], Ty::Int, false))),
        words(": "),
        out(temp(MERGED, Ty::String)),
    ]);
    vec![write(REQUIREMENTS, widen(both, Ty::String.optional()))]
}

fn research() -> Action {
    let limit = cast(input_of(LIMIT), Ty::Int);
    Action::Fork {
        program: "test:everything/part".to_owned(),
        start: Children::Items {
            items: slice(read(ITEMS, Ty::list(item())), limit).into(),
            binding: Binding::Whole("part".to_owned()),
            inputs: Vec::new(),
        },
        agent: Some("@task".to_owned()),
        concurrency: 10,
        keep_errors: false,
    }
}

fn spread() -> Action {
    let types = key(read(OPEN, Ty::Open), "types");
    Action::Fork {
        program: "test:everything/part".to_owned(),
        start: Children::Items {
            items: cast(types, Ty::list(Ty::Any)).into(),
            binding: Binding::Either { whole: "part".to_owned(), inputs: vec!["part".to_owned()] },
            inputs: Vec::new(),
        },
        agent: None,
        concurrency: 1,
        keep_errors: true,
    }
}

fn report() -> Action {
    Action::Delegate { instructions: template(report_parts()), agent: Some("@writer".to_owned()) }
}

fn report_parts() -> Vec<Part> {
    let items = || read(ITEMS, Ty::list(item()));
    let entry = || local(0, item());
    let pairs =
        call("filters::dictsort", vec![read(OPEN, Ty::Open)], Ty::list(Ty::list(Ty::Any)), false);
    let last = |of| unary(UnaryOp::Not, loop_var(of, LoopVar::Last));
    let _ = pairs;
    let mut parts = vec![
        words("# Report: "),
        out(read(REQUIREMENTS, Ty::String)),
        words("\n{{ raw }} {# kept #}\n"),
        Part::If {
            branches: vec![
                (
                    is_none(read(APPROVAL, approval().optional()), true),
                    vec![
                        words("approved: "),
                        out(show(field(
                            present(read(APPROVAL, approval().optional())),
                            "confirmed",
                            Ty::Bool,
                        ))),
                    ],
                ),
                (
                    compare(CompareOp::Gt, read(RATIO, Ty::Number), widen(int(0), Ty::Number)),
                    vec![words("ratio "), out(show(read(RATIO, Ty::Number)))],
                ),
            ],
            otherwise: vec![words("no approval")],
            sets: vec![],
        },
        words("\n"),
        Part::For(Box::new(For {
            target: (0, "item".to_owned()),
            unpack: vec![],
            filter: None,
            items: items(),
            item: item(),
            body: vec![
                out(show(loop_var(0, LoopVar::Index))),
                words(". "),
                out(field(entry(), "name", Ty::String)),
                words(" "),
                out(call(
                    "filters::upper",
                    vec![field(entry(), "name", Ty::String)],
                    Ty::String,
                    false,
                )),
                Part::For(Box::new(For {
                    target: (1, "tag".to_owned()),
                    unpack: vec![],
                    filter: None,
                    items: slice(input_of(TAGS), field(entry(), "size", Ty::Int)),
                    item: Ty::String,
                    body: vec![
                        words(" "),
                        out(binary(
                            BinaryOp::Concat,
                            binary(BinaryOp::Concat, local(1, Ty::String), text("/")),
                            show(loop_var(1, LoopVar::Length)),
                        )),
                    ],
                    otherwise: vec![],
                })),
                Part::If {
                    branches: vec![(last(0), vec![words(",")])],
                    otherwise: vec![],
                    sets: vec![],
                },
                words("\n"),
            ],
            otherwise: vec![words("nothing\n")],
        })),
        Part::For(Box::new(For {
            target: (3, "tag".to_owned()),
            unpack: vec![],
            filter: None,
            items: input_of(TAGS),
            item: Ty::String,
            body: vec![words("*"), out(local(3, Ty::String))],
            otherwise: vec![],
        })),
        key_and_value(),
    ];
    parts.extend(sets());
    parts.extend([
        words("\n"),
        out(tojson(items())),
        words(" "),
        out(expr(ExprKind::Ambient("uuid"), Ty::String)),
        words("\n"),
    ]);
    parts
}

/// A loop whose items two variables take apart
fn key_and_value() -> Part {
    Part::For(Box::new(For {
        target: (4, "item".to_owned()),
        unpack: pair(4),
        filter: None,
        items: list(
            vec![list(vec![any(text("k")), any(read(COUNT, Ty::Int))], Ty::Any)],
            Ty::list(Ty::Any),
        ),
        item: Ty::list(Ty::Any),
        body: vec![
            words("\n"),
            out(show(loop_var(4, LoopVar::Revindex0))),
            out(show(local(6, Ty::Any))),
            words("="),
            out(show(local(7, Ty::Any))),
        ],
        otherwise: vec![],
    }))
}

/// A variable that a branch sets to the text of a block
fn sets() -> Vec<Part> {
    vec![
        set(8, "text", template(vec![words("z")])),
        Part::If {
            branches: vec![(
                truth(input_of(TAGS)),
                vec![
                    set(9, "text", template(vec![tags_in_brackets()])),
                    set(10, "text", local(9, Ty::String)),
                ],
            )],
            otherwise: vec![set(10, "text", local(8, Ty::String))],
            sets: vec![(10, "text".to_owned())],
        },
        out(local(10, Ty::String)),
    ]
}

fn set(number: usize, name: &str, value: Expr) -> Part {
    Part::Set { target: (number, name.to_owned()), value }
}

/// `{% for key, value in … %}`: variables that are made of the item with this number
fn pair(item: usize) -> Vec<((usize, String), Expr)> {
    let list = || Ty::list(Ty::Any);
    let parts = call("ops::unpack", vec![local(item, list()), int(2)], list(), true);
    let part = |at| {
        let index = ExprKind::Index(boxed(local(item + 1, list())), boxed(int(at)));
        expr(index, Ty::Any)
    };
    vec![
        ((item + 1, "parts".to_owned()), parts),
        ((item + 2, "key".to_owned()), part(0)),
        ((item + 3, "value".to_owned()), part(1)),
    ]
}

/// A loop with a filter, in a block that is set: it reads what is set outside of it
fn tags_in_brackets() -> Part {
    let tag = || local(11, Ty::String);
    let call = |method, values, ty| expr(ExprKind::LoopCall { of: 11, method, values }, ty);
    Part::For(Box::new(For {
        target: (11, "tag".to_owned()),
        unpack: vec![],
        items: input_of(TAGS),
        item: Ty::String,
        filter: Some(expr(
            ExprKind::Compare(CompareOp::Ne, boxed(tag()), boxed(local(8, Ty::String))),
            Ty::Bool,
        )),
        body: vec![
            out(call(LoopMethod::Cycle, vec![text("["), text("(")], Ty::String)),
            out(show(call(LoopMethod::Changed, vec![any(tag())], Ty::Bool))),
            out(show(expr(
                ExprKind::Loop { of: 11, var: LoopVar::Previtem },
                Ty::String.optional(),
            ))),
            out(tag()),
            words("]"),
        ],
        otherwise: vec![],
    }))
}

fn save() -> Action {
    let hash = call("filters::hash_text", vec![input_of(TASK)], Ty::String, false);
    let confirmed = field(read(APPROVAL, approval()), "confirmed", Ty::Bool);
    Action::McpCall {
        tool: "memory.save".to_owned(),
        parameters: vec![
            ("key".to_owned(), any(template(vec![words("plan_"), out(hash)]))),
            (
                "value".to_owned(),
                any(object(vec![
                    ("plan", read(REQUIREMENTS, Ty::String)),
                    ("approved", confirmed),
                    ("timestamp", expr(ExprKind::Ambient("now"), Ty::DateTime)),
                ])),
            ),
            ("limit".to_owned(), any(input_of(LIMIT))),
        ],
    }
}

/// An inline task: with an item, its place, and nothing to wait for
pub fn part() -> Program {
    let mut program = program("test:everything/part", "everything_part");
    program.inline_task = true;
    program.item = Some(item());
    program.inputs = vec![input("part", item(), "")];
    program.input_schema = json!({"type": "object", "properties": {"part": {"type": "object"}}});
    let place = |var, ty| expr(ExprKind::Place(var), ty);
    let of_item = |name, ty| field(expr(ExprKind::Item, item()), name, ty);
    program.state = vec![
        state("index", 31, place(PlaceVar::Index, Ty::Int)),
        state("name", 32, of_item("name", Ty::String)),
    ];
    let last = place(PlaceVar::IsLast, Ty::Bool);
    program.steps = vec![step("finish", "return", 35, 0, vec![(0, Ty::Int), (1, Ty::String)])];
    program.top_level_steps = 1;
    let label = template(vec![
        out(show(binary(BinaryOp::Add, read(0, Ty::Int), int(1)))),
        words("/"),
        out(show(place(PlaceVar::Total, Ty::Int))),
        words(" "),
        out(read(1, Ty::String)),
    ]);
    program.result = Ty::object([("label", Ty::String), ("last", Ty::Bool), ("size", Ty::Int)]);
    program.blocks = vec![block(
        "finish",
        0,
        vec![],
        End::Return(object(vec![
            ("label", label),
            ("last", conditional(place(PlaceVar::IsFirst, Ty::Bool), last, yes())),
            ("size", of_item("size", Ty::Int)),
        ])),
    )];
    program
}
