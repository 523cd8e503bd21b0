//! Marker lines: what is expected of a text, written under the place.
//!
//! ```yaml
//! steps:
//!   - id: ask
//!     type: prompt
//!     mesage: Hi
//! #   ^^^^^^ error[unknown-key]: unknown key `mesage`
//! ```
//!
//! A marker is a line of its own that begins with `#` (in Rust with `//`) and marks a place of the
//! line above it that is no marker. Markers are taken out before the text is compiled, so that they
//! can stand anywhere, inside a block scalar too, and line numbers are those of the text without
//! them. Columns count in Unicode scalar values. The place is written in one of two ways:
//!
//! - carets under each column of it; where they follow the `#` at once, it counts as the first;
//! - `@5..9`: from column 5 to before column 9; `@5..5` is the place between two columns, and
//!   `@5..+2:9` ends two lines further down, before column 9. `@+1:1..+1:1` is the place behind the
//!   last line.
//!
//! Behind it stand severity and code, and behind a colon the message. Without a message, any will
//! do.

use std::fmt::Write as _;
use std::path::Path;

use workflow_compiler::Compilation;
use workflow_compiler::diagnostic::{Diagnostic, Severity};

/// What is said of a place
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    /// Line and column at which it begins
    pub(crate) start: (usize, usize),
    /// Line and column before which it ends
    pub(crate) end: (usize, usize),
    /// `error[unknown-key]`
    pub(crate) code: String,
    /// The message; any, if there is none
    pub(crate) message: Option<String>,
}

impl Mark {
    /// Whether a diagnostic is what this mark expects
    pub(crate) fn fits(&self, found: &Mark) -> bool {
        let message = self.message.is_none() || self.message == found.message;
        (self.start, self.end, &self.code) == (found.start, found.end, &found.code) && message
    }
}

/// The text without its markers, and what they say
pub(crate) fn strip(text: &str) -> (String, Vec<Mark>) {
    let mut stripped = String::new();
    let mut marks = Vec::new();
    let mut line_number = 0;
    for line in text.split_inclusive('\n') {
        match mark(line.trim_end(), line_number) {
            Some(mark) => marks.push(mark),
            None => {
                stripped.push_str(line);
                line_number += 1;
            }
        }
    }
    (stripped, marks)
}

fn mark(line: &str, above: usize) -> Option<Mark> {
    let body = line.trim_start();
    let before = line.len() - body.len();
    let leader = ["#", "//"].into_iter().find(|leader| body.starts_with(leader))?;
    let behind = &body[leader.len()..];
    let (place, says) = behind.trim_start().split_once(' ')?;
    let says = says.trim_start();
    if !(says.starts_with("error[") || says.starts_with("warning[")) {
        return None;
    }
    let (code, message) = match says.split_once(": ") {
        Some((code, message)) => (code, Some(message.to_owned())),
        None => (says, None),
    };
    let (start, end) = match place.strip_prefix('@') {
        Some(place) => written_out(place, above)?,
        None if place.is_empty() || !place.chars().all(|c| c == '^') => return None,
        None => {
            let adjoining = behind.starts_with('^') && leader == "#";
            let blanks = behind.len() - behind.trim_start().len();
            let first = before + 1 + if adjoining { 0 } else { leader.len() + blanks };
            let last = before + 1 + leader.len() + blanks + place.len();
            ((above, first), (above, last))
        }
    };
    Some(Mark { start, end, code: code.to_owned(), message })
}

/// `5..9`, `5..+2:9`
fn written_out(place: &str, above: usize) -> Option<((usize, usize), (usize, usize))> {
    let (start, end) = place.split_once("..")?;
    let place = |text: &str| {
        let (lines, column) = match text.strip_prefix('+') {
            Some(text) => text.split_once(':')?,
            None => ("0", text),
        };
        Some((above + lines.parse::<usize>().ok()?, column.parse().ok()?))
    };
    Some((place(start)?, place(end)?))
}

/// A diagnostic as a mark
pub(crate) fn mark_of(diagnostic: &Diagnostic, compiled: &Compilation) -> Mark {
    let source = compiled.sources.file(diagnostic.span.file);
    let place = |offset: u32| {
        let position = source.position(offset as usize);
        (position.line, position.column)
    };
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    Mark {
        start: place(diagnostic.span.start),
        end: place(diagnostic.span.end),
        code: format!("{severity}[{}]", diagnostic.code.as_str()),
        message: Some(diagnostic.message.clone()),
    }
}

/// The diagnostics of one file as marks, by the path it was compiled with
pub(crate) fn marks_of(compiled: &Compilation, path: &Path) -> Vec<Mark> {
    let of_file = |diagnostic: &&Diagnostic| compiled.sources.path(diagnostic.span.file) == path;
    compiled.diagnostics.iter().filter(of_file).map(|found| mark_of(found, compiled)).collect()
}

/// The text with a marker under each place
pub(crate) fn written(text: &str, marks: &[Mark], leader: &str) -> String {
    let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let last = text.lines().count();
    let mut marked = String::new();
    for (at, line) in text.split_inclusive('\n').enumerate() {
        marked.push_str(line);
        for mark in marks.iter().filter(|mark| mark.start.0.min(last) == at + 1) {
            if !marked.ends_with('\n') {
                marked.push('\n');
            }
            marked.push_str(&marker(mark, at + 1, leader));
            marked.push_str(ending);
        }
    }
    marked
}

fn marker(mark: &Mark, line: usize, leader: &str) -> String {
    let ((start_line, start), (end_line, end)) = (mark.start, mark.end);
    let carets = "^".repeat(end.saturating_sub(start));
    let place = if (start_line, end_line) != (line, line) || carets.is_empty() {
        let place = |at: usize, column: usize| match at - line {
            0 => column.to_string(),
            lines => format!("+{lines}:{column}"),
        };
        format!("{leader} @{}..{}", place(start_line, start), place(end_line, end))
    } else if start > leader.len() + 1 {
        format!("{leader}{}{carets}", " ".repeat(start - leader.len() - 1))
    } else if start == 1 && leader == "#" && carets.len() > 1 {
        format!("#{}", &carets[1..])
    } else {
        format!("{leader} @{start}..{end}")
    };
    match &mark.message {
        Some(message) => format!("{place} {}: {message}", mark.code),
        None => format!("{place} {}", mark.code),
    }
}

/// What is expected and not found, and found and not expected; empty where all is well
pub(crate) fn differences(expected: &[Mark], found: &[Mark]) -> String {
    let mut found = found.to_vec();
    let mut report = String::new();
    for mark in expected {
        match found.iter().position(|found| mark.fits(found)) {
            Some(at) => drop(found.remove(at)),
            None => writeln!(report, "  missing: {}", show(mark)).expect("a String takes all"),
        }
    }
    for mark in &found {
        writeln!(report, "  not expected: {}", show(mark)).expect("a String takes all");
    }
    report
}

fn show(mark: &Mark) -> String {
    let ((line, column), (end_line, end_column)) = (mark.start, mark.end);
    let message = mark.message.as_deref().unwrap_or("…");
    format!("{line}:{column}-{end_line}:{end_column} {}: {message}", mark.code)
}
