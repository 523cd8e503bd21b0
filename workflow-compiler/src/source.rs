//! The text that is compiled: files, and spans that point into them.

use std::ops::Range;
use std::path::{Path, PathBuf};

/// Names one file of a [`Sources`]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes in a file of a [`Sources`]
///
/// Spans point into the text as it stands on disk, also for a name inside a template inside a
/// block scalar: whoever decodes a scalar maps the places at once, so that no later stage knows
/// of decoded offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file pointed into
    pub file: FileId,
    /// First byte
    pub start: u32,
    /// One past the last byte; equal to `start` for a place between two bytes
    pub end: u32,
}

impl Span {
    /// The span over `range` of `file`
    #[must_use]
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        // Files over 1 MiB are refused when they are read, so that an offset always fits.
        let fit = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, start: fit(range.start), end: fit(range.end) }
    }

    /// The smallest span that holds both; `other` must be of the same file
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        debug_assert_eq!(self.file, other.file, "a span lies in one file");
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The empty span before the first byte
    #[must_use]
    pub fn before(self) -> Self {
        Self { end: self.start, ..self }
    }

    /// The empty span behind the last byte
    #[must_use]
    pub fn after(self) -> Self {
        Self { start: self.end, ..self }
    }

    /// The bytes covered
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value and where it was written
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Spanned<T> {
    /// The value
    pub value: T,
    /// Its place
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, written at `span`
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place with what `f` makes of the value
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), span: self.span }
    }
}

/// A line and a column, both counted from 1; columns in Unicode scalar values
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1
    pub line: usize,
    /// Column in Unicode scalar values, from 1
    pub column: usize,
}

/// One file's text
#[derive(Debug)]
pub struct Source {
    /// Where it was read from, as it is shown to a person
    pub path: PathBuf,
    /// The whole text
    pub text: String,
    /// Offset of the first byte of each line
    lines: Vec<usize>,
    /// How many characters stand before each [`STRIDE`]th byte
    characters: Vec<usize>,
}

/// Every so many bytes the characters before are counted once, so that the column of a place in a
/// line of a megabyte is known at once
const STRIDE: usize = 1024;

impl Source {
    fn new(path: PathBuf, text: String) -> Self {
        let mut lines = vec![0];
        lines.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        let mut characters = vec![0];
        for piece in text.as_bytes().chunks(STRIDE) {
            characters.push(characters.last().copied().unwrap_or(0) + starts(piece));
        }
        Self { path, text, lines, characters }
    }

    /// How many characters begin before a byte
    fn characters_before(&self, offset: usize) -> usize {
        let whole = offset / STRIDE;
        self.characters[whole] + starts(&self.text.as_bytes()[whole * STRIDE..offset])
    }

    /// Line and column of a byte offset; an offset behind the end is the end
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.lines.partition_point(|start| *start <= offset);
        let before = self.characters_before(self.lines[line - 1]);
        let column = self.characters_before(offset) - before + 1;
        Position { line, column }
    }

    /// Byte offset of a line and column, both from 1; a place behind the end is the end
    #[must_use]
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let before = self.text[start..].chars().take(column.saturating_sub(1));
        start + before.map(char::len_utf8).sum::<usize>()
    }

    /// Offset of the first byte of the line that holds `offset`
    #[must_use]
    pub fn line_start(&self, offset: usize) -> usize {
        self.lines[self.lines.partition_point(|start| *start <= offset) - 1]
    }
}

/// How many characters begin in these bytes of UTF-8
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// All files of one compilation
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a file; `path` is shown as it is
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<String>) -> FileId {
        self.files.push(Source::new(path.into(), text.into()));
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// The file of an id that [`Sources::add`] gave
    #[must_use]
    pub fn file(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// The text that a span covers
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        &self.file(span.file).text[span.range()]
    }

    /// The path of a file, as it is shown
    #[must_use]
    pub fn path(&self, id: FileId) -> &Path {
        &self.file(id).path
    }

    /// Line and column of the first byte of a span
    #[must_use]
    pub fn position(&self, span: Span) -> Position {
        self.file(span.file).position(span.start as usize)
    }

    /// All files with their ids
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).map(FileId).zip(&self.files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_in_long_lines_too() {
        let text = format!("é\n{}\n", "aé漢😀e\u{301}\t".repeat(700));
        let mut sources = Sources::default();
        let file = sources.add("a", text.clone());
        let (mut line, mut column) = (1, 1);
        for (at, character) in text.char_indices() {
            let found = sources.file(file).position(at);
            assert_eq!(found, Position { line, column }, "byte {at}");
            assert_eq!(sources.file(file).offset(line, column), at);
            (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
    }
}
