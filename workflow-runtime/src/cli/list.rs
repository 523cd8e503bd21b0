//! `list`: the workflows as a table.

use super::table::table;
use crate::registry::Registry;
use crate::words::input_names;

const HEAD: [&str; 5] = ["NAME", "VERSION", "STEPS", "INPUTS", "DESCRIPTION"];

/// The workflows by name, a line each
pub(crate) fn workflows(registry: &Registry) -> String {
    let mut rows: Vec<[String; 5]> =
        registry.workflows().map(|program| row(program.info())).collect();
    if rows.is_empty() {
        return "there are no workflows\n".to_owned();
    }
    rows.sort();
    table(HEAD, rows)
}

fn row(info: &crate::machine::Info) -> [String; 5] {
    let schema = serde_json::from_str(info.input_schema).unwrap_or_default();
    [
        info.name.to_owned(),
        info.version.to_owned(),
        info.top_level_steps.to_string(),
        input_names(&schema),
        info.description.lines().next().unwrap_or_default().to_owned(),
    ]
}
