use serde_json::json;

use super::*;
use crate::generated::live;
use crate::machine::{self, Position as _};
use crate::{positions, record};

#[derive(Clone, Debug, PartialEq)]
struct Task {
    name: String,
    hours: Option<Number>,
    r#type: Value,
}
record!(Task { "name" => name, "hours" => hours, "type" => r#type });

#[derive(Clone, Debug, PartialEq)]
struct Plan {
    tasks: Vec<Task>,
}
record!(Plan { "tasks" => tasks });

#[derive(Clone, Debug, PartialEq)]
struct Empty {}
record!(Empty {});

#[derive(Clone, Debug, PartialEq)]
enum Position {
    GatherRequirements {},
    Plan2 { t0: String, t1: Vec<i64> },
}
positions!(Position {
    "gather-requirements" => GatherRequirements {}: live("prompt text", "string", 1),
    "plan.2" => Plan2 { t0, t1 }: live("call plan", "string", 2),
});

#[derive(Clone, Debug, PartialEq)]
enum Nowhere {}
positions!(Nowhere {});

/// What comes out of a value read as `T` and written again
fn through<T: Data>(value: &Value) -> Result<Value, String> {
    T::from_json(value).map(|read| read.to_json()).map_err(|mismatch| mismatch.to_string())
}

#[test]
fn values_that_fit_are_read_and_written() {
    let rows = [
        (through::<()>(&json!(null)), json!(null)),
        (through::<bool>(&json!(true)), json!(true)),
        (through::<i64>(&json!(5.0)), json!(5)),
        (through::<i64>(&json!(i64::MIN)), json!(i64::MIN)),
        (through::<f64>(&json!(5)), json!(5.0)),
        (through::<Number>(&json!(5)), json!(5)),
        (through::<Number>(&json!(5.0)), json!(5.0)),
        (through::<Vec<Option<String>>>(&json!(["a", null])), json!(["a", null])),
        (through::<DateTime>(&json!("2026-01-31T13:00:00+01:00")), json!("2026-01-31T12:00:00Z")),
        (through::<Object>(&json!({"b": 1, "a": 2})), json!({"b": 1, "a": 2})),
        (
            through::<Task>(&json!({"name": "a", "other": 1})),
            json!({"name": "a", "hours": null, "type": null}),
        ),
        (through::<Empty>(&json!({"other": 1})), json!({})),
    ];
    for (found, expected) in rows {
        assert_eq!(found, Ok(expected));
    }
}

#[test]
fn values_that_do_not_fit_are_told_from_what_is_needed() {
    let plan = |task: Value| json!({"tasks": [{"name": "a"}, task]});
    let rows = [
        (through::<bool>(&json!(1)), "expected a boolean, found an integer"),
        (through::<i64>(&json!(5.5)), "expected an integer, found `5.5`"),
        (through::<i64>(&json!(u64::MAX)), "expected an integer, found `18446744073709551615`"),
        (through::<Number>(&json!("5")), "expected a number, found a string"),
        (through::<Vec<String>>(&json!({})), "expected a list of strings, found an object"),
        (
            through::<Vec<Vec<i64>>>(&json!([[1], ["a"]])),
            "expected an integer at `[1][0]`, found a string",
        ),
        (through::<Option<String>>(&json!([])), "expected a string or null, found a list"),
        (
            through::<DateTime>(&json!("tomorrow")),
            "expected a date with a time (as `2026-01-31T12:00:00Z`), found `tomorrow`",
        ),
        (through::<Plan>(&json!([])), "expected an object with `tasks`, found a list"),
        (
            through::<Plan>(&json!({})),
            "expected a list of objects with `name`, `hours` and `type` at `tasks`, found nothing",
        ),
        (through::<Plan>(&plan(json!({}))), "expected a string at `tasks[1].name`, found nothing"),
        (
            through::<Plan>(&plan(json!({"name": "b", "hours": "two"}))),
            "expected a number or null at `tasks[1].hours`, found a string",
        ),
    ];
    for (found, expected) in rows {
        assert_eq!(found, Err(expected.to_owned()));
    }
}

#[test]
fn a_path_quotes_keys_that_cannot_follow_a_dot() {
    let mismatch = Mismatch::new("a string", "null").in_field("b").in_field("a key").in_item(3);
    assert_eq!(mismatch.path, r#"[3]["a key"].b"#);
}

#[test]
fn positions_are_objects_with_their_place() {
    let position = Position::Plan2 { t0: "a".into(), t1: vec![1] };
    assert_eq!(position.to_json(), json!({"at": "plan.2", "t0": "a", "t1": [1]}));
    assert_eq!(Position::from_json(&position.to_json()), Ok(position));
    assert_eq!(Position::LIVE.iter().map(|live| live.at).next_back(), Some("plan.2"));
    assert!(Nowhere::LIVE.is_empty());
    let first = json!({"at": "gather-requirements"});
    assert_eq!(Position::from_json(&first), Ok(Position::GatherRequirements {}));
}

/// What comes out of a place read as `T` and written again
fn placed<T: machine::Position>(value: &Value) -> Result<Value, String> {
    T::from_json(value).map(|read| read.to_json()).map_err(|mismatch| mismatch.to_string())
}

#[test]
fn positions_of_another_workflow_are_refused() {
    let rows = [
        (placed::<Position>(&json!(1)), "expected a position, found an integer"),
        (placed::<Position>(&json!({})), "expected a string at `at`, found nothing"),
        (
            placed::<Position>(&json!({"at": "plan.3"})),
            "expected a position of this workflow at `at`, found `plan.3`",
        ),
        (
            placed::<Position>(&json!({"at": "plan.2", "t0": "a"})),
            "expected a list of integers at `t1`, found nothing",
        ),
        (
            placed::<Nowhere>(&json!({"at": "plan"})),
            "expected a position of this workflow at `at`, found `plan`",
        ),
    ];
    for (found, expected) in rows {
        assert_eq!(found, Err(expected.to_owned()));
    }
}

/// Truth and text of a value, typed and as `any`: they must be the same
fn shown<T: Data>(value: &T) -> (bool, String) {
    let any = value.to_json();
    assert_eq!(value.truth(), any.truth(), "{value:?}");
    assert_eq!(value.show(), any.show(), "{value:?}");
    (value.truth(), value.show().into_owned())
}

#[test]
fn truth_and_text_are_those_of_jinja_for_json() {
    let noon = DateTime::from_json(&json!("2026-01-31T12:00:00Z")).unwrap();
    let rows = [
        (shown(&()), false, ""),
        (shown(&true), true, "true"),
        (shown(&false), false, "false"),
        (shown(&0_i64), false, "0"),
        (shown(&-7_i64), true, "-7"),
        (shown(&0.0), false, "0.0"),
        (shown(&1.0), true, "1.0"),
        (shown(&1e15), true, "1000000000000000.0"),
        (shown(&1e16), true, "1e+16"),
        (shown(&0.0001), true, "0.0001"),
        (shown(&0.000_012), true, "1.2e-05"),
        (shown(&-0.000_01), true, "-1e-05"),
        (shown(&1.5e-7), true, "1.5e-07"),
        (shown(&924_779_052_198_694.2), true, "924779052198694.2"),
        (shown(&Number::Int(0)), false, "0"),
        (shown(&Number::Float(2.0)), true, "2.0"),
        (shown(&String::new()), false, ""),
        (shown(&String::from("a\"b")), true, "a\"b"),
        (shown(&noon), true, "2026-01-31T12:00:00Z"),
        (shown(&vec![noon]), true, r#"["2026-01-31T12:00:00Z"]"#),
        (shown(&Vec::<i64>::new()), false, "[]"),
        (shown(&vec![Some(1.0), None]), true, "[1.0, null]"),
        (shown(&Some(0_i64)), false, "0"),
        (shown(&None::<String>), false, ""),
        (shown(&Empty {}), false, "{}"),
        (
            shown(&json!({"a": [1, "é<", {}], "b": {"c": []}})),
            true,
            r#"{"a": [1, "é<", {}], "b": {"c": []}}"#,
        ),
        (shown(&json!(u64::MAX)), true, "18446744073709551615"),
    ];
    for ((truth, text), expected_truth, expected_text) in rows {
        assert_eq!((truth, text.as_str()), (expected_truth, expected_text));
    }
}

#[test]
fn numbers_compare_without_rounding() {
    let odd = (1_i64 << 53) + 1;
    assert!(Number::Int(1) == Number::Float(1.0));
    assert!(Number::Int(odd) > Number::Float(float_of(odd)));
    assert!(Number::Int(-1) > Number::Float(-1.5));
    assert!(Number::Int(i64::MAX) < Number::Float(9_223_372_036_854_775_808.0));
    assert!(Number::Float(-1e300) < Number::Int(i64::MIN));
}

#[test]
fn only_whole_numbers_are_integral() {
    assert_eq!(Number::Float(-3.0).integral(), Ok(-3));
    let fault = Number::Float(2.5).integral().unwrap_err();
    assert_eq!(
        (fault.code, &*fault.message),
        ("not-integral", "an integer is needed here, not `2.5`")
    );
    assert!(Number::Float(1e19).integral().is_err());
}

#[test]
fn one_is_the_same_in_every_number_however_deep() {
    let task = |hours| Task { name: "a".into(), hours, r#type: json!([1]) };
    let other = Task { r#type: json!([1.0]), ..task(Some(Number::Float(2.0))) };
    assert!(task(Some(Number::Int(2))).same(&other));
    assert!(!task(None).same(&other));
    assert!(json!({"a": 1, "b": [2]}).same(&json!({"b": [2.0], "a": 1.0})));
    assert!(!json!({"a": null}).same(&json!({"b": null})));
    assert!(!json!("1").same(&json!(1)));
}
