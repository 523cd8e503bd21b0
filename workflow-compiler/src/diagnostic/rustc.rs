//! Diagnostics in the format in which rustc hands its own to cargo.
//!
//! A macro that prints these lines to stderr while rustc runs gets them shown by cargo as if they
//! were rustc's: `rendered` as it is, counted, repeated when nothing has to be built, and with
//! their places under `--message-format=json`.

use serde::Serialize;

use super::json::word;
use super::{Diagnostic, render};
use crate::source::{Sources, Span};

/// Each diagnostic as one line of JSON, without the line break
///
/// `rendered` has colours: cargo takes them out where they are not wanted.
pub fn to_rustc_json_lines(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<String> {
    let line = |diagnostic| serde_json::to_string(&Message::new(diagnostic, sources)).ok();
    // Plain structs with string keys always make a line.
    diagnostics.iter().filter_map(line).collect()
}

#[derive(Serialize)]
struct Message<'a> {
    #[serde(rename = "$message_type")]
    kind: &'static str,
    #[serde(rename = "message")]
    text: &'a str,
    code: Option<CodeName>,
    level: &'static str,
    spans: Vec<SpanEntry<'a>>,
    children: Vec<Message<'a>>,
    rendered: Option<String>,
}

#[derive(Serialize)]
struct CodeName {
    code: &'static str,
    explanation: Option<&'static str>,
}

#[derive(Serialize)]
struct SpanEntry<'a> {
    file_name: String,
    byte_start: u32,
    byte_end: u32,
    line_start: usize,
    line_end: usize,
    column_start: usize,
    column_end: usize,
    is_primary: bool,
    text: Vec<Line<'a>>,
    label: Option<&'a str>,
    suggested_replacement: Option<&'a str>,
    suggestion_applicability: Option<&'static str>,
    expansion: Option<()>,
}

/// A line of the file and which of its columns are marked
#[derive(Serialize)]
struct Line<'a> {
    text: &'a str,
    highlight_start: usize,
    highlight_end: usize,
}

impl<'a> Message<'a> {
    fn new(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Self {
        let primary = SpanEntry::new(diagnostic.span, true, &diagnostic.label, sources);
        let further = diagnostic
            .labels
            .iter()
            .map(|label| SpanEntry::new(label.span, false, &label.message, sources));
        let help = diagnostic.help.iter().map(|line| Self::help(line, Vec::new()));
        let fixes = diagnostic.fixes.iter().map(|fix| {
            let edits = fix.edits.iter();
            let spans = edits.map(|edit| SpanEntry::suggestion(edit.span, &edit.text, sources));
            Self::help(&fix.title, spans.collect())
        });
        Self {
            kind: "diagnostic",
            text: &diagnostic.message,
            code: Some(CodeName { code: diagnostic.code.as_str(), explanation: None }),
            level: word(diagnostic.severity),
            spans: std::iter::once(primary).chain(further).collect(),
            children: help.chain(fixes).collect(),
            rendered: Some(render::render(std::slice::from_ref(diagnostic), sources, true)),
        }
    }

    fn help(text: &'a str, spans: Vec<SpanEntry<'a>>) -> Self {
        Self {
            kind: "diagnostic",
            text,
            code: None,
            level: "help",
            spans,
            children: Vec::new(),
            rendered: None,
        }
    }
}

impl<'a> SpanEntry<'a> {
    fn new(span: Span, is_primary: bool, label: &'a str, sources: &'a Sources) -> Self {
        let start = sources.position(span);
        let end = sources.position(span.after());
        Self {
            file_name: sources.path(span.file).to_string_lossy().into_owned(),
            byte_start: span.start,
            byte_end: span.end,
            line_start: start.line,
            line_end: end.line,
            column_start: start.column,
            column_end: end.column,
            is_primary,
            text: lines(span, sources),
            label: Some(label).filter(|label| !label.is_empty()),
            suggested_replacement: None,
            suggestion_applicability: None,
            expansion: None,
        }
    }

    fn suggestion(span: Span, text: &'a str, sources: &'a Sources) -> Self {
        Self {
            suggested_replacement: Some(text),
            suggestion_applicability: Some("MachineApplicable"),
            ..Self::new(span, true, "", sources)
        }
    }
}

/// A line of more bytes is not repeated
const MAX_LINE: usize = 4096;

/// The lines of a span; none where one of them is very long
fn lines(span: Span, sources: &Sources) -> Vec<Line<'_>> {
    let start = sources.position(span);
    let end = sources.position(span.after());
    let source = sources.file(span.file);
    let marked = source.text[source.line_start(span.range().start)..].split('\n');
    let marked: Vec<&str> = marked.take(end.line - start.line + 1).collect();
    if marked.iter().any(|line| line.len() > MAX_LINE) {
        return Vec::new();
    }
    let shown = (start.line..).zip(marked).map(|(number, text)| {
        let text = text.strip_suffix('\r').unwrap_or(text);
        let highlight_start = if number == start.line { start.column } else { 1 };
        let whole = text.chars().count() + 1;
        let highlight_end = if number == end.line { end.column } else { whole };
        Line { text, highlight_start, highlight_end }
    });
    shown.collect()
}

#[cfg(test)]
mod tests;
