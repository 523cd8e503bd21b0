//! Trees as text: the least brackets, one space round operators, strings in single quotes.
//!
//! What is printed parses to the same tree again, places aside.

use std::fmt::{self, Display, Formatter};

use super::ast::{Args, BinaryOp, CompareOp, Expr, ExprKind, LogicOp, Part, Template, UnaryOp};
use super::literal;
use crate::source::Spanned;

/// How strongly the parts of an expression hold together; weaker ones need brackets
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hold {
    Conditional,
    Or,
    And,
    Not,
    Compare,
    Sum,
    Concat,
    Product,
    Pow,
    Filter,
    Sign,
    Value,
}

impl Hold {
    fn of(kind: &ExprKind) -> Self {
        match kind {
            ExprKind::Conditional { .. } => Self::Conditional,
            ExprKind::Logic { op, .. } if op.value == LogicOp::Or => Self::Or,
            ExprKind::Logic { .. } => Self::And,
            ExprKind::Unary { op, .. } if op.value == UnaryOp::Not => Self::Not,
            // A test without brackets would take what follows for its argument.
            ExprKind::Test { .. } => Self::Not,
            ExprKind::Compare { .. } => Self::Compare,
            ExprKind::Binary { op, .. } => Self::of_operator(op.value),
            ExprKind::Filter { .. } => Self::Filter,
            ExprKind::Unary { .. } => Self::Sign,
            ExprKind::Int(value) if *value < 0 => Self::Sign,
            _ => Self::Value,
        }
    }

    fn of_operator(op: BinaryOp) -> Self {
        match op {
            BinaryOp::Add | BinaryOp::Sub => Self::Sum,
            BinaryOp::Concat => Self::Concat,
            BinaryOp::Pow => Self::Pow,
            _ => Self::Product,
        }
    }

    /// What stands right of an operator that groups to the left
    fn stronger(self) -> Self {
        match self {
            Self::Conditional => Self::Or,
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::Compare,
            Self::Compare => Self::Sum,
            Self::Sum => Self::Concat,
            Self::Concat => Self::Product,
            Self::Product => Self::Pow,
            Self::Pow => Self::Filter,
            Self::Filter => Self::Sign,
            Self::Sign | Self::Value => Self::Value,
        }
    }
}

/// An expression where nothing weaker than `1` stands without brackets
struct Within<'a>(&'a Expr, Hold);

impl Display for Within<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if Hold::of(&self.0.kind) < self.1 { write!(f, "({})", self.0) } else { self.0.fmt(f) }
    }
}

/// Writes `items` with commas between them
fn separated<T>(
    f: &mut Formatter<'_>,
    items: &[T],
    mut one: impl FnMut(&mut Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        one(f, item)?;
    }
    Ok(())
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let hold = Hold::of(&self.kind);
        match &self.kind {
            ExprKind::Null => f.write_str("none"),
            ExprKind::Bool(value) => value.fmt(f),
            ExprKind::Int(value) => value.fmt(f),
            ExprKind::Float(value) => write!(f, "{value:?}"),
            ExprKind::Str(value) => f.write_str(&literal::quote(value)),
            ExprKind::List(_) | ExprKind::Dict(_) => collection(f, &self.kind),
            ExprKind::Name(name) => f.write_str(name),
            ExprKind::Field { of, name } => {
                write!(f, "{}.{}", Within(of, Hold::Value), name.value)
            }
            ExprKind::Index { of, index } => write!(f, "{}[{index}]", Within(of, Hold::Value)),
            ExprKind::Slice { of, start, stop, step } => slice(f, of, [start, stop, step]),
            ExprKind::Unary { op, operand } => write!(f, "{}{}", op.value, Within(operand, hold)),
            ExprKind::Binary { op, left, right } => {
                let right = Within(right, hold.stronger());
                write!(f, "{} {} {right}", Within(left, hold), op.value)
            }
            ExprKind::Compare { first, rest } => {
                Within(first, Hold::Sum).fmt(f)?;
                rest.iter().try_for_each(|(op, right)| {
                    write!(f, " {} {}", op.value, Within(right, Hold::Sum))
                })
            }
            ExprKind::Logic { op, left, right } => {
                let right = Within(right, hold.stronger());
                write!(f, "{} {} {right}", Within(left, hold), op.value)
            }
            ExprKind::Conditional { test, then, otherwise } => {
                write!(f, "{} if {}", Within(then, Hold::Or), Within(test, Hold::Or))?;
                otherwise.iter().try_for_each(|otherwise| write!(f, " else {otherwise}"))
            }
            ExprKind::Filter { value, name, args } => {
                write!(f, "{} | {}", Within(value, Hold::Filter), name.value)?;
                if args.is_empty() { Ok(()) } else { args.fmt(f) }
            }
            ExprKind::Test { value, name, args, negated } => {
                let is = if *negated { "is not" } else { "is" };
                write!(f, "{} {is} {}", Within(value, Hold::Filter), name.value)?;
                if args.is_empty() { Ok(()) } else { args.fmt(f) }
            }
            ExprKind::Call { name, args } => write!(f, "{}{args}", name.value),
            ExprKind::Method { of, name, args } => {
                write!(f, "{}.{}{args}", Within(of, Hold::Value), name.value)
            }
            ExprKind::Template(template) => template.fmt(f),
            ExprKind::Broken => f.write_str("?"),
            ExprKind::Temp(number) => write!(f, "${number}"),
        }
    }
}

