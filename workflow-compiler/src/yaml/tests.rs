use std::fmt::Write as _;

use super::*;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::FileId;

fn parsed(text: &str) -> Document {
    let mut diagnostics = Diagnostics::default();
    let document = parse(FileId(0), text, &mut diagnostics);
    let list = diagnostics.into_sorted();
    assert!(list.is_empty(), "{text:?}: {list:?}");
    document.expect("a tree")
}

fn mistakes(text: &str) -> Vec<Diagnostic> {
    let mut diagnostics = Diagnostics::default();
    parse(FileId(0), text, &mut diagnostics);
    diagnostics.into_sorted()
}

/// The only mistake: its code, the text marked, its message
fn mistake(text: &str) -> (Code, &str, String) {
    let list = mistakes(text);
    let [only] = &list[..] else { panic!("{text:.200?}: {list:?}") };
    (only.code, &text[only.span.range()], only.message.clone())
}

/// What the first fix of the only mistake makes of the text
fn fixed(text: &str) -> String {
    let list = mistakes(text);
    let [only] = &list[..] else { panic!("{text:.200?}: {list:?}") };
    crate::diagnostic::fix::apply(text, &only.fixes[0].edits).unwrap()
}

fn json(text: &str) -> serde_json::Value {
    let document = parsed(text);
    document.json(document.root)
}

#[test]
fn a_tree_with_its_places() {
    let text = "name: 'a b'\nsteps:\n- id: x\n  list: [1, two]\n-\n  - y\n";
    let document = parsed(text);
    let place = |id| &text[document.span(id).range()];
    let steps = document.get(document.root, "steps").unwrap();
    assert_eq!(place(document.get(document.root, "name").unwrap()), "'a b'");
    assert_eq!(place(steps), "- id: x\n  list: [1, two]\n-\n  - y");
    let items = document.sequence(steps).unwrap();
    assert_eq!(place(items[0]), "id: x\n  list: [1, two]");
    assert_eq!(place(document.get(items[0], "list").unwrap()), "[1, two]");
    assert_eq!(place(items[1]), "- y");
    assert_eq!(place(document.root), text.trim_end());
}

#[test]
fn a_list_in_a_list_without_indentation() {
    let text = "a:\n- - x\n  - y\n- z\n";
    let document = parsed(text);
    let outer = document.get(document.root, "a").unwrap();
    let inner = document.sequence(outer).unwrap()[0];
    assert_eq!(&text[document.span(outer).range()], "- - x\n  - y\n- z");
    assert_eq!(&text[document.span(inner).range()], "- x\n  - y");
}

#[test]
fn an_absent_value_stands_behind_its_colon() {
    let text = "a:\nb: {c, d: }\n";
    let document = parsed(text);
    let a = document.get(document.root, "a").unwrap();
    assert_eq!(document.span(a).range(), 2..2);
    assert_eq!(document.describe(a), "nothing");
    assert_eq!(document.scalar(a).unwrap().text, "");
}

#[test]
fn a_block_ends_with_its_last_text() {
    let text = "steps:\n  - a: |\n      x\n      y\n\n  - b: 1\n";
    let document = parsed(text);
    let steps = document.get(document.root, "steps").unwrap();
    let a = document.get(document.sequence(steps).unwrap()[0], "a").unwrap();
    assert_eq!(&text[document.span(a).range()], "x\n      y");
}

#[test]
fn a_block_without_text_stands_at_its_sign() {
    let text = "a: |  # nothing\n\n# still nothing\nb: >-\n\nc: |2+\n";
    let document = parsed(text);
    let shown = |key: &str| {
        let value = document.get(document.root, key).unwrap();
        &text[document.span(value).range()]
    };
    assert_eq!(["a", "b", "c"].map(shown), ["|", ">-", "|2+"]);
}

#[test]
fn both_keys_of_a_duplicate_are_kept() {
    let document = parsed("type: prompt\ntype: text\n");
    let pairs = document.mapping(document.root).unwrap();
    let spans: Vec<_> = pairs.iter().map(|pair| document.span(pair.key).range()).collect();
    assert_eq!(spans, [0..4, 13..17]);
    let first = document.get(document.root, "type").unwrap();
    assert_eq!(document.scalar(first).unwrap().text, "prompt");
    assert_eq!(document.json(document.root), serde_json::json!({"type": "prompt"}));
}

