use super::*;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::fix::apply;
use crate::source::Sources;
use crate::yaml::parse;

/// The text after the edit that `make` finds for the value of `a`
fn edited(
    text: &str,
    make: impl FnOnce(&Document, &Source, NodeId) -> Option<Edit>,
) -> Option<String> {
    let mut sources = Sources::default();
    let file = sources.add("a.yaml", text);
    let document = parse(file, text, &mut Diagnostics::default()).expect("it parses");
    let id = document.get(document.root, "a").expect("it has a key `a`");
    let edit = make(&document, sources.file(file), id)?;
    let after = apply(text, &[edit]).unwrap();
    let mut diagnostics = Diagnostics::default();
    parse(file, &after, &mut diagnostics).expect("it still parses");
    assert_eq!(diagnostics.errors(), 0, "{after}");
    Some(after)
}

fn append(text: &str, item: &str) -> Option<String> {
    edited(text, |document, source, id| append_item(document, source, id, item))
}

fn remove(text: &str, index: usize) -> Option<String> {
    edited(text, |document, source, id| remove_item(document, source, id, index))
}

fn insert(text: &str, after: Option<&str>, line: &str) -> Option<String> {
    edited(text, |document, source, id| {
        let key = after.map(|key| document.pair(id, key).unwrap().key);
        insert_key(document, source, id, key, line)
    })
}

fn remove_pair(text: &str, key: &str) -> Option<String> {
    edited(text, |document, source, id| {
        remove_key(document, source, id, document.pair(id, key).unwrap().key)
    })
}

#[test]
fn an_item_is_appended_in_the_manner_of_the_list() {
    let cases = [
        ("a: [x]\nb: 1\n", "a: [x, y]\nb: 1\n"),
        ("a: [\"x\", 'z']\n", "a: [\"x\", 'z', 'y']\n"),
        ("a: [\"x\"] # why\n", "a: [\"x\", \"y\"] # why\n"),
        ("a: [x, ]\n", "a: [x, y ]\n"),
        ("a: []\n", "a: [y]\n"),
        ("a: [\n  x\n]\n", "a: [\n  x,\n  y\n]\n"),
        ("a: [\n  x, # why\n  z # last\n]\n", "a: [\n  x, # why\n  z, # last\n  y\n]\n"),
        ("a: [\r\n  x, # why\r\n]\r\n", "a: [\r\n  x, # why\r\n  y,\r\n]\r\n"),
        ("a: [\n  x, # why\n  # end\n]\n", "a: [\n  x, # why\n  y,\n  # end\n]\n"),
        ("a: [x, # why\n  z] # end\n", "a: [x, # why\n  z, y] # end\n"),
        ("a:\n  - x\n  - z # last\n\nb: 1\n", "a:\n  - x\n  - z # last\n  - y\n\nb: 1\n"),
        ("a:\n- x\n", "a:\n- x\n- y\n"),
        ("a:\n- x", "a:\n- x\n- y"),
        ("a:\r\n  - x\r\nb: 1\r\n", "a:\r\n  - x\r\n  - y\r\nb: 1\r\n"),
        ("a:\n  - k: |\n      x\n", "a:\n  - k: |\n      x\n  - y\n"),
    ];
    for (text, expected) in cases {
        assert_eq!(append(text, "y").as_deref(), Some(expected), "{text:?}");
    }
    assert_eq!(append("a: [x]\n", "true").as_deref(), Some("a: [x, \"true\"]\n"));
    assert_eq!(append("a: [x]\n", "b, c").as_deref(), Some("a: [x, \"b, c\"]\n"));
}

#[test]
fn an_item_is_not_appended_where_the_list_is_not_this_one() {
    assert_eq!(append("b: &b x\na: [*b]\n", "y"), None);
    assert_eq!(append("a: [&x z, *x]\n", "y"), None);
    assert_eq!(append("a: text\n", "y"), None);
}

#[test]
fn an_item_is_removed_with_its_comma_or_line() {
    let cases = [
        ("a: [x, y, z]\n", 0, "a: [y, z]\n"),
        ("a: [x, y, z]\n", 1, "a: [x, z]\n"),
        ("a: [x, y, z]\n", 2, "a: [x, y]\n"),
        ("a: [ x ]\n", 0, "a: []\n"),
        ("a:\n  - x\n  - y # gone\n  - z\n", 1, "a:\n  - x\n  - z\n"),
        ("a:\n- x\n- y", 1, "a:\n- x\n"),
        ("a:\r\n- x\r\n- y\r\nb: 1\r\n", 1, "a:\r\n- x\r\nb: 1\r\n"),
    ];
    for (text, index, expected) in cases {
        assert_eq!(remove(text, index).as_deref(), Some(expected), "{text:?}");
    }
    assert_eq!(remove("a:\n- x\nb: 1\n", 0), None, "nothing would be left");
    assert_eq!(remove("a: [&x y, *x]\n", 0), None, "the anchor is needed");
    assert_eq!(remove("a:\n- &x y\n- *x\n", 0), None, "the anchor is needed");
}

