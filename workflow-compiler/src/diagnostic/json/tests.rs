use serde_json::json;

use super::*;
use crate::diagnostic::Code;

#[test]
fn the_whole_shape() {
    let mut sources = Sources::default();
    let file = sources.add("workflows/a.yaml", "ä: 1\nb: 2\n");
    let other = sources.add("workflows/b.yaml", "c: 3");
    let error = Diagnostic::new(Code::UnknownKey, Span::new(file, 0..2), "unknown key `ä`")
        .label("no such key")
        .also(Span::new(other, 0..1), "declared here")
        .help("did you mean `a`?")
        .fix("rename it", vec![Edit { span: Span::new(file, 0..2), text: "a".into() }]);
    let warning = Diagnostic::new(Code::UnusedNeedsState, Span::new(file, 3..7), "`b` is not read");
    let expected = json!({
        "diagnostics": [
            {
                "code": "unknown-key", "severity": "error", "message": "unknown key `ä`",
                "file": "workflows/a.yaml",
                "line": 1, "column": 1, "end_line": 1, "end_column": 2,
                "label": "no such key",
                "labels": [{
                    "message": "declared here", "file": "workflows/b.yaml",
                    "line": 1, "column": 1, "end_line": 1, "end_column": 2,
                }],
                "help": ["did you mean `a`?"],
                "fixes": [{
                    "title": "rename it",
                    "edits": [{"file": "workflows/a.yaml", "start": 0, "end": 2, "text": "a"}],
                }],
            },
            {
                "code": "unused-needs-state", "severity": "warning", "message": "`b` is not read",
                "file": "workflows/a.yaml",
                "line": 1, "column": 3, "end_line": 2, "end_column": 2,
                "label": "", "labels": [], "help": [], "fixes": [],
            },
        ],
        "errors": 1,
        "warnings": 1,
    });
    assert_eq!(to_json(&[error, warning], &sources), expected);
}

#[test]
fn nothing_found_is_an_empty_list() {
    let expected = json!({"diagnostics": [], "errors": 0, "warnings": 0});
    assert_eq!(to_json(&[], &Sources::default()), expected);
}
