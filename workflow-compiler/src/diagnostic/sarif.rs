//! Diagnostics in the Static Analysis Results Interchange Format, version 2.1.0:
//! `check --format sarif`.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Code, Diagnostic, Edit, Fix, json::word};
use crate::source::{Sources, Span};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The result of each diagnostic, for [`log`]
pub fn results(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<Value> {
    diagnostics.iter().map(|each| result(each, sources)).collect()
}

/// The log of one run that has found `results`; the rules are the codes that occur in them
pub fn log(mut results: Vec<Value>) -> Value {
    let mut found: Vec<Code> = Vec::new();
    for result in &mut results {
        let is = |code: &&Code| result["ruleId"] == code.as_str();
        let Some(code) = Code::ALL.iter().find(is) else { continue };
        let index = found.iter().position(|known| known == code).unwrap_or_else(|| {
            found.push(*code);
            found.len() - 1
        });
        result["ruleIndex"] = index.into();
    }
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "workflowc",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": found.into_iter().map(rule).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(code: Code) -> Value {
    let line = code.summary();
    json!({
        "id": code.as_str(),
        "shortDescription": {"text": line},
        "help": {"text": line, "markdown": code.page()},
        "defaultConfiguration": {"level": word(code.severity())},
    })
}

fn result(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let mut result = json!({
        "ruleId": diagnostic.code.as_str(),
        "level": word(diagnostic.severity),
        "message": {"text": message(diagnostic)},
        "locations": [{"physicalLocation": location(diagnostic.span, sources)}],
    });
    if !diagnostic.labels.is_empty() {
        let related = diagnostic.labels.iter().map(|label| {
            json!({
                "physicalLocation": location(label.span, sources),
                "message": {"text": label.message},
            })
        });
        result["relatedLocations"] = related.collect();
    }
    if !diagnostic.fixes.is_empty() {
        result["fixes"] = diagnostic.fixes.iter().map(|each| fix(each, sources)).collect();
    }
    result
}

fn message(diagnostic: &Diagnostic) -> String {
    let mut text = diagnostic.message.clone();
    if !diagnostic.label.is_empty() {
        let _ = write!(text, ": {}", diagnostic.label);
    }
    for help in &diagnostic.help {
        let _ = write!(text, "\nhelp: {help}");
    }
    text
}

fn location(span: Span, sources: &Sources) -> Value {
    json!({"artifactLocation": artifact(span, sources), "region": region(span, sources)})
}

fn region(span: Span, sources: &Sources) -> Value {
    let (start, end) = (sources.position(span), sources.position(span.after()));
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

/// A fix with one change for each file
fn fix(fix: &Fix, sources: &Sources) -> Value {
    let mut files: Vec<_> = fix.edits.iter().map(|edit| edit.span.file).collect();
    files.sort_unstable();
    files.dedup();
    let change = |file| {
        let edits: Vec<&Edit> = fix.edits.iter().filter(|edit| edit.span.file == file).collect();
        let replacement = |edit: &&Edit| {
            json!({
                "deletedRegion": region(edit.span, sources),
                "insertedContent": {"text": edit.text},
            })
        };
        json!({
            "artifactLocation": artifact(Span::new(file, 0..0), sources),
            "replacements": edits.iter().map(replacement).collect::<Vec<_>>(),
        })
    };
    json!({
        "description": {"text": fix.title},
        "artifactChanges": files.into_iter().map(change).collect::<Vec<_>>(),
    })
}

/// The file as a reference to a URI: relative where the path is
fn artifact(span: Span, sources: &Sources) -> Value {
    let path = sources.path(span.file).to_string_lossy().replace('\\', "/");
    let start = if path.starts_with('/') { "file://" } else { "" };
    json!({"uri": start.to_owned() + &encoded(path.trim_start_matches("./"))})
}

/// With every byte but those that a path of a URI can have as `%XX`
fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        let mut sources = Sources::default();
        for (path, uri) in [
            ("./a b/ä.yaml", "a%20b/%C3%A4.yaml"),
            ("/flows/a#b.yaml", "file:///flows/a%23b.yaml"),
            ("a:b.yaml", "a%3Ab.yaml"),
        ] {
            let file = sources.add(path, "");
            assert_eq!(artifact(Span::new(file, 0..0), &sources)["uri"], uri);
        }
    }
}
