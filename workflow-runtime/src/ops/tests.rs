use serde_json::{Value, json};

use super::*;
use crate::data::{Data, DateTime, Number};

/// A value, or the code of the fault
fn got<T: Data>(result: Result<T, Fault>) -> Result<Value, &'static str> {
    result.map(|value| value.to_json()).map_err(|fault| fault.code)
}

#[test]
fn arithmetic_is_that_of_python() {
    let rows = [
        ("+", json!(2), json!(3), json!(5)),
        ("+", json!(2), json!(0.5), json!(2.5)),
        ("+", json!(true), json!(1), json!(2)),
        ("+", json!("a"), json!("b"), json!("ab")),
        ("+", json!([1]), json!(["a"]), json!([1, "a"])),
        ("-", json!(2), json!(3), json!(-1)),
        ("*", json!(2), json!(1.5), json!(3.0)),
        ("*", json!("ab"), json!(3), json!("ababab")),
        ("*", json!(2), json!([1, 2]), json!([1, 2, 1, 2])),
        ("*", json!("ab"), json!(-1), json!("")),
        ("*", json!([]), json!(i64::MAX), json!([])),
        ("*", json!(i64::MAX), json!(""), json!("")),
        ("/", json!(6), json!(3), json!(2.0)),
        ("/", json!(9_007_199_254_740_993_i64), json!(3), json!(3_002_399_751_580_331.0)),
        ("/", json!(0), json!(-3), json!(0.0)),
        ("//", json!(-7), json!(2), json!(-4)),
        ("//", json!(7), json!(-2.0), json!(-4.0)),
        ("//", json!(1e16), json!(-3), json!(-3_333_333_333_333_335.0)),
        ("//", json!(1), json!(0.1), json!(9.0)),
        ("%", json!(-7), json!(3), json!(2)),
        ("%", json!(7), json!(-3), json!(-2)),
        ("%", json!(-0.5), json!(2), json!(1.5)),
        ("%", json!(i64::MIN), json!(-1), json!(0)),
        ("**", json!(2), json!(10), json!(1024)),
        ("**", json!(2), json!(-1), json!(0.5)),
        ("**", json!(-1), json!(4_294_967_297_i64), json!(-1)),
        ("**", json!(4), json!(0.5), json!(2.0)),
    ];
    for (operator, a, b, expected) in rows {
        let found = apply(operator, &a, &b);
        assert_eq!(got(found), Ok(expected), "{a} {operator} {b}");
    }
}

fn apply(operator: &str, a: &Value, b: &Value) -> Result<Value, Fault> {
    match operator {
        "+" => add(a, b),
        "-" => sub(a, b),
        "*" => mul(a, b),
        "/" => div(a, b),
        "//" => floor_div(a, b),
        "%" => rem(a, b),
        "**" => pow(a, b),
        _ => unreachable!("no operator of the tables"),
    }
}

#[test]
fn what_has_no_result_is_a_fault() {
    let rows = [
        ("+", json!(i64::MAX), json!(1), "`9223372036854775807 + 1` does not fit 64 bits"),
        ("+", json!(u64::MAX), json!(1), "`18446744073709551615 + 1` does not fit 64 bits"),
        ("-", json!(i64::MIN), json!(1), "`-9223372036854775808 - 1` does not fit 64 bits"),
        ("//", json!(i64::MIN), json!(-1), "`-9223372036854775808 // -1` does not fit 64 bits"),
        ("**", json!(10), json!(19), "`10 ** 19` does not fit 64 bits"),
        ("/", json!(1), json!(0), "`1 / 0` divides by zero"),
        ("//", json!(1.5), json!(0), "`1.5 // 0.0` divides by zero"),
        ("%", json!(1), json!(0), "`1 % 0` divides by zero"),
        ("**", json!(0), json!(-1), "`0.0 ** -1.0` divides by zero"),
        ("*", json!(1e300), json!(1e300), "`1e+300 * 1e+300` is not a finite number"),
        ("**", json!(-8.0), json!(0.5), "`-8.0 ** 0.5` is not a finite number"),
        ("+", json!("a"), json!(1), "`+` does not go between a string and an integer"),
        ("-", json!(null), json!(1), "`-` does not go between null and an integer"),
        ("*", json!("a"), json!(1.5), "only an integer repeats, not `1.5`"),
        ("*", json!("ab"), json!(1_i64 << 40), "the text would be longer than 16 MiB"),
        ("*", json!(["x".repeat(100)]), json!(200_000), "the list would take more than 16 MiB"),
        ("*", json!([0]), json!(i64::MAX), "the list would have more than 1000000 items"),
    ];
    for (operator, a, b, expected) in rows {
        let fault = apply(operator, &a, &b).unwrap_err();
        assert_eq!(fault.message, expected, "{a} {operator} {b}");
    }
}

