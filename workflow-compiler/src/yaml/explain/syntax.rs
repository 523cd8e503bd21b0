//! The parser's errors, each with the place a reader would point at and what to do about it.

use std::ops::Range;

use granit_parser::{ErrorKind, ScanError};

use super::text::{end_of_text, line_at, opens_template, quoted, unclosed, value_of_line};
use super::{mistake, template, too_deep};
use crate::diagnostic::{Diagnostic, Edit};
use crate::source::{FileId, Span};

/// How far the file was read before the error
#[derive(Clone, Debug)]
pub(in crate::yaml) struct Reached {
    /// End of the last thing that was read
    pub(in crate::yaml) end: usize,
    /// Starts of the `[` and `{` that are open, the outermost first
    pub(in crate::yaml) flows: Vec<usize>,
    /// Start of a template without quotes, if that was read last
    pub(in crate::yaml) bare: Option<usize>,
}

/// What is wrong, and what to do about it, for a text that the parser refuses
pub(in crate::yaml) fn syntax_error(
    file: FileId,
    text: &str,
    error: &ScanError,
    mut reached: Reached,
) -> Diagnostic {
    let marked = error.marker().byte_offset().unwrap_or(reached.end).min(text.len());
    let at = text.floor_char_boundary(marked);
    if reached.flows.is_empty() {
        // What stands in brackets could be a key, and is read to its end first.
        let several_lines = matches!(error.kind(), ErrorKind::InvalidIndentation);
        let line = if several_lines { 0 } else { line_at(text, at).start };
        let from = reached.end.max(line).min(at);
        reached.flows = unclosed(text, from, at).brackets;
    }
    let at = Place { file, text, at, reached };
    at.tab(error.kind())
        .or_else(|| at.bare_template())
        .or_else(|| at.behind_bracket())
        .or_else(|| at.first_sign())
        .unwrap_or_else(|| at.explain(error))
}

/// The place of an error with what stands round it
pub(super) struct Place<'a> {
    pub(super) file: FileId,
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) reached: Reached,
}

