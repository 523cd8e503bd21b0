//! Tables for the terminal.

/// Rows under a head, in columns
pub(crate) fn table<const N: usize>(head: [&str; N], mut rows: Vec<[String; N]>) -> String {
    rows.insert(0, head.map(str::to_owned));
    let widths: Vec<usize> =
        (0..N).map(|column| width(rows.iter().map(|row| &row[column]))).collect();
    let mut table = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
        table.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        table.push('\n');
    }
    table
}

fn width<'a>(cells: impl Iterator<Item = &'a String>) -> usize {
    cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
}
