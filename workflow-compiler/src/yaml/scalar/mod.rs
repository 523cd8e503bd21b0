//! From places in a scalar's decoded text to places in the file, and back again for edits.

mod decode;
mod encode;

pub(super) use encode::{double_quoted, is_plain_name};

use std::ops::Range;

use crate::diagnostic::Edit;
use crate::source::{FileId, Span};

/// How a scalar is written
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// Without quotes
    Plain,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// A `|` block: line breaks stay
    Literal,
    /// A `>` block: line breaks become spaces
    Folded,
}

/// The way from the decoded text of a scalar to the file, and how to write into that place
///
/// The text is cut into runs: each is either copied from the file byte by byte, or stands for
/// something written differently, such as `\n` or a line break with its indentation.
#[derive(Clone, Debug)]
pub struct ScalarMap {
    /// Most scalars have one: a list would be larger than it
    runs: Box<[Run]>,
    /// All of the scalar in the file, quotes included
    whole: Bytes,
    site: Site,
}

/// What has to be known of a scalar to write into it
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Site {
    /// How the scalar is written
    pub(super) style: Style,
    /// Whether it stands inside `[…]` or `{…}`, where more characters have a meaning
    pub(super) flow: bool,
    /// Spaces before each line of a block scalar
    pub(super) indent: Option<usize>,
}

/// A piece of decoded text and the bytes it came from
#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    text: Bytes,
    source: Bytes,
    /// The bytes are the same on both sides
    verbatim: bool,
}

/// A range of bytes in half the room: a large project has a million of them, and no file that is
/// read is too large for it
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bytes {
    start: u32,
    end: u32,
}

impl Bytes {
    fn start(self) -> usize {
        self.start as usize
    }

    fn end(self) -> usize {
        self.end as usize
    }

    fn range(self) -> Range<usize> {
        self.start()..self.end()
    }
}

impl From<Range<usize>> for Bytes {
    fn from(range: Range<usize>) -> Self {
        let fit = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: fit(range.start), end: fit(range.end) }
    }
}

impl Run {
    fn new(text: Range<usize>, source: Range<usize>, verbatim: bool) -> Self {
        Self { text: text.into(), source: source.into(), verbatim }
    }
}

/// Which end of a range is looked up: they differ where a run has no inside
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    Start,
    End,
}

impl ScalarMap {
    /// Decodes the scalar at `whole` of `source` again, noting where each byte comes from
    ///
    /// `text` is what the YAML parser made of it. If the two differ, each place maps to the whole
    /// scalar: a vague place is better than a wrong one.
    pub(super) fn new(source: &str, whole: Range<usize>, site: Site, text: &str) -> Self {
        let runs = decode::runs(source, &whole, site, text).unwrap_or_default();
        Self { runs: runs.into(), whole: whole.into(), site }
    }

    /// The map of a text that stands in the file just as it is, without quotes
    ///
    /// ```
    /// use workflow_compiler::source::FileId;
    /// use workflow_compiler::yaml::ScalarMap;
    ///
    /// let map = ScalarMap::verbatim(10..20);
    /// assert_eq!(map.span(FileId(0), 2..5).range(), 12..15);
    /// ```
    pub fn verbatim(source: Range<usize>) -> Self {
        let run = Run::new(0..source.len(), source.clone(), true);
        let site = Site { style: Style::Plain, flow: false, indent: None };
        Self { runs: Box::new([run]), whole: source.into(), site }
    }

    /// The map of a text that reads `opening` where the file has `before`, goes on with what stands
    /// behind it in the file, and reads `closing` where the file has `after`
    pub(super) fn rewritten(
        opening: &str,
        before: Range<usize>,
        closing: &str,
        after: Range<usize>,
    ) -> Self {
        let inside = opening.len()..opening.len() + (after.start - before.end);
        let end = inside.end + closing.len();
        let whole = (before.start..after.end).into();
        let runs = Box::new([
            Run::new(0..inside.start, before.clone(), false),
            Run::new(inside.clone(), before.end..after.start, true),
            Run::new(inside.end..end, after, false),
        ]);
        let site = Site { style: Style::Plain, flow: false, indent: None };
        Self { runs, whole, site }
    }

    /// Where `range` of the decoded text stands in `file`
    ///
    /// An empty range gives an empty span. An escape or a folded line break is taken whole. If the
    /// scalar could not be mapped, it is the whole scalar.
    pub fn span(&self, file: FileId, range: Range<usize>) -> Span {
        if self.is_vague() {
            return Span::new(file, self.whole.range());
        }
        let start = self.offset(range.start, Bound::Start);
        let end = if range.is_empty() { start } else { self.offset(range.end, Bound::End) };
        Span::new(file, start..end.max(start))
    }

    /// Whether nothing better is known of any place than the whole scalar
    pub fn is_vague(&self) -> bool {
        self.runs.is_empty()
    }

    /// How `text` is written to become part of this scalar's decoded text
    ///
    /// `None` where that is not certain: a line break in a plain text, a `#` behind a space, a
    /// comma in a plain text inside `[…]`.
    pub fn encode(&self, text: &str) -> Option<String> {
        encode::encode(self.site, text)
    }

    /// The edit after which `range` of the decoded text reads `text`
    ///
    /// `None` where the scalar could not be mapped, where `range` cuts an escape in two, or where
    /// it is not certain how to write `text` there.
    pub fn edit(&self, file: FileId, range: Range<usize>, text: &str) -> Option<Edit> {
        if self.is_vague() || !self.is_edge(range.start) || !self.is_edge(range.end) {
            return None;
        }
        let text = self.encode(text)?;
        let mut span = self.span(file, range.clone());
        if !range.is_empty() {
            // Indentation and folded breaks belong to no character; they go with their neighbours.
            let before = self.runs.iter().find(|run| run.text.end() == range.start);
            let behind = self.runs.iter().find(|run| run.text.start() == range.end);
            let start = before.map_or(span.range().start, |run| run.source.end());
            let end = behind.map_or(span.range().end, |run| run.source.start());
            span = Span::new(file, start..end.max(start));
        }
        Some(Edit { span, text })
    }

    /// Whether a place in the decoded text is a place in the file as well
    fn is_edge(&self, at: usize) -> bool {
        let inside = |run: &&Run| run.text.start() < at && at < run.text.end();
        let behind = self.runs.last().is_none_or(|run| run.text.end() < at);
        !behind && self.runs.iter().find(inside).is_none_or(|run| run.verbatim)
    }

    fn offset(&self, at: usize, bound: Bound) -> usize {
        let looked_up = if bound == Bound::End { at.saturating_sub(1) } else { at };
        let behind = self.runs.partition_point(|run| run.text.start() <= looked_up);
        let Some(run) = behind.checked_sub(1).and_then(|index| self.runs.get(index)) else {
            return self.whole.start();
        };
        let inside = at - run.text.start();
        if run.verbatim {
            run.source.start() + inside.min(run.source.range().len())
        } else if bound == Bound::End || inside >= run.text.range().len() {
            run.source.end()
        } else {
            run.source.start()
        }
    }
}

#[cfg(test)]
mod property;
#[cfg(test)]
mod tests;
