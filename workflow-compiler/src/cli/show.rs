//! `workflowc explain` and `workflowc expand`.

use std::io;
use std::path::Path;

use super::select::input;
use super::{Failure, Outcome};
use crate::codegen::{Mode, layout};
use crate::diagnostic::Code;
use crate::diagnostic::render::{render, summary};
use crate::expand::OneFile;
use crate::syntax::decode::closest;

/// Prints the page of a code
pub(super) fn explain(code: &str, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    let name = code.trim().trim_start_matches("error[").trim_start_matches("warning[");
    let name = name.trim_end_matches(']');
    let Some(known) = Code::ALL.iter().find(|known| known.as_str() == name) else {
        let meant = closest(name, Code::ALL.iter().map(|known| known.as_str()));
        let help = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "a code stands in brackets: `error[undeclared-state]`".to_owned(),
        };
        return Err(Failure::Usage(format!("there is no code `{code}`"), help));
    };
    out.write_all(known.page().as_bytes())?;
    Ok(Outcome::Clean)
}

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