#[test]
fn a_key_is_added_behind_another() {
    let cases = [
        ("a:\n  k: 1\n  l: 2\nb: 3\n", Some("k"), "a:\n  k: 1\n  new: v\n  l: 2\nb: 3\n"),
        ("a:\n  k: 1\n  l: 2\nb: 3\n", None, "a:\n  k: 1\n  l: 2\n  new: v\nb: 3\n"),
        ("a:\n  k: 1 # why", Some("k"), "a:\n  k: 1 # why\n  new: v"),
        ("a:\r\n  k: 1\r\n", Some("k"), "a:\r\n  k: 1\r\n  new: v\r\n"),
        (
            "a:\n  k: |\n    text\n    more\n  l: 2\n",
            Some("k"),
            "a:\n  k: |\n    text\n    more\n  new: v\n  l: 2\n",
        ),
        ("a:\n  k:\n    - 1\n", Some("k"), "a:\n  k:\n    - 1\n  new: v\n"),
        ("a:\n  k:\n", Some("k"), "a:\n  k:\n  new: v\n"),
        ("a: { k: 1, l: 2 }\n", Some("k"), "a: { k: 1, new: v, l: 2 }\n"),
        ("a: { k: 1 }\n", None, "a: { k: 1, new: v }\n"),
        ("a: {}\n", None, "a: { new: v }\n"),
        ("b: &b 1\na:\n  k: *b\n  l: 2\n", Some("k"), "b: &b 1\na:\n  k: *b\n  new: v\n  l: 2\n"),
    ];
    for (text, after, expected) in cases {
        assert_eq!(insert(text, after, "new: v").as_deref(), Some(expected), "{text:?}");
    }
}

#[test]
fn a_key_of_a_list_item_gets_the_column_of_the_others() {
    let text = "a:\n  - id: x\n    type: y\n";
    let after = edited(text, |document, source, list| {
        let step = document.sequence(list).unwrap()[0];
        let id = document.pair(step, "id").unwrap().key;
        insert_key(document, source, step, Some(id), "new: v\nmore:\n  - 1")
    });
    let expected = "a:\n  - id: x\n    new: v\n    more:\n      - 1\n    type: y\n";
    assert_eq!(after.as_deref(), Some(expected));
}

#[test]
fn a_pair_is_removed_with_its_lines() {
    let cases = [
        ("a:\n  k: 1\n  l: |\n    x\n    y\n  m: 3\n", "l", "a:\n  k: 1\n  m: 3\n"),
        ("a:\n  k: 1 # gone\n  l: 2\n", "k", "a:\n  l: 2\n"),
        ("a: {k: 1, l: 2}\n", "l", "a: {k: 1}\n"),
        ("a: {k: 1, l: 2}\n", "k", "a: {l: 2}\n"),
        ("a: {k: 1}\n", "k", "a: {}\n"),
    ];
    for (text, key, expected) in cases {
        assert_eq!(remove_pair(text, key).as_deref(), Some(expected), "{text:?}");
    }
    assert_eq!(remove_pair("a:\n  k: 1\n", "k"), None, "nothing would be left");
    assert_eq!(remove_pair("a:\n  k: &x 1\n  l: *x\n", "k"), None, "the anchor is needed");
    assert_eq!(remove_pair("b: &b {k: 1}\na:\n  <<: *b\n  l: 1\n", "k"), None, "it is not here");
}

#[test]
fn the_second_key_takes_the_place_behind_the_dash() {
    let text = "a:\n  - type: prompt\n    id: x\n";
    let after = edited(text, |document, source, list| {
        let step = document.sequence(list).unwrap()[0];
        remove_key(document, source, step, document.pair(step, "type").unwrap().key)
    });
    assert_eq!(after.as_deref(), Some("a:\n  - id: x\n"));
}

#[test]
fn a_scalar_is_rewritten_in_its_quotes() {
    let rewritten =
        |text: &str, new: &str| edited(text, |document, _, id| rewrite(document, id, new));
    assert_eq!(rewritten("a: promt # x\n", "prompt").as_deref(), Some("a: prompt # x\n"));
    assert_eq!(rewritten("a: \"promt\"\n", "prompt").as_deref(), Some("a: \"prompt\"\n"));
    assert_eq!(rewritten("a: 'promt'\n", "it's").as_deref(), Some("a: 'it''s'\n"));
    assert_eq!(rewritten("a: x\n", "@task").as_deref(), Some("a: \"@task\"\n"));
    assert_eq!(rewritten("a: |\n  x\n", "y").as_deref(), Some("a: |\n  y\n"));
    assert_eq!(rewritten("a: [x]\n", "y"), None);
}
