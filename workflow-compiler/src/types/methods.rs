//! Method calls: none can be compiled yet, but what no value has is told apart.

use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::source::{Span, Spanned};
use crate::syntax::decode::closest;
use crate::template::ast::Expr as Ast;
use crate::typed::Expr;

use super::Ty;
use super::checker::{Checker, poison};
use super::convert::a;
use super::operators::silent;

const TEXT: &[&str] = &[
    "capitalize",
    "count",
    "endswith",
    "find",
    "format",
    "index",
    "isalnum",
    "isalpha",
    "isdigit",
    "islower",
    "isspace",
    "isupper",
    "join",
    "lower",
    "lstrip",
    "replace",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "upper",
    "zfill",
];
const LIST: &[&str] = &["count", "index"];
const OBJECT: &[&str] = &["get", "items", "keys", "values"];
const DATETIME: &[&str] = &["date", "isoformat", "strftime", "time", "timestamp"];

impl Checker<'_> {
    /// `of.name(args)`
    pub fn method(&mut self, of: &Ast, name: &Spanned<String>, span: Span) -> Expr {
        let of = self.check(of);
        let known: Vec<&str> = match &of.ty {
            ty if silent(ty) => return poison(span),
            Ty::Any => [TEXT, LIST, OBJECT, DATETIME].concat(),
            ty if ty.is_text() => TEXT.to_vec(),
            Ty::List(_) => LIST.to_vec(),
            Ty::Object(_) | Ty::Open => OBJECT.to_vec(),
            Ty::DateTime => DATETIME.to_vec(),
            ty if ty.may_be_null() => {
                return self.maybe_null(&of, name.span, "a method of it is called");
            }
            _ => Vec::new(),
        };
        if known.contains(&name.value.as_str()) {
            return self.unsupported(name.span, &format!("method `{}`", name.value));
        }
        let message = format!("{} has no method `{}`", a(&of.ty), name.value);
        let mut mistake = Diagnostic::new(Code::UnknownMethod, name.span, message)
            .also(of.span, format!("this is of type `{}`", of.ty));
        if let Some(meant) = closest(&name.value, known.iter().copied()) {
            let edit = Edit { span: name.span, text: meant.to_owned() };
            mistake = mistake
                .help(format!("did you mean `{meant}`?"))
                .fix(format!("call `{meant}`"), vec![edit]);
        }
        self.mistake(mistake);
        poison(span)
    }
}
