use serde_json::{Value, json};

use super::*;
use crate::data::{Data, Number};
use crate::machine::Fault;
use crate::ops::MAX_BYTES;

/// A value, or the code of the fault
fn got<T: Data>(result: Result<T, Fault>) -> Result<Value, &'static str> {
    result.map(|value| value.to_json()).map_err(|fault| fault.code)
}

#[test]
fn tojson_lays_out_as_python_does() {
    let value = json!({"b": [1, {"c": null}], "a": {}, "d": []});
    let rows = [
        (json!("a\"\n\u{1f}é<&'\u{2028}"), None, "\"a\\\"\\n\\u001fé<&'\u{2028}\""),
        (json!(1.0), None, "1.0"),
        (json!(1e16), None, "1e+16"),
        (json!(null), None, "null"),
        (json!([]), Some(2), "[]"),
        (json!([1, 2]), Some(0), "[\n1,\n2\n]"),
        (json!([1]), Some(-3), "[\n1\n]"),
        (value.clone(), None, r#"{"b": [1, {"c": null}], "a": {}, "d": []}"#),
        (
            value,
            Some(2),
            "{\n  \"b\": [\n    1,\n    {\n      \"c\": null\n    }\n  ],\n  \"a\": {},\n  \"d\": []\n}",
        ),
    ];
    for (value, indent, expected) in rows {
        assert_eq!(tojson(&value, indent).unwrap(), expected);
    }
    assert_eq!(tojson(&vec![Some(true), None], None).unwrap(), "[true, null]");
}

#[test]
fn tojson_is_bounded() {
    assert_eq!(got(tojson(&"x".repeat(MAX_BYTES), None)), Err("too-large"));
    assert_eq!(got(tojson(&vec![1], Some(i64::MAX))), Err("too-large"));
}

#[test]
fn parse_json_takes_one_value() {
    assert_eq!(parse_json(" {\"a\": [1, 2.0]} "), Ok(json!({"a": [1, 2.0]})));
    for wrong in ["", "{", "```json\n1\n```", "1 2", "NaN"] {
        let fault = parse_json(wrong).unwrap_err();
        assert_eq!((fault.code, fault.help.is_some()), ("invalid-json", true), "{wrong}");
    }
    let fault = parse_json("[1,]").unwrap_err();
    assert_eq!(fault.message, "the text is not JSON: trailing comma at line 1 column 4");
    assert_eq!(got(parse_json(&"[".repeat(100_000))), Err("invalid-json"));
}

#[test]
fn hash_is_of_what_the_value_prints_as() {
    assert_eq!(hash_text("abc"), "ba7816bf8f01cfea");
    assert_eq!(hash(&json!("abc")), hash_text("abc"));
    assert_eq!(hash(&vec![1, 2]), hash_text("[1, 2]"));
    assert_eq!(hash(&()), hash_text(""));
}

#[test]
fn default_stands_in_for_null_and_if_asked_for_what_is_not_true() {
    let (zero, five) = (Some(0), 5);
    assert_eq!(default(&None, &five, false), 5);
    assert_eq!(default(&zero, &five, false), 0);
    assert_eq!(default(&zero, &five, true), 5);
    assert_eq!(default_known(&0, &five, false), 0);
    assert_eq!(default_known(&0, &five, true), 5);
    assert_eq!(default_any(&json!(null), &json!("-"), false), json!("-"));
    assert_eq!(default_any(&json!(""), &json!("-"), false), json!(""));
    assert_eq!(default_any(&json!([]), &json!("-"), true), json!("-"));
}

#[test]
fn length_counts_items_characters_and_keys() {
    let rows = [
        (json!([1, 2]), Ok(json!(2))),
        (json!("añ€"), Ok(json!(3))),
        (json!({"a": 1}), Ok(json!(1))),
        (json!(null), Err("type-mismatch")),
        (json!(12), Err("type-mismatch")),
    ];
    for (value, expected) in rows {
        assert_eq!(got(length_any(&value)), expected, "{value}");
    }
    assert_eq!((length(&["a"]), length_text("é")), (1, 1));
}

#[test]
fn join_puts_the_separator_between() {
    let rows = [
        (json!(["a", 1, null, true, [2]]), Ok(json!("a, 1, , true, [2]"))),
        (json!("abc"), Ok(json!("a, b, c"))),
        (json!({"b": 1, "a": 2}), Ok(json!("b, a"))),
        (json!([]), Ok(json!(""))),
        (json!(null), Err("type-mismatch")),
    ];
    for (value, expected) in rows {
        assert_eq!(got(join_any(&value, ", ")), expected, "{value}");
    }
    assert_eq!(join(&[1.0, 2.5], "-").unwrap(), "1.0-2.5");
    assert_eq!(join_text("ab", "-").unwrap(), "a-b");
    assert_eq!(got(join(&[(), (), ()], &"x".repeat(MAX_BYTES))), Err("too-large"));
}

#[test]
fn first_and_last_of_nothing_are_null() {
    let rows = [
        (json!([1, 2]), json!(1), json!(2)),
        (json!("aé"), json!("a"), json!("é")),
        (json!({"b": 1, "a": 2}), json!("b"), json!("a")),
        (json!([]), json!(null), json!(null)),
        (json!(""), json!(null), json!(null)),
    ];
    for (value, expected_first, expected_last) in rows {
        assert_eq!(got(first_any(&value)), Ok(expected_first), "{value}");
        assert_eq!(got(last_any(&value)), Ok(expected_last), "{value}");
    }
    assert_eq!((first(&[1, 2]), last::<i64>(&[])), (Some(1), None));
    assert_eq!((first_text(""), last_text("ab")), (None, Some("b".to_owned())));
    assert_eq!(got(first_any(&json!(5))), Err("type-mismatch"));
    assert_eq!(got(last_any(&json!(null))), Err("type-mismatch"));
}

#[test]
fn text_changes_case_and_loses_its_margins() {
    assert_eq!(upper("straße"), "STRASSE");
    assert_eq!(lower("ΑΣ"), "ας");
    assert_eq!(trim(" \u{a0}a b\u{1f}\n", None), "a b");
    assert_eq!(trim("--a-b--", Some("-+")), "a-b");
    assert_eq!(trim(" a ", Some("")), " a ");
}

#[test]
fn split_cuts_as_python_does() {
    let rows = [
        (" a  b ", None, None, &["a", "b"][..]),
        (" a  b  c ", None, Some(1), &["a", "b  c "]),
        ("", None, None, &[]),
        ("", Some(","), None, &[""]),
        ("a,,b", Some(","), None, &["a", "", "b"]),
        ("a,b,c", Some(","), Some(1), &["a", "b,c"]),
        ("a,b", Some(","), Some(0), &["a,b"]),
        ("a,b", Some(","), Some(-1), &["a", "b"]),
    ];
    for (text, separator, limit, expected) in rows {
        assert_eq!(split(text, separator, limit).unwrap(), expected, "{text:?}");
    }
    assert_eq!(got(split("a", Some(""), None)), Err("invalid-argument"));
    assert_eq!(got(split(&",".repeat(1_000_000), Some(","), None)), Err("too-large"));
}

#[test]
fn replace_takes_all_or_the_first_few() {
    let rows = [
        ("aaa", "a", "bb", None, "bbbbbb"),
        ("aaa", "a", "b", Some(2), "bba"),
        ("aaa", "a", "b", Some(-1), "bbb"),
        ("ab", "", "-", None, "-a-b-"),
        ("ab", "", "-", Some(1), "-ab"),
        ("ab", "c", "-", None, "ab"),
    ];
    for (text, old, new, count, expected) in rows {
        assert_eq!(replace(text, old, new, count).unwrap(), expected, "{text} {old} {new}");
    }
    let long = "x".repeat(100_000);
    assert_eq!(got(replace(&long, "x", &long, None)), Err("too-large"));
}

#[test]
fn int_reads_what_python_reads() {
    let rows = [
        (" 42\n", 10, 42),
        ("-7", 10, -7),
        ("42.93", 10, 42),
        ("-0.5", 10, 0),
        ("1e3", 10, 1000),
        ("1_000", 10, 1000),
        ("1__0", 10, -1),
        ("1e_5", 10, -1),
        ("0x1F", 16, 31),
        ("-0x_1f", 0, -31),
        ("0b11", 2, 3),
        ("zz", 36, 1295),
        ("0x1f", 10, -1),
        ("inf", 10, -1),
        ("", 10, -1),
        ("five", 10, -1),
        ("5", 1, 5),
    ];
    for (text, base, expected) in rows {
        assert_eq!(int_text(text, -1, base), Ok(expected), "{text:?} in {base}");
    }
}

#[test]
fn int_drops_the_fraction_of_any_number() {
    let rows = [
        (json!(-2.9), Ok(json!(-2))),
        (json!(true), Ok(json!(1))),
        (json!("3"), Ok(json!(3))),
        (json!(null), Ok(json!(7))),
        (json!([1]), Ok(json!(7))),
        (json!(1e19), Err("integer-overflow")),
        (json!(u64::MAX), Err("integer-overflow")),
        (json!("9223372036854775808"), Err("integer-overflow")),
    ];
    for (value, expected) in rows {
        assert_eq!(got(int_any(&value, 7, 10)), expected, "{value}");
    }
    assert_eq!((int(4), int_bool(true)), (4, 1));
    assert_eq!(int_float(-2.9), Ok(-2));
    assert_eq!(int_number(Number::Float(2.9)), Ok(2));
    assert_eq!(string(&json!({"a": 1})), r#"{"a": 1}"#);
}

/// The code of a fault
fn fault<T>(result: Result<T, Fault>) -> &'static str {
    result.err().map_or("none", |fault| fault.code)
}

#[test]
fn sort_keeps_the_order_of_what_is_equal_and_fails_rather_than_guess() {
    let pairs = [(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd')];
    let names = |sorted: Vec<(i64, char)>| sorted.iter().map(|pair| pair.1).collect::<String>();
    assert_eq!(names(sort(&pairs, false, false, |pair| Ok(pair.0)).unwrap()), "bdac");
    assert_eq!(names(sort(&pairs, true, false, |pair| Ok(pair.0)).unwrap()), "acbd");
    let mixed: Vec<Value> =
        (0..500).map(|at| if at == 321 { json!("x") } else { json!(at) }).collect();
    assert_eq!(fault(sort(&mixed, false, false, |item| Ok(item.clone()))), "type-mismatch");
    let lists = [json!([1, "a"]), json!([1, 2]), json!([0, 5])];
    assert_eq!(fault(sort(&lists, false, false, |item| Ok(item.clone()))), "type-mismatch");
}

#[test]
fn unique_sees_what_is_the_same_in_other_types() {
    let items = [
        json!(1),
        json!(1.0),
        json!(true),
        json!("1"),
        json!({"a": 1, "b": 2}),
        json!({"b": 2.0, "a": 1}),
    ];
    let kept = unique(&items, true, |item| Ok(item.clone())).unwrap();
    assert_eq!(kept, [json!(1), json!("1"), json!({"a": 1, "b": 2})]);
    let many: Vec<Value> = (0..100_000).map(|at| json!(at)).collect();
    assert_eq!(unique(&many, true, |item| Ok(item.clone())).unwrap().len(), 100_000);
}

#[test]
fn what_a_filter_makes_of_little_is_bounded() {
    let text = "x".repeat(1 << 20);
    let many = vec![1; 1000];
    assert_eq!(fault(map(&many, |_| Ok(text.clone()))), "too-large");
    assert_eq!(fault(batch(std::slice::from_ref(&text), 1000, Some(&text))), "too-large");
    assert_eq!(fault(batch(&[1], i64::MAX, Some(&1))), "too-large");
    assert_eq!(fault(slices(&[1], i64::MAX, None)), "too-large");
    assert_eq!(fault(batch(&[1], 0, None)), "invalid-argument");
    assert_eq!(fault(center("x", i64::MAX)), "too-large");
    assert_eq!(fault(indent("x\ny", &json!(i64::MAX), false, false)), "too-large");
    let lines = "\n".repeat(1 << 20);
    assert_eq!(fault(indent(&lines, &json!(100), false, true)), "too-large");
    assert_eq!(fault(regex_replace(&text, "x", &text, false, false, 0)), "too-large");
    assert_eq!(fault(regex_search("x", "(a{1000}){1000}", false, false)), "invalid-pattern");
    assert_eq!(fault(truncate("abc", -1, false, "...", 0)), "invalid-argument");
    assert_eq!(truncate("abc", i64::MAX, false, "...", i64::MAX).unwrap(), "abc");
    assert_eq!(fault(abs(i64::MIN)), "integer-overflow");
}

#[test]
fn round_is_pythons() {
    let rows = [
        (42.5, 0, 42.0),
        (43.5, 0, 44.0),
        (2.675, 2, 2.67),
        (42.55, 1, 42.5),
        (1234.5, -2, 1200.0),
        (1250.0, -2, 1200.0),
        (1350.0, -2, 1400.0),
        (-1250.0, -2, -1200.0),
        (99.0, -2, 100.0),
        (49.0, -2, 0.0),
        (1e300, -400, 0.0),
        (0.1, i64::MAX, 0.1),
    ];
    for (value, precision, expected) in rows {
        let found = round_float(value, precision);
        assert!((found - expected).abs() < f64::EPSILON, "{value} {precision}: {found}");
    }
    let ints = [
        (1250, -2, 1200),
        (1350, -2, 1400),
        (-1250, -2, -1200),
        (5, 3, 5),
        (5, -1, 0),
        (15, -1, 20),
        (7, i64::MIN, 0),
    ];
    for (value, precision, expected) in ints {
        assert_eq!(round(value, precision), Ok(expected), "{value} {precision}");
    }
    assert_eq!(fault(round(i64::MAX, -1)), "integer-overflow");
    assert_eq!(fault(round_to(1.5, 0, "up")), "invalid-argument");
}

#[test]
fn numbers_in_texts_are_pythons() {
    let rows = [
        ("1.5", 1.5),
        (" 12 ", 12.0),
        ("1_0", 10.0),
        ("1__0", -1.0),
        ("inf", -1.0),
        ("nan", -1.0),
        ("1e400", -1.0),
        ("-.5e1", -5.0),
        ("", -1.0),
        ("0x1", -1.0),
    ];
    for (text, expected) in rows {
        let found = float_text_of(text, -1.0);
        assert!((found - expected).abs() < f64::EPSILON, "{text}: {found}");
    }
    assert!(["TRUE", " yes ", "On", "1"].into_iter().all(bool_text));
    assert!(!["false", "no", "", "2", "maybe"].into_iter().any(bool_text));
    assert!(bool_any(&json!([0])) && !bool_any(&json!(null)) && !bool_any(&json!(0.0)));
}

#[test]
fn replacements_name_groups() {
    let replace =
        |pattern: &str, with: &str| regex_replace("a1 b2", pattern, with, false, false, 0);
    assert_eq!(replace("([a-z])([0-9])", r"\2\1").unwrap(), "1a 2b");
    assert_eq!(replace("(?P<n>[0-9])", r"<\g<n>\g<0>>$1\\").unwrap(), r"a<11>$1\ b<22>$1\");
    assert_eq!(replace("", "-").unwrap(), "-a-1- -b-2-");
    for wrong in [r"\3", r"\g<x>", r"\g", r"\q", "\\"] {
        assert_eq!(fault(replace("([a-z])", wrong)), "invalid-argument", "{wrong}");
    }
    assert_eq!(regex_replace("AbA", "a", "x", true, false, 1).unwrap(), "xbA");
    assert_eq!(regex_findall("a\nb", "^.", false, true).unwrap(), ["a", "b"]);
    assert_eq!(regex_search("ab", "(x)?(b)", false, false).unwrap(), ["", "b"]);
}

#[test]
fn a_shell_reads_back_what_is_quoted() {
    for text in ["", "a b", "it's", "$(rm -rf ~)", "a\nb", "\"`\\", "é", "-x", "!"] {
        let script = format!("printf %s {}", shellquote(text).unwrap());
        let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), text);
    }
    assert_eq!(shellquote("a/b-1.txt").unwrap(), "a/b-1.txt");
    assert_eq!(fault(shellquote("a\0b")), "invalid-argument");
}

#[test]
fn texts_are_encoded_and_decoded() {
    assert_eq!(base64_decode(&base64_encode("aé\0").unwrap()).unwrap(), "aé\0");
    assert_eq!(fault(base64_decode("a")), "invalid-base64");
    assert_eq!(fault(base64_decode("/w==")), "invalid-base64");
    assert_eq!(urlencode("a b/é?").unwrap(), "a%20b/%C3%A9%3F");
    assert_eq!(urlencode_any(&json!([["a b", 1], ["c", "/"]])).unwrap(), "a+b=1&c=%2F");
    assert_eq!(fault(urlencode_any(&json!([1]))), "type-mismatch");
    assert_eq!(striptags("<b>x</b> &amp; <!-- <i> -->  y<"), "x & y<");
    assert_eq!(filesizeformat(1.0, false), "1 Byte");
    assert_eq!(filesizeformat(999.0, false), "999 Bytes");
    assert_eq!(filesizeformat(1e30, false), "1000000.0 YB");
}

#[test]
fn lines_are_moved_as_jinja_moves_them() {
    let moved = |text: &str, first, blank| indent(text, &json!("> "), first, blank).unwrap();
    assert_eq!(moved("a\n\nb\n", false, false), "a\n\n> b\n");
    assert_eq!(moved("a\n\nb\n", true, true), "> a\n> \n> b\n> ");
    assert_eq!(moved("", true, false), "> ");
    assert_eq!(moved("a\r\nb", false, false), "a\n> b");
    assert_eq!(center("abc", 6).unwrap(), " abc  ");
    assert_eq!(center("abcd", 7).unwrap(), "  abcd ");
}
