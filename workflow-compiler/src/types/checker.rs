//! Types an expression at one place of one program, and turns it into its checked form.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{FieldId, Program, ProgramId, StepId};
use crate::names::Names;
use crate::source::{FileId, Sources, Span};
use crate::template::ast::{Expr as Ast, ExprKind as AstKind, LogicOp, UnaryOp};
use crate::typed::{Expr, ExprKind};
use crate::yaml::Document;

use super::Ty;
use super::convert::certain;
use super::flow::{Fact, Known};
use super::narrow::{Path, non_null, path_of};
use super::tables::{Table, Tables, is_bounded};

/// What does not change while a project is typed
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// All programs
    pub programs: &'a [Program],
    /// For each program, those that start it
    pub parents: &'a [BTreeSet<ProgramId>],
    /// What can be called
    pub names: &'a Names,
    /// What is known of the types
    pub tables: &'a Tables,
    /// The trees of the files, for edits
    pub documents: &'a BTreeMap<FileId, &'a Document>,
    /// The texts of the files, for edits
    pub sources: &'a Sources,
    /// Where parts of the files could not be read, which was reported
    pub unread: &'a [Span],
}

/// What typing notes on its way
#[derive(Debug, Default)]
pub struct Notes {
    /// What is wrong
    pub diagnostics: Diagnostics,
    /// The fields that each step reads, with the first place in the file
    pub reads: BTreeMap<(StepId, FieldId), Span>,
    /// What was said of a name at a step: said once, however often it is read there
    pub told: BTreeSet<(Option<StepId>, Code, String)>,
    /// The fields that each step reads and does not list
    pub unlisted: BTreeSet<(StepId, FieldId)>,
    /// The fields that steps read and that may not be written by then, with what holds of them
    pub unassigned: BTreeMap<(FieldId, StepId), Fact>,
    /// The keys that are read of a field of unknown type, and whether they must be there
    pub demands: BTreeMap<FieldId, BTreeMap<String, bool>>,
    /// The steps behind a test that was reported
    pub doubtful: BTreeSet<StepId>,
}

/// A variable of a `{% for %}` or a `{% set %}`
#[derive(Clone, Debug)]
pub struct Local {
    /// Its name
    pub name: String,
    /// Its number in the step
    pub number: usize,
    /// Its type
    pub ty: Ty,
    /// Whether `loop` belongs to it: the first target of a `for`
    pub heads_loop: bool,
    /// The loop that it stands for, by the number of its first target: `{% set outer = loop %}`
    pub is_loop: Option<usize>,
}

/// A place in a program
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The step
    pub step: StepId,
    /// What holds where the step begins
    pub before: &'a Known,
    /// What holds here
    pub here: &'a Known,
}

/// Types expressions at one place
pub struct Checker<'a> {
    /// Everything around
    pub world: World<'a>,
    /// Which program
    pub id: ProgramId,
    /// At which step; nowhere in `initial_state`
    pub place: Option<Place<'a>>,
    /// Variables of templates, innermost last
    pub locals: Vec<Local>,
    /// How many variables were numbered
    pub numbered: usize,
    /// Places known not to be null
    pub narrowed: Vec<Path>,
    /// Whether a missing key would do no harm: under `default`
    pub lenient: bool,
    /// Inside of an expression over the items of a list: what is computed once before
    pub once: Option<Vec<(usize, Expr)>>,
    /// Whether this is in a text that somebody is to read
    pub in_message: bool,
    /// What is noted
    pub notes: &'a mut Notes,
}

impl<'a> Checker<'a> {
    /// At a step, or in `initial_state`
    pub fn new(
        world: World<'a>,
        id: ProgramId,
        place: Option<Place<'a>>,
        notes: &'a mut Notes,
    ) -> Self {
        let narrowed = place.iter().flat_map(|place| &place.here.non_null).cloned().collect();
        Self {
            world,
            id,
            place,
            locals: Vec::new(),
            numbered: 0,
            narrowed,
            lenient: false,
            in_message: false,
            once: None,
            notes,
        }
    }

