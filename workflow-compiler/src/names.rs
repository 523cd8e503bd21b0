//! What the expressions and steps of a project can name beyond their own file: functions and
//! tasks.

use std::collections::BTreeMap;

use crate::arguments::{Callee, bind};
use crate::diagnostic::Diagnostics;
use crate::host::HostFunction;
use crate::ir::ProgramId;
use crate::source::Spanned;
use crate::syntax::functions::AgentFunction;
use crate::template::ast::{Args, Expr, ExprKind};

/// What can be called and started
#[derive(Debug, Default)]
pub struct Names {
    /// Functions that the agent answers
    pub agent_functions: BTreeMap<String, AgentFunction>,
    /// Functions written in Rust
    pub host_functions: BTreeMap<String, HostFunction>,
    /// Programs by name, by stem, and inline tasks by `stem/task`
    pub programs: BTreeMap<String, ProgramId>,
}

impl Names {
    /// The agent function of that name
    pub fn agent_function(&self, name: &str) -> Option<&AgentFunction> {
        self.agent_functions.get(name)
    }

    /// The host function of that name
    pub fn host_function(&self, name: &str) -> Option<&HostFunction> {
        self.host_functions.get(name)
    }

    /// The program that `task` means in the file of `stem`: an inline task first, then a file
    pub fn task(&self, stem: &str, task: &str) -> Option<ProgramId> {
        let file = stem.split('/').next().unwrap_or(stem);
        let inline = self.programs.get(&format!("{file}/{task}"));
        inline.or_else(|| self.programs.get(task)).copied()
    }

    /// Every word that would name a task in the file of `stem`
    pub fn tasks<'a>(&'a self, stem: &'a str) -> impl Iterator<Item = &'a str> {
        let file = stem.split('/').next().unwrap_or(stem);
        self.programs.keys().filter_map(move |name| match name.split_once('/') {
            Some((of, task)) => (of == file).then_some(task),
            None => Some(name.as_str()),
        })
    }
}

impl AgentFunction {
    /// The argument of each parameter; `None` where the call is wrong, which is reported
    pub fn bind(&self, name: &Spanned<String>, args: Args, diagnostics: &mut Diagnostics) -> Option<Vec<Expr>> {
        let params: Vec<_> = self.params.iter().map(|(param, _)| (param.value.as_str(), true)).collect();
        let what = format!("function `{}`", name.value);
        let bound = bind(Callee { what: &what, name, params: &params }, args, diagnostics)?;
        bound.into_iter().collect()
    }

    /// Its instructions as an expression that gives text
    pub fn words(&self) -> Expr {
        self.instructions.clone().unwrap_or(Expr { kind: ExprKind::Broken, span: self.name.span })
    }
}