fn collection(f: &mut Formatter<'_>, kind: &ExprKind) -> fmt::Result {
    match kind {
        ExprKind::List(items) => {
            f.write_str("[")?;
            separated(f, items, |f, item| item.fmt(f))?;
            f.write_str("]")
        }
        ExprKind::Dict(pairs) => {
            f.write_str("{")?;
            separated(f, pairs, |f, (key, value)| write!(f, "{key}: {value}"))?;
            f.write_str("}")
        }
        _ => Ok(()),
    }
}

fn slice(f: &mut Formatter<'_>, of: &Expr, bounds: [&Option<Box<Expr>>; 3]) -> fmt::Result {
    let [start, end, step] = bounds;
    write!(f, "{}[", Within(of, Hold::Value))?;
    start.iter().try_for_each(|bound| bound.fmt(f))?;
    f.write_str(":")?;
    end.iter().try_for_each(|bound| bound.fmt(f))?;
    step.iter().try_for_each(|bound| write!(f, ":{bound}"))?;
    f.write_str("]")
}

impl Args {
    fn is_empty(&self) -> bool {
        self.positional.is_empty() && self.keyword.is_empty()
    }
}

impl Display for Args {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        separated(f, &self.positional, |f, value| value.fmt(f))?;
        if !self.positional.is_empty() && !self.keyword.is_empty() {
            f.write_str(", ")?;
        }
        separated(f, &self.keyword, |f, (name, value)| write!(f, "{}={value}", name.value))?;
        f.write_str(")")
    }
}

impl Display for UnaryOp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Not => "not ",
            Self::Minus => "-",
            Self::Plus => "+",
        })
    }
}

impl Display for BinaryOp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::FloorDiv => "//",
            Self::Mod => "%",
            Self::Pow => "**",
            Self::Concat => "~",
        })
    }
}

impl Display for CompareOp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::In => "in",
            Self::NotIn => "not in",
        })
    }
}

impl Display for LogicOp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::And => "and",
            Self::Or => "or",
        })
    }
}

impl Display for Template {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        parts(f, &self.parts)
    }
}

fn parts(f: &mut Formatter<'_>, parts: &[Part]) -> fmt::Result {
    parts.iter().try_for_each(|part| part.fmt(f))
}

impl Display for Part {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) if text.contains('{') => {
                write!(f, "{{% raw %}}{text}{{% endraw %}}")
            }
            Self::Text(text) => f.write_str(text),
            Self::Output(value) => write!(f, "{{{{ {value} }}}}"),
            Self::Set { target, value } if value.block().is_some() => {
                let mut filters = value.clone();
                let body = filters.block_mut().map(|text| std::mem::take(&mut text.parts));
                write!(f, "{{% set {}{filters} %}}", Names(target))?;
                parts(f, &body.unwrap_or_default())?;
                f.write_str("{% endset %}")
            }
            Self::Set { target, value } => {
                write!(f, "{{% set {} = {value} %}}", Names(target))
            }
            Self::If { branches, otherwise } => {
                for (index, (test, body)) in branches.iter().enumerate() {
                    let word = if index == 0 { "if" } else { "elif" };
                    // Behind `if` no inline `if` stands without brackets.
                    write!(f, "{{% {word} {} %}}", Within(test, Hold::Or))?;
                    parts(f, body)?;
                }
                last_branch(f, otherwise)?;
                f.write_str("{% endif %}")
            }
            Self::For { target, items, filter, body, otherwise } => {
                write!(f, "{{% for {} in {}", Names(target), Within(items, Hold::Or))?;
                filter.iter().try_for_each(|filter| write!(f, " if {filter}"))?;
                f.write_str(" %}")?;
                parts(f, body)?;
                last_branch(f, otherwise)?;
                f.write_str("{% endfor %}")
            }
        }
    }
}

fn last_branch(f: &mut Formatter<'_>, otherwise: &[Part]) -> fmt::Result {
    if otherwise.is_empty() {
        return Ok(());
    }
    f.write_str("{% else %}")?;
    parts(f, otherwise)
}

/// Names with commas
struct Names<'a>(&'a [Spanned<String>]);

impl Display for Names<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        separated(f, self.0, |f, name| f.write_str(&name.value))
    }
}
