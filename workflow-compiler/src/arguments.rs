//! Binds the arguments of a call to the parameters of what is called.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Spanned;
use crate::syntax::decode::closest;
use crate::template::ast::{Args, Expr};

/// What is called, as far as binding needs to know
#[derive(Clone, Copy, Debug)]
pub struct Callee<'a> {
    /// In words: "function `f`", "filter `join`"
    pub what: &'a str,
    /// The name at the call
    pub name: &'a Spanned<String>,
    /// Names of the parameters, and whether each must be given
    pub params: &'a [(&'a str, bool)],
}

/// The argument of each parameter; `None` for the whole where one is wrong, which is reported
pub fn bind(
    callee: Callee<'_>,
    args: Args,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Option<Expr>>> {
    let mut bound: Vec<Option<Expr>> = callee.params.iter().map(|_| None).collect();
    let given = args.positional.len();
    if let Some(extra) = args.positional.get(callee.params.len()) {
        diagnostics.push(
            wrong(
                callee,
                extra.span,
                format!("{} takes {}, {given} given", callee.what, takes(callee.params)),
            )
            .label("one too many")
            .help(signature(callee)),
        );
        return None;
    }
    for (slot, value) in bound.iter_mut().zip(args.positional) {
        *slot = Some(value);
    }
    for (name, value) in args.keyword {
        let Some(at) = callee.params.iter().position(|(param, _)| *param == name.value) else {
            diagnostics.push(unknown_keyword(callee, &name));
            return None;
        };
        if let Some(first) = &bound[at] {
            let message = format!("{} is given `{}` twice", callee.what, name.value);
            diagnostics
                .push(wrong(callee, name.span, message).also(first.span, "first given here"));
            return None;
        }
        bound[at] = Some(value);
    }
    let missing: Vec<&str> = callee
        .params
        .iter()
        .zip(&bound)
        .filter(|((_, required), value)| *required && value.is_none())
        .map(|((name, _), _)| *name)
        .collect();
    if missing.is_empty() {
        return Some(bound);
    }
    let message = format!("{} is not given {}", callee.what, listed(&missing));
    diagnostics
        .push(wrong(callee, callee.name.span.to(args.span), message).help(signature(callee)));
    None
}

fn wrong(callee: Callee<'_>, span: crate::source::Span, message: String) -> Diagnostic {
    debug_assert_eq!(callee.name.span.file, span.file, "a call lies in one file");
    Diagnostic::new(Code::WrongArguments, span, message)
}

fn unknown_keyword(callee: Callee<'_>, name: &Spanned<String>) -> Diagnostic {
    let message = format!("{} has no parameter `{}`", callee.what, name.value);
    let mistake = wrong(callee, name.span, message);
    match closest(&name.value, callee.params.iter().map(|(param, _)| *param)) {
        Some(meant) => mistake.help(format!("did you mean `{meant}`?")),
        None => mistake.help(signature(callee)),
    }
}

fn signature(callee: Callee<'_>) -> String {
    let params: Vec<String> = callee
        .params
        .iter()
        .map(|(name, required)| if *required { (*name).to_owned() } else { format!("{name}?") })
        .collect();
    format!("it is called as `{}({})`", callee.name.value, params.join(", "))
}

fn takes(params: &[(&str, bool)]) -> String {
    let required = params.iter().filter(|(_, required)| *required).count();
    match (required, params.len()) {
        (_, 0) => "no arguments".to_owned(),
        (least, most) if least == most => {
            format!("{most} argument{}", if most == 1 { "" } else { "s" })
        }
        (least, most) => format!("{least} to {most} arguments"),
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
