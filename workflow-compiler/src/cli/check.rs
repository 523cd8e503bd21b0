//! `workflowc check`.

use std::io;

use serde_json::{Value, json};

use super::select::{Target, targets};
use super::{Check, Failure, Format, Outcome, mend};
use crate::diagnostic::Severity;
use crate::diagnostic::json::to_json;
use crate::diagnostic::render::{render, summary};
use crate::{Input, compile};

/// What is said of all targets together
#[derive(Debug, Default)]
struct Tally {
    files: usize,
    errors: usize,
    warnings: usize,
    mended: usize,
    /// The JSON objects of the targets' diagnostics
    json: Vec<Value>,
}

pub(super) fn check(
    args: &Check,
    out: &mut dyn io::Write,
    color: bool,
) -> Result<Outcome, Failure> {
    let mut tally = Tally::default();
    for target in targets(&args.paths, args.functions.as_deref())? {
        if args.fix {
            tally.mended += mend::mend(&target)?;
        }
        report(&target, &mut tally, args, out, color)?;
    }
    match args.format {
        Format::Human => writeln!(out, "{}", tally.words(args.fix))?,
        Format::Json => writeln!(out, "{:#}", tally.json())?,
    }
    let failed = tally.errors > 0 || (args.deny_warnings && tally.warnings > 0);
    Ok(if failed { Outcome::Mistakes } else { Outcome::Clean })
}

fn report(
    target: &Target,
    tally: &mut Tally,
    args: &Check,
    out: &mut dyn io::Write,
    color: bool,
) -> Result<(), Failure> {
    let compiled = compile(&Input { only_check: true, ..target.input.clone() });
    let reported = target.reported(&compiled);
    let errors = reported.iter().filter(|each| each.severity == Severity::Error).count();
    tally.files += target.files(&compiled);
    tally.errors += errors;
    tally.warnings += reported.len() - errors;
    match args.format {
        Format::Human => write!(out, "{}", render(&reported, &compiled.sources, color))?,
        Format::Json => {
            let mut object = to_json(&reported, &compiled.sources);
            tally.json.extend(
                object["diagnostics"].as_array_mut().map(std::mem::take).into_iter().flatten(),
            );
        }
    }
    Ok(())
}

impl Tally {
    fn words(&self, fix: bool) -> String {
        let files = counted(self.files, "file");
        let left = match summary(self.errors, self.warnings) {
            found if found.is_empty() => format!("no mistakes in {files}"),
            found => format!("{found} in {files}"),
        };
        if fix { format!("{} mended; {left}", counted(self.mended, "mistake")) } else { left }
    }

    fn json(&self) -> Value {
        json!({"diagnostics": self.json, "errors": self.errors, "warnings": self.warnings})
    }
}

fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