#[test]
fn typed_operands_give_typed_results() {
    assert_eq!(add(&2, &3), Ok(5));
    assert_eq!(div(&7, &2), Ok(3.5));
    assert_eq!(show(&div(&0, &-2).unwrap()), "-0.0");
    assert_eq!(pow(&2, &3), Ok(Number::Int(8)));
    assert_eq!(add(&Number::Int(1), &Number::Float(0.5)), Ok(Number::Float(1.5)));
    assert_eq!(add(&vec!["a"], &vec!["b"]), Ok(vec!["a", "b"]));
    assert_eq!(add(&String::from("a"), &String::from("b")).unwrap(), "ab");
    assert_eq!(neg(&2.5), Ok(-2.5));
    assert_eq!(got(neg(&i64::MIN)), Err("integer-overflow"));
    assert_eq!(got(neg(&json!("a"))), Err("type-mismatch"));
    assert_eq!(pos(&json!(true)), Ok(json!(1)));
}

#[test]
fn a_plus_leaves_every_number_as_it_is() {
    assert_eq!(pos(&i64::MIN), Ok(i64::MIN));
    assert_eq!(pos(&-0.5), Ok(-0.5));
}

#[test]
fn values_of_one_kind_have_an_order() {
    let rows = [
        (json!(1), json!(1.5), true),
        (json!(2), json!(1.5), false),
        (json!("Z"), json!("a"), true),
        (json!([1, 2]), json!([1, 3]), true),
        (json!([1]), json!([1, 0]), true),
        (json!([1.0, 2]), json!([1, 2]), false),
        (json!(i64::MAX), json!(u64::MAX), true),
    ];
    for (a, b, expected) in rows {
        assert_eq!(less(&a, &b), Ok(expected), "{a} < {b}");
        assert_eq!(greater_equal(&a, &b), Ok(!expected), "{a} >= {b}");
    }
    let fault = less(&json!("a"), &json!(1)).unwrap_err();
    assert_eq!(fault.message, "a string has no order with an integer");
    assert_eq!(got(less(&json!(null), &json!(null))), Err("type-mismatch"));
}

#[test]
fn typed_values_have_an_order() {
    let time = |text: &str| DateTime::from_json(&json!(text)).unwrap();
    let (early, late) = (time("2026-01-31T12:00:00+01:00"), time("2026-01-31T12:00:00Z"));
    assert_eq!(less(&early, &late), Ok(true));
    assert_eq!(less_equal(&2, &2), Ok(true));
    assert_eq!(greater(&2.5, &2.0), Ok(true));
    assert_eq!(less(&String::from("a"), &String::from("b")), Ok(true));
    assert_eq!(compare(&Number::Int(1), &Number::Float(1.0)), Ok(std::cmp::Ordering::Equal));
    assert!(equal(&json!(true), &json!(1)));
    assert!(!equal(&Some(1), &None));
}

#[test]
fn in_asks_items_parts_and_keys() {
    let rows = [
        (json!([1, 2]), json!(2.0), Ok(json!(true))),
        (json!([[1]]), json!(1), Ok(json!(false))),
        (json!("abc"), json!("bc"), Ok(json!(true))),
        (json!("abc"), json!(""), Ok(json!(true))),
        (json!({"a": 1}), json!("a"), Ok(json!(true))),
        (json!({"a": 1}), json!(1), Ok(json!(false))),
        (json!("1"), json!(1), Err("type-mismatch")),
        (json!(null), json!(1), Err("type-mismatch")),
    ];
    for (haystack, needle, expected) in rows {
        assert_eq!(got(contains_any(&haystack, &needle)), expected, "{needle} in {haystack}");
    }
    assert!(contains(&["a".to_owned()], &"a".to_owned()));
    assert!(contains_text("abc", "ab"));
    assert!(!contains_object(json!({"a": 1}).as_object().unwrap(), "b"));
}

#[test]
fn an_index_counts_from_either_end() {
    let rows = [
        (json!([1, 2, 3]), json!(0), Ok(json!(1))),
        (json!([1, 2, 3]), json!(-3), Ok(json!(1))),
        (json!([1, 2, 3]), json!(2.0), Ok(json!(3))),
        (json!([1, 2, 3]), json!(3), Err("index-out-of-range")),
        (json!([1, 2, 3]), json!(-4), Err("index-out-of-range")),
        (json!([1]), json!(i64::MIN), Err("index-out-of-range")),
        (json!([1]), json!(0.5), Err("not-integral")),
        (json!([1]), json!("a"), Err("type-mismatch")),
        (json!("añb"), json!(1), Ok(json!("ñ"))),
        (json!("añb"), json!(-1), Ok(json!("b"))),
        (json!("añb"), json!(i64::MIN), Err("index-out-of-range")),
        (json!({"a": 1}), json!("a"), Ok(json!(1))),
        (json!({"a": 1}), json!("b"), Ok(json!(null))),
        (json!({"a": 1}), json!(0), Err("type-mismatch")),
        (json!(null), json!("a"), Err("no-such-field")),
    ];
    for (value, key, expected) in rows {
        assert_eq!(got(index_any(&value, &key)), expected, "{value}[{key}]");
    }
    let fault = index(&["a", "b"], 2).unwrap_err();
    assert_eq!(fault.message, "the index 2 is out of range: the list has 2 items");
    let fault = index_text("a", -2).unwrap_err();
    assert_eq!(fault.message, "the index -2 is out of range: the string has 1 character");
}

