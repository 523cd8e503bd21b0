//! The tree of a template and of the expressions in it, every node with its place.

use crate::source::{Span, Spanned};

/// A text with expressions and tags in it, white-space control applied
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// What it is made of, in order
    pub parts: Vec<Part>,
    /// The whole scalar
    pub span: Span,
}

/// A piece of a template
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Text that is given out as it is
    Text(String),
    /// `{{ value }}`
    Output(Expr),
    /// `{% if %} … {% elif %} … {% else %} … {% endif %}`
    If {
        /// Each test with its parts, in order
        branches: Vec<(Expr, Vec<Part>)>,
        /// The parts under `else`
        otherwise: Vec<Part>,
    },
    /// `{% for target in items if filter %} … {% else %} … {% endfor %}`
    For {
        /// One name, or several that unpack each item
        target: Vec<Spanned<String>>,
        /// What is gone through
        items: Expr,
        /// Items for which this is false are left out
        filter: Option<Expr>,
        /// The parts for each item
        body: Vec<Part>,
        /// The parts where there is no item
        otherwise: Vec<Part>,
    },
    /// `{% set name = value %}`, or `{% set name %} … {% endset %}`: the value is then a
    /// [`ExprKind::Template`], or filters on one
    Set {
        /// One name, or several that unpack the value
        target: Vec<Spanned<String>>,
        /// The value
        value: Expr,
    },
}

/// An expression and its place
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is
    pub kind: ExprKind,
    /// All of it, brackets left out
    pub span: Span,
}

impl Expr {
    /// The text between `{% set name %}` and `{% endset %}`, if that is what is set or filtered
    pub fn block(&self) -> Option<&Template> {
        match &self.kind {
            ExprKind::Template(template) => Some(template),
            ExprKind::Filter { value, .. } => value.block(),
            _ => None,
        }
    }

    /// The same, to be changed
    pub fn block_mut(&mut self) -> Option<&mut Template> {
        match &mut self.kind {
            ExprKind::Template(template) => Some(template),
            ExprKind::Filter { value, .. } => value.block_mut(),
            _ => None,
        }
    }
}

/// What an expression is
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `none`, `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A 64-bit integer
    Int(i64),
    /// A finite fraction
    Float(f64),
    /// A string literal, decoded; neighbouring literals are one
    Str(String),
    /// `[a, b]` or `(a, b)`
    List(Vec<Expr>),
    /// `{'a': 1}`, in the order written
    Dict(Vec<(Expr, Expr)>),
    /// A bare name: `state`, `inputs`, `item`, `loop`, a loop variable
    Name(String),
    /// `of.name`
    Field {
        /// What is looked into
        of: Box<Expr>,
        /// The part behind the dot
        name: Spanned<String>,
    },
    /// `of[index]`
    Index {
        /// What is looked into
        of: Box<Expr>,
        /// Which element
        index: Box<Expr>,
    },
    /// `of[start:stop:step]`
    Slice {
        /// What is cut
        of: Box<Expr>,
        /// First element taken
        start: Option<Box<Expr>>,
        /// First element no longer taken
        stop: Option<Box<Expr>>,
        /// Stride
        step: Option<Box<Expr>>,
    },
    /// `-a`, `+a`, `not a`
    Unary {
        /// Which
        op: Spanned<UnaryOp>,
        /// On what
        operand: Box<Expr>,
    },
    /// `a + b`
    Binary {
        /// Which, and where the operator stands
        op: Spanned<BinaryOp>,
        /// What stands left
        left: Box<Expr>,
        /// What stands right
        right: Box<Expr>,
    },
    /// `a < b <= c`: each comparison holds
    Compare {
        /// The first operand
        first: Box<Expr>,
        /// Operators with what stands right of them; at least one
        rest: Vec<(Spanned<CompareOp>, Expr)>,
    },
    /// `a and b`, `a or b`: gives the operand that decided
    Logic {
        /// Which
        op: Spanned<LogicOp>,
        /// What stands left
        left: Box<Expr>,
        /// What stands right, evaluated only if the left does not decide
        right: Box<Expr>,
    },
    /// `then if test else otherwise`
    Conditional {
        /// What decides
        test: Box<Expr>,
        /// The value if true
        then: Box<Expr>,
        /// The value if false; without it nothing
        otherwise: Option<Box<Expr>>,
    },
    /// `value | name(args)`
    Filter {
        /// What is filtered
        value: Box<Expr>,
        /// The filter
        name: Spanned<String>,
        /// Its arguments, the value not among them
        args: Args,
    },
    /// `value is name(args)`, `value is not name`
    Test {
        /// What is tested
        value: Box<Expr>,
        /// The test
        name: Spanned<String>,
        /// Its arguments, the value not among them
        args: Args,
        /// `is not`
        negated: bool,
    },
    /// `name(args)`
    Call {
        /// The function
        name: Spanned<String>,
        /// Its arguments
        args: Args,
    },
    /// `of.name(args)`
    Method {
        /// Whose method
        of: Box<Expr>,
        /// The part behind the dot
        name: Spanned<String>,
        /// Its arguments
        args: Args,
    },
    /// A text with templates in it: where YAML has a string, and between `set` and `endset`
    Template(Box<Template>),
    /// What was already reported; made by lowering only, so that nothing follows from it
    Broken,
    /// A value kept from before: made by lowering only, where a call was taken out
    Temp(u32),
}

/// Arguments of a call
#[derive(Clone, Debug, PartialEq)]
pub struct Args {
    /// By position
    pub positional: Vec<Expr>,
    /// By keyword, in the order written
    pub keyword: Vec<(Spanned<String>, Expr)>,
    /// From `(` to `)`; behind the name where there are no brackets
    pub span: Span,
}

/// An operator with one operand
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `not`
    Not,
    /// `-`
    Minus,
    /// `+`
    Plus,
}

/// An operator that computes
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `//`
    FloorDiv,
    /// `%`
    Mod,
    /// `**`
    Pow,
    /// `~`
    Concat,
}

/// An operator that compares
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `in`
    In,
    /// `not in`
    NotIn,
}

/// An operator that decides
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogicOp {
    /// `and`
    And,
    /// `or`
    Or,
}
