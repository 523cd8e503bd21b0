//! Everything that is built in, called.

use serde_json::json;
use workflow_runtime::data::Data;
use workflow_runtime::machine::{Env, Event, Start};

use crate::{builtins, examples};

#[test]
fn builtins_give_what_is_said_of_them() {
    let people = json!([
        {"name": "bob", "age": 42, "boss": null, "tags": ["x", "y"]},
        {"name": "Ann", "age": 17, "boss": "bob", "tags": []},
        {"name": "cyd", "age": 42, "boss": "Ann", "tags": ["z"]},
    ]);
    let inputs = json!({"people": people, "raw": people, "words": ["b", "A", "c"], "limit": 40});
    let inputs = inputs.as_object().unwrap().clone();
    let env = Env::new("2026-01-31T12:00:00Z".parse().unwrap(), 7);
    let start = Start { inputs, ..Start::default() };
    let events = builtins::registry().get("builtins").unwrap().begin(start, env).unwrap();
    let last = events.last().unwrap();
    let Event::Completed { result, .. } = last else { panic!("{last:?}") };
    for (key, expression, gives) in examples::rows() {
        assert_eq!(result[&key].show(), gives, "{key}: {expression}");
    }
}
