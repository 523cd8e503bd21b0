//! The parser's errors, each with the place a reader would point at and what to do about it.

use std::ops::Range;

use granit_parser::{ErrorKind, ScanError};

use super::{mistake, quote, quoted, too_deep};
use crate::diagnostic::{Diagnostic, Edit};
use crate::source::{FileId, Span};

/// How far the file was read before the error
#[derive(Clone, Copy, Debug)]
pub(in crate::yaml) struct Reached {
    /// End of the last thing that was read
    pub(in crate::yaml) end: usize,
    /// Start of the outermost `[` or `{` that is not closed
    pub(in crate::yaml) flow: Option<usize>,
}

/// What is wrong, and what to do about it, for a text that the parser refuses
pub(in crate::yaml) fn syntax_error(
    file: FileId,
    text: &str,
    error: &ScanError,
    reached: Reached,
) -> Diagnostic {
    let marked = error.marker().byte_offset().unwrap_or(reached.end).min(text.len());
    let at = Place { file, text, at: text.floor_char_boundary(marked), reached };
    at.tab().or_else(|| at.bare_template()).unwrap_or_else(|| at.explain(error))
}

/// The place of an error with what stands round it
#[derive(Clone, Copy)]
struct Place<'a> {
    file: FileId,
    text: &'a str,
    at: usize,
    reached: Reached,
}

