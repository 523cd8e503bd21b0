//! Where the parts of a list or mapping stand, and the edits of a single place.

use std::ops::Range;

use super::super::{Document, NodeId, Pair};
use super::{Edit, Source, Span};

/// A list or mapping of a file that is to be edited
pub(super) struct Collection<'a> {
    document: &'a Document,
    source: &'a Source,
    pub(super) span: Span,
}

impl<'a> Collection<'a> {
    pub(super) fn new(document: &'a Document, source: &'a Source, id: NodeId) -> Self {
        Self { document, source, span: document.span(id) }
    }

    /// Whether it is written in brackets
    pub(super) fn is_flow(&self) -> bool {
        self.source.text[self.span.range()].starts_with(['[', '{'])
            && self.source.text[self.span.range()].ends_with([']', '}'])
    }

    /// Where an item of a list stands; `None` for one that an alias brought from elsewhere
    pub(super) fn item(&self, items: &[NodeId], index: usize) -> Option<Range<usize>> {
        let place = self.document.span(*items.get(index)?).range();
        let before = items[..index].iter().map(|item| self.document.span(*item).range().end);
        let start = before.filter(|end| *end <= self.span.range().end).max();
        let own = start.unwrap_or(self.span.range().start) <= place.start;
        (own && place.end <= self.span.range().end).then_some(place)
    }

    /// Where a pair stands, from its key to the end of its value
    pub(super) fn pair(&self, pair: &Pair) -> Option<Range<usize>> {
        let key = self.document.span(pair.key).range();
        let value = self.document.span(pair.value).range();
        let range = self.span.range();
        if key.start < range.start || key.end > range.end {
            return None;
        }
        if key.end <= value.start && value.end <= range.end {
            return Some(key.start..value.end);
        }
        // The value stands elsewhere: here is the alias that names it.
        let rest = &self.source.text[key.end..range.end];
        let gap = rest.find('*').filter(|gap| rest[..*gap].trim() == ":")?;
        let alias = &rest[gap..];
        let length = alias.find(|c: char| c.is_whitespace() || ",[]{}".contains(c));
        Some(key.start..key.end + gap + length.unwrap_or(alias.len()))
    }

    /// Adds `text` behind what stands at `last`, with a comma; on a line of its own where that has
    /// one
    pub(super) fn append_in_flow(&self, last: &Range<usize>, text: &str) -> Edit {
        if let Some(edit) = self.append_line_in_flow(last, text) {
            return edit;
        }
        let end = last.end;
        let rest = &self.source.text[end..self.span.range().end];
        let behind_comma = rest.trim_start().strip_prefix(',');
        match behind_comma.filter(|behind| behind.trim().len() == 1) {
            Some(behind) => self.insert(self.span.range().end - behind.len(), format!(" {text}")),
            None => self.insert(end, format!(", {text}")),
        }
    }

    /// `None` where the last one shares its line with others or the bracket
    fn append_line_in_flow(&self, last: &Range<usize>, text: &str) -> Option<Edit> {
        let (line_end, bracket) = (self.line_end(last.end), self.span.range().end - 1);
        if bracket < line_end || !self.is_first_in_line(last.start) {
            return None;
        }
        let line = format!("{}{}{text}", self.line_ending(), self.indent_of(last.start)?);
        let rest = &self.source.text[last.end..line_end];
        if rest.trim_start().starts_with(',') {
            return Some(self.insert(line_end, format!("{line},")));
        }
        let comma_below = self.source.text[line_end..bracket].trim_start().starts_with(',');
        // What stands behind the last one, a comment for instance, stays behind it.
        let span = Span::new(self.span.file, last.end..line_end);
        (!comma_below).then(|| Edit { span, text: format!(",{rest}{line}") })
    }

    /// Adds `line` below the line in which `end` stands
    pub(super) fn append_line(&self, end: usize, line: &str) -> Edit {
        self.insert(self.line_end(end), format!("{}{line}", self.line_ending()))
    }

    /// Takes out an item or pair in brackets, with the comma that it leaves over
    pub(super) fn remove_in_flow(
        &self,
        place: Range<usize>,
        previous_end: Option<usize>,
        next_start: Option<usize>,
    ) -> Option<Edit> {
        let before = self.source.text[..place.start].trim_end();
        if !before.ends_with(['[', '{', ',']) {
            return None;
        }
        match (previous_end, next_start) {
            (_, Some(next)) => self.remove(place.start..next),
            (Some(previous), None) => self.remove(previous..place.end),
            // The brackets too, so that nothing is added behind the item that goes.
            (None, None) => {
                let brackets =
                    if self.source.text[self.span.range()].starts_with('[') { "[]" } else { "{}" };
                self.remove(self.span.range())
                    .map(|edit| Edit { text: brackets.to_owned(), ..edit })
            }
        }
    }

    /// Takes out the lines on which `place` stands
    pub(super) fn remove_lines(&self, place: Range<usize>) -> Option<Edit> {
        let text = &self.source.text;
        let start = self.source.line_start(place.start);
        let end = self.line_end(place.end);
        let line_break = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
        self.remove(start..line_break)
    }

    /// Takes out a range, unless it holds an anchor that an alias elsewhere may name
    pub(super) fn remove(&self, range: Range<usize>) -> Option<Edit> {
        let anchor = self.source.text[range.clone()].contains(" &");
        let span = Span::new(self.span.file, range);
        (!anchor).then(|| Edit { span, text: String::new() })
    }

    /// The dash of the item that stands at `item`, if nothing stands between
    pub(super) fn dash_before(&self, item: Span) -> Option<usize> {
        let line = self.source.line_start(item.range().start);
        let before = self.source.text[line..item.range().start].trim_end_matches(' ');
        before.ends_with('-').then(|| line + before.len() - 1)
    }

    /// The spaces that bring a new line to the column of `at`; `None` where there are tabs
    pub(super) fn indent_of(&self, at: usize) -> Option<String> {
        let before = &self.source.text[self.source.line_start(at)..at];
        (!before.contains('\t'))
            .then(|| " ".repeat(before.trim_start_matches('\u{feff}').chars().count()))
    }

    pub(super) fn is_first_in_line(&self, at: usize) -> bool {
        self.source.text[self.source.line_start(at)..at].bytes().all(|byte| byte == b' ')
    }

    /// How the file ends its lines
    pub(super) fn line_ending(&self) -> &'static str {
        if self.source.text.contains("\r\n") { "\r\n" } else { "\n" }
    }

    /// End of the line in which `at` stands, before its line break
    fn line_end(&self, at: usize) -> usize {
        let rest = &self.source.text[at..];
        at + rest.find(['\r', '\n']).unwrap_or(rest.len())
    }

    fn insert(&self, at: usize, text: String) -> Edit {
        Edit { span: Span::new(self.span.file, at..at), text }
    }
}
