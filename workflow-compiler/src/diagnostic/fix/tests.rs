use super::*;
use crate::diagnostic::Code;

const FILE: FileId = FileId(0);

fn edit(range: std::ops::Range<usize>, text: &str) -> Edit {
    Edit { span: Span::new(FILE, range), text: text.to_owned() }
}

/// `text` after the fixes, each of which is a list of edits
fn fixed(text: &str, fixes: Vec<Vec<Edit>>) -> Option<String> {
    let mut sources = Sources::default();
    let file = sources.add("a.yaml", text);
    let diagnostics: Vec<_> = fixes
        .into_iter()
        .map(|edits| {
            Diagnostic::new(Code::UndeclaredState, Span::new(file, 0..0), "x").fix("mend it", edits)
        })
        .collect();
    let mut changed = apply_fixes(&diagnostics, &sources);
    assert!(changed.len() <= 1);
    changed.pop().map(|(_, text)| text)
}

#[test]
fn edits_are_applied_wherever_they_stand_in_the_list() {
    let edits = [edit(6..7, "Z"), edit(0..1, ""), edit(3..3, "++")];
    assert_eq!(apply("abcdefg", &edits).as_deref(), Ok("bc++defZ"));
    assert_eq!(apply("abc", &[]).as_deref(), Ok("abc"));
}

#[test]
fn insertions_at_one_place_keep_their_order() {
    let edits = [edit(1..1, "1"), edit(1..1, "2"), edit(1..2, "x"), edit(1..1, "3")];
    assert_eq!(apply("abc", &edits).as_deref(), Ok("a123xc"));
}

#[test]
fn edits_at_odds_are_refused() {
    let overlap = apply("abcdef", &[edit(0..3, ""), edit(2..4, "")]);
    assert_eq!(overlap, Err(Conflict::Overlap(Span::new(FILE, 0..3), Span::new(FILE, 2..4))));
    assert!(apply("abcdef", &[edit(0..3, ""), edit(1..1, "x")]).is_err());
    assert!(apply("abcdef", &[edit(0..3, "x"), edit(3..3, "y")]).is_ok());
}

#[test]
fn an_edit_that_does_not_fit_the_text_is_refused() {
    assert_eq!(apply("abc", &[edit(2..9, "")]), Err(Conflict::Outside(Span::new(FILE, 2..9))));
    assert_eq!(apply("é", &[edit(1..1, "")]), Err(Conflict::Outside(Span::new(FILE, 1..1))));
}

#[test]
fn two_fields_for_the_same_list_both_arrive() {
    let fixes = vec![vec![edit(2..2, ", b")], vec![edit(2..2, ", c")]];
    assert_eq!(fixed("[a]", fixes).as_deref(), Some("[a, b, c]"));
}

#[test]
fn what_two_fixes_both_ask_for_is_done_once() {
    let fixes = vec![vec![edit(2..2, ", b")], vec![edit(2..2, ", b")], vec![edit(1..2, "x")]];
    assert_eq!(fixed("[a]", fixes).as_deref(), Some("[x, b]"));
}

#[test]
fn a_fix_is_applied_whole_or_not_at_all() {
    let fixes = vec![vec![edit(0..3, "ONE")], vec![edit(1..2, "x"), edit(4..5, "y")]];
    assert_eq!(fixed("one two", fixes).as_deref(), Some("ONE two"));
}

#[test]
fn nothing_to_fix_changes_no_file() {
    assert_eq!(fixed("a", vec![]), None);
}

#[test]
fn only_the_first_fix_counts_and_each_file_is_changed() {
    let mut sources = Sources::default();
    let one = sources.add("one.yaml", "1");
    let two = sources.add("two.yaml", "2");
    let place = |file| Span::new(file, 0..1);
    let edits = |file, text: &str| Edit { span: place(file), text: text.to_owned() };
    let diagnostic = Diagnostic::new(Code::UnknownKey, place(one), "x")
        .fix("first", vec![edits(one, "a"), edits(two, "b")])
        .fix("second", vec![edits(one, "c")]);
    let changed = apply_fixes(&[diagnostic], &sources);
    assert_eq!(changed, [(one, "a".to_owned()), (two, "b".to_owned())]);
}