#[test]
fn a_field_of_no_object_is_a_fault() {
    let value = json!({"a": {"b": 1}});
    assert_eq!(field(field(&value, "a").unwrap(), "b"), Ok(&json!(1)));
    assert_eq!(field(&value, "c"), Ok(&json!(null)));
    assert_eq!(entry(value.as_object().unwrap(), "c"), &json!(null));
    let fault = field(&json!(null), "name").unwrap_err();
    assert_eq!((fault.code, &*fault.message), ("no-such-field", "there is no `name` in null"));
}

#[test]
fn slices_are_those_of_python() {
    let (none, some) = (None, Some::<i64>);
    let rows = [
        (none, none, none, "abcde"),
        (some(1), some(3), none, "bc"),
        (some(-2), none, none, "de"),
        (none, some(-2), none, "abc"),
        (some(3), some(1), none, ""),
        (some(-9), some(9), none, "abcde"),
        (none, none, some(2), "ace"),
        (none, none, some(-1), "edcba"),
        (some(9), some(0), some(-2), "ec"),
        (some(1), some(-9), some(-1), "ba"),
        (none, none, some(i64::MIN), "e"),
        (some(i64::MIN), some(i64::MAX), some(i64::MAX), "a"),
    ];
    let list: Vec<String> = "abcde".chars().map(String::from).collect();
    for (start, stop, step, expected) in rows {
        let what = format!("{start:?}:{stop:?}:{step:?}");
        assert_eq!(slice_text("abcde", start, stop, step).unwrap(), expected, "{what}");
        assert_eq!(slice(&list, start, stop, step).unwrap().concat(), expected, "{what}");
    }
    assert_eq!(slice_any(&json!([1, 2, 3]), some(1), none, none), Ok(json!([2, 3])));
    assert_eq!(slice_any(&json!("é€a"), none, some(2), none), Ok(json!("é€")));
    assert_eq!(got(slice_any(&json!({}), none, none, none)), Err("type-mismatch"));
    assert_eq!(got(slice(&[1], none, none, some(0))), Err("invalid-argument"));
}

#[test]
fn values_change_type_where_they_can() {
    assert_eq!(cast::<Vec<i64>>(&json!([1, 2.0])), Ok(vec![1, 2]));
    let fault = cast::<Vec<i64>>(&json!([1, "a"])).unwrap_err();
    assert_eq!(fault.code, "type-mismatch");
    assert_eq!(fault.message, "expected an integer at `[1]`, found a string");
    assert_eq!(convert::<_, Vec<Number>>(&vec![1_i64]), Ok(vec![Number::Int(1)]));
    assert_eq!(convert::<_, String>(&None::<String>).unwrap_err().code, "type-mismatch");
}

#[test]
fn what_is_proved_to_be_there_is_given() {
    assert_eq!(required(&Some(1), "plan"), Ok(&1));
    let fault = required(&None::<i64>, "state.plan").unwrap_err();
    assert_eq!((fault.code, fault.message.contains("`state.plan`")), ("internal", true));
}

#[test]
fn concat_joins_what_is_shown() {
    let (count, names) = (2_i64, vec!["a".to_owned()]);
    assert_eq!(concat(&[&show(&count), " of ", &show(&names)]).unwrap(), r#"2 of ["a"]"#);
    let long = "x".repeat(MAX_BYTES);
    assert_eq!(got(concat(&[&long, "x"])), Err("too-large"));
    assert_eq!(got(add(&long, &long)), Err("too-large"));
    assert!(truth(&names) && !truth(&0.0));
}

#[test]
fn a_loop_knows_where_it_stands() {
    let items = ["a", "b", "c"];
    let told: Vec<String> = each(&items)
        .map(|(at, item)| {
            let (before, after) = (at.previtem.unwrap_or(&"-"), at.nextitem.unwrap_or(&"-"));
            let parity = at.cycle(&["odd", "even"]).unwrap();
            let ends = format!("{}{}", u8::from(at.first), u8::from(at.last));
            format!(
                "{item}{}{}{}{}/{} {ends} {before}{after} {parity}",
                at.index, at.index0, at.revindex, at.revindex0, at.length
            )
        })
        .collect();
    assert_eq!(told, ["a1032/3 10 -b odd", "b2121/3 00 ac even", "c3210/3 01 b- odd"]);
    assert_eq!(each::<i64>(&[]).count(), 0);
}

#[test]
fn lists_strings_and_objects_can_be_looped_over() {
    let rows = [
        (json!([1, "a"]), Ok(json!([1, "a"]))),
        (json!("aé"), Ok(json!(["a", "é"]))),
        (json!({"b": 1, "a": 2}), Ok(json!(["b", "a"]))),
        (json!(null), Err("type-mismatch")),
        (json!(3), Err("type-mismatch")),
    ];
    for (value, expected) in rows {
        assert_eq!(got(each_any(&value)), expected, "{value}");
    }
    assert_eq!(got(each_any(&json!("x".repeat(MAX_ITEMS + 1)))), Err("too-large"));
}
