//! `list`: the workflows as a table.

use super::failure::Failure;
use super::table::table;
use crate::machine::Info;
use crate::registry::Registry;
use crate::words::input_names;

const HEAD: [&str; 6] = ["NAME", "VERSION", "STEPS", "TAGS", "INPUTS", "DESCRIPTION"];

/// The workflows by name, a line each: all of them, or those that have a tag
pub(crate) fn workflows(registry: &Registry, tag: Option<&str>) -> Result<String, Failure> {
    let found = registry
        .select(tag)
        .map_err(|unknown| Failure::usage(unknown.to_string()).help(unknown.help))?;
    let mut rows: Vec<_> = found.into_iter().map(|program| row(program.info())).collect();
    if rows.is_empty() {
        return Ok("there are no workflows\n".to_owned());
    }
    rows.sort();
    Ok(table(HEAD, rows))
}

fn row(info: &Info) -> [String; 6] {
    let schema = serde_json::from_str(info.input_schema).unwrap_or_default();
    [
        info.name.to_owned(),
        info.version.to_owned(),
        info.top_level_steps.to_string(),
        info.tags.join(", "),
        input_names(&schema),
        info.description.lines().next().unwrap_or_default().to_owned(),
    ]
}
