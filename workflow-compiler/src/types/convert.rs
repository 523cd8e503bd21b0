//! Puts a value of one type where another is needed: for certain, with a check when the run gets
//! there, or not at all.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::Expected;
use crate::source::Span;
use crate::syntax::decode::closest;
use crate::template::ast::LogicOp;
use crate::typed::{Expr, ExprKind};

use super::Ty;
use super::checker::{Checker, poison, typed};

impl Checker<'_> {
    /// The value as what is expected; what does not fit is reported
    pub fn convert(&mut self, value: Expr, expected: &Expected) -> Expr {
        self.convert_as(value, expected, Code::TypeMismatch)
    }

    /// The value as what is expected; what does not fit is reported with a code of its own
    pub fn convert_as(&mut self, value: Expr, expected: &Expected, code: Code) -> Expr {
        let Some(culprit) = Culprit::find(&value, &expected.ty, expected.by.clone()) else {
            return certain(value, &expected.ty);
        };
        let mut mistake = culprit.report(code);
        if let Some(span) = expected.span {
            mistake = mistake.also(span, format!("`{}` is demanded here", expected.ty));
        }
        self.mistake(mistake);
        poison(value.span)
    }

    /// The value as `ty`, wanted by something that needs no more words than `by`
    pub fn convert_to(&mut self, value: Expr, ty: Ty, by: impl Into<String>) -> Expr {
        self.convert(value, &Expected { ty, by: by.into(), span: None })
    }
}

/// The innermost part of a literal that does not fit
struct Culprit<'e> {
    value: &'e Expr,
    ty: &'e Ty,
    /// What demands the type, in words
    by: String,
    /// The field that is not there
    lacks: Option<&'e str>,
}

impl<'e> Culprit<'e> {
    /// `None` where all of it fits. Of a literal more is known than its type says: the types of its
    /// parts are joined in that.
    fn find(value: &'e Expr, ty: &'e Ty, by: String) -> Option<Self> {
        let fits = ty.accepts(&value.ty) || is_listed(value, ty);
        let inside = match (&value.kind, ty) {
            (_, Ty::Optional(some)) if fits && !value.ty.may_be_null() => {
                Self::find(value, some, by.clone())
            }
            (ExprKind::Widen(inner), _) if fits => Self::find(inner, ty, by.clone()),
            (ExprKind::Conditional(_, then, otherwise), _) if fits => {
                Self::find(then, ty, by.clone()).or_else(|| Self::find(otherwise, ty, by.clone()))
            }
            (ExprKind::Str(text), Ty::Enum(words)) if !words.contains(text) => {
                Some(Self { value, ty, by: by.clone(), lacks: None })
            }
            (ExprKind::List(items), Ty::List(item)) => {
                items.iter().find_map(|value| Self::find(value, item, format!("an item of {by}")))
            }
            (ExprKind::Object(fields), Ty::Object(shape)) => {
                shape.fields.iter().find_map(|(name, ty)| {
                    match fields.iter().find(|(field, _)| field == name) {
                        Some((_, value)) => Self::find(value, ty, format!("`{name}` of {by}")),
                        None if ty.accepts(&Ty::Null) => None,
                        None => Some(Self { value, ty, by: by.clone(), lacks: Some(name) }),
                    }
                })
            }
            _ => None,
        };
        inside.or_else(|| (!fits).then_some(Self { value, ty, by, lacks: None }))
    }

    fn report(&self, code: Code) -> Diagnostic {
        let Self { value, ty, by, lacks } = self;
        if let Some(name) = lacks {
            let message = format!("{by} needs `{name}`, which is missing");
            return Diagnostic::new(code, value.span, message).label(format!("without `{name}`"));
        }
        if let (ExprKind::Str(text), Ty::Enum(words)) = (&value.kind, ty) {
            return not_among(text, words, value.span, by, code);
        }
        let label = format!("of type `{}`", value.ty);
        if matches!(value.ty, Ty::Optional(_)) && ty.accepts(&value.ty.clone().present()) {
            let code = if code == Code::TypeMismatch { Code::MaybeNull } else { code };
            let message = format!("{by} cannot be null, and this may be");
            return Diagnostic::new(code, value.span, message).label(label).help(
                "say what stands in for null: `| default(…)`, or test it with `is not none`",
            );
        }
        let message = format!("{by} is {}, and this is {}", a(ty), a(&value.ty));
        Diagnostic::new(code, value.span, message).label(label)
    }
}

/// That a text is none of those that are possible
fn not_among(text: &str, words: &[String], span: Span, by: &str, code: Code) -> Diagnostic {
    let listed = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let mistake = Diagnostic::new(code, span, format!("{by} is one of {listed}, not `{text}`"))
        .label("not among them");
    match closest(text, words.iter().map(String::as_str)) {
        Some(meant) => mistake.help(format!("did you mean `{meant}`?")),
        None => mistake,
    }
}

