//! Tables for the terminal.

use anstream::adapter::strip_str;

use super::paint::{HEAD, painted};

/// Rows under a head, in columns; their cells may be painted
pub(crate) fn table<const N: usize>(head: [&str; N], mut rows: Vec<[String; N]>) -> String {
    rows.insert(0, head.map(|name| painted(HEAD, name)));
    let widths: Vec<usize> = (0..N)
        .map(|column| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0))
        .collect();
    let mut table = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, &wide)| {
            let pad = wide - width(cell);
            format!("{cell}{:pad$}", "")
        });
        table.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        table.push('\n');
    }
    table
}

/// What is seen of a cell
fn width(cell: &str) -> usize {
    strip_str(cell).map(|part| part.chars().count()).sum()
}