impl<'a> Place<'a> {
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range)
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The character at the place
    pub(super) fn here(&self) -> Span {
        let length = self.rest().chars().next().filter(|c| *c != '\n' && *c != '\r');
        self.span(self.at..self.at + length.map_or(0, char::len_utf8))
    }

    /// The line of the place, without its line break
    pub(super) fn line(&self) -> Range<usize> {
        line_at(self.text, self.at)
    }

    /// What stands from `start` to the end of the line of the place
    pub(super) fn to_end_of_line(&self, start: usize) -> Span {
        let rest = &self.text[start..self.line().end.max(start)];
        self.span(start..start + rest.trim_end().len())
    }

    pub(super) fn in_flow(&self) -> bool {
        !self.reached.flows.is_empty()
    }

    /// Where the value begins in the line of the place
    pub(super) fn value_start(&self) -> Option<usize> {
        let line = self.line();
        value_of_line(&self.text[line.clone()]).map(|at| line.start + at)
    }

    /// A tab that indents a line
    fn tab(&self, kind: &ErrorKind) -> Option<Diagnostic> {
        use ErrorKind as K;
        let later = matches!(
            kind,
            K::TabInPlainScalar
                | K::TabNotAllowed
                | K::TabInBlockIndentation
                | K::TabInIndentation
                | K::TabAtBlockScalarStart
        );
        let mut start = self.line().start;
        loop {
            let line = line_at(self.text, start);
            if let Some(tabs) = tabs_of(&self.text[line.clone()]) {
                let span = self.span(line.start + tabs.start..line.start + tabs.end);
                return Some(
                    mistake(span, "YAML is indented with spaces, not with tabs")
                        .label("a tab")
                        .help("replace it by spaces, as many as the lines beside it have"),
                );
            }
            start = line.end + self.text[line.end..].find('\n').filter(|_| later)? + 1;
        }
    }

    /// `key: {{ x }} y`, `key: {% if x %}`, which YAML takes for a mapping
    fn bare_template(&self) -> Option<Diagnostic> {
        let opens = |at: &usize| opens_template(&self.text[*at..]);
        let flows = &self.reached.flows;
        let open = flows.iter().position(|at| opens(at));
        let inside = open.map_or(self.in_flow(), |index| index > 0);
        let start = open
            .map(|index| flows[index])
            .or(self.reached.bare)
            .or_else(|| self.value_start().filter(|_| !self.in_flow()).filter(opens))
            .or_else(|| self.flow_value().filter(|_| opens(&self.at)))?;
        Some(template(self.file, self.text, start, inside))
    }

    /// Where the text in brackets begins in which the place stands
    fn flow_value(&self) -> Option<usize> {
        let line = self.line();
        let before = &self.text[line.start..self.at];
        let sign = before.rfind(['[', '{', ',']).into_iter().chain(before.rfind(": ")).max()?;
        let behind = before[sign + 1..].trim_start();
        self.in_flow().then_some(self.at - behind.len())
    }

    /// A value that begins with a sign of YAML
    fn first_sign(&self) -> Option<Diagnostic> {
        let value = self.value_start().filter(|value| *value == self.at && !self.in_flow())?;
        let sign = self.rest().chars().next()?;
        if sign == '-' && self.rest().starts_with("- ") {
            let message = "a list cannot begin in the line of its key";
            return Some(
                mistake(self.span(self.at..self.at + 1), message)
                    .label("a list, or a text without quotes")
                    .help("put the items on the next lines, or the text in quotes"),
            );
        }
        matches!(sign, ',' | '?').then(|| self.reserved(value, sign))
    }

    pub(super) fn reserved(&self, start: usize, sign: char) -> Diagnostic {
        let span = self.span(start..start + sign.len_utf8());
        let shown = if sign == '`' { "a backtick".to_owned() } else { format!("`{sign}`") };
        let diagnostic = mistake(span, format!("a text cannot begin with {shown}"))
            .label("put the text in quotes");
        self.quote_from(diagnostic, start)
    }

    /// Offers quotes round the text that begins at `start`
    pub(super) fn quote_from(&self, diagnostic: Diagnostic, start: usize) -> Diagnostic {
        let end = end_of_text(self.text, start, self.in_flow());
        let text = end.and_then(|end| Some((end, quoted(&self.text[start..end])?)));
        match text {
            Some((end, text)) => {
                let span = self.span(start..end);
                diagnostic.fix("put the text in quotes", vec![Edit { span, text }])
            }
            None => diagnostic,
        }
    }

    fn explain(&self, error: &ScanError) -> Diagnostic {
        use ErrorKind as K;
        match error.kind() {
            K::UnclosedQuotedScalar
            | K::InvalidQuotedScalarIndent
            | K::DocumentIndicatorInQuotedScalar => self.unclosed_quote(),
            K::InvalidTrailingSingleQuotedScalar => self.text_behind_quote('\''),
            K::InvalidTrailingDoubleQuotedScalar => self.text_behind_quote('"'),
            K::UnknownQuotedScalarEscape
            | K::InvalidQuotedScalarHexEscape
            | K::InvalidLowSurrogateHexEscape
            | K::InvalidLowSurrogate
            | K::MissingLowSurrogate
            | K::UnpairedLowSurrogate
            | K::InvalidUnicodeEscape => self.escape(),
            K::UnexpectedCharacter { character } => self.unexpected(*character),
            K::UnexpectedEofFlowSequence
            | K::UnexpectedEofFlowMapping
            | K::UnexpectedEofImplicitFlowMapping
            | K::UnclosedFlowCollection { .. }
            | K::InvalidIndentation
            | K::InvalidFlowScalarIndent
            | K::ExpectedFlowMappingSeparator
            | K::ExpectedFlowSequenceSeparator
            | K::BlockEntryInFlowCollection
            | K::MappingValueNotAllowed
            | K::MismatchedFlowCollectionEnd { .. }
                if self.in_flow() =>
            {
                self.unclosed_bracket()
            }
            K::MisplacedFlowCollectionEnd | K::MismatchedFlowCollectionEnd { .. } => {
                mistake(self.here(), "this bracket closes nothing that is open")
                    .help("a text that begins with a bracket needs quotes")
            }
            K::MappingValueNotAllowed => self.colon(),
            K::SimpleKeyExpected | K::ExpectedBlockMappingKey => self.not_a_pair(),
            K::ExpectedBlockSequenceEntry | K::BlockSequenceEntryNotAllowed => self.not_an_item(),
            K::ExpectedDocumentStart | K::MissingDocumentEndBeforeDirective => self.directive(),
            K::RecursionLimitExceeded => too_deep(self.here()),
            kind => self.lesser(kind),
        }
    }

    fn lesser(&self, kind: &ErrorKind) -> Diagnostic {
        use ErrorKind as K;
        match kind {
            K::MissingAnchorOrAliasName => {
                let sign = if self.rest().starts_with('&') { '&' } else { '*' };
                self.reserved(self.at, sign).help("`*` and `&` name an anchor")
            }
            K::InvalidBlockScalarHeader => {
                mistake(self.here(), "nothing may follow the `|` or `>` that opens a block")
                    .help("write the text on the next lines, indented")
            }
            K::CommentNotSeparated => {
                mistake(self.here(), "a comment needs a space before its `#`")
                    .help("a text with quotes inside needs quotes round all of it")
            }
            K::CommentInterceptedScalar => self.comment_in_text(),
            K::BomInsideDocument => {
                mistake(self.here(), "a byte order mark can only be the first of a file")
                    .help("remove it; editors do not show it")
            }
            kind => mistake(self.here(), kind.to_string()),
        }
    }

    /// A sign that begins no text, or a control character somewhere in one
    fn unexpected(&self, character: char) -> Diagnostic {
        if !character.is_control() {
            return self.reserved(self.at, character);
        }
        let at = self.at + self.rest().find(character).unwrap_or(0);
        let code = u32::from(character);
        let message = format!("the control character U+{code:04X} cannot stand in YAML");
        mistake(self.span(at..at + character.len_utf8()), message)
            .label("editors often do not show it")
            .help(format!("remove it, or write `\\u{code:04x}` in a text in double quotes"))
    }

    fn directive(&self) -> Diagnostic {
        let text = &self.text[..self.line().end];
        let behind_break = text.rfind("\n%").map(|at| at + 1);
        match behind_break.or_else(|| text.starts_with('%').then_some(0)) {
            Some(at) => {
                mistake(self.span(at..at + 1), "a line that begins with `%` is a directive of YAML")
                    .label("expected a key")
                    .help("a text that begins with `%` needs quotes")
            }
            None => self.not_a_pair(),
        }
    }
}

/// The tabs in the indentation of a line that has text
fn tabs_of(line: &str) -> Option<Range<usize>> {
    let blank = line.find(|c| c != ' ' && c != '\t')?;
    let first = line[..blank].find('\t')?;
    let tabs = line[first..].bytes().take_while(|byte| *byte == b'\t').count();
    Some(first..first + tabs)
}
