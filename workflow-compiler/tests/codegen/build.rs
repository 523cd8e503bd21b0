//! Short words for checked expressions.

use workflow_compiler::ir::Origin;
use workflow_compiler::source::{FileId, Span};
use workflow_compiler::typed::{
    Arg, Expr, ExprKind, Field, HostType, Input, Need, Part, Program, Step, Temp, Template,
};
use workflow_compiler::types::Ty;

pub fn expr(kind: ExprKind, ty: Ty) -> Expr {
    Expr { kind, ty, span: Span::new(FileId(0), 0..0) }
}

pub fn text(text: &str) -> Expr {
    expr(ExprKind::Str(text.to_owned()), Ty::String)
}

pub fn int(value: i64) -> Expr {
    expr(ExprKind::Int(value), Ty::Int)
}

pub fn float(value: f64) -> Expr {
    expr(ExprKind::Float(value), Ty::Float)
}

pub fn yes() -> Expr {
    expr(ExprKind::Bool(true), Ty::Bool)
}

pub fn null(ty: Ty) -> Expr {
    expr(ExprKind::Null, ty)
}

pub fn widen(value: Expr, ty: Ty) -> Expr {
    expr(ExprKind::Widen(Box::new(value)), ty)
}

pub fn any(value: Expr) -> Expr {
    widen(value, Ty::Any)
}

pub fn cast(value: Expr, ty: Ty) -> Expr {
    expr(ExprKind::Cast(Box::new(value)), ty)
}

pub fn show(value: Expr) -> Expr {
    expr(ExprKind::Show(Box::new(value)), Ty::String)
}

pub fn truth(value: Expr) -> Expr {
    expr(ExprKind::Truth(Box::new(value)), Ty::Bool)
}

pub fn field(of: Expr, name: &str, ty: Ty) -> Expr {
    expr(ExprKind::Field(Box::new(of), name.to_owned()), ty)
}

pub fn key(of: Expr, name: &str) -> Expr {
    expr(ExprKind::Key(Box::new(of), name.to_owned()), Ty::Any)
}

pub fn temp(number: usize, ty: Ty) -> Expr {
    expr(ExprKind::Temp(number), ty)
}

pub fn local(number: usize, ty: Ty) -> Expr {
    expr(ExprKind::Local(number), ty)
}

pub fn list(items: Vec<Expr>, item: Ty) -> Expr {
    expr(ExprKind::List(items), Ty::list(item))
}

pub fn object(fields: Vec<(&str, Expr)>) -> Expr {
    let ty = Ty::object(fields.iter().map(|(name, value)| (*name, value.ty.clone())));
    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    expr(ExprKind::Object(fields), ty)
}

pub fn call(path: &'static str, args: Vec<Expr>, ty: Ty, fallible: bool) -> Expr {
    let args = args.into_iter().map(Arg::Given).collect();
    expr(ExprKind::Builtin { path, args, fallible }, ty)
}

pub fn host(name: &str, args: Vec<(Expr, HostType)>, ty: Ty) -> Expr {
    expr(ExprKind::Host { name: name.to_owned(), args }, ty)
}

pub fn template(parts: Vec<Part>) -> Expr {
    expr(ExprKind::Template(Box::new(Template { parts })), Ty::String)
}

pub fn words(text: &str) -> Part {
    Part::Text(text.to_owned())
}

pub fn out(value: Expr) -> Part {
    Part::Output(value)
}

pub fn boxed(value: Expr) -> Box<Expr> {
    Box::new(value)
}

pub fn input(name: &str, ty: Ty, description: &str) -> Input {
    Input { name: name.to_owned(), ty, description: description.to_owned() }
}

pub fn state(name: &str, line: usize, initial: Expr) -> Field {
    Field { name: name.to_owned(), ty: initial.ty.clone(), initial, line }
}

pub fn step(id: &str, kind: &str, line: usize, top: usize, needs: Vec<(usize, Ty)>) -> Step {
    let needs = needs.into_iter().map(|(field, ty)| Need { field, ty }).collect();
    Step { id: id.to_owned(), kind: kind.to_owned(), line, top, needs }
}

pub fn kept(hint: &str, ty: Ty) -> Temp {
    Temp { hint: hint.to_owned(), ty, origin: Origin::Step, step: 0 }
}

pub fn program(name: &str, module: &str) -> Program {
    Program {
        name: name.to_owned(),
        module: module.to_owned(),
        version: "1.0.0".to_owned(),
        description: String::new(),
        tags: Vec::new(),
        file: "workflows/everything.yaml".to_owned(),
        inline_task: false,
        fingerprint: "f1".to_owned(),
        inputs: Vec::new(),
        input_schema: serde_json::json!({"type": "object", "properties": {}}),
        item: None,
        state: Vec::new(),
        state_line: 1,
        steps: Vec::new(),
        top_level_steps: 0,
        blocks: Vec::new(),
        temps: Vec::new(),
        result: Ty::Null,
        source: format!("name: {name}\n"),
        diagram: "flowchart TD\n    n0([\"start\"])\n".to_owned(),
        picture: "<svg></svg>\n".to_owned(),
        locked: std::collections::BTreeMap::new(),
    }
}
