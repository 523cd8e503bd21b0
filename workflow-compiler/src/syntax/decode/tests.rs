use super::*;
use crate::syntax::testing::Checked;
use crate::template::ast::ExprKind;

const KINDS: &[&str] = &["text", "confirm"];

const KEYS: &[Key] = &[
    Key::required("id", Takes::Name, "its name"),
    Key::required("type", Takes::Word(&["prompt"]), "its type"),
    Key::required("message", Takes::Template, "what is asked"),
    Key::optional("kind", Takes::Word(KINDS), "what is answered"),
    Key::optional("needs_state", Takes::Names, "what it reads"),
    Key::optional("timeout", Takes::Seconds, "how long"),
    Key::optional("agent", Takes::Agent, "who"),
    Key::optional("sequential", Takes::Flag, "one by one"),
    Key::optional("concurrency", Takes::Count, "how many at once"),
    Key::optional("if", Takes::Expression, "whether"),
    Key::optional("value", Takes::Data, "what"),
];

/// Reads `text` by the table, then what `then` wants of it
fn read(text: &str, then: impl FnOnce(&Fields<'_>, &mut Checked)) -> Checked {
    let mut checked = Checked::default();
    let (doc, _) = checked.parse(text);
    let rereads = [Reread { key: "type", words: KINDS, means: "kind" }];
    let table = Table {
        rereads: &rereads,
        free_prefix: Some("x-"),
        elsewhere: &[("a `shell` step", &[Key::required("command", Takes::Text, "")])],
        ..Table::new("a `prompt` step", &[KEYS])
    };
    let fields = table.read(&doc, doc.root, &mut checked.diagnostics);
    then(&fields, &mut checked);
    checked
}

fn mistakes(text: &str) -> Vec<String> {
    read(text, |_, _| ()).mistakes()
}

/// A step that is right, with one more line
fn step(line: &str) -> String {
    format!("id: ask\ntype: prompt\nmessage: hi\n{line}\n")
}

#[test]
fn a_right_mapping_has_no_mistakes() {
    assert_eq!(mistakes(&step("x-note: [anything]")), [""; 0]);
}

#[test]
fn the_second_of_two_keys_is_marked_and_the_first_counts() {
    let text = "id: ask\ntype: prompt\nmessage: one\nmessage: two\n";
    let checked = read(text, |fields, checked| {
        let message = fields.text("message", &mut checked.diagnostics).unwrap();
        assert_eq!(message.value, "one");
    });
    assert_eq!(checked.labels(), ["3:1 [message]"]);
    assert_eq!(
        mistakes(text),
        ["4:1 duplicate-key [message] `message` stands twice in one mapping"]
    );
}

#[test]
fn the_second_type_of_a_prompt_is_its_kind() {
    let text = "id: ask\ntype: prompt\nmessage: hi\ntype: confirm\n";
    let kind = |fields: &Fields<'_>, checked: &mut Checked| {
        let kind = fields.word("kind", KINDS, &mut checked.diagnostics).unwrap();
        assert_eq!(kind.value, "confirm");
    };
    assert_eq!(read(text, kind).fixed(), text.replace("type: confirm", "kind: confirm"));
    assert_eq!(
        read(text, kind).mistakes(),
        ["4:1 duplicate-key [type] `type` stands twice in one mapping"]
    );
}

#[test]
fn a_second_type_beside_a_kind_is_not_renamed() {
    let text = "id: ask\ntype: prompt\nmessage: hi\ntype: confirm\nkind: text\n";
    let checked = read(text, |fields, checked| {
        assert_eq!(fields.word("kind", KINDS, &mut checked.diagnostics).unwrap().value, "text");
    });
    assert_eq!(checked.help(), ["remove one of the two"]);
}

#[test]
fn a_misspelt_key_is_read_and_not_missing_as_well() {
    let text = "id: ask\ntype: prompt\nmesage: hi\n";
    let message = |fields: &Fields<'_>, checked: &mut Checked| {
        assert_eq!(fields.text("message", &mut checked.diagnostics).unwrap().value, "hi");
    };
    let mistake = "3:1 unknown-key [mesage] unknown key `mesage`";
    assert_eq!(read(text, message).mistakes(), [mistake]);
    assert_eq!(read(text, message).fixed(), text.replace("mesage", "message"));
    assert_eq!(read(text, message).help(), ["did you mean `message`?"]);
}

#[test]
fn a_key_like_one_that_is_there_is_only_unknown() {
    let checked = read(&step("mesage: hi"), |_, _| ());
    assert!(checked.help()[0].starts_with("its keys are `id`, `type`, "));
}

#[test]
fn a_key_of_something_else_is_told_as_such() {
    let help = read(&step("command: ls"), |_, _| ()).help();
    assert_eq!(help, ["`command` is a key of a `shell` step"]);
}

