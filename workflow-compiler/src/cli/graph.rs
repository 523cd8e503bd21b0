//! `workflowc graph`.

use std::io;

use super::args::{Drawing, Graph as Args};
use super::select::{Target, input};
use super::{Failure, Outcome};
use crate::diagnostic::Severity;
use crate::diagnostic::render::{render, summary};
use crate::graph::{Graph, mermaid, svg};
use crate::{compile, lower};

/// Draws a workflow; where it does not compile, says why
pub(super) fn graph(args: &Args, out: &mut dyn io::Write, color: bool) -> Result<Outcome, Failure> {
    let target = Target::file(&args.file, input(&args.file, args.functions.as_deref())?);
    let compiled = compile(&target.input);
    let mut wrong = target.reported(&compiled);
    wrong.retain(|each| each.severity == Severity::Error);
    if !wrong.is_empty() {
        let words = render(&wrong, &compiled.sources, color);
        writeln!(out, "{words}{}", summary(wrong.len(), 0))?;
        return Ok(Outcome::Mistakes);
    }
    let lowered = lower(&target.input);
    let mut programs = lowered.programs.iter();
    let own = programs.position(|program| {
        !program.inline_task && target.holds(lowered.sources.path(program.file))
    });
    let Some(own) = own else {
        let message = format!("there is no workflow in `{}`", args.file.display());
        return Err(Failure::Usage(message, "a file of functions has no steps to draw".to_owned()));
    };
    let graph = Graph::of(&lowered.programs, own, &lowered.sources);
    let drawn = match args.format {
        Drawing::Mermaid => mermaid::render(&graph),
        Drawing::Svg => svg::render(&graph),
    };
    out.write_all(drawn.as_bytes())?;
    Ok(Outcome::Clean)
}
