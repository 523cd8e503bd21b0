//! What stands below an expression, a template's part and a block's end: the one way through the
//! checked program.

use super::{Action, Arg, Children, End, Expr, ExprKind, Part};

impl Expr {
    /// The expressions directly below it, those of a template's tags too
    pub fn operands(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
            | ExprKind::Input(_)
            | ExprKind::State(_)
            | ExprKind::Item
            | ExprKind::Place(_)
            | ExprKind::Temp(_)
            | ExprKind::Local(_)
            | ExprKind::Loop { .. }
            | ExprKind::Caught
            | ExprKind::Ambient(_) => Vec::new(),
            ExprKind::List(items) | ExprKind::LoopCall { values: items, .. } => {
                items.iter().collect()
            }
            ExprKind::Object(fields) => fields.iter().map(|(_, value)| value).collect(),
            ExprKind::Field(of, _)
            | ExprKind::Key(of, _)
            | ExprKind::Unary(_, of)
            | ExprKind::Truth(of)
            | ExprKind::Show(of)
            | ExprKind::IsNull(of, _)
            | ExprKind::Widen(of)
            | ExprKind::Cast(of)
            | ExprKind::Present(of) => vec![of],
            ExprKind::Index(a, b)
            | ExprKind::Binary(_, a, b)
            | ExprKind::Compare(_, a, b)
            | ExprKind::Logic(_, a, b) => vec![a, b],
            ExprKind::Slice { of, start, stop, step } => {
                let bounds = [start, stop, step].into_iter().filter_map(Option::as_deref);
                std::iter::once(&**of).chain(bounds).collect()
            }
            ExprKind::Conditional(test, then, otherwise) => vec![test, then, otherwise],
            ExprKind::Builtin { args, .. } => args
                .iter()
                .filter_map(|arg| match arg {
                    Arg::Given(value) | Arg::Optional(Some(value)) => Some(value),
                    Arg::Optional(None) => None,
                })
                .collect(),
            ExprKind::Each(each) => {
                let before = each.once.iter().map(|(_, value)| value).chain([&each.items]);
                before.chain(&each.args).chain([&each.body]).collect()
            }
            ExprKind::Host { args, .. } => args.iter().map(|(value, _)| value).collect(),
            ExprKind::Template(template) => {
                let mut found = Vec::new();
                template.parts.iter().for_each(|part| part.operands(&mut found));
                found
            }
        }
    }

    /// Shows it and all that is below it to `see`, the outermost first
    ///
    /// The recursion is as deep as expressions nest, which the parser limits.
    pub fn visit(&self, see: &mut dyn FnMut(&Expr)) {
        see(self);
        self.operands().into_iter().for_each(|operand| operand.visit(see));
    }
}

impl Part {
    /// Adds the expressions that stand in it, those of its tags too
    pub fn operands<'a>(&'a self, found: &mut Vec<&'a Expr>) {
        match self {
            Self::Text(_) => {}
            Self::Output(value) => found.push(value),
            Self::If { branches, otherwise, .. } => {
                for (test, parts) in branches {
                    found.push(test);
                    parts.iter().for_each(|part| part.operands(found));
                }
                otherwise.iter().for_each(|part| part.operands(found));
            }
            Self::For(part) => {
                found.push(&part.items);
                found.extend(part.unpack.iter().map(|(_, value)| value));
                found.extend(&part.filter);
                let parts = part.body.iter().chain(&part.otherwise);
                parts.for_each(|part| part.operands(found));
            }
            Self::Set { value, .. } => found.push(value),
        }
    }
}

impl End {
    /// The expressions that a block's end reads
    pub fn operands(&self) -> Vec<&Expr> {
        match self {
            Self::Jump(_) => Vec::new(),
            Self::Branch { test, .. } => vec![test],
            Self::Return(value) => vec![value],
            Self::Wait { action, .. } => action.operands(),
        }
    }
}

impl Action {
    fn operands(&self) -> Vec<&Expr> {
        match self {
            Self::Prompt { message, options, .. } => {
                std::iter::once(message).chain(options).collect()
            }
            Self::McpCall { parameters, .. } => parameters.iter().map(|(_, value)| value).collect(),
            Self::Shell { command } => vec![command],
            Self::Pause { seconds, message } => std::iter::once(seconds).chain(message).collect(),
            Self::Delegate { instructions, .. } | Self::Call { instructions, .. } => {
                vec![instructions]
            }
            Self::Fork { start: Children::Items { items, inputs, .. }, .. } => {
                std::iter::once(&**items).chain(inputs.iter().map(|(_, value)| value)).collect()
            }
            Self::Fork { start: Children::One(inputs), .. } => {
                inputs.iter().map(|(_, value)| value).collect()
            }
        }
    }
}
