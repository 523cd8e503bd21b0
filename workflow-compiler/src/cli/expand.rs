//! `workflowc expand`.

use std::io;
use std::path::Path;

use super::select::input;
use super::{Failure, Outcome};
use crate::codegen::{Mode, layout};
use crate::diagnostic::render::{render, summary};
use crate::expand::OneFile;

/// Prints the modules of a workflow and its inline tasks; where it does not compile, why
pub(super) fn expand(
    file: &Path,
    functions: Option<&Path>,
    out: &mut dyn io::Write,
    color: bool,
) -> Result<Outcome, Failure> {
    let one = OneFile::compile(file, &input(file, functions)?);
    let own = one.own();
    if own.is_empty() {
        let diagnostics = one.diagnostics();
        let words = render(&diagnostics, &one.compilation().sources, color);
        writeln!(out, "{words}{}", summary(diagnostics.len(), 0))?;
        return Ok(Outcome::Mistakes);
    }
    out.write_all(layout(&one.modules(&own, Mode::Readable)).as_bytes())?;
    Ok(Outcome::Clean)
}
