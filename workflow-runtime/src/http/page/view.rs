//! What the templates share: the frame round each page, and how times, statuses and values are told.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::assets;
use super::visitor::Visitor;
use crate::machine::Status;
use crate::words;

/// How much of a value is shown, in bytes; all of a state is to be had as JSON
const VALUE: usize = 64 * 1024;

/// What stands round a page
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'a> {
    pub(super) title: &'a str,
    /// The part of the page that it belongs to: `runs`, `workflows`, `health`
    pub(super) part: &'static str,
    /// Whoever looks, if they are let in
    pub(super) visitor: Option<&'a Visitor>,
    /// Where the styles and the script are
    pub(super) styles: &'static str,
    pub(super) script: &'static str,
    pub(super) icon: &'static str,
    pub(super) version: &'static str,
}

impl<'a> Frame<'a> {
    /// Of a page for somebody who was let in
    pub(super) fn new(title: &'a str, part: &'static str, visitor: &'a Visitor) -> Self {
        Self { part, visitor: Some(visitor), ..Self::bare(title) }
    }

    /// Of a page for everybody
    pub(super) fn bare(title: &'a str) -> Self {
        let [styles, script, icon] = assets::addresses();
        let version = env!("CARGO_PKG_VERSION");
        Self { title, part: "", visitor: None, styles, script, icon, version }
    }

    /// What goes into each form
    pub(super) fn proof(&self) -> &str {
        self.visitor.map_or("", |visitor| &visitor.proof)
    }
}

/// A template as a response
///
/// Writing to a string cannot fail, and no template has a filter that does.
pub(super) fn html(status: StatusCode, template: &impl Template) -> Response {
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    (status, [(CONTENT_TYPE, kind)], template.render().unwrap_or_default()).into_response()
}

/// How something stands: a word, and what tells it apart without colour
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Badge {
    pub(super) word: String,
    pub(super) sign: &'static str,
}

impl Badge {
    pub(super) fn of(word: &str) -> Self {
        let sign = match word {
            "running" => "▶",
            "waiting" => "◆",
            "completed" | "ok" => "✓",
            "failed" => "✕",
            "cancelled" => "⊘",
            "queued" => "…",
            _ => "!",
        };
        Self { word: word.to_owned(), sign }
    }
}

impl From<Status> for Badge {
    fn from(status: Status) -> Self {
        Self::of(status.word())
    }
}

/// A moment, as it was and as long ago as that is
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct When {
    pub(super) iso: String,
    /// `2026-01-02 03:04:05`
    pub(super) shown: String,
    /// `3 minutes ago`
    pub(super) ago: String,
}

impl When {
    pub(super) fn of(at: Timestamp, now: Timestamp) -> Self {
        let shown = at.strftime("%Y-%m-%d %H:%M:%S").to_string();
        Self { iso: at.to_string(), shown, ago: ago(now.as_second() - at.as_second()) }
    }

    /// A moment as engines tell it; as it is where it cannot be read
    pub(super) fn told(at: &str, now: Timestamp) -> Self {
        match at.parse() {
            Ok(at) => Self::of(at, now),
            Err(_) => Self { iso: at.to_owned(), shown: at.to_owned(), ago: String::new() },
        }
    }
}

fn ago(seconds: i64) -> String {
    match u64::try_from(seconds) {
        Ok(0..5) => "just now".to_owned(),
        Ok(passed) => format!("{} ago", words::time(passed)),
        Err(_) => format!("in {}", words::time(seconds.unsigned_abs())),
    }
}

/// How long something took: `240 ms`, `3 minutes`
pub(super) fn took(from: Timestamp, to: Timestamp) -> String {
    let milliseconds = to.as_millisecond().saturating_sub(from.as_millisecond()).max(0);
    let milliseconds = milliseconds.unsigned_abs();
    match milliseconds {
        0..1_000 => format!("{milliseconds} ms"),
        _ => words::time(milliseconds / 1_000),
    }
}

/// A value as it is shown: a text as it is, all else as JSON over several lines
pub(super) fn pretty(value: &Value) -> String {
    shortened(match value {
        Value::String(text) => text.clone(),
        other => serde_json::to_string_pretty(other).unwrap_or_default(),
    })
}

/// A value in a line
pub(super) fn brief(value: &Value, most: usize) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    cut(text.split_whitespace().collect::<Vec<_>>().join(" "), most)
}

/// A line, or so many characters of it
pub(super) fn cut(line: String, most: usize) -> String {
    match line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// A text, or its beginning if it is very long
pub(super) fn shortened(text: String) -> String {
    let end = text.floor_char_boundary(VALUE);
    match text.len() - end {
        0 => text,
        left => format!("{}\n… and {left} bytes more", &text[..end]),
    }
}

/// What tells a run apart from others: the end of its id, or of a child what it is of its parent
pub(super) fn short(run_id: &str) -> &str {
    if let Some((_, child)) = run_id.split_once('.') {
        return child;
    }
    let end = run_id.char_indices().rev().nth(7).map_or(0, |(at, _)| at);
    &run_id[end..]
}

/// What has to be escaped in a part of a path
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b':');

/// The page of a run
pub(super) fn run_at(run_id: &str) -> String {
    format!("/runs/{}", utf8_percent_encode(run_id, IN_PATH))
}

/// The page of a workflow
pub(super) fn workflow_at(name: &str) -> String {
    format!("/workflows/{}", utf8_percent_encode(name, IN_PATH))
}

/// A value in a query
pub(super) fn in_query(value: &str) -> String {
    utf8_percent_encode(value, IN_PATH).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_moment_is_told_by_its_distance() {
        let now: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
        let when = |at: &str| When::told(at, now);
        assert_eq!(when("2026-01-02T03:04:03.25Z").ago, "just now");
        assert_eq!(when("2026-01-02T03:01:05Z").ago, "3 minutes ago");
        assert_eq!(when("2026-01-02T03:05:05Z").ago, "in 60 seconds");
        assert_eq!(when("2026-01-02T03:04:03.25Z").shown, "2026-01-02 03:04:03");
        assert_eq!(when("soon").shown, "soon");
    }

    #[test]
    fn values_are_shown_in_full_or_in_a_line() {
        assert_eq!(pretty(&json!("a\nb")), "a\nb");
        assert_eq!(pretty(&json!({"a": 1})), "{\n  \"a\": 1\n}");
        assert!(pretty(&json!("ä".repeat(VALUE))).ends_with("bytes more"));
        assert_eq!(brief(&json!("one\n two three"), 8), "one two …");
        assert_eq!(brief(&json!([1, 2]), 80), "[1,2]");
    }

    #[test]
    fn names_go_into_addresses_escaped() {
        assert_eq!(workflow_at("planning:interactive"), "/workflows/planning:interactive");
        assert_eq!(workflow_at("a/b?c"), "/workflows/a%2Fb%3Fc");
        assert_eq!(short("0123456789abcdef"), "89abcdef");
        assert_eq!(short("0123456789abcdef.check.0.look.1"), "check.0.look.1");
        assert_eq!(short("äb"), "äb");
    }
}
