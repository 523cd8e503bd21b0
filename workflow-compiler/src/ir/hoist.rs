//! Takes the calls of agent functions out of expressions: each becomes a wait of its own, and what
//! was computed before it is kept.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};
use crate::template::ast::{Args, Expr, ExprKind, LogicOp, Part, Template};

use super::lower::agent_function_here;
use super::{Action, AnswerType, Expected, Lowering, TempId, children, children_mut};

/// How often one step may call agent functions: each call waits with all answers before it, so that
/// the code grows with the square of their number
const MAX_CALLS: usize = 64;

impl Lowering<'_> {
    /// A read of a kept value
    pub fn kept(&self, temp: TempId, span: Span) -> Expr {
        Expr { kind: ExprKind::Temp(temp_number(temp)), span }
    }

    /// An expression without agent calls that gives the same value, the calls made before it
    pub fn hoist(&mut self, mut expr: Expr) -> Expr {
        if !self.waits(&expr) {
            return expr;
        }
        match expr.kind {
            ExprKind::Call { name, args } if self.names.agent_function(&name.value).is_some() => {
                self.call(&name, args)
            }
            ExprKind::Logic { op, left, right } => {
                let span = expr.span;
                let value = self.new_temp("value");
                let left = self.hoist(*left);
                self.keep_in(value, left);
                let decided = |l: &mut Self| {
                    let right = l.hoist(*right);
                    l.keep_in(value, right);
                };
                let test = Expr { kind: ExprKind::Temp(temp_number(value)), span };
                match op.value {
                    LogicOp::And => self.choose(test.clone(), decided, |_| ()),
                    LogicOp::Or => self.choose(test.clone(), |_| (), decided),
                }
                test
            }
            ExprKind::Conditional { test, then, otherwise } => {
                let span = expr.span;
                let value = self.new_temp("value");
                self.choose(
                    *test,
                    |l| {
                        let then = l.hoist(*then);
                        l.keep_in(value, then);
                    },
                    |l| {
                        let null = Expr { kind: ExprKind::Null, span };
                        let otherwise = otherwise.map_or(null, |otherwise| l.hoist(*otherwise));
                        l.keep_in(value, otherwise);
                    },
                );
                Expr { kind: ExprKind::Temp(temp_number(value)), span }
            }
            _ => {
                self.hoist_operands(&mut expr);
                expr
            }
        }
    }

    /// Takes the calls out of each operand, in order; what stands before a call and would not give
    /// the same again is kept
    fn hoist_operands(&mut self, expr: &mut Expr) {
        if let ExprKind::Template(template) = &mut expr.kind {
            self.refuse_in_tags(template);
        }
        let mut operands = children_mut(expr);
        let last = operands.iter().rposition(|operand| self.waits(operand)).unwrap_or(0);
        for (at, operand) in operands.iter_mut().enumerate() {
            let span = operand.span;
            let taken = std::mem::replace(*operand, self.broken(span));
            let changes = at < last && self.changes(&taken);
            let value = self.hoist(taken);
            **operand = if changes {
                let temp = self.keep("before", value, None);
                Expr { kind: ExprKind::Temp(temp_number(temp)), span }
            } else {
                value
            };
        }
    }

    /// Asks the agent: arguments are kept, put into the function's words, and the answer waited for
    fn call(&mut self, name: &Spanned<String>, args: Args) -> Expr {
        let names = self.names;
        let span = name.span.to(args.span);
        self.calls += 1;
        if self.calls > MAX_CALLS {
            self.too_many_calls(name);
            return self.broken(span);
        }
        let Some(function) = names.agent_function(&name.value) else { return self.broken(span) };
        let Some(bound) = function.bind(name, args, self.diagnostics) else {
            return self.broken(span);
        };
        let mut arguments: Vec<_> = function.params.iter().zip(bound).collect();
        // They are computed in the order written, which keywords can change.
        arguments.sort_by_key(|(_, value)| value.span.start);
        let mut kept: Vec<(&str, TempId)> = Vec::new();
        for ((param, schema), value) in arguments {
            let value = self.hoist(value);
            let by = format!("parameter `{}` of `{}`", param.value, name.value);
            let expected = Expected { ty: schema.input_ty(), by, span: Some(param.span) };
            kept.push((&param.value, self.keep(&param.value, value, Some(expected))));
        }
        let mut instructions = function.words();
        replace_names(&mut instructions, &kept);
        let action = Action::Call {
            function: name.value.clone(),
            instructions,
            agent: function.agent.as_ref().map(|agent| agent.value.clone()),
        };
        let returns = AnswerType::Known(function.returns.ty.clone(), function.returns.json.clone());
        let answer = self.wait(action, returns);
        Expr { kind: ExprKind::Temp(temp_number(answer)), span }
    }

    /// Reports the first call too many of a step
    fn too_many_calls(&mut self, name: &Spanned<String>) {
        if self.calls > MAX_CALLS + 1 {
            return;
        }
        let message = format!("more than {MAX_CALLS} calls of agent functions in one step");
        self.report(
            Diagnostic::new(Code::Limit, name.span, message)
                .label(format!("call {}", self.calls))
                .help(
                    "let a step before make some of them, and keep what is answered in the state",
                ),
        );
    }

    /// Reports each agent call of an expression that cannot wait, and silences it
    pub fn refuse_calls(&mut self, expr: &mut Expr, place: &str) {
        if !self.waits(expr) {
            return;
        }
        if let ExprKind::Template(template) = &mut expr.kind {
            for part in &mut template.parts {
                self.refuse_in_part(part, place);
            }
            return;
        }
        if let ExprKind::Call { name, .. } = &expr.kind
            && self.names.agent_function(&name.value).is_some()
        {
            let mistake = agent_function_here(name, place);
            self.report(mistake);
            expr.kind = ExprKind::Broken;
            return;
        }
        for operand in children_mut(expr) {
            self.refuse_calls(operand, place);
        }
    }

    fn refuse_in_tags(&mut self, template: &mut Template) {
        for part in &mut template.parts {
            if !matches!(part, Part::Output(_)) {
                self.refuse_in_part(part, "inside a tag of a template");
            }
        }
    }

    fn refuse_in_part(&mut self, part: &mut Part, place: &str) {
        match part {
            Part::Text(_) => {}
            Part::Output(value) | Part::Set { value, .. } => self.refuse_calls(value, place),
            Part::If { branches, otherwise } => {
                for (test, parts) in branches {
                    self.refuse_calls(test, place);
                    parts.iter_mut().for_each(|part| self.refuse_in_part(part, place));
                }
                otherwise.iter_mut().for_each(|part| self.refuse_in_part(part, place));
            }
            Part::For { items, filter, body, otherwise, .. } => {
                self.refuse_calls(items, place);
                if let Some(filter) = filter {
                    self.refuse_calls(filter, place);
                }
                body.iter_mut().chain(otherwise).for_each(|part| self.refuse_in_part(part, place));
            }
        }
    }

    /// Whether an agent is asked anywhere in it
    pub(super) fn waits(&self, expr: &Expr) -> bool {
        any_call(expr, &|name| self.names.agent_function(name).is_some())
    }

    /// Whether it would give another value if it were computed later: it draws on time or chance,
    /// or calls into Rust
    fn changes(&self, expr: &Expr) -> bool {
        any_call(expr, &|name| {
            matches!(name, "now" | "uuid" | "random") || self.names.host_function(name).is_some()
        })
    }
}

