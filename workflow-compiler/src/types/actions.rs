//! Types what a run waits for.

use crate::ir;
use crate::template::ast::{Expr as Ast, ExprKind as AstKind};
use crate::typed::{Action, Expr, ExprKind};

use super::Ty;
use super::checker::{Checker, typed};
use super::children::check_fork;
use super::convert::certain;

/// An action with its expressions checked
pub(super) fn check_action(checker: &mut Checker<'_>, action: &ir::Action) -> Action {
    match action {
        ir::Action::Prompt { kind, message, options, user_only } => Action::Prompt {
            kind,
            message: checker.message(message),
            options: options.as_ref().map(|options| check_options(checker, options)),
            user_only: *user_only,
        },
        ir::Action::McpCall { tool, parameters } => {
            let parameters = parameters.iter().map(|(name, value)| {
                let value = checker.check(value);
                (name.value.clone(), certain(value, &Ty::Any))
            });
            Action::McpCall { parameters: parameters.collect(), tool: tool.value.clone() }
        }
        ir::Action::Shell { command } => Action::Shell { command: checker.message(command) },
        ir::Action::Pause { seconds, message } => {
            let given = checker.check(seconds);
            Action::Pause {
                seconds: checker.convert_to(given, Ty::Number, "`duration_seconds`"),
                message: message.as_ref().map(|message| checker.message(message)),
            }
        }
        ir::Action::Delegate { instructions, agent } => {
            let instructions = checker.message(instructions);
            Action::Delegate { instructions, agent: agent.clone() }
        }
        ir::Action::Call { function, instructions, agent } => Action::Call {
            function: function.clone(),
            instructions: checker.message(instructions),
            agent: agent.clone(),
        },
        ir::Action::Fork(fork) => check_fork(checker, fork),
    }
}

/// The options of a choice: written out, each is a text whatever its templates give; computed, they
/// are a list of texts
fn check_options(checker: &mut Checker<'_>, options: &Ast) -> Expr {
    if let AstKind::List(items) = &options.kind {
        let items = items.iter().map(|item| checker.text(item)).collect();
        return typed(ExprKind::List(items), Ty::list(Ty::String), options.span);
    }
    let given = checker.check(options);
    checker.convert_to(given, Ty::list(Ty::String), "`options`")
}
