//! What a run waits for, as Rust.

use proc_macro2::TokenStream;
use quote::quote;

use super::block::option;
use super::literal;
use super::names::pascal;
use super::scope::Scope;
use crate::typed::{Action, Binding, Expr};

/// What the text of an action is called
pub(super) fn text_of(action: &Action) -> &'static str {
    match action {
        Action::Prompt { .. } => "message",
        Action::Delegate { .. } | Action::Call { .. } => "instructions",
        Action::McpCall { .. } => "parameters",
        Action::Fork { .. } => "items",
    }
}

impl Scope<'_> {
    /// An action as Rust
    pub(super) fn action(&self, action: &Action) -> TokenStream {
        match action {
            Action::Prompt { kind, message, options, user_only } => {
                self.prompt(kind, message, options, *user_only)
            }
            Action::McpCall { tool, parameters } => {
                let parameters = self.open_object(parameters).value();
                quote!(Action::McpCall { tool: #tool.to_string(), parameters: #parameters })
            }
            Action::Delegate { instructions, agent } => {
                let (text, agent) = (self.message(instructions).value(), name(agent.as_ref()));
                quote!(Action::Delegate { instructions: #text, agent: #agent })
            }
            Action::Call { function, instructions, agent } => {
                let (text, agent) = (self.message(instructions).value(), name(agent.as_ref()));
                quote!(Action::Call {
                    function: #function.to_string(),
                    instructions: #text,
                    agent: #agent,
                })
            }
            Action::Fork { program, items, binding, agent, concurrency, keep_errors } => {
                let children = self.children(items, binding, program);
                let agent = name(agent.as_ref());
                let concurrency = proc_macro2::Literal::usize_unsuffixed(*concurrency);
                quote!(Action::Foreach(Fork {
                    program: #program.to_string(),
                    children: #children,
                    agent: #agent,
                    concurrency: #concurrency,
                    keep_errors: #keep_errors,
                }))
            }
        }
    }

    fn prompt(&self, kind: &str, message: &Expr, options: &[Expr], user_only: bool) -> TokenStream {
        let kind = quote::format_ident!("{}", pascal(kind));
        let message = self.message(message).value();
        let options = options.iter().map(|option| self.expr(option).value());
        let options =
            if options.len() == 0 { quote!(Vec::new()) } else { quote!(vec![#(#options),*]) };
        quote!(Action::Prompt {
            kind: PromptKind::#kind,
            message: #message,
            options: #options,
            user_only: #user_only,
        })
    }

    fn children(&self, items: &Expr, binding: &Binding, program: &str) -> TokenStream {
        let items = self.expr(items).by_ref();
        match binding {
            Binding::None => quote!(children::bare(#items)),
            Binding::Whole(input) => quote!(children::whole(#items, #input)),
            Binding::Fields => self.attempt(&quote!(children::fields(#items))),
            Binding::Either(input) => {
                let inputs = self.module.options.inputs_of(program).map(literal::string);
                quote!(children::either(#items, #input, &[#(#inputs),*]))
            }
        }
    }
}

fn name(agent: Option<&String>) -> TokenStream {
    option(agent.map(|agent| quote!(#agent.to_string())))
}
