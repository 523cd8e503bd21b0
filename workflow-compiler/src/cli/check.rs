//! `workflowc check`.

use std::io::{self, Write as _};

use serde_json::{Value, json};

use super::args::{Check, Format};
use super::select::{Target, targets};
use super::{Failure, Outcome, mend};
use crate::compile;
use crate::diagnostic::render::{render, summary};
use crate::diagnostic::{Severity, github, json, sarif};

/// What is said of all targets together
#[derive(Debug, Default)]
struct Tally {
    files: usize,
    errors: usize,
    warnings: usize,
    mended: usize,
    /// The objects of the diagnostics, for the formats that are one value at the end
    objects: Vec<Value>,
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
    let objects = std::mem::take(&mut tally.objects);
    match args.format {
        Format::Human => writeln!(out, "{}", tally.words(args.fix))?,
        Format::Github => {}
        Format::Json => writeln!(out, "{:#}", tally.json(&objects))?,
        Format::Sarif => writeln!(out, "{:#}", sarif::log(objects))?,
    }
    if args.format != Format::Human && args.fix {
        // What is on the standard output is for a program.
        let _ = writeln!(io::stderr(), "{}", tally.words(true));
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
    let compiled = compile(&target.input);
    let (reported, sources) = (target.reported(&compiled), &compiled.sources);
    let errors = reported.iter().filter(|each| each.severity == Severity::Error).count();
    tally.files += target.files(&compiled)?;
    tally.errors += errors;
    tally.warnings += reported.len() - errors;
    match args.format {
        Format::Human => write!(out, "{}", render(&reported, sources, color))?,
        Format::Github => write!(out, "{}", github::render(&reported, sources))?,
        Format::Json => tally.objects.extend(json::objects(&reported, sources)),
        Format::Sarif => tally.objects.extend(sarif::results(&reported, sources)),
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

    fn json(&self, diagnostics: &[Value]) -> Value {
        json!({"diagnostics": diagnostics, "errors": self.errors, "warnings": self.warnings})
    }
}

fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
