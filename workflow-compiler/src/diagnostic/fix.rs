//! Applies fixes: `check --fix`.

use std::collections::BTreeMap;
use std::fmt;

use super::{Diagnostic, Edit, Fix};
use crate::source::{FileId, Sources, Span};

/// Why edits cannot be applied together
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// Two edits change the same bytes
    Overlap(Span, Span),
    /// An edit does not fit the text: behind its end, or inside a character
    Outside(Span),
}

/// The text after all edits, which must be of one file
///
/// Insertions at one place are written in the order given, and before what replaces the bytes
/// behind it.
///
/// ```
/// use workflow_compiler::diagnostic::{Edit, fix::apply};
/// use workflow_compiler::source::{FileId, Span};
///
/// let edit = |range, text: &str| Edit { span: Span::new(FileId(0), range), text: text.into() };
/// let edits = [edit(2..2, ", b"), edit(2..2, ", c"), edit(1..2, "x")];
/// assert_eq!(apply("[a]", &edits).unwrap(), "[x, b, c]");
/// ```
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, Conflict> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    let mut last: Option<&Edit> = None;
    for edit in sorted {
        let range = edit.span.range();
        if let Some(last) = last.filter(|_| range.start < copied) {
            return Err(Conflict::Overlap(last.span, edit.span));
        }
        let outside = text.get(range.clone()).is_none();
        let kept = text.get(copied..range.start).filter(|_| !outside);
        out.push_str(kept.ok_or(Conflict::Outside(edit.span))?);
        out.push_str(&edit.text);
        copied = range.end;
        last = Some(edit);
    }
    out.push_str(&text[copied..]);
    Ok(out)
}

/// The files that change, with their new text, when the first fix of each diagnostic is applied
///
/// A fix is applied whole or not at all: of two that change the same bytes the first wins, and the
/// other may be found again when the new text is checked. The same edit asked for by several
/// fixes is made once.
pub fn apply_fixes(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<(FileId, String)> {
    let mut taken: BTreeMap<FileId, Vec<Edit>> = BTreeMap::new();
    for fix in diagnostics.iter().filter_map(|diagnostic| diagnostic.fixes.first()) {
        take(&mut taken, fix);
    }
    let changed = taken.into_iter().filter_map(|(file, edits)| {
        // An edit that does not fit its file is a mistake of a check; the file stays as it is.
        Some((file, apply(&sources.file(file).text, &edits).ok()?))
    });
    changed.collect()
}

/// Adds the edits of a fix, unless one of them is at odds with those taken
fn take(taken: &mut BTreeMap<FileId, Vec<Edit>>, fix: &Fix) {
    let of_file = |edit: &Edit| taken.get(&edit.span.file).map_or(&[][..], Vec::as_slice);
    let new: Vec<&Edit> = fix.edits.iter().filter(|edit| !of_file(edit).contains(edit)).collect();
    let fits = |edit: &&Edit| !of_file(edit).iter().any(|other| overlap(edit.span, other.span));
    if new.iter().all(fits) {
        for edit in new {
            taken.entry(edit.span.file).or_default().push(edit.clone());
        }
    }
}

/// Whether two spans of one file share a byte, or one is a place inside the other
fn overlap(a: Span, b: Span) -> bool {
    a.start < b.end && b.start < a.end
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overlap(a, b) => write!(
                f,
                "two edits change the same bytes: {}..{} and {}..{}",
                a.start, a.end, b.start, b.end
            ),
            Self::Outside(span) => {
                write!(f, "an edit does not fit the text: {}..{}", span.start, span.end)
            }
        }
    }
}

impl std::error::Error for Conflict {}

#[cfg(test)]
mod tests;
