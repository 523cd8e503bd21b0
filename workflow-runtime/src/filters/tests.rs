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
