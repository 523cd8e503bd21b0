//! What a run that waits needs of its past: what is live where it waits.
//!
//! A run goes on under another build of its workflow where that build needs nothing at the run's
//! position but what the run has, of the same meaning. So a position says what is waited for and
//! what the answer is, which kept values it carries, and which state fields and inputs are still to
//! be read. It says nothing of what lies behind it, of words, and of what nobody reads any more.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::ir::Origin;
use crate::typed::{Action, Block, Children, End, Expr, ExprKind, Op, Program};
use crate::types::Ty;

/// A place where a run waits
#[derive(Clone, Debug)]
pub struct Position {
    /// The block that waits: an index into [`Program::blocks`]
    pub block: usize,
    /// The step's id; `id.2` for the second wait within the step, and so on
    pub name: String,
    /// What is waited for: `prompt text`, `call rate`
    pub action: String,
    /// What the answer is read as; `any` where nobody reads it
    pub answer: Ty,
    /// Digest of what an answer must look like, words aside
    pub schema: u32,
    /// The kept values that it carries, in their order, each with where it comes from
    pub kept: Vec<(usize, String)>,
    /// The state fields still to be read, in their order
    pub state: Vec<Needed>,
    /// The inputs still to be read
    pub inputs: Vec<usize>,
    /// Whether `item` is still to be read
    pub item: bool,
}

/// A state field still to be read
#[derive(Clone, Debug)]
pub struct Needed {
    /// Index into [`Program::state`]
    pub field: usize,
    /// Its stored type; `T` of a `T?` that is certainly there
    pub ty: Ty,
    /// Whether it certainly is as it was at the start, whatever way the run has come, and was
    /// computed from constants and inputs alone
    pub untouched: bool,
}

/// The places where runs of a program wait, in the order of its blocks
pub fn positions(program: &Program) -> Vec<Position> {
    let reads = reads(program);
    let written = written(program);
    let mut waits: BTreeMap<usize, usize> = BTreeMap::new();
    let mut positions = Vec::new();
    for (at, block) in program.blocks.iter().enumerate() {
        let End::Wait { action, result_schema, next, .. } = &block.end else { continue };
        let count = waits.entry(block.step).or_default();
        *count += 1;
        let id = &program.steps[block.step].id;
        let after = &program.blocks[*next];
        let mut needed = reads[*next].clone();
        needed.extend(block.caught.map(|handler| &reads[handler]));
        positions.push(Position {
            block: at,
            name: if *count == 1 { id.clone() } else { format!("{id}.{count}") },
            action: words(action),
            answer: after.answer.map_or(Ty::Any, |answer| program.temps[answer].ty.clone()),
            schema: digest(&bare(result_schema).to_string()),
            kept: after.live.iter().map(|temp| (*temp, origin(program, *temp))).collect(),
            state: needed.state.iter().map(|f| state(program, after, &written[at], *f)).collect(),
            inputs: needed.inputs.into_iter().collect(),
            item: needed.item,
        });
    }
    positions
}

fn state(program: &Program, after: &Block, written: &BTreeSet<usize>, field: usize) -> Needed {
    let declared = &program.state[field];
    let stored = declared.ty.clone();
    let ty = if after.null.contains(&field) { stored } else { stored.present() };
    let untouched = !written.contains(&field) && is_certain(&declared.initial);
    Needed { field, ty, untouched }
}

/// Whether an expression gives the same whenever it is computed
fn is_certain(expr: &Expr) -> bool {
    let mut certain = true;
    expr.visit(&mut |expr| {
        certain &= !matches!(expr.kind, ExprKind::Ambient(_) | ExprKind::Host { .. });
    });
    certain
}

/// What is waited for, in a few words that change with its meaning, not with what is said
fn words(action: &Action) -> String {
    match action {
        Action::Prompt { kind, user_only: true, .. } => format!("prompt {kind}, of the user"),
        Action::Prompt { kind, .. } => format!("prompt {kind}"),
        Action::McpCall { tool, .. } => format!("mcp_call {tool}"),
        Action::Shell { .. } => "shell".to_owned(),
        Action::Pause { .. } => "wait".to_owned(),
        Action::Delegate { .. } => "delegate".to_owned(),
        Action::Call { function, .. } => format!("call {function}"),
        Action::Fork { program, start: Children::Items { .. }, .. } => format!("foreach {program}"),
        Action::Fork { program, start: Children::One(_), .. } => format!("workflow {program}"),
    }
}

/// Where a kept value comes from
fn origin(program: &Program, temp: usize) -> String {
    let kept = &program.temps[temp];
    match kept.origin {
        Origin::Jumps => return format!("goto {}", program.steps[kept.step].id),
        Origin::Error => return format!("error of {}", program.steps[kept.step].id),
        Origin::Step => {}
    }
    let answers = |next: usize| program.blocks[next].answer == Some(temp);
    let asked = program.blocks.iter().find_map(|block| match &block.end {
        End::Wait { action, next, .. } if answers(*next) => Some(words(action)),
        _ => None,
    });
    asked.unwrap_or_else(|| {
        let made = program.blocks.iter().flat_map(|block| &block.ops).filter_map(|op| match op {
            Op::Let { temp: made, value } if *made == temp => Some(meaning(program, value)),
            _ => None,
        });
        format!("{:08x}", digest(&made.collect::<String>()))
    })
}

/// Before the number of a variable of a template, in an expression's meaning
const LOCALS: &[&str] = &["Local(", "of: ", "local: ", "target: (", "unpack: [((", "once: [("];

