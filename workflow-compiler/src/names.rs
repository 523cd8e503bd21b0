//! What the expressions and steps of a project can name beyond their own file: functions and
//! tasks.

use std::collections::BTreeMap;

use crate::arguments::{Callee, bind};
use crate::builtins;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Edit};
use crate::host::HostFunction;
use crate::ir::{ProgramId, for_free_names};
use crate::source::{Span, Spanned};
use crate::syntax::decode::closest;
use crate::syntax::functions::AgentFunction;
use crate::template::Parsed;
use crate::template::ast::{Args, Expr, ExprKind};
use crate::tools::Tools;

/// What can be called and started
#[derive(Debug, Default)]
pub struct Names {
    /// Functions that the agent answers
    pub agent_functions: BTreeMap<String, AgentFunction>,
    /// Functions written in Rust
    pub host_functions: BTreeMap<String, HostFunction>,
    /// Whether functions may be missing here because a file of them is broken
    pub incomplete: bool,
    /// What is known of the tools of servers
    pub tools: Tools,
    /// Programs by name, by stem, and inline tasks by `stem/task`; `None` for a broken file
    pub programs: BTreeMap<String, Option<ProgramId>>,
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

    /// The program that `task` means in the file of `stem`: an inline task first, then a file;
    /// `Some(None)` where it is there and broken
    pub fn task(&self, stem: &str, task: &str) -> Option<Option<ProgramId>> {
        let file = file_of(stem);
        let inline = self.programs.get(&format!("{file}/{task}"));
        inline.copied().or_else(|| self.workflow(task))
    }

    /// The program of the workflow of that name or file; `Some(None)` where it is there and broken
    pub fn workflow(&self, name: &str) -> Option<Option<ProgramId>> {
        self.programs.get(name).filter(|_| !name.contains('/')).copied()
    }

    /// Every word that would name a workflow
    pub fn workflows(&self) -> impl Iterator<Item = &str> {
        self.programs.keys().map(String::as_str).filter(|name| !name.contains('/'))
    }

    /// Every word that would name a task in the file of `stem`
    pub fn tasks<'a>(&'a self, stem: &'a str) -> impl Iterator<Item = &'a str> {
        let file = file_of(stem);
        self.programs.keys().filter_map(move |name| match name.split_once('/') {
            Some((of, task)) => (of == file).then_some(task),
            None => Some(name.as_str()),
        })
    }
}

fn file_of(stem: &str) -> &str {
    stem.split('/').next().unwrap_or(stem)
}

impl AgentFunction {
    /// The argument of each parameter; `None` where the call is wrong, which is reported
    pub fn bind(
        &self,
        name: &Spanned<String>,
        args: Args,
        diagnostics: &mut Diagnostics,
    ) -> Option<Vec<Expr>> {
        let params: Vec<_> = self
            .params
            .iter()
            .map(|(param, schema)| (param.value.as_str(), schema.required))
            .collect();
        let what = format!("function `{}`", name.value);
        let bound = bind(Callee { what: &what, name, params: &params }, args, diagnostics)?;
        let given = self.params.iter().zip(bound).map(|((_, schema), given)| {
            given.unwrap_or_else(|| literal(schema.default.as_ref(), name.span))
        });
        Some(given.collect())
    }

    /// Reports a name that something else has, and what its instructions name beside its parameters
    pub fn check(&self, names: &Names, diagnostics: &mut Diagnostics) {
        let name = self.name.value.as_str();
        let taken = match names.host_function(name) {
            Some(_) => Some("a function in Rust"),
            None => builtins::function(name).map(|_| "built in"),
        };
        if let Some(taken) = taken {
            let message = format!("`{name}` is {taken} already");
            diagnostics.push(
                Diagnostic::new(Code::DuplicateName, self.name.span, message)
                    .label("the second one")
                    .help("rename the function"),
            );
        }
        for_free_names(&mut self.words(), &mut Vec::new(), &mut |expr, name| {
            let mut params = self.params.iter().map(|(param, _)| param.value.as_str());
            if params.clone().any(|param| param == name) {
                return;
            }
            let message = format!("function `{}` has no parameter `{name}`", self.name.value);
            let mistake = Diagnostic::new(Code::UnknownVariable, expr.span, message)
                .label("instructions see the parameters only");
            diagnostics.push(match closest(name, &mut params) {
                Some(meant) => {
                    let edit = Edit { span: expr.span, text: meant.to_owned() };
                    mistake
                        .help(format!("did you mean `{meant}`?"))
                        .fix(format!("read `{meant}`"), vec![edit])
                }
                None => mistake.help("declare it under `params`, and hand it over at the call"),
            });
        });
    }

    /// Its instructions as an expression that gives text
    pub fn words(&self) -> Expr {
        let span = self.name.span;
        match self.instructions.clone() {
            Some(Parsed::Plain(text)) => Expr { kind: ExprKind::Str(text), span },
            Some(Parsed::Value(value)) => value,
            Some(Parsed::Text(text)) => Expr { kind: ExprKind::Template(Box::new(text)), span },
            None => Expr { kind: ExprKind::Broken, span },
        }
    }
}

/// A default as an expression
fn literal(value: Option<&serde_json::Value>, span: Span) -> Expr {
    use serde_json::Value;
    let kind = match value {
        None | Some(Value::Null) => ExprKind::Null,
        Some(Value::Bool(value)) => ExprKind::Bool(*value),
        Some(Value::Number(number)) => match number.as_i64() {
            Some(value) => ExprKind::Int(value),
            None => ExprKind::Float(number.as_f64().unwrap_or_default()),
        },
        Some(Value::String(text)) => ExprKind::Str(text.clone()),
        Some(Value::Array(items)) => {
            ExprKind::List(items.iter().map(|item| literal(Some(item), span)).collect())
        }
        Some(Value::Object(fields)) => {
            let key = |name: &String| Expr { kind: ExprKind::Str(name.clone()), span };
            ExprKind::Dict(
                fields
                    .iter()
                    .map(|(name, value)| (key(name), literal(Some(value), span)))
                    .collect(),
            )
        }
    };
    Expr { kind, span }
}
