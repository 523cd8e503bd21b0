//! What a run waits for, as Rust.

use proc_macro2::TokenStream;
use quote::quote;

use super::block::option;
use super::literal;
use super::names::pascal;
use super::scope::Scope;
use crate::typed::{Action, Binding, Children, Expr};

/// What the text of an action is called
pub(super) fn text_of(action: &Action) -> &'static str {
    match action {
        Action::Prompt { .. } => "message",
        Action::Delegate { .. } | Action::Call { .. } => "instructions",
        Action::Pause { .. } => "message",
        Action::Shell { .. } => "command",
        Action::McpCall { .. } => "parameters",
        Action::Fork { start: Children::Items { .. }, .. } => "items",
        Action::Fork { start: Children::One(_), .. } => "inputs",
    }
}

impl Scope<'_> {
    /// An action as Rust
    pub(super) fn action(&self, action: &Action) -> TokenStream {
        match action {
            Action::Prompt { kind, message, options, user_only } => {
                self.prompt(kind, message, options.as_ref(), *user_only)
            }
            Action::Shell { command } => {
                let command = self.message(command).value();
                quote!(Action::Shell { command: #command })
            }
            Action::Pause { seconds, message } => {
                let seconds = self.expr(seconds).value();
                let resume_at = self.attempt(&quote!(cx.after(#seconds)));
                let message = option(message.as_ref().map(|text| self.message(text).value()));
                quote!(Action::Wait { resume_at: #resume_at, message: #message })
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
            Action::Fork { program, start, agent, concurrency, keep_errors } => {
                let children = self.children(start);
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

    fn prompt(
        &self,
        kind: &str,
        message: &Expr,
        options: Option<&Expr>,
        user_only: bool,
    ) -> TokenStream {
        let kind = quote::format_ident!("{}", pascal(kind));
        let message = self.message(message).value();
        let options = options.map_or(quote!(Vec::new()), |options| self.expr(options).value());
        quote!(Action::Prompt {
            kind: PromptKind::#kind,
            message: #message,
            options: #options,
            user_only: #user_only,
        })
    }

    fn children(&self, start: &Children) -> TokenStream {
        let (items, binding, inputs) = match start {
            Children::Items { items, binding, inputs } => (items, binding, inputs),
            Children::One(inputs) => {
                let inputs = self.open_object(inputs).value();
                return quote!(children::one(#inputs));
            }
        };
        let items = self.expr(items).by_ref();
        let children = match binding {
            Binding::None => quote!(children::bare(#items)),
            Binding::Whole(input) => quote!(children::whole(#items, #input)),
            Binding::Fields(inputs) => {
                let inputs = inputs.iter().map(|input| literal::string(input));
                self.attempt(&quote!(children::fields(#items, &[#(#inputs),*])))
            }
            Binding::Either { whole, inputs } => {
                let inputs = inputs.iter().map(|input| literal::string(input));
                quote!(children::either(#items, #whole, &[#(#inputs),*]))
            }
        };
        if inputs.is_empty() {
            return children;
        }
        let inputs = self.open_object(inputs).by_ref();
        quote!(children::given(#children, #inputs))
    }
}

fn name(agent: Option<&String>) -> TokenStream {
    option(agent.map(|agent| quote!(#agent.to_string())))
}
