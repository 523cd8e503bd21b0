//! `list`: the workflows, as a table or as JSON.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use super::failure::Failure;
use super::runs::print;
use super::table::table;
use crate::machine::{Info, Program};
use crate::mcp::reports;
use crate::registry::Registry;
use crate::words::input_names;

const HEAD: [&str; 6] = ["NAME", "VERSION", "STEPS", "TAGS", "INPUTS", "DESCRIPTION"];

/// Lists the workflows by name: all of them, or those that have a tag
pub(crate) fn list(
    registry: &Registry,
    tag: Option<&str>,
    json: bool,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    let mut found = registry
        .select(tag)
        .map_err(|unknown| Failure::usage(unknown.to_string()).help(unknown.help))?;
    found.sort_by_key(|program| (program.info().name, program.info().version));
    let entries: Vec<_> = found.iter().map(|program| reports::entry(program.as_ref())).collect();
    print(out, json, &entries, || text(&found))
}

fn text(found: &[&Arc<dyn Program>]) -> String {
    if found.is_empty() {
        return "there are no workflows\n".to_owned();
    }
    table(HEAD, found.iter().map(|program| row(program.info())).collect())
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