    /// The program
    pub fn program(&self) -> &'a Program {
        &self.world.programs[self.id]
    }

    /// What is known of the program's types
    pub fn table(&self) -> &'a Table {
        self.world.tables.of(self.id)
    }

    /// Types an expression
    pub fn check(&mut self, expr: &Ast) -> Expr {
        let span = expr.span;
        let checked = match &expr.kind {
            AstKind::Null => typed(ExprKind::Null, Ty::Null, span),
            AstKind::Bool(value) => typed(ExprKind::Bool(*value), Ty::Bool, span),
            AstKind::Int(value) => typed(ExprKind::Int(*value), Ty::Int, span),
            AstKind::Float(value) => typed(ExprKind::Float(*value), Ty::Float, span),
            AstKind::Str(value) => typed(ExprKind::Str(value.clone()), Ty::String, span),
            AstKind::Broken => poison(span),
            AstKind::Temp(temp) => self.temp(*temp as usize, span),
            AstKind::List(items) => self.list(items, span),
            AstKind::Dict(pairs) => self.dict(pairs, span),
            AstKind::Name(name) => self.name(name, span),
            AstKind::Field { of, name } => self.field(of, name, span),
            AstKind::Index { of, index } => self.index(of, index, span),
            AstKind::Slice { of, start, stop, step } => {
                self.slice(of, [start, stop, step].map(Option::as_deref), span)
            }
            AstKind::Unary { op, operand } => self.unary(*op, operand, span),
            AstKind::Binary { op, left, right } => self.binary(*op, left, right, span),
            AstKind::Compare { first, rest } => self.compare(first, rest, span),
            AstKind::Logic { op, left, right } => self.logic(op.value, left, right, span),
            AstKind::Conditional { test, then, otherwise } => {
                self.conditional(test, then, otherwise.as_deref(), span)
            }
            AstKind::Filter { value, name, args } => self.filter(value, name, args, span),
            AstKind::Test { value, name, args, negated } => {
                self.test(value, name, args, *negated, span)
            }
            AstKind::Call { name, args } => self.call(name, args, span),
            AstKind::Method { of, name, args } => match self.loop_of(of) {
                Some(of) => self.loop_method(of, name, args, span),
                None => self.method(of, name, args, span),
            },
            AstKind::Template(template) => self.template(template, span),
        };
        let checked = self.rule_out_null(expr, checked);
        if is_bounded(&checked.ty) { checked } else { certain(checked, &Ty::Any) }
    }

    /// Types a test: gives bool
    pub fn check_test(&mut self, expr: &Ast) -> Expr {
        match &expr.kind {
            AstKind::Logic { op, left, right } => {
                let left_test = self.check_test(left);
                let known = says(left, &left_test, op.value == LogicOp::And);
                let right_test = self.with(known, |checker| checker.check_test(right));
                let kind = ExprKind::Logic(op.value, left_test.into(), right_test.into());
                typed(kind, Ty::Bool, expr.span)
            }
            AstKind::Unary { op, operand } if op.value == UnaryOp::Not => {
                let operand = self.check_test(operand);
                typed(ExprKind::Unary(UnaryOp::Not, operand.into()), Ty::Bool, expr.span)
            }
            AstKind::Template(_) => {
                self.mistake(
                    Diagnostic::new(Code::TypeMismatch, expr.span, "this test is always true")
                        .label("a text with a template in it is never empty")
                        .help("put the whole test inside the braces: `{{ a == 'x' }}`"),
                );
                poison(expr.span)
            }
            _ => {
                let value = self.check(expr);
                truth(value)
            }
        }
    }

    /// Types with more places known not to be null
    pub fn with<T>(&mut self, known: Vec<Path>, check: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.narrowed.len();
        self.narrowed.extend(known);
        let checked = check(self);
        self.narrowed.truncate(before);
        checked
    }

    /// Notes a mistake
    ///
    /// Where a test around the place was reported, nobody knows what it rules out.
    pub fn mistake(&mut self, diagnostic: Diagnostic) {
        let step = self.place.is_some_and(|place| self.notes.doubtful.contains(&place.step));
        let doubtful = step || self.narrowed.iter().any(|path| *path == [DOUBT]);
        if diagnostic.code == Code::MaybeNull && doubtful {
            return;
        }
        self.notes.diagnostics.push(diagnostic);
    }

    /// Notes that a step is reached behind a test that was reported: it, and the steps in its lists
    pub fn doubt_step(&mut self, step: StepId) {
        let steps = &self.program().steps;
        let around = steps.get(step).map_or(0, |step| step.lists.len());
        let within = steps.iter().enumerate().skip(step + 1);
        let within = within.take_while(|(_, nested)| nested.lists.len() > around);
        self.notes.doubtful.insert(step);
        self.notes.doubtful.extend(within.map(|(nested, _)| nested));
    }

    /// Notes a mistake with a name, once a step
    pub fn mistake_with(&mut self, name: &str, diagnostic: Diagnostic) {
        let step = self.place.map(|place| place.step);
        if self.notes.told.insert((step, diagnostic.code, name.to_owned())) {
            self.mistake(diagnostic);
        }
    }

    /// Says honestly that something of the language cannot be compiled yet
    pub fn unsupported(&mut self, span: Span, what: &str) -> Expr {
        self.mistake(
            Diagnostic::new(Code::Limit, span, format!("{what} is not supported yet"))
                .help("`workflowc explain limit` lists what is"),
        );
        poison(span)
    }

    fn temp(&mut self, temp: usize, span: Span) -> Expr {
        typed(ExprKind::Temp(temp), self.table().temps[temp].clone(), span)
    }

    fn list(&mut self, items: &[Ast], span: Span) -> Expr {
        let items: Vec<Expr> = items.iter().map(|item| self.check(item)).collect();
        let join = |ty: Ty, item: &Expr| ty.join(&item.ty).unwrap_or(Ty::Any);
        let item = items.iter().fold(Ty::Never, join);
        let items = items.into_iter().map(|value| certain(value, &item)).collect();
        typed(ExprKind::List(items), Ty::list(item), span)
    }

    fn dict(&mut self, pairs: &[(Ast, Ast)], span: Span) -> Expr {
        let mut fields: Vec<(String, Expr)> = Vec::new();
        for (key, value) in pairs {
            let value = self.check(value);
            let AstKind::Str(name) = &key.kind else {
                let message = "a key of an object is a string literal";
                let mistake = Diagnostic::new(Code::TypeMismatch, key.span, message);
                self.mistake(
                    mistake.help("its fields are known from what is written: `{'key': value}`"),
                );
                return poison(span);
            };
            fields.retain(|(earlier, _)| earlier != name);
            fields.push((name.clone(), value));
        }
        if fields.is_empty() {
            return typed(ExprKind::Object(fields), Ty::Open, span);
        }
        let ty = Ty::object(fields.iter().map(|(name, value)| (name.clone(), value.ty.clone())));
        typed(ExprKind::Object(fields), ty, span)
    }

    /// A `T?` at a place that is known not to be null is a T
    fn rule_out_null(&self, expr: &Ast, checked: Expr) -> Expr {
        // While types still grow, what is only null yet may have a value later.
        let grows = checked.ty == Ty::Null && !self.world.tables.poisons;
        if !grows && !matches!(checked.ty, Ty::Optional(_)) {
            return checked;
        }
        let known = path_of(expr).is_some_and(|path| self.narrowed.contains(&path));
        if !known {
            return checked;
        }
        let (ty, span) = (checked.ty.clone().present(), checked.span);
        typed(ExprKind::Present(checked.into()), ty, span)
    }
}

/// Stands among the narrowed places for any that a reported test may have meant; no name is written
/// so
const DOUBT: &str = "?";

/// What a test rules out where it was found true, or false; where it was reported, also
/// [`DOUBT`]: whatever may be null there may have been meant
pub fn says(test: &Ast, checked: &Expr, truth: bool) -> Vec<Path> {
    let mut known = non_null(test, truth);
    if is_reported(checked) {
        known.push(vec![DOUBT.to_owned()]);
    }
    known
}

/// Whether something in an expression was reported
pub fn is_reported(checked: &Expr) -> bool {
    let mut reported = false;
    checked.visit(&mut |expr| reported |= expr.ty == Ty::Poison);
    reported
}

/// A checked expression
pub fn typed(kind: ExprKind, ty: Ty, span: Span) -> Expr {
    Expr { kind, ty, span }
}

/// What stands for an expression that was reported
pub fn poison(span: Span) -> Expr {
    typed(ExprKind::Null, Ty::Poison, span)
}

/// The truth of a value
pub fn truth(value: Expr) -> Expr {
    if value.ty == Ty::Bool {
        return value;
    }
    let span = value.span;
    typed(ExprKind::Truth(value.into()), Ty::Bool, span)
}