/// The value as a type that accepts its own
pub fn certain(value: Expr, to: &Ty) -> Expr {
    if value.ty == *to || value.ty == Ty::Poison || *to == Ty::Poison {
        return value;
    }
    let span = value.span;
    match (value.kind, to) {
        // A literal is written as what it is to be at once.
        (ExprKind::List(items), Ty::List(item)) => {
            let items = items.into_iter().map(|value| certain(value, item)).collect();
            typed(ExprKind::List(items), to.clone(), span)
        }
        (ExprKind::Object(fields), Ty::Object(shape)) => object(fields, shape, to, span),
        (ExprKind::Object(fields), Ty::Open | Ty::Any) => {
            let fields =
                fields.into_iter().map(|(name, value)| (name, certain(value, &Ty::Any))).collect();
            let object = typed(ExprKind::Object(fields), Ty::Open, span);
            if *to == Ty::Open {
                object
            } else {
                typed(ExprKind::Widen(object.into()), Ty::Any, span)
            }
        }
        (ExprKind::Str(text), Ty::Enum(words)) if words.contains(&text) => {
            typed(ExprKind::Str(text), to.clone(), span)
        }
        (ExprKind::Null, Ty::Optional(_)) if value.ty == Ty::Null => {
            typed(ExprKind::Null, to.clone(), span)
        }
        (ExprKind::Conditional(test, then, otherwise), _) => {
            let (then, otherwise) = (certain(*then, to).into(), certain(*otherwise, to).into());
            typed(ExprKind::Conditional(test, then, otherwise), to.clone(), span)
        }
        (ExprKind::Logic(op @ (LogicOp::And | LogicOp::Or), left, right), Ty::Any)
            if value.ty != Ty::Bool =>
        {
            let (left, right) = (certain(*left, to).into(), certain(*right, to).into());
            typed(ExprKind::Logic(op, left, right), to.clone(), span)
        }
        (kind, Ty::Optional(some)) if !value.ty.may_be_null() && value.ty != Ty::Any => {
            let value = certain(typed(kind, value.ty, span), some);
            typed(ExprKind::Widen(value.into()), to.clone(), span)
        }
        (kind, _) => {
            let value = typed(kind, value.ty, span);
            let kind = if widens(&value.ty, to) { ExprKind::Widen } else { ExprKind::Cast };
            typed(kind(value.into()), to.clone(), span)
        }
    }
}

fn object(mut fields: Vec<(String, Expr)>, shape: &super::Shape, to: &Ty, span: Span) -> Expr {
    let mut take = |name: &str, ty: &Ty| {
        let given =
            fields.iter().position(|(field, _)| field == name).map(|at| fields.remove(at).1);
        certain(given.unwrap_or_else(|| typed(ExprKind::Null, Ty::Null, span)), ty)
    };
    let fields = shape.fields.iter().map(|(name, ty)| (name.clone(), take(name, ty))).collect();
    typed(ExprKind::Object(fields), to.clone(), span)
}

/// Whether each value of `from` is one of `to`, so that nothing need be checked
fn widens(from: &Ty, to: &Ty) -> bool {
    match (from, to) {
        (a, b) if a == b => true,
        (_, Ty::Any) | (Ty::Never, _) | (Ty::Null, Ty::Optional(_)) => true,
        (Ty::Int | Ty::Float, Ty::Number) | (Ty::Int, Ty::Float) => true,
        (Ty::Enum(_), Ty::String | Ty::Enum(_)) | (Ty::Object(_), Ty::Open) => true,
        (Ty::Optional(a), Ty::Optional(b)) | (Ty::List(a), Ty::List(b)) => widens(a, b),
        (a, Ty::Optional(b)) => widens(a, b),
        (Ty::Object(a), Ty::Object(b)) => {
            b.fields.iter().all(|(name, ty)| match a.fields.get(name) {
                Some(given) => widens(given, ty),
                None => matches!(ty, Ty::Optional(_) | Ty::Any),
            })
        }
        _ => false,
    }
}

/// Whether the texts written out in a value are among the words that are wanted where they stand:
/// their type alone does not say so
pub fn is_listed(value: &Expr, ty: &Ty) -> bool {
    match (&value.kind, ty) {
        (_, ty) if ty.accepts(&value.ty) => true,
        (ExprKind::Str(text), Ty::Enum(words)) => words.contains(text),
        (ExprKind::Widen(inner), _) => is_listed(inner, ty),
        (ExprKind::Conditional(_, then, otherwise), _) => {
            is_listed(then, ty) && is_listed(otherwise, ty)
        }
        (_, Ty::Optional(some)) => is_listed(value, some),
        (ExprKind::List(items), Ty::List(item)) => items.iter().all(|value| is_listed(value, item)),
        (ExprKind::Object(fields), Ty::Object(shape)) => shape.fields.iter().all(|(name, ty)| {
            match fields.iter().find(|(field, _)| field == name) {
                Some((_, value)) => is_listed(value, ty),
                None => ty.accepts(&Ty::Null),
            }
        }),
        _ => false,
    }
}

/// A type with its article: "a string", "an int"
pub fn a(ty: &Ty) -> String {
    match ty {
        Ty::Null => "null".to_owned(),
        Ty::Any => "any value".to_owned(),
        ty => {
            let word = ty.to_string();
            let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            format!("{article} {word}")
        }
    }
}
