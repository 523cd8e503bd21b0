//! Diagnostics for programs: `check --format json`.

use serde::Serialize;
use serde_json::Value;

use super::{Diagnostic, Edit, Fix, Severity};
use crate::source::{Sources, Span};

/// One object with all diagnostics, and how many there are of each severity
///
/// Lines and columns count from 1, columns in Unicode scalar values; the end is exclusive. `start`
/// and `end` of an edit are byte offsets. `label` is what stands beside the marked place, `labels`
/// are the further places.
pub fn to_json(diagnostics: &[Diagnostic], sources: &Sources) -> Value {
    let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
    let report = Report {
        diagnostics: diagnostics.iter().map(|each| Entry::new(each, sources)).collect(),
        errors,
        warnings: diagnostics.len() - errors,
    };
    // Plain structs with string keys always make a value.
    serde_json::to_value(report).unwrap_or_default()
}

/// The object of each diagnostic, as it stands in [`to_json`]
pub fn objects(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<Value> {
    match to_json(diagnostics, sources)["diagnostics"].take() {
        Value::Array(objects) => objects,
        _ => Vec::new(),
    }
}

#[derive(Serialize)]
struct Report<'a> {
    diagnostics: Vec<Entry<'a>>,
    errors: usize,
    warnings: usize,
}

#[derive(Serialize)]
struct Entry<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    #[serde(flatten)]
    place: Place,
    label: &'a str,
    labels: Vec<FurtherPlace<'a>>,
    help: &'a [String],
    fixes: Vec<FixEntry<'a>>,
}

#[derive(Serialize)]
struct FurtherPlace<'a> {
    message: &'a str,
    #[serde(flatten)]
    place: Place,
}

#[derive(Serialize)]
struct Place {
    file: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct FixEntry<'a> {
    title: &'a str,
    edits: Vec<EditEntry<'a>>,
}

#[derive(Serialize)]
struct EditEntry<'a> {
    file: String,
    start: u32,
    end: u32,
    text: &'a str,
}

impl<'a> Entry<'a> {
    fn new(diagnostic: &'a Diagnostic, sources: &Sources) -> Self {
        let further = |label: &'a super::Label| FurtherPlace {
            message: &label.message,
            place: Place::new(label.span, sources),
        };
        Self {
            code: diagnostic.code.as_str(),
            severity: word(diagnostic.severity),
            message: &diagnostic.message,
            place: Place::new(diagnostic.span, sources),
            label: &diagnostic.label,
            labels: diagnostic.labels.iter().map(further).collect(),
            help: &diagnostic.help,
            fixes: diagnostic.fixes.iter().map(|fix| FixEntry::new(fix, sources)).collect(),
        }
    }
}

impl Place {
    fn new(span: Span, sources: &Sources) -> Self {
        let start = sources.position(span);
        let end = sources.position(span.after());
        Self {
            file: path(span, sources),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

impl<'a> FixEntry<'a> {
    fn new(fix: &'a Fix, sources: &Sources) -> Self {
        let edit = |edit: &'a Edit| EditEntry {
            file: path(edit.span, sources),
            start: edit.span.start,
            end: edit.span.end,
            text: &edit.text,
        };
        Self { title: &fix.title, edits: fix.edits.iter().map(edit).collect() }
    }
}

/// `error` or `warning`
pub(super) fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn path(span: Span, sources: &Sources) -> String {
    sources.path(span.file).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
