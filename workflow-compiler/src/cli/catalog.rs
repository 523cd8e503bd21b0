//! `workflowc functions` and `workflowc filters`: what can be called.

use std::io;

use serde::Serialize;
use serde_json::json;

use super::args::{Functions, ListFormat};
use super::select::targets;
use super::{Failure, Outcome};
use crate::catalog::{self, Entry};
use crate::lower;

pub(super) fn functions(args: &Functions, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    let mut entries = Vec::new();
    for target in targets(std::slice::from_ref(&args.folder), args.rust.as_deref())? {
        let lowered = lower(&target.input);
        let functions = target.input.functions.as_deref();
        entries.extend(catalog::functions(&lowered, functions));
    }
    match args.format {
        ListFormat::Human => human(&entries, out)?,
        ListFormat::Json => writeln!(out, "{:#}", json!({"functions": entries}))?,
    }
    Ok(Outcome::Clean)
}

pub(super) fn filters(format: ListFormat, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    let (filters, tests) = (catalog::filters(), catalog::tests());
    match format {
        ListFormat::Human => {
            writeln!(out, "Filters: {{{{ value | filter }}}}\n")?;
            human(&filters, out)?;
            writeln!(out, "\nTests: {{{{ value is test }}}}\n")?;
            human(&tests, out)?;
        }
        ListFormat::Json => {
            #[derive(Serialize)]
            struct Both {
                filters: Vec<Entry>,
                tests: Vec<Entry>,
            }
            writeln!(out, "{:#}", json!(Both { filters, tests }))?;
        }
    }
    Ok(Outcome::Clean)
}

/// A line for each, in columns; where a signature is long, what it does stands below
fn human(entries: &[Entry], out: &mut dyn io::Write) -> io::Result<()> {
    const WIDEST: usize = 48;
    let widths = entries.iter().map(|entry| entry.signature.chars().count());
    let width = widths.filter(|width| *width <= WIDEST).max().unwrap_or_default();
    for entry in entries {
        let place = match (&entry.file, entry.line) {
            (Some(file), Some(line)) => format!("  [{file}:{line}]"),
            _ => String::new(),
        };
        if entry.signature.chars().count() > width {
            writeln!(out, "{}\n{:width$}  {}{place}", entry.signature, "", entry.description)?;
        } else {
            writeln!(out, "{:width$}  {}{place}", entry.signature, entry.description)?;
        }
    }
    Ok(())
}