impl Place<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range)
    }

    /// The character at the place
    fn here(&self) -> Span {
        let length = self.text[self.at..].chars().next().filter(|c| *c != '\n' && *c != '\r');
        self.span(self.at..self.at + length.map_or(0, char::len_utf8))
    }

    /// The line of the place, without its line break
    fn line(&self) -> Range<usize> {
        let start = self.text[..self.at].rfind('\n').map_or(0, |at| at + 1);
        let length = self.text[start..].find(['\n', '\r']).unwrap_or(self.text.len() - start);
        start..start + length
    }

    /// A tab that indents the line
    fn tab(&self) -> Option<Diagnostic> {
        let line = self.line();
        let blank = self.text[line.clone()].find(|c| c != ' ' && c != '\t')?;
        let indent = &self.text[line.start..line.start + blank];
        let first = line.start + indent.find('\t')?;
        let tabs = self.text[first..].bytes().take_while(|byte| *byte == b'\t').count();
        Some(
            mistake(self.span(first..first + tabs), "YAML is indented with spaces, not with tabs")
                .label("a tab")
                .help("replace it by spaces, as many as the lines beside it have"),
        )
    }

    /// `key: {{ x }} y`, `key: {% if x %}`, which YAML takes for a mapping
    fn bare_template(&self) -> Option<Diagnostic> {
        let is_template =
            |at: &usize| ["{{", "{%", "{#"].iter().any(|open| self.text[*at..].starts_with(open));
        let start = self.reached.flow.or_else(|| self.value_of_line()).filter(is_template)?;
        let rest = &self.text[start..];
        let line = rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())].trim_end();
        let span = self.span(start..start + line.len());
        let diagnostic = mistake(span, "a template needs quotes")
            .label("without quotes YAML takes `{` for the start of a mapping");
        if is_closed(line) {
            return Some(quote(diagnostic, span, line));
        }
        Some(
            diagnostic.help("put it in a block: `|`, and the template on the next lines, indented"),
        )
    }

    /// Where the value begins in a line `key: value` or `- value`
    fn value_of_line(&self) -> Option<usize> {
        let line = self.line();
        let text = &self.text[line.clone()];
        let key = text.find(": ").map(|at| at + 2);
        let start = key.or_else(|| text.find("- ").map(|at| at + 2))?;
        let blanks = text[start..].len() - text[start..].trim_start().len();
        Some(line.start + start + blanks)
    }

    fn explain(&self, error: &ScanError) -> Diagnostic {
        use ErrorKind as K;
        match error.kind() {
            K::UnclosedQuotedScalar
            | K::InvalidQuotedScalarIndent
            | K::DocumentIndicatorInQuotedScalar => self.unclosed_quote(),
            K::InvalidTrailingSingleQuotedScalar => self.text_behind_quote('\''),
            K::InvalidTrailingDoubleQuotedScalar => self.text_behind_quote('"'),
            K::UnknownQuotedScalarEscape | K::InvalidQuotedScalarHexEscape => self.escape(),
            K::UnexpectedCharacter { character } => self.reserved(*character),
            K::MappingValueNotAllowed => self.colon(),
            K::SimpleKeyExpected | K::ExpectedBlockMappingKey => self.not_a_pair(),
            K::ExpectedBlockSequenceEntry | K::BlockSequenceEntryNotAllowed => self.not_an_item(),
            K::UnexpectedEofFlowSequence
            | K::UnexpectedEofFlowMapping
            | K::UnexpectedEofImplicitFlowMapping
            | K::UnclosedFlowCollection { .. }
            | K::InvalidIndentation
            | K::ExpectedFlowMappingSeparator
            | K::ExpectedFlowSequenceSeparator
                if self.reached.flow.is_some() =>
            {
                self.unclosed_bracket()
            }
            K::MisplacedFlowCollectionEnd | K::MismatchedFlowCollectionEnd { .. } => {
                mistake(self.here(), "this bracket closes nothing that is open")
                    .help("a text that begins with a bracket needs quotes")
            }
            K::ExpectedDocumentStart | K::MissingDocumentEndBeforeDirective => self.directive(),
            K::MissingAnchorOrAliasName => {
                mistake(self.here(), "`*` and `&` at the start of a value name an anchor")
                    .help("a text that begins with one of them needs quotes")
            }
            K::InvalidBlockScalarHeader => {
                mistake(self.here(), "nothing may follow the `|` or `>` that opens a block")
                    .help("write the text on the next lines, indented")
            }
            K::RecursionLimitExceeded => too_deep(self.here()),
            kind => mistake(self.here(), kind.to_string()),
        }
    }

    fn unclosed_quote(&self) -> Diagnostic {
        let from = self.reached.end.min(self.at);
        let open = self.text[from..self.at].find(['"', '\'']).map_or(self.at, |at| from + at);
        mistake(self.span(open..(open + 1).min(self.text.len())), "this quote is never closed")
            .label("opened here")
            .help("a quoted text that goes over several lines must be indented throughout")
    }

    fn text_behind_quote(&self, quote: char) -> Diagnostic {
        let help = match quote {
            '\'' => "inside single quotes a `'` is written `''`",
            _ => "inside double quotes a `\"` is written `\\\"`",
        };
        mistake(self.here(), "text follows the closing quote").label("unexpected").help(help)
    }

    /// The parser names the scalar; the escape has to be found in it
    fn escape(&self) -> Diagnostic {
        let known = |next: &str| next.starts_with(|c| "0abtnvfre \"/\\N_LPxuU\n\r\t".contains(c));
        let mut at = self.at;
        while let Some(next) = self.text[at..].find('\\').map(|found| at + found) {
            if !known(&self.text[next + 1..]) {
                let length = self.text[next + 1..].chars().next().map_or(0, char::len_utf8);
                at = next;
                let span = self.span(at..at + 1 + length);
                return mistake(span, "unknown escape in a text in double quotes").help(
                    "write `\\\\` for a backslash, or put the text in single quotes, where it has no meaning",
                );
            }
            at = next + 1 + self.text[next + 1..].chars().next().map_or(0, char::len_utf8);
        }
        mistake(self.here(), "an escape in this text is not complete")
    }

    fn reserved(&self, character: char) -> Diagnostic {
        let message = format!("a text cannot begin with `{character}`");
        let diagnostic = mistake(self.here(), message).label("put the text in quotes");
        self.quote_to_end_of_line(diagnostic, self.at)
    }

    /// `key: a: b`, a key in the wrong column, or a line without a space behind its colon, which
    /// went into the next one
    fn colon(&self) -> Diagnostic {
        let line = self.line();
        let above = self.text[..line.start].trim_end();
        let above = above.rfind('\n').map_or(0, |at| at + 1)..above.len();
        if let Some(colon) = missing_space(&self.text[above.clone()]) {
            return self.missing_space(above.start + colon);
        }
        let before = &self.text[line.start..self.at];
        let indent = before.len() - before.trim_start().len();
        if !before.contains(": ") && indent > 0 && line.start > 0 {
            let key = line.start + indent..self.at;
            return mistake(self.span(key), "this key is indented too far")
                .label("the line above it is complete without it")
                .help("the keys of one mapping have the same indentation");
        }
        let diagnostic = mistake(self.here(), "a second colon makes no sense in this line")
            .label("unexpected")
            .help("a text with `: ` in it needs quotes");
        match self.value_of_line().filter(|value| *value < self.at) {
            Some(value) => self.quote_to_end_of_line(diagnostic, value),
            None => diagnostic,
        }
    }

    fn missing_space(&self, colon: usize) -> Diagnostic {
        mistake(self.span(colon..colon + 1), "a colon needs a space behind it")
            .label("this line is not a key with a value")
    }

    /// Offers quotes round what stands from `start` to the end of its line
    fn quote_to_end_of_line(&self, diagnostic: Diagnostic, start: usize) -> Diagnostic {
        let value = self.text[start..self.line().end].trim_end();
        match quoted(value).filter(|_| self.reached.flow.is_none()) {
            Some(text) => {
                let span = self.span(start..start + value.len());
                diagnostic.fix("put the text in quotes", vec![Edit { span, text }])
            }
            None => diagnostic,
        }
    }

    fn not_a_pair(&self) -> Diagnostic {
        let line = self.line();
        if let Some(colon) = missing_space(&self.text[line.clone()]) {
            return self.missing_space(line.start + colon);
        }
        // The parser has the dash of a list behind it when it finds that no list can be here.
        let before = self.text[line.start..self.at].trim_end();
        let start = if before.ends_with('-') { line.start + before.len() - 1 } else { self.at };
        let rest = self.text[start..line.end.max(start)].trim_end();
        mistake(self.span(start..start + rest.len()), "expected `key: value` here")
            .label("not part of the lines before it")
            .help("lines that belong together have the same indentation")
    }

    fn not_an_item(&self) -> Diagnostic {
        let line = self.line();
        let rest = self.text[self.at..line.end.max(self.at)].trim_end();
        mistake(self.span(self.at..self.at + rest.len()), "expected `- ` and an item here")
            .label("not part of the list before it")
            .help("the items of a list have the same indentation, and so have the keys of an item")
    }

    fn unclosed_bracket(&self) -> Diagnostic {
        let open = self.reached.flow.unwrap_or(self.at);
        mistake(self.here(), "the bracket is not closed where it should be")
            .label("expected `,` or the closing bracket")
            .also(self.span(open..open + 1), "opened here")
            .help("a text with brackets, braces or commas in it needs quotes")
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

/// Whether what the template opens is closed in the same line
fn is_closed(line: &str) -> bool {
    let opened = line.matches("{{").count() + line.matches("{%").count();
    opened == line.matches("}}").count() + line.matches("%}").count()
}

/// Where a line `key:value` misses the space
fn missing_space(line: &str) -> Option<usize> {
    let text = line.trim_start().trim_start_matches("- ");
    let start = line.len() - text.len();
    let colon = text.find(':')?;
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let is_key = colon > 0 && text[..colon].chars().all(name);
    let next = text[colon + 1..].chars().next()?;
    (is_key && !next.is_whitespace()).then_some(start + colon)
}