/// Whether a function for which `is` holds is called anywhere in it
fn any_call(expr: &Expr, is: &dyn Fn(&str) -> bool) -> bool {
    matches!(&expr.kind, ExprKind::Call { name, .. } if is(&name.value))
        || children(expr).into_iter().any(|operand| any_call(operand, is))
}

/// Puts kept values in the place of a function's parameters; any other name that the template does
/// not bind was reported with the function, and is silenced
pub(super) fn replace_names(expr: &mut Expr, kept: &[(&str, TempId)]) {
    if let ExprKind::Template(template) = &mut expr.kind {
        set_first(template, kept);
    }
    for_free_names(expr, &mut Vec::new(), &mut |expr, name| {
        let temp = kept.iter().find(|(param, _)| *param == name);
        expr.kind = temp.map_or(ExprKind::Broken, |(_, temp)| ExprKind::Temp(temp_number(*temp)));
    });
}

/// Begins a template with setting each parameter that it sets itself: a variable from the start,
/// it is known behind an `if` of which only one branch sets it
fn set_first(template: &mut Template, kept: &[(&str, TempId)]) {
    let mut sets = Vec::new();
    for part in &template.parts {
        targets(part, &mut sets);
    }
    let first = kept.iter().filter_map(|(param, temp)| {
        let name = sets.iter().find(|name| name.value == *param)?;
        let value = Expr { kind: ExprKind::Temp(temp_number(*temp)), span: name.span };
        Some(Part::Set { target: vec![name.clone()], value })
    });
    let first: Vec<_> = first.collect();
    template.parts.splice(..0, first);
}