#[test]
fn values_as_json_and_in_words() {
    let text = "z: 1\na: [1.5, true, ~, 'x', \"1\", !!str 2]\nm: {k: v}\n";
    let value = json(text);
    assert_eq!(value.to_string(), r#"{"z":1,"a":[1.5,true,null,"x","1","2"],"m":{"k":"v"}}"#);
    let document = parsed(text);
    let words: Vec<_> = document
        .sequence(document.get(document.root, "a").unwrap())
        .unwrap()
        .iter()
        .map(|item| document.describe(*item))
        .collect();
    assert_eq!(words, ["a number", "true or false", "nothing", "a text", "a text", "a text"]);
    assert_eq!(document.describe(document.root), "a mapping");
    assert_eq!(document.describe(document.get(document.root, "a").unwrap()), "a list");
}

#[test]
fn crlf_bom_and_other_scripts() {
    let text = "\u{feff}näme: wért\r\nblock: |\r\n  größe\r\n  zwei\r\nlast: 漢字\r\n";
    let document = parsed(text);
    let get = |key| document.get(document.root, key).unwrap();
    assert_eq!(&text[document.span(get("näme")).range()], "wért");
    assert_eq!(document.scalar(get("block")).unwrap().text, "größe\nzwei\n");
    assert_eq!(&text[document.span(get("last")).range()], "漢字");
}

#[test]
fn a_file_without_anything_is_nothing() {
    for text in ["", "\n\n", "# only a comment\n", "---\n"] {
        let document = parsed(text);
        assert_eq!(document.describe(document.root), "nothing", "{text:?}");
    }
}

#[test]
fn comments_are_kept() {
    let text = "# one\na: b # {{ two }}\n";
    let document = parsed(text);
    let comments: Vec<_> = document.comments().iter().map(|span| &text[span.range()]).collect();
    assert_eq!(comments, ["# one", "# {{ two }}"]);
}

#[test]
fn many_comments_are_no_mistake() {
    parsed(&format!("a:\n{}  b: 1\n", "# comment\n".repeat(500)));
}

#[test]
fn aliases_and_merges() {
    let text = "x-base: &base {a: 1, b: 2}\nx-more: &more {b: 3, c: 4}\n\
                one:\n  <<: *base\n  b: own\nmany:\n  <<: [*more, *base]\n  d: 5\nsame: *base\n";
    let value = json(text);
    assert_eq!(value["one"].to_string(), r#"{"b":"own","a":1}"#);
    assert_eq!(value["many"].to_string(), r#"{"d":5,"b":3,"c":4,"a":1}"#);
    assert_eq!(value["same"].to_string(), r#"{"a":1,"b":2}"#);
    let document = parsed(text);
    let one = document.get(document.root, "one").unwrap();
    let merged: Vec<_> = document.mapping(one).unwrap().iter().map(|pair| pair.merged).collect();
    assert_eq!(merged, [false, true]);
}

#[test]
fn a_merge_of_a_merge() {
    let text = "a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b, x: 3}\n";
    assert_eq!(json(text)["c"].to_string(), r#"{"x":3,"y":2}"#);
}

#[test]
fn wrong_merges() {
    assert_eq!(mistake("a: {<<: text}").1, "text");
    assert_eq!(mistake("a: {<<: [{b: 1}, 2]}").1, "2");
    let text = "a: &a {x: 1}\nb:\n  <<: *a\n  <<: *a\n";
    let (code, marked, _) = mistake(text);
    assert_eq!((code, marked), (Code::DuplicateKey, "<<"));
}

#[test]
fn wrong_aliases() {
    let (code, marked, message) = mistake("a: [*nothing]");
    assert_eq!((code, marked), (Code::YamlSyntax, "*nothing"));
    assert_eq!(message, "nothing is named `&nothing`");
    assert_eq!(mistakes("a: *x\nb: *y\n").len(), 2, "each is reported");

    let (code, marked, _) = mistake("a: &a [1, {b: *a}]");
    assert_eq!((code, marked), (Code::YamlSyntax, "*a"));
}

#[test]
fn a_bomb_of_aliases_is_refused_quickly() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let list = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(text, "a{level}: &a{level} [{list}]").unwrap();
    }
    let (code, marked, _) = mistake(&text);
    assert_eq!((code, marked), (Code::Limit, "*a3"));
}

#[test]
fn a_chain_of_aliases_counts_as_nesting() {
    let mut text = "a0: &a0 [x]\n".to_owned();
    for level in 1..200 {
        writeln!(text, "a{level}: &a{level} [*a{}]", level - 1).unwrap();
    }
    assert_eq!(mistake(&text).0, Code::Limit);
}

#[test]
fn limits() {
    let deep = |depth| "[".repeat(depth) + &"]".repeat(depth);
    parsed(&deep(MAX_DEPTH));
    for text in
        [deep(MAX_DEPTH + 1), "[".repeat(100_000), "- ".repeat(100_000), "{a: ".repeat(9_000)]
    {
        assert_eq!(mistakes(&text)[0].code, Code::Limit, "{}", &text[..20]);
    }
    let nested = |depth: usize| {
        (0..depth).fold(String::new(), |text, level| text + &" ".repeat(level) + "a:\n")
    };
    parsed(&nested(MAX_DEPTH));
    assert_eq!(mistake(&nested(MAX_DEPTH + 1)).0, Code::Limit);

    parsed(&"- x\n".repeat(MAX_NODES - 1));
    assert_eq!(mistake(&"- x\n".repeat(MAX_NODES)).0, Code::Limit);

    parsed(&format!("a: {}", "x".repeat(MAX_BYTES - 3)));
    let large = format!("a: {}", "x".repeat(MAX_BYTES - 2));
    assert_eq!(mistake(&large).0, Code::Limit);
}

#[test]
fn a_closing_bracket_may_stand_below_its_key() {
    assert_eq!(
        json("a:\n  b: [\n    1,\n  ]\n  c: {\n    d: 2\n  }\n").to_string(),
        r#"{"a":{"b":[1],"c":{"d":2}}}"#
    );
    assert_eq!(mistake("a: [\n  b\nc: d\n]\n").1, "[");
}

#[test]
fn a_second_document_is_refused() {
    let (code, marked, _) = mistake("a: 1\n---\nb: 2\n");
    assert_eq!((code, marked), (Code::YamlSyntax, "---"));
    parsed("---\na: 1\n...\n");
}

#[test]
fn a_template_without_quotes_is_read_as_if_it_had_them() {
    let text = "when: {{ state.x }}\nb: 1\n";
    let mut diagnostics = Diagnostics::default();
    let document = parse(FileId(0), text, &mut diagnostics).unwrap();
    let scalar = document.scalar(document.get(document.root, "when").unwrap()).unwrap();
    assert_eq!(scalar.text, "{{ state.x }}");
    assert_eq!(&text[scalar.map.span(FileId(0), 3..10).range()], "state.x");
    let (code, marked, message) = mistake(text);
    assert_eq!((code, marked), (Code::WrongTypeOfKey, "{{ state.x }}"));
    assert_eq!(message, "a template needs quotes");
    assert_eq!(fixed(text), "when: \"{{ state.x }}\"\nb: 1\n");
    assert_eq!(fixed("a: {{ x | default(\"y\") }}\n"), "a: '{{ x | default(\"y\") }}'\n");
}

#[test]
fn templates_that_yaml_refuses() {
    let cases = [
        ("a: {{ x }} b\nc: d\n", "{{ x }} b", Some("a: \"{{ x }} b\"\nc: d\n")),
        ("a: {{ x['y'] }}\n", "{{ x['y'] }}", Some("a: \"{{ x['y'] }}\"\n")),
        (
            "- a: {% if x %}y{% endif %}\n",
            "{% if x %}y{% endif %}",
            Some("- a: \"{% if x %}y{% endif %}\"\n"),
        ),
        ("a: {{ f(x, y=[1]) }}\n", "{{ f(x, y=[1]) }}", Some("a: \"{{ f(x, y=[1]) }}\"\n")),
        ("a: {% if x %}\n  b\n  {% endif %}\n", "{% if x %}", None),
    ];
    for (text, expected, fix) in cases {
        let (code, marked, message) = mistake(text);
        assert_eq!((code, marked), (Code::YamlSyntax, expected));
        assert_eq!(message, "a template needs quotes");
        if let Some(fix) = fix {
            assert_eq!(fixed(text), fix);
        }
    }
}

#[test]
fn a_negation_that_is_a_tag() {
    let text = "if: !state.done\n";
    let (code, marked, _) = mistake(text);
    assert_eq!((code, marked), (Code::TemplateSyntax, "!"));
    assert_eq!(fixed(text), "if: not state.done\n");
    assert_eq!(mistake("a: !custom [1]").1, "!custom");
    assert_eq!(json("a: !!str 1\nb: ! 2\nc: !!float 1")["b"], "2");
}

#[test]
fn mistakes_people_make() {
    let cases = [
        ("a:\n\tb: c\n", "\t", "YAML is indented with spaces, not with tabs"),
        ("a: \"x\nb: c\n", "\"", "this quote is never closed"),
        ("a: 'x", "'", "this quote is never closed"),
        ("a: 'it's'\n", "s", "text follows the closing quote"),
        ("a:b\nc: d\n", ":", "a colon needs a space behind it"),
        ("x: 1\na:b\nc: d\n", ":", "a colon needs a space behind it"),
        ("a: b: c\n", ":", "a second colon makes no sense in this line"),
        ("x: 1\na: b\n  c: d\n", "c", "this key is indented too far"),
        ("a: @task\n", "@", "a text cannot begin with `@`"),
        ("a: %x\n", "%", "a text cannot begin with `%`"),
        ("a: `x`\n", "`", "a text cannot begin with a backtick"),
        ("%a\nb: c\n", "%", "a line that begins with `%` is a directive of YAML"),
        ("a:\n  b: c\n d: e\n", "d: e", "expected `key: value` here"),
        ("a: b\n- c\n", "- c", "expected `key: value` here"),
        ("a: {b: c\nd: e\n", "{", "this bracket is never closed"),
        ("a: ]\n", "]", "this bracket closes nothing that is open"),
        ("a: \"\\d+\"\n", "\\d", "unknown escape in a text in double quotes"),
        ("a: \"\\\\ \\é\"\n", "\\é", "unknown escape in a text in double quotes"),
        ("a: * b\n", "*", "a text cannot begin with `*`"),
        ("? {a: b}\n: c\n", "{a: b}", "a key must be a text"),
    ];
    for (text, place, expected) in cases {
        let (code, marked, message) = mistake(text);
        assert_eq!(
            (code, marked, message.as_str()),
            (Code::YamlSyntax, place, expected),
            "{text:?}"
        );
    }
}

#[test]
fn a_text_that_needs_quotes_gets_them() {
    assert_eq!(fixed("agent: @task\n"), "agent: \"@task\"\n");
    assert_eq!(fixed("- m: hello: world\r\n"), "- m: \"hello: world\"\r\n");
    assert_eq!(fixed("a: `say \"x\"`\n"), "a: '`say \"x\"`'\n");
}

/// A small generator of numbers, so that a failure comes back on every run
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

const SEED: &str = "name: a\nx-base: &base {a: 1, b: \"q\\n\"}\nsteps:\n  - id: 'one'\n    <<: *base\n    \
    message: |\n      {{ a }}\n\n      bär\n    text: >-\n      folded\n      text\n    list: [a, {b: c}, \"d\"]\n\
    when: {{ x }}\r\n? k\n: v\n- !!str 1\n";

const PIECES: &[&str] = &[
    "{{", "}}", "{%", "[", "]", "{", "}", ":", ": ", "- ", "\n", "\r\n", "\t", "  ", "'", "\"",
    "\\", "#", " #", "&a ", "*a", "!x ", "|", ">", "|2", "%", "@", "---\n", "...\n", "<<: ", "~",
    "é", "😀", "\u{feff}", "\0", "\u{85}", "\u{2028}", "? ",
];

#[test]
fn no_text_makes_it_panic_or_points_outside() {
    let mut random = Random(7);
    for _ in 0..6_000 {
        let mut text = SEED.to_owned();
        for _ in 0..=random.below(4) {
            let at = text.floor_char_boundary(random.below(text.len() + 1));
            let end = text.floor_char_boundary((at + random.below(12)).min(text.len())).max(at);
            let piece = PIECES[random.below(PIECES.len())];
            text.replace_range(if random.below(2) == 0 { at..at } else { at..end }, piece);
        }
        check_anything(&text);
    }
}

/// What holds for every text
fn check_anything(text: &str) {
    let mut diagnostics = Diagnostics::default();
    let document = parse(FileId(0), text, &mut diagnostics);
    let list = diagnostics.into_sorted();
    assert!(document.is_some() || !list.is_empty(), "refused without a reason: {text:?}");
    for diagnostic in &list {
        assert!(text.get(diagnostic.span.range()).is_some(), "{text:?}: {diagnostic:?}");
        for edit in diagnostic.fixes.iter().flat_map(|fix| &fix.edits) {
            assert!(text.get(edit.span.range()).is_some(), "{text:?}: {edit:?}");
        }
    }
    let Some(document) = document else { return };
    for node in &document.nodes {
        assert!(text.get(node.span.range()).is_some(), "{text:?}: {node:?}");
        if let Kind::Scalar(scalar) = &node.kind {
            for (at, character) in scalar.text.char_indices() {
                let span = scalar.map.span(FileId(0), at..at + character.len_utf8());
                let written =
                    text.get(span.range()).unwrap_or_else(|| panic!("{text:?}: {scalar:?}"));
                let fits = written == character.to_string()
                    || written.starts_with(['\\', '\'', '\r', '\n', ' ', '\t'])
                    || (written.is_empty() && character == '\n');
                assert!(fits || scalar.map.is_vague(), "{character:?} at {written:?} in {text:?}");
            }
        }
    }
    let _ = document.json(document.root);
}

/// Large files of one thing, on a small stack: each is read to its end, or refused with one
/// mistake; more than linear work would not come to an end
#[test]
fn nasty_files() {
    let fill = |text: &str| text.repeat(MAX_BYTES / 4 / text.len());
    let refused = [
        (fill("["), Code::Limit),
        (fill("{a: "), Code::Limit),
        (fill("- "), Code::Limit),
        (fill("? "), Code::Limit),
        (fill("- x\n"), Code::Limit),
        (fill("a: b\r\n"), Code::Limit),
        (fill(":"), Code::YamlSyntax),
        (fill("a: "), Code::YamlSyntax),
        (fill("!a "), Code::YamlSyntax),
        (fill("&a "), Code::YamlSyntax),
        (fill("---\n"), Code::YamlSyntax),
        (fill("%a b\n"), Code::YamlSyntax),
        (format!("a: {}", fill("{{ b }} ")), Code::YamlSyntax),
        (format!("a: \"{}", fill("b\n  ")), Code::YamlSyntax),
        (format!("a: \"{}\"", fill("\\q")), Code::YamlSyntax),
        (format!("a: |\n{}\n x", fill("  b\n")), Code::YamlSyntax),
        (format!("a: [{}\nb: c", fill("'it''s', ")), Code::Limit),
        (format!("a: ['{}\nb: c", fill("it''s, ")), Code::YamlSyntax),
    ];
    let read = [
        format!("a: {}", fill("word ")),
        format!("a: {}x", fill("word\n  ")),
        format!("a: \"{}\"", fill("\\n")),
        format!("a: '{}'", fill("''")),
        format!("a: |\n{}", fill("  b\n")),
        format!("a: >\n{}  x", fill("\n")),
        fill("# {{ a }}\n"),
        fill("\n"),
        fill(" "),
    ];
    let run = move || {
        for (text, code) in refused {
            let list = mistakes(&text);
            assert_eq!((list.len(), list[0].code), (1, code), "{:.20}: {:?}", text, list[0]);
        }
        for text in read {
            parsed(&text);
        }
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap().join().unwrap();
}