#[test]
fn a_missing_key_marks_the_id_else_the_first_key_else_the_key_without_a_value() {
    assert_eq!(
        mistakes("type: prompt\nid: ask\n"),
        ["2:5 missing-key [ask] a `prompt` step needs `message`"]
    );
    assert_eq!(
        mistakes("type: prompt\nmessage: hi\n"),
        ["1:1 missing-key [type] a `prompt` step needs `id`"]
    );
    assert_eq!(
        mistakes("id: ask\ntype: prompt\nmessage:\n"),
        ["3:1 missing-key [message] a `prompt` step needs `message`"]
    );
}

#[test]
fn null_is_a_key_left_out_except_in_data() {
    let checked = read(&step("agent: null\nvalue: null"), |fields, checked| {
        assert!(!fields.has("agent"));
        let value = fields.data("value", &mut checked.diagnostics).unwrap();
        assert_eq!(value.kind, ExprKind::Null);
    });
    assert_eq!(checked.mistakes(), [""; 0]);
}

#[test]
fn what_is_no_mapping_lacks_nothing() {
    assert_eq!(
        mistakes("- a"),
        ["1:1 wrong-type-of-key [- a] a `prompt` step takes a mapping, not a list"]
    );
}

/// What is said of a value, and the line once mended
fn slip<T>(
    line: &str,
    take: impl Fn(&Fields<'_>, &mut crate::diagnostic::Diagnostics) -> Option<T>,
) -> (String, Option<String>) {
    let taken = |fields: &Fields<'_>, checked: &mut Checked| {
        assert!(take(fields, &mut checked.diagnostics).is_none());
    };
    let mistake = read(&step(line), taken).mistakes().join("\n");
    let (_, mistake) = mistake.split_once(' ').unwrap();
    let checked = read(&step(line), taken);
    let list = checked.diagnostics.into_sorted();
    let fixed = crate::diagnostic::fix::apply_fixes(&list, &checked.sources);
    let fixed = fixed.first().map(|(_, text)| text.lines().last().unwrap().to_owned());
    (mistake.to_owned(), fixed)
}

#[test]
fn values_of_a_wrong_kind_are_marked_and_slips_mended() {
    let flag = |line| slip(line, |fields, all| fields.flag("sequential", all));
    let expected = "wrong-type-of-key [\"true\"] `sequential` takes true or false, not `true`";
    assert_eq!(flag("sequential: \"true\""), (expected.into(), Some("sequential: true".into())));
    assert_eq!(flag("sequential: True,").1, Some("sequential: true".into()));
    assert_eq!(flag("sequential: yes").1, Some("sequential: true".into()));
    assert_eq!(flag("sequential: maybe").1, None);
    assert_eq!(
        flag("sequential: [true]").0,
        "wrong-type-of-key [[true]] `sequential` takes true or false, not a list"
    );

    let seconds = |line| slip(line, |fields, all| fields.seconds("timeout", all));
    assert_eq!(seconds("timeout: 30s").1, Some("timeout: 30".into()));
    assert_eq!(seconds("timeout: '1.5'").1, Some("timeout: 1.5".into()));
    assert_eq!(seconds("timeout: 5 minutes").1, Some("timeout: 300".into()));
    assert_eq!(seconds("timeout: 1.5h").1, Some("timeout: 5400".into()));
    assert_eq!(seconds("timeout: 0 s").1, None, "no duration either");
    assert_eq!(
        seconds("timeout: -1"),
        ("invalid-duration [-1] `-1` is not a duration".into(), None)
    );

    let count = |line| slip(line, |fields, all| fields.count("concurrency", all));
    assert_eq!(count("concurrency: '3'").1, Some("concurrency: 3".into()));
    assert_eq!(
        count("concurrency: 1.5"),
        (
            "wrong-type-of-key [1.5] `concurrency` takes a whole number above 0, not `1.5`".into(),
            None
        )
    );

    let names = |line| slip(line, |fields, all| fields.names("needs_state", all));
    assert_eq!(names("needs_state: plan").1, Some("needs_state: [plan]".into()));

    let word = |line| slip(line, |fields, all| fields.word("kind", KINDS, all));
    assert_eq!(
        word("kind: confrim"),
        (
            "wrong-type-of-key [confrim] `kind` takes `text` or `confirm`, not `confrim`".into(),
            Some("kind: confirm".into())
        )
    );

    let text = |line| slip(line, |fields, all| fields.template("value", all));
    assert_eq!(text("value: 1.0").1, Some("value: \"1.0\"".into()));

    let agent = |line| slip(line, |fields, all| fields.agent("agent", all));
    assert_eq!(
        agent("agent: task"),
        ("invalid-agent [task] `task` is not an agent".into(), Some("agent: \"@task\"".into()))
    );
    assert_eq!(agent("agent: \"@My Agent\"").1, None);
}

