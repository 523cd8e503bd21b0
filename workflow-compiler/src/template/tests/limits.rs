//! Hostile input ends with one diagnostic, on a small stack, in time linear to its length.

use super::{expression, mistake, mistakes, parsed, with_text};
use crate::diagnostic::Code;
use crate::template::{parse, parse_expression};

/// The only mistake is a limit
fn limited(source: &str) -> String {
    let mistake = mistake(source);
    assert_eq!(mistake.code, Code::Limit, "{mistake:?}");
    mistake.message
}

#[test]
fn nesting_is_taken_up_to_the_limit() {
    let nested = |depth: usize| format!("{{{{ {}1{} }}}}", "[".repeat(depth), "]".repeat(depth));
    parsed(&nested(64));
    assert_eq!(limited(&nested(65)), "an expression is nested more than 64 deep");
    let deep = "f(1 + a or not b == ".repeat(60);
    expression(&format!("{}1{}", deep, ")".repeat(60)));
}

#[test]
fn chains_are_taken_up_to_the_limit() {
    let message = "an expression chains more than 256 operations";
    for (link, first) in [(".b", "a"), (" + a", "a"), ("|f", "a"), ("[0]", "a"), (" and a", "a")] {
        expression(&format!("{first}{}", link.repeat(255)));
        let source = format!("{{{{ {first}{} }}}}", link.repeat(256));
        assert_eq!(limited(&source), message, "{link}");
    }
}

#[test]
fn hostile_expressions_give_one_limit_each() {
    let sources = [
        format!("{{{{ {}a }}}}", "not ".repeat(20_000)),
        format!("{{{{ {}a }}}}", "-".repeat(20_000)),
        format!("{{{{ {} }}}}", "a if b else ".repeat(20_000)),
        format!("{{{{ {}a }}}}", "a ** -".repeat(20_000)),
        format!("{{{{ a{} }}}}", "(".repeat(100_000)),
        format!("{{{{ {}a{} }}}}", "{1:".repeat(50_000), "}".repeat(50_000)),
        format!("{{{{ a{} }}}}", ".b".repeat(100_000)),
        format!("{{{{ a{} }}}}", "[0]".repeat(100_000)),
        format!("{{{{ a{} }}}}", " + b".repeat(100_000)),
        format!("{{{{ {}1{} }}}}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("{{{{ {}1{} }}}}", "[[],".repeat(20_000), "]".repeat(20_000)),
        format!("{{% if x %}}{{{{ {}1 }}}}{{% endif %}}", "[".repeat(100_000)),
        "{% if x %}".repeat(10_000),
        format!("{}{}", "{% for x in y %}".repeat(10_000), "{% endfor %}".repeat(10_000)),
    ];
    for source in sources {
        limited(&source);
    }
}

#[test]
fn unclosed_tags_and_brackets_without_end_are_one_mistake() {
    for source in ["{{ ".to_owned() + &"[".repeat(100_000), "{{ ".to_owned() + &"(a".repeat(50_000)]
    {
        assert_eq!(mistakes(&source), ["this `{{` is not closed @ {{"]);
    }
    let (value, diagnostics) = with_text(&"[".repeat(100_000), parse_expression);
    assert_eq!((value, diagnostics.len()), (None, 1));
}

#[test]
fn large_templates_are_fine() {
    let long = "{{ a }} text {% if b %}c{% endif %}{# d #}".repeat(20_000);
    parsed(&long);
    let list = format!("{{{{ [{}] }}}}", "{'a': b.c, 'd': [1, 'e']},".repeat(20_000));
    parsed(&list);
    parsed(&"{% set a = 1 %}".repeat(20_000));
}

#[test]
fn many_mistakes_take_linear_time() {
    let sources = [
        "{{ ' }}",
        "{{ \\' }} {{ \" }}",
        "{{ a' }}{{ b",
        "{# ",
        "{% raw %}",
        "{{",
        "{{ {{ ",
        "{% x %}",
        "{{ (' }}",
        "{{ a } ",
        "{% endif %}",
        "{% if",
        "{{ f(a b, c d }} ",
        "{%- raw",
        "\\'{{\"",
        "{% endq %}{% q %}",
    ];
    for source in sources {
        let (_, diagnostics) = with_text(&source.repeat(10_001), parse);
        assert!(!diagnostics.is_empty(), "{source}");
    }
}

#[test]
fn trees_at_the_limit_fit_a_small_stack() {
    let inner = "f(1 + a or not b == ".repeat(60) + "1" + &")".repeat(60);
    let chain = "a".to_owned() + &".b[0]".repeat(60) + &"|f(1)".repeat(100);
    let blocks = "{% if x %}".repeat(64) + "{{ a }}" + &"{% endif %}".repeat(64);
    let run = move || {
        for source in [format!("{{{{ {inner} }}}}."), format!("{{{{ {chain} }}}}."), blocks] {
            let tree = parsed(&source);
            assert_eq!(tree.clone(), tree);
        }
    };
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap();
    thread.join().unwrap();
}

#[test]
fn of_very_many_mistakes_a_hundred_are_told() {
    for source in ["{{ a. }} ", "{{ ", "{% x %}"] {
        let (value, diagnostics) = with_text(&source.repeat(2_000), parse);
        assert!(value.is_none());
        assert!(diagnostics.len() <= 100, "{source}: {}", diagnostics.len());
    }
}
