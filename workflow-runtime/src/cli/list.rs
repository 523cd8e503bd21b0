//! `list`: the workflows as a table.

use crate::registry::Registry;
use crate::words::input_names;

const HEAD: [&str; 5] = ["NAME", "VERSION", "STEPS", "INPUTS", "DESCRIPTION"];

/// The workflows by name, a line each
pub(crate) fn table(registry: &Registry) -> String {
    let mut rows: Vec<[String; 5]> =
        registry.workflows().map(|program| row(program.info())).collect();
    if rows.is_empty() {
        return "there are no workflows\n".to_owned();
    }
    rows.sort();
    rows.insert(0, HEAD.map(str::to_owned));
    let widths: Vec<usize> =
        (0..HEAD.len()).map(|column| width(rows.iter().map(|row| &row[column]))).collect();
    let mut table = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
        table.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        table.push('\n');
    }
    table
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

fn width<'a>(cells: impl Iterator<Item = &'a String>) -> usize {
    cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
}
