//! Block scalars: indentation, chomping, folding.
//!
//! The header need not be read: the parser says where the first text begins and how far it is
//! indented, and the length of its text says how many line breaks the end keeps.

use std::ops::Range;

use super::super::{Site, Style};
use super::{Decoded, is_blank, line_break};

/// A line inside the block
struct Line {
    /// The text, without indentation and line break
    text: Range<usize>,
    /// Where the next line begins
    next: usize,
}

/// Decodes the block whose first text stands at `range.start`; `text` is what the parser gave
pub(super) fn decode(
    out: &mut Decoded,
    source: &str,
    range: &Range<usize>,
    site: Site,
    text: &str,
) {
    if let Some(indent) = site.indent {
        let start = first_line(source.as_bytes(), range.start.saturating_sub(indent));
        let lines = lines(source.as_bytes(), start..range.end, indent);
        let written =
            lines.iter().rposition(|line| !line.text.is_empty()).map_or(0, |last| last + 1);
        text_lines(out, source, &lines[..written], site.style == Style::Folded);
        for line in &lines[written.saturating_sub(1)..] {
            if out.text.len() < text.len() {
                out.replace("\n", line.text.end..line.next);
            }
        }
    }
    // A file may end before the line break that the last line stands for, and a block without
    // any text is nothing but line breaks.
    while out.text.len() < text.len() && text[out.text.len()..].starts_with('\n') {
        out.replace("\n", range.end..range.end);
    }
}

/// The start of the block: blank lines before the first text belong to it
fn first_line(bytes: &[u8], mut start: usize) -> usize {
    loop {
        let Some(mut before) = start.checked_sub(1) else { return start };
        if bytes[before] == b'\n' && before > 0 && bytes[before - 1] == b'\r' {
            before -= 1;
        }
        while before > 0 && bytes[before - 1] == b' ' {
            before -= 1;
        }
        if before == 0 || !matches!(bytes[before - 1], b'\n' | b'\r') {
            return start;
        }
        start = before;
    }
}

fn lines(bytes: &[u8], range: Range<usize>, indent: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let start = at;
        while at < range.end && line_break(bytes, at, range.end).is_none() {
            at += 1;
        }
        let spaces = bytes[start..at].iter().take_while(|byte| **byte == b' ').count();
        let next = at + line_break(bytes, at, range.end).unwrap_or(0);
        lines.push(Line { text: start + spaces.min(indent)..at, next });
        at = next;
    }
    lines
}

/// Writes all lines up to the last with text, and what the breaks between them become
fn text_lines(out: &mut Decoded, source: &str, lines: &[Line], folded: bool) {
    let mut breaks: Vec<Range<usize>> = Vec::new();
    let mut last_folds = None;
    for line in lines {
        if !line.text.is_empty() {
            let folds = !is_blank(source.as_bytes()[line.text.start]);
            let joins = folded && folds && last_folds == Some(true);
            between(out, &breaks, joins, line.text.start);
            out.copy(source, line.text.clone());
            breaks.clear();
            last_folds = Some(folds);
        }
        breaks.push(line.text.end..line.next);
    }
}

/// Writes the line breaks between two lines with text, the second of which begins at `next`
fn between(out: &mut Decoded, breaks: &[Range<usize>], joins: bool, next: usize) {
    match breaks {
        [only] if joins => out.replace(" ", only.start..next),
        [_, blank @ ..] if joins => {
            for each in blank {
                out.replace("\n", each.clone());
            }
        }
        all => {
            for each in all {
                out.replace("\n", each.clone());
            }
        }
    }
}
