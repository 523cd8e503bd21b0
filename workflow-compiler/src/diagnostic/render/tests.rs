use super::*;
use crate::diagnostic::{Code, Edit};

/// The rendered text, for a file `workflows/a.yaml`
fn rendered(text: &str, make: impl FnOnce(FileId) -> Diagnostic) -> String {
    let mut sources = Sources::default();
    let file = sources.add("workflows/a.yaml", text);
    render(&[make(file)], &sources, false)
}

#[test]
fn places_help_and_fix() {
    let text = "steps:\n  - id: plan\n    type: delegate\n    needs_state: [\"requirements\"]\n    \
                instructions: |\n      Use {{ state.research }}\n";
    let at = |needle: &str| {
        let start = text.find(needle).unwrap();
        start..start + needle.len()
    };
    let out = rendered(text, |file| {
        let end = at("requirements\"").end;
        Diagnostic::new(
            Code::UndeclaredState,
            Span::new(file, at("research")),
            "`research` is read but not listed in `needs_state`",
        )
        .label("read here")
        .also(Span::new(file, at("[\"requirements\"]")), "not among these")
        .help("a step sees only the state that it lists")
        .fix(
            "list the field in `needs_state`",
            vec![Edit { span: Span::new(file, end..end), text: ", \"research\"".into() }],
        )
    });
    let expected = r#"
error[undeclared-state]: `research` is read but not listed in `needs_state`
 --> workflows/a.yaml:6:20
  |
4 |     needs_state: ["requirements"]
  |                  ---------------- not among these
5 |     instructions: |
6 |       Use {{ state.research }}
  |                    ^^^^^^^^ read here
  |
  = help: a step sees only the state that it lists
help: list the field in `needs_state`
  |
4 |     needs_state: ["requirements", "research"]
  |                                 ++++++++++++

"#;
    assert_eq!(out, &expected[1..]);
}

#[test]
fn a_place_in_another_file() {
    let mut sources = Sources::default();
    let file = sources.add("a.yaml", "task: b\n");
    let other = sources.add("b.yaml", "name: b\nsteps: []\n");
    let warning = Diagnostic::new(Code::UnusedNeedsState, Span::new(file, 6..7), "something")
        .also(Span::new(other, 0..7), "this is `b`");
    let out = render(&[warning], &sources, false);
    let expected = "
warning[unused-needs-state]: something
 --> a.yaml:1:7
  |
1 | task: b
  |       ^
  |
 ::: b.yaml:1:1
  |
1 | name: b
  | ------- this is `b`

";
    assert_eq!(out, &expected[1..]);
}

#[test]
fn several_lines_tabs_and_wide_characters() {
    let out = rendered("a: |\r\n  漢字\tx\r\n  zwei\r\nb: 1\r\n", |file| {
        Diagnostic::new(Code::TypeMismatch, Span::new(file, 8..23), "something").label("all this")
    });
    let expected = "
error[type-mismatch]: something
 --> workflows/a.yaml:2:3
  |
2 | /   漢字    x
3 | |   zwei
  | |_____^ all this

";
    assert_eq!(out, &expected[1..]);
    let wide = rendered("a: 漢字 x\ty\n", |file| {
        Diagnostic::new(Code::TypeMismatch, Span::new(file, 12..13), "something").label("y")
    });
    let expected = "
error[type-mismatch]: something
 --> workflows/a.yaml:1:9
  |
1 | a: 漢字 x    y
  |              ^ y

";
    assert_eq!(wide, &expected[1..]);
}

#[test]
fn a_place_behind_the_end_or_inside_a_character_is_no_panic() {
    for range in [0..0, 5..5, 4..9, 1..2, 99..100] {
        let out = rendered("ä: x", |file| {
            Diagnostic::new(Code::MissingKey, Span::new(file, range.clone()), "missing `steps`")
                .fix(
                    "add it",
                    vec![Edit { span: Span::new(file, range), text: "\nsteps: []".into() }],
                )
        });
        assert!(out.starts_with("error[missing-key]: missing `steps`"), "{out}");
    }
    let empty = rendered("", |file| Diagnostic::new(Code::MissingKey, Span::new(file, 0..0), "x"));
    assert!(empty.contains("--> workflows/a.yaml:1:1"), "{empty}");
}

#[test]
fn colour_only_when_asked_for() {
    let mut sources = Sources::default();
    let file = sources.add("a.yaml", "a: 1\n");
    let list = [Diagnostic::new(Code::UnknownKey, Span::new(file, 0..1), "unknown key `a`")];
    assert!(render(&list, &sources, true).contains('\u{1b}'));
    assert!(!render(&list, &sources, false).contains('\u{1b}'));
}

#[test]
fn the_summary_counts() {
    assert_eq!(summary(1, 0), "1 error");
    assert_eq!(summary(0, 2), "2 warnings");
    assert_eq!(summary(3, 1), "3 errors, 1 warning");
    assert_eq!(summary(0, 0), "");
}