/// The names that are set in a part
fn targets(part: &Part, found: &mut Vec<Spanned<String>>) {
    match part {
        Part::Set { target, value } => {
            found.extend(target.iter().cloned());
            let block = value.block().into_iter().flat_map(|block| &block.parts);
            block.for_each(|part| targets(part, found));
        }
        Part::If { branches, otherwise } => {
            let parts = branches.iter().flat_map(|(_, parts)| parts).chain(otherwise);
            parts.for_each(|part| targets(part, found));
        }
        Part::For { body, otherwise, .. } => {
            body.iter().chain(otherwise).for_each(|part| targets(part, found));
        }
        Part::Text(_) | Part::Output(_) => {}
    }
}

/// Hands each name that the expression does not bind itself to `see`, which may replace it
pub fn for_free_names(
    expr: &mut Expr,
    bound: &mut Vec<String>,
    see: &mut dyn FnMut(&mut Expr, &str),
) {
    if let ExprKind::Name(name) = &expr.kind {
        let name = name.clone();
        if !bound.contains(&name) {
            see(expr, &name);
        }
        return;
    }
    if let ExprKind::Template(template) = &mut expr.kind {
        let outer = bound.len();
        free_in_parts(&mut template.parts, bound, see);
        bound.truncate(outer);
        return;
    }
    for operand in children_mut(expr) {
        for_free_names(operand, bound, see);
    }
}

fn free_in_parts(
    parts: &mut [Part],
    bound: &mut Vec<String>,
    see: &mut dyn FnMut(&mut Expr, &str),
) {
    for part in parts {
        match part {
            Part::Text(_) => {}
            Part::Output(value) => for_free_names(value, bound, see),
            Part::Set { target, value } => {
                for_free_names(value, bound, see);
                bound.extend(target.iter().map(|name| name.value.clone()));
            }
            Part::If { branches, otherwise } => {
                let outer = bound.len();
                let mut sets = Vec::new();
                for (test, parts) in branches {
                    for_free_names(test, bound, see);
                    free_in_parts(parts, bound, see);
                    sets.extend(bound.drain(outer..));
                }
                free_in_parts(otherwise, bound, see);
                // What one branch sets is known behind all of them.
                bound.extend(sets);
            }
            Part::For { target, items, filter, body, otherwise } => {
                for_free_names(items, bound, see);
                let outer = bound.len();
                bound.extend(target.iter().map(|name| name.value.clone()));
                bound.push("loop".to_owned());
                if let Some(filter) = filter {
                    for_free_names(filter, bound, see);
                }
                free_in_parts(body, bound, see);
                bound.truncate(outer);
                free_in_parts(otherwise, bound, see);
                bound.truncate(outer);
            }
        }
    }
}

/// The tree counts kept values in 32 bits; a program has a few
pub(super) fn temp_number(temp: TempId) -> u32 {
    u32::try_from(temp).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
