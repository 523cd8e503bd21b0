use crate::diagnostic::Diagnostics;
use crate::diagnostic::fix::apply;
use crate::source::FileId;
use crate::yaml::{Document, Scalar, parse};

const FILE: FileId = FileId(0);

/// The document and the scalar under `a`
fn with_scalar<T>(source: &str, look: impl FnOnce(&Scalar) -> T) -> T {
    let mut diagnostics = Diagnostics::default();
    let document: Document = parse(FILE, source, &mut diagnostics).expect("it parses");
    let id = document.get(document.root, "a").expect("it has a key `a`");
    look(document.scalar(id).expect("a scalar"))
}

/// What stands in the file where `needle` stands in the decoded text
fn found<'a>(source: &'a str, needle: &str) -> &'a str {
    with_scalar(source, |scalar| {
        let at = scalar.text.find(needle).unwrap_or_else(|| panic!("{:?}", scalar.text));
        &source[scalar.map.span(FILE, at..at + needle.len()).range()]
    })
}

/// Every character on its own stands where the file has it, or has it in another writing
fn check_characters(source: &str) {
    with_scalar(source, |scalar| {
        let mut last = 0;
        for (at, character) in scalar.text.char_indices() {
            let range = scalar.map.span(FILE, at..at + character.len_utf8()).range();
            let written = &source[range.clone()];
            assert!(range.start >= last, "{character:?} of {source:?} goes back");
            last = range.start;
            let same = written == character.to_string();
            let rewritten = written.starts_with(['\\', '\'', '\r', '\n', ' ', '\t']);
            let end_of_file = written.is_empty() && character == '\n';
            assert!(same || rewritten || end_of_file, "{character:?} of {source:?}: {written:?}");
        }
    });
}

const SCALARS: &[&str] = &[
    "a: plain text",
    "a: plain\n  text\n\n  goes  \n   on\n",
    "a: 'it''s\n  here'",
    "a: \"tab\\t, quote\\\", \\u00e9\\x41 \\\n   joined \\ud83d\\ude00\\\n\n  z\"",
    "a: \"trailing  \n  \n  kept\\   \n  end\"",
    "a: |\n  one\n    two\n\n  three\n\n\n",
    "a: |2-\n    indented\n  less\n",
    "a: |+\n\n\n  late\n\n",
    "a: |-\n  no end",
    "a: |\n  no break at the end",
    "a: >\n  folded\n  line\n\n  paragraph\n    kept\n    as is\n  back\n\n",
    "a: >-\n\n  x\n  y\n",
    "a: >+\n  x\n\n",
    "x:\n- - a: |\n      deep\n      er\na: 1",
    "a: |\n  a: ünïcödé 漢字 😀\n  tab\there\n",
    "a: \"\"",
    "a: ''",
    "a: |\n\n\nb: 1\n",
    "a: |+\n\n\nb: 1\n",
];

#[test]
fn every_character_is_found_in_every_style() {
    for source in SCALARS {
        check_characters(source);
        check_characters(&source.replace('\n', "\r\n"));
        check_characters(&format!("\u{feff}{source}"));
        with_scalar(source, |scalar| assert!(!scalar.map.runs.is_empty(), "unmapped: {source:?}"));
    }
}

#[test]
fn a_name_in_a_block_is_found() {
    let source = "a: |\n  {% if x %}\n    {{ state.plan }}\n  {% endif %}\n";
    assert_eq!(found(source, "state.plan"), "state.plan");
    assert_eq!(found(&source.replace('\n', "\r\n"), "endif"), "endif");
    let folded = "a: >\n  one\n  two {{ state.x }}\n\n  three {{ state.y }}\n";
    assert_eq!(found(folded, "state.y"), "state.y");
    assert_eq!(found(folded, "one two"), "one\n  two");
}

#[test]
fn repeated_text_is_told_apart() {
    let source = "a: \"{{ x }}\\n{{ x }}\"";
    let (first, second) = with_scalar(source, |scalar| {
        let second = scalar.text.rfind('x').unwrap();
        (scalar.map.span(FILE, 3..4).start, scalar.map.span(FILE, second..second + 1).start)
    });
    assert_eq!((first, second), (7, 16));
}

#[test]
fn an_escape_is_taken_whole() {
    assert_eq!(found("a: \"x\\u00e9y\"", "é"), "\\u00e9");
    assert_eq!(found("a: 'it''s'", "'"), "''");
    assert_eq!(found("a: 'it''s'", "t's"), "t''s");
}

#[test]
fn an_empty_range_is_a_place() {
    with_scalar("a: |\n  xy\n  z\n", |scalar| {
        assert_eq!(scalar.map.span(FILE, 1..1).range(), 8..8);
        assert_eq!(scalar.map.span(FILE, 3..3).range(), 12..12);
        assert_eq!(scalar.map.span(FILE, 2..2).range(), 9..9);
    });
    with_scalar("a: ''", |scalar| assert_eq!(scalar.map.span(FILE, 0..0).range(), 4..4));
}

/// The scalar of `source` after `needle` in it has been replaced
fn edited(source: &str, needle: &str, text: &str) -> Option<String> {
    let edit = with_scalar(source, |scalar| {
        let at = scalar.text.find(needle).unwrap();
        scalar.map.edit(FILE, at..at + needle.len(), text)
    })?;
    Some(apply(source, &[edit]).unwrap())
}

/// What is inserted must come back when the result is read, and nothing else change
#[test]
fn an_edit_reads_back_as_the_text_it_wrote() {
    let texts =
        ["x", " | default('a b')", "say \"hi\"", "back\\slash", "two\nlines", "{a: 1}", "é\t"];
    let sources = [
        "a: one two",
        "a: 'one two'",
        "a: \"one\\ttwo\"",
        "a: |\n  one two\n",
        "a: >\n  one two\n",
        "{a: one two}",
        "a: |\r\n  one two\r\n  three\r\n",
    ];
    let mut written = 0;
    for source in sources {
        let before = with_scalar(source, |scalar| scalar.text.clone());
        for text in texts {
            let Some(after) = edited(source, "two", text) else { continue };
            let after = with_scalar(&after, |scalar| scalar.text.clone());
            assert_eq!(after, before.replacen("two", text, 1), "{source:?} {text:?}");
            written += 1;
        }
    }
    assert_eq!(written, 37, "of 49: the others are not certain");
}

#[test]
fn an_uncertain_edit_is_refused() {
    assert_eq!(edited("a: one", "one", "key: value"), None);
    assert_eq!(edited("a: one", "one", "x # y"), None);
    assert_eq!(edited("a: one", "one", "x\ny"), None);
    assert_eq!(edited("{a: one}", "one", "[1, 2]"), None);
    assert_eq!(edited("a: 'one'", "one", "x\ny"), None);
}

#[test]
fn quotes_of_the_scalar_are_kept() {
    assert_eq!(edited("a: 'one'", "one", "it's").as_deref(), Some("a: 'it''s'"));
    assert_eq!(edited("a: \"one\"", "one", "a\"b").as_deref(), Some("a: \"a\\\"b\""));
    let block = edited("x: 1\na: |\n    one\nb: 2\n", "one", "1\n2");
    assert_eq!(block.as_deref(), Some("x: 1\na: |\n    1\n    2\nb: 2\n"));
}
