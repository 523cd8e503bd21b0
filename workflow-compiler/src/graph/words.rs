//! What is written in the nodes.

use super::text::{MAX_COLUMNS, shorten};
use super::{Child, Who};
use crate::ir::{Action, Block, Children, End, Fork, Op, Patience, Program, Step};
use crate::source::{Sources, Span};
use crate::template::ast::{Expr, ExprKind};

/// What a node says of a step
#[derive(Debug)]
pub struct Words<'p> {
    pub who: Who,
    pub lines: Vec<String>,
    /// The runs that it starts
    pub fork: Option<&'p Fork>,
}

/// What the blocks of a step's own node do
pub fn of_step<'p>(program: &'p Program, step: &Step, blocks: &[&'p Block]) -> Words<'p> {
    let mut words = Words { who: Who::Server, lines: Vec::new(), fork: None };
    let mut kind = vec![step.kind.to_owned()];
    let mut more = Vec::new();
    for block in blocks {
        let End::Wait { action, patience, .. } = &block.end else { continue };
        words.who = who(action);
        match action {
            Action::Call { function, .. } => more.push(format!("asks {function}()")),
            action => kind.extend(details(action)),
        }
        more.extend(patient(patience));
        if let Action::Fork(fork) = action {
            words.fork = Some(fork);
        }
    }
    if kind.len() == 1 && step.kind == "set_state" {
        kind.push(written(program, blocks));
    }
    more.dedup();
    words.lines.push(step.id.value.clone());
    words.lines.push(kind.join(" · "));
    words.lines.extend(more);
    for line in &mut words.lines {
        *line = shorten(line, MAX_COLUMNS);
    }
    words
}

/// The author's words for a test, behind a word of ours
pub fn of_test(word: &str, test: Span, sources: &Sources) -> String {
    let text = sources.text(test).trim();
    let inside = text.trim_matches(['"', '\'']).trim();
    let inside = inside.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
    let text = format!("{word}{}", inside.unwrap_or(text).trim());
    format!("{}?", shorten(&text, MAX_COLUMNS - 1))
}

/// The agents that are asked while a test is made
pub fn asked(blocks: &[&Block]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for block in blocks {
        if let End::Wait { action: Action::Call { function, .. }, .. } = &block.end {
            lines.push(shorten(&format!("asks {function}()"), MAX_COLUMNS));
        }
    }
    lines.dedup();
    lines
}

/// The runs that a fork starts, without their steps
pub fn child(fork: &Fork, programs: &[Program]) -> Option<Child> {
    let program = fork.program?;
    let name = fork.task.value.clone();
    let other = &programs[program].name.value;
    let name = if programs[program].inline_task || *other == name {
        name
    } else {
        format!("{name} ({other})")
    };
    let name = shorten(&name, MAX_COLUMNS);
    let label = match fork.start {
        Children::Items(..) => "each item",
        Children::One(_) => "runs",
    };
    Some(Child { label: label.to_owned(), name, graph: None, program })
}

fn who(action: &Action) -> Who {
    match action {
        Action::Prompt { .. } => Who::Asked,
        Action::McpCall { .. } | Action::Shell { .. } => Who::Tool,
        Action::Pause { .. } => Who::Server,
        Action::Delegate { .. } | Action::Call { .. } | Action::Fork(_) => Who::Agent,
    }
}

fn details(action: &Action) -> Vec<String> {
    let words = match action {
        Action::Prompt { kind, user_only, .. } => {
            let only = if *user_only { "user only" } else { "" };
            vec![(*kind).to_owned(), only.to_owned()]
        }
        Action::Shell { command } => vec![plain(command).trim_end().to_owned()],
        Action::Pause { seconds, .. } => vec![format!("{} s", plain(seconds))],
        Action::McpCall { tool, .. } => vec![tool.value.clone()],
        Action::Delegate { agent, .. } => agent.iter().cloned().collect(),
        Action::Call { function, .. } => vec![function.clone()],
        Action::Fork(fork) => {
            let items = matches!(fork.start, Children::Items(..));
            let one = (items && fork.concurrency == 1).then(|| "one by one".to_owned());
            fork.agent.iter().cloned().chain(one).collect()
        }
    };
    words.into_iter().filter(|word| !word.is_empty()).collect()
}

/// An expression in the author's words, texts without quotes
fn plain(value: &Expr) -> String {
    match &value.kind {
        ExprKind::Str(text) => text.clone(),
        _ => value.to_string(),
    }
}

fn patient(patience: &Patience) -> Option<String> {
    let timeout = patience.timeout.map(|seconds| format!("within {seconds} s"));
    let retry = patience.retry.map(|retry| format!("{} attempts", retry.max_attempts));
    let words: Vec<String> = timeout.into_iter().chain(retry).collect();
    (!words.is_empty()).then(|| words.join(" · "))
}

/// The fields that a step writes
fn written(program: &Program, blocks: &[&Block]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for op in blocks.iter().flat_map(|block| &block.ops) {
        if let Op::Write { field, .. } = op
            && let Some(field) = program.fields.get(*field)
        {
            names.push(&field.name);
        }
    }
    names.join(", ")
}