/// What an expression means, whatever numbers the program gives to what it names
fn meaning(program: &Program, expr: &Expr) -> String {
    let text = format!("{expr:?}");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        let end = from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len());
        let (digits, behind) = from.split_at(end);
        let number = digits.parse().unwrap_or(usize::MAX);
        let named = if before.ends_with("State(") {
            program.state.get(number).map(|field| &field.name)
        } else if before.ends_with("Input(") {
            program.inputs.get(number).map(|input| &input.name)
        } else if before.ends_with("Temp(") {
            program.temps.get(number).map(|temp| &temp.hint)
        } else {
            None
        };
        out.push_str(before);
        match named {
            Some(name) => out.push_str(name),
            None if LOCALS.iter().any(|local| before.ends_with(local)) => {}
            None => out.push_str(digits),
        }
        rest = behind;
    }
    out + rest
}

/// A JSON Schema without words
fn bare(schema: &Value) -> Value {
    match schema {
        Value::Object(keys) => {
            let said = |key: &str| matches!(key, "description" | "title");
            let keys = keys.iter().filter(|(key, _)| !said(key));
            let bare = keys.map(|(key, value)| match (key.as_str(), value) {
                ("properties", Value::Object(fields)) => {
                    let fields = fields.iter().map(|(name, field)| (name.clone(), bare(field)));
                    (key.clone(), Value::Object(fields.collect()))
                }
                _ => (key.clone(), bare(value)),
            });
            Value::Object(bare.collect())
        }
        Value::Array(items) => items.iter().map(bare).collect(),
        plain => plain.clone(),
    }
}

fn digest(text: &str) -> u32 {
    let bytes = Sha256::digest(text);
    bytes.iter().take(4).fold(0, |digest, byte| digest << 8 | u32::from(*byte))
}

/// What is read from a place on, before it is written
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Reads {
    state: BTreeSet<usize>,
    inputs: BTreeSet<usize>,
    item: bool,
}

impl Reads {
    fn extend<'a>(&mut self, others: impl IntoIterator<Item = &'a Self>) {
        for other in others {
            self.state.extend(&other.state);
            self.inputs.extend(&other.inputs);
            self.item |= other.item;
        }
    }

    /// An expression of a step: what reads anything at all reads it through the step's view, in
    /// which all stands that the step reads
    fn expr(&mut self, program: &Program, step: usize, expr: &Expr) {
        let mut views = false;
        expr.visit(&mut |expr| match expr.kind {
            ExprKind::Input(input) => {
                views = true;
                self.inputs.insert(input);
            }
            ExprKind::Item => (views, self.item) = (true, true),
            ExprKind::State(field) => {
                views = true;
                self.state.insert(field);
            }
            ExprKind::Place(_) => views = true,
            _ => {}
        });
        if views && let Some(step) = program.steps.get(step) {
            self.state.extend(step.needs.iter().map(|need| need.field));
        }
    }
}

/// What is read from the entry of each block on: a backward analysis
fn reads(program: &Program) -> Vec<Reads> {
    let mut entry = vec![Reads::default(); program.blocks.len()];
    loop {
        let before = entry.clone();
        for at in (0..entry.len()).rev() {
            entry[at] = on_entry(program, &program.blocks[at], &entry);
        }
        if entry == before {
            return entry;
        }
    }
}

fn on_entry(program: &Program, block: &Block, entry: &[Reads]) -> Reads {
    let mut reads = Reads::default();
    reads.extend(after(block).map(|next| &entry[next]));
    for expr in block.end.operands() {
        reads.expr(program, block.step, expr);
    }
    for op in block.ops.iter().rev() {
        let (Op::Let { value, .. } | Op::Write { value, .. }) = op;
        if let Op::Write { field, .. } = op {
            reads.state.remove(field);
        }
        reads.expr(program, block.step, value);
    }
    // A block that fails has written nothing.
    reads.extend(block.caught.map(|handler| &entry[handler]));
    reads
}

/// The fields that may have been written by the end of each block: a forward analysis
fn written(program: &Program) -> Vec<BTreeSet<usize>> {
    let mut entry: Vec<Option<BTreeSet<usize>>> = vec![None; program.blocks.len()];
    let leave = |at: usize, mut known: BTreeSet<usize>| {
        let writes = program.blocks[at].ops.iter().filter_map(|op| match op {
            Op::Write { field, .. } => Some(*field),
            Op::Let { .. } => None,
        });
        known.extend(writes);
        known
    };
    entry[0] = Some(BTreeSet::new());
    let mut open = vec![0];
    while let Some(at) = open.pop() {
        let left = leave(at, entry[at].clone().unwrap_or_default());
        for next in after(&program.blocks[at]) {
            let before = entry[next].as_ref().map(BTreeSet::len);
            let known = entry[next].get_or_insert_default();
            known.extend(&left);
            if before != Some(known.len()) {
                open.push(next);
            }
        }
    }
    entry.into_iter().enumerate().map(|(at, known)| leave(at, known.unwrap_or_default())).collect()
}

/// The blocks that can follow a block, where it fails too
fn after(block: &Block) -> impl Iterator<Item = usize> {
    let ends = match block.end {
        End::Jump(next) | End::Wait { next, .. } => vec![next],
        End::Branch { then, otherwise, .. } => vec![then, otherwise],
        End::Return(_) => Vec::new(),
    };
    ends.into_iter().chain(block.caught)
}

#[cfg(test)]
mod tests;
