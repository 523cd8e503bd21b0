//! Texts with templates in them: by `format!` where that will do, else by askama.

use proc_macro2::TokenStream;
use quote::quote;

use super::askama;
use super::code::{Bind, Code};
use super::literal;
use super::scope::Scope;
use super::uses::has_control_flow;
use crate::typed::{Expr, ExprKind, Part, Template};

impl Scope<'_> {
    /// A text with templates in it, as a string
    pub(super) fn text(&self, template: &Template) -> Code {
        if has_control_flow(template) {
            return askama::render(self, &template.parts);
        }
        match &merged(&template.parts)[..] {
            [] => Code::text(""),
            [Piece::Text(text)] => Code::text(text),
            [Piece::Value(value)] => self.expr(value),
            pieces => self.format(pieces),
        }
    }

    /// A text for a person or an agent: by askama unless nothing has to be put into it
    pub(super) fn message(&self, expr: &Expr) -> Code {
        let ExprKind::Template(template) = &expr.kind else { return self.expr(expr) };
        match &merged(&template.parts)[..] {
            [] | [_] if !has_control_flow(template) => self.text(template),
            _ => askama::render(self, &template.parts),
        }
    }

    fn format(&self, pieces: &[Piece<'_>]) -> Code {
        let mut pattern = String::new();
        let mut args = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => pattern += &text.replace('{', "{{").replace('}', "}}"),
                Piece::Value(value) => match self.display(value) {
                    name if is_name(&name) => pattern.extend(["{", &name.to_string(), "}"]),
                    value => {
                        pattern += "{}";
                        args.push(value);
                    }
                },
            }
        }
        let pattern = literal::string(&pattern);
        Code::owned(quote!(format!(#pattern #(, #args)*))).binding(Bind::Tight)
    }
}

/// A piece of a template without control flow
pub(super) enum Piece<'a> {
    Text(String),
    Value(&'a Expr),
}

/// The pieces, neighbouring texts as one
pub(super) fn merged(parts: &[Part]) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    for part in parts {
        let text = match part {
            Part::Text(text) | Part::Output(Expr { kind: ExprKind::Str(text), .. }) => text,
            Part::Output(value) => {
                pieces.push(Piece::Value(value));
                continue;
            }
            Part::If { .. } | Part::For(_) | Part::Set { .. } => continue,
        };
        match pieces.last_mut() {
            Some(Piece::Text(before)) => before.push_str(text),
            _ if text.is_empty() => {}
            _ => pieces.push(Piece::Text(text.clone())),
        }
    }
    pieces
}

fn is_name(tokens: &TokenStream) -> bool {
    syn::parse2::<syn::Ident>(tokens.clone()).is_ok()
}
