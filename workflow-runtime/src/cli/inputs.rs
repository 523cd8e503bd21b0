//! The inputs of `run`, from `name=value` to JSON.

use serde_json::{Map, Value};

use super::failure::Failure;
use crate::inputs;
use crate::machine::Info;
use crate::words::input_names;

/// The inputs as JSON, each by the type that the workflow wants, and checked
pub(crate) fn read(given: &[(String, String)], info: &Info) -> Result<Map<String, Value>, Failure> {
    let texts = given.iter().map(|(name, text)| (name.clone(), Value::from(text.as_str())));
    inputs::read(texts.collect(), info).map_err(|mistakes| {
        let schema = serde_json::from_str(info.input_schema).unwrap_or_default();
        let names = input_names(&schema);
        let takes = format!("`{}` takes {names}, each as --input NAME=VALUE", info.name);
        Failure::usage(mistakes).help(if names.is_empty() { String::new() } else { takes })
    })
}
