use serde_json::{Value, json};

use super::*;
use crate::diagnostic::{Code, Edit};

#[test]
fn a_line_that_cargo_understands() {
    let mut sources = Sources::default();
    let file = sources.add("workflows/a.yaml", "name: x\r\nstäps: y\r\n");
    let diagnostic =
        Diagnostic::new(Code::UnknownKey, Span::new(file, 9..15), "unknown key `stäps`")
            .label("no such key")
            .also(Span::new(file, 0..4), "a workflow begins here")
            .help("did you mean `steps`?")
            .fix("rename it", vec![Edit { span: Span::new(file, 9..15), text: "steps".into() }]);
    let lines = to_rustc_json_lines(&[diagnostic], &sources);
    assert_eq!(lines.len(), 1);
    assert!(!lines[0].contains('\n'));

    let mut message: Value = serde_json::from_str(&lines[0]).unwrap();
    let rendered = message["rendered"].take();
    let rendered = rendered.as_str().unwrap();
    assert!(rendered.contains("unknown-key") && rendered.contains('\u{1b}'), "{rendered}");
    let span = json!({
        "file_name": "workflows/a.yaml", "byte_start": 9, "byte_end": 15,
        "line_start": 2, "line_end": 2, "column_start": 1, "column_end": 6,
        "is_primary": true,
        "text": [{"text": "stäps: y", "highlight_start": 1, "highlight_end": 6}],
        "label": "no such key",
        "suggested_replacement": null, "suggestion_applicability": null, "expansion": null,
    });
    assert_eq!(message["$message_type"], "diagnostic");
    assert_eq!(message["message"], "unknown key `stäps`");
    assert_eq!(message["level"], "error");
    assert_eq!(message["code"], json!({"code": "unknown-key", "explanation": null}));
    assert_eq!(message["spans"][0], span);
    assert_eq!(message["spans"][1]["is_primary"], false);
    assert_eq!(message["spans"][1]["label"], "a workflow begins here");

    let [help, fix] = &message["children"].as_array().unwrap()[..] else { panic!("{message}") };
    assert_eq!(help["level"], "help");
    assert_eq!(help["message"], "did you mean `steps`?");
    assert_eq!(help["spans"], json!([]));
    assert_eq!(fix["spans"][0]["suggested_replacement"], "steps");
    assert_eq!(fix["spans"][0]["suggestion_applicability"], "MachineApplicable");
}

#[test]
fn a_span_over_lines_shows_each_of_them() {
    let mut sources = Sources::default();
    let file = sources.add("a.yaml", "one\ntwo\nthree\nfour");
    let warning = Diagnostic::new(Code::UnusedNeedsState, Span::new(file, 1..10), "x");
    let line = to_rustc_json_lines(&[warning], &sources).remove(0);
    let message: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(message["level"], "warning");
    assert_eq!(
        message["spans"][0]["text"],
        json!([
            {"text": "one", "highlight_start": 2, "highlight_end": 4},
            {"text": "two", "highlight_start": 1, "highlight_end": 4},
            {"text": "three", "highlight_start": 1, "highlight_end": 3},
        ])
    );
    assert_eq!(message["spans"][0]["label"], Value::Null);
}