#[test]
fn values_of_the_right_kind() {
    let text = step(
        "needs_state: [plan, notes]\ntimeout: 0.5\nagent: '@code-reviewer'\nsequential: true\n\
         concurrency: 3\nif: state.ok",
    );
    let checked = read(&text, |fields, checked| {
        let all = &mut checked.diagnostics;
        let names = fields.names("needs_state", all).unwrap();
        let places: Vec<&str> = names.iter().map(|name| checked.sources.text(name.span)).collect();
        assert_eq!(places, ["plan", "notes"]);
        assert!((fields.seconds("timeout", all).unwrap().value - 0.5).abs() < f64::EPSILON);
        assert_eq!(fields.agent("agent", all).unwrap().value, "@code-reviewer");
        assert!(fields.flag("sequential", all).unwrap().value);
        assert_eq!(fields.count("concurrency", all).unwrap().value, 3);
        let condition = fields.expression("if", all).unwrap();
        assert_eq!(checked.sources.text(condition.span), "state.ok");
        assert!(matches!(condition.kind, ExprKind::Field { .. }));
    });
    assert_eq!(checked.mistakes(), [""; 0]);
}

#[test]
fn an_expression_may_be_a_plain_value() {
    let checked = read(&step("if: false"), |fields, checked| {
        let test = fields.expression("if", &mut checked.diagnostics).unwrap();
        assert_eq!(test.kind, ExprKind::Bool(false));
    });
    assert_eq!(checked.mistakes(), [""; 0]);
}

#[test]
fn data_is_an_expression_with_exact_places() {
    let text = step("value: {a: [1, '{{ state.x }}'], b: 'x {{ 1 }}', c: 1.5}");
    let checked = read(&text, |fields, checked| {
        let value = fields.data("value", &mut checked.diagnostics).unwrap();
        let place = |expr: &crate::template::ast::Expr| checked.sources.text(expr.span).to_owned();
        let ExprKind::Dict(pairs) = &value.kind else { panic!("{value:?}") };
        let keys: Vec<String> = pairs.iter().map(|(key, _)| place(key)).collect();
        assert_eq!(keys, ["a", "b", "c"]);
        let ExprKind::List(items) = &pairs[0].1.kind else { panic!("{value:?}") };
        assert_eq!(items[0].kind, ExprKind::Int(1));
        assert_eq!(place(&items[1]), "state.x");
        assert!(matches!(pairs[1].1.kind, ExprKind::Template(_)));
        assert_eq!(pairs[2].1.kind, ExprKind::Float(1.5));
    });
    assert_eq!(checked.mistakes(), [""; 0]);
}

#[test]
fn every_mistake_in_data_is_reported() {
    let text = step("value: {a: '{{ 1 + }}', b: ['{{ ) }}'], a: 2}");
    let checked = read(&text, |fields, checked| {
        assert!(fields.data("value", &mut checked.diagnostics).is_none());
    });
    let codes: Vec<String> = checked
        .mistakes()
        .iter()
        .map(|line| line.split(' ').nth(1).unwrap_or_default().to_owned())
        .collect();
    assert_eq!(codes, ["template-syntax", "template-syntax", "duplicate-key"]);
}

#[test]
fn one_wrong_entry_leaves_the_others() {
    let checked = read(&step("value: {a: '{{ 1 + }}', b: 2}"), |fields, checked| {
        let entries = fields.entries("value", &mut checked.diagnostics).unwrap();
        let there: Vec<bool> = entries.iter().map(|entry| entry.value.is_some()).collect();
        assert_eq!(there, [false, true]);
    });
    assert_eq!(checked.mistakes().len(), 1);
}

#[test]
fn names_by_kind() {
    use NameKind::{Field, Step, Workflow};
    let span = crate::source::Span::new(crate::source::FileId(0), 0..0);
    let fits = |kind, name: &str| {
        let name = crate::source::Spanned::new(name.to_owned(), span);
        check_name(kind, "a name", &name, &mut crate::diagnostic::Diagnostics::default())
    };
    for name in ["a", "planning:research_task", "a-1", "1"] {
        assert!(fits(Workflow, name), "{name}");
    }
    for name in ["", ":", "a:", ":a", "a:b:c", "Plan", "a b", "é"] {
        assert!(!fits(Workflow, name), "{name}");
    }
    assert!(fits(Step, "Gather-2_x") && !fits(Step, "a b") && !fits(Step, ""));
    assert!(fits(Field, "_a1") && fits(Field, "A"));
    for name in ["", "1a", "a-b", "a.b"] {
        assert!(!fits(Field, name), "{name}");
    }
}

#[test]
fn suggestions() {
    assert_eq!(closest("need_state", ["needs_state", "state"]), Some("needs_state"));
    assert_eq!(closest("minLength", ["max_length", "min_length"]), Some("min_length"));
    assert_eq!(closest("str", ["string", "array"]), Some("string"));
    assert_eq!(closest("x", ["if", "id"]), None);
    assert_eq!(closest("", ["if"]), None);
}
