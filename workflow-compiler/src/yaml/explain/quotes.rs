//! Texts in quotes: those that do not end, end too early, or have escapes that do not exist.

use super::mistake;
use super::syntax::Place;
use super::text::{end_of_text, name_length};
use crate::diagnostic::{Diagnostic, Edit};

impl Place<'_> {
    /// The first quote behind what was read was opened and not closed
    pub(super) fn unclosed_quote(&self) -> Diagnostic {
        let from = self.reached.end.min(self.at);
        let here = self.rest().starts_with(['"', '\'']).then_some(self.at);
        match self.opening_quote(from).or(here) {
            Some(open) => self.quote_opened(open),
            None => self.not_a_pair(),
        }
    }

    pub(super) fn quote_opened(&self, open: usize) -> Diagnostic {
        mistake(self.span(open..open + 1), "this quote is never closed")
            .label("opened here")
            .help("a quoted text that goes over several lines must be indented throughout")
    }

    /// The first quote between `from` and the place at which a text can begin
    fn opening_quote(&self, from: usize) -> Option<usize> {
        let begins = |at: &usize| {
            let before = self.text[..*at].trim_end_matches([' ', '\t']);
            before.is_empty() || before.ends_with([':', ',', '[', '{', '-', '\n', '?'])
        };
        let quotes = self.text[from..self.at].match_indices(['"', '\'']).map(|(at, _)| from + at);
        quotes.clone().find(begins).or_else(|| quotes.clone().next())
    }

    pub(super) fn text_behind_quote(&self, quote: char) -> Diagnostic {
        if self.in_flow()
            && let Some(diagnostic) = self.missing_comma()
        {
            return diagnostic;
        }
        if let Some(diagnostic) = self.comma_too_many() {
            return diagnostic;
        }
        let help = match quote {
            '\'' => "inside single quotes a `'` is written `''`",
            _ => "inside double quotes a `\"` is written `\\\"`",
        };
        let diagnostic =
            mistake(self.here(), "text follows the closing quote").label("unexpected").help(help);
        match self.requoted(quote) {
            Some(edit) => {
                diagnostic.fix("put the text in quotes that it does not hold", vec![edit])
            }
            None => diagnostic.help("a text that begins with a quote needs quotes round all of it"),
        }
    }

    /// `'it's'`: the quotes at both ends were meant, the ones between are text
    fn requoted(&self, quote: char) -> Option<Edit> {
        let start = self.value_start().filter(|start| self.text[*start..].starts_with(quote))?;
        let end = end_of_text(self.text, start, false).filter(|_| !self.in_flow())?;
        let inside = self.text[start + 1..end].strip_suffix(quote)?;
        let escapes = if quote == '"' { inside.contains('\\') } else { inside.contains("''") };
        let text = super::text::quoted(inside).filter(|_| !escapes)?;
        Some(Edit { span: self.span(start..end), text })
    }

    /// A comma behind a value, as JSON has it, where YAML has none
    pub(super) fn comma_too_many(&self) -> Option<Diagnostic> {
        let is_last = self.rest().strip_prefix(',').is_some_and(|rest| {
            let line = rest.lines().next().unwrap_or_default().trim_start();
            line.is_empty() || line.starts_with('#')
        });
        let remove = Edit { span: self.here(), text: String::new() };
        (is_last && !self.in_flow()).then(|| {
            mistake(self.here(), "no comma stands at the end of a line")
                .label("YAML needs none outside of brackets")
                .fix("remove the comma", vec![remove])
        })
    }

    /// The parser names the scalar; the escapes have to be found in it
    pub(super) fn escape(&self) -> Diagnostic {
        let wrong = wrong_escapes(&self.text[self.at..]);
        let Some((first, length)) = wrong.first().copied() else {
            return mistake(self.here(), "an escape in this text is not complete");
        };
        let at = self.at + first;
        let letter = self.text[at + 1..].chars().next();
        let message = match letter {
            Some('x' | 'u' | 'U') => "this escape does not name a character",
            _ => "unknown escape in a text in double quotes",
        };
        let double = |(offset, _): &(usize, usize)| {
            let at = self.at + offset;
            Edit { span: self.span(at..at), text: "\\".to_owned() }
        };
        mistake(self.span(at..at + length), message)
            .help(
                "write `\\\\` for a backslash, or put the text in single quotes, where it has no meaning",
            )
            .fix("write `\\\\` for the backslash", wrong.iter().map(double).collect())
    }

    /// `{ a: b c: d }`
    pub(super) fn missing_comma(&self) -> Option<Diagnostic> {
        let line = self.line();
        // The parser has the key behind it when it finds the colon, unless a quote came first.
        let before = &self.text[line.start..self.at];
        let key = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || "_-".contains(c));
        let start = line.start + key.len();
        let length = name_length(&self.text[start..]);
        let is_key = length > 0 && self.text[start + length..].starts_with(':');
        let end = line.start + key.trim_end().len();
        let behind_value = end < start && !key.trim_end().ends_with([',', '{', '[', ':']);
        let comma = Edit { span: self.span(end..end), text: ",".to_owned() };
        (is_key && behind_value && end > line.start).then(|| {
            mistake(self.span(start..start + length), "a comma is missing before this key")
                .label("expected `,` or the closing bracket")
                .fix("put a comma in between", vec![comma])
        })
    }
}

/// The escapes that YAML does not know or cannot read, up to the end of the text in double quotes:
/// where each begins, and its length
fn wrong_escapes(text: &str) -> Vec<(usize, usize)> {
    let mut wrong = Vec::new();
    let mut at = usize::from(text.starts_with('"'));
    while let Some(found) = text[at..].find(['\\', '"']).map(|found| at + found) {
        let Some(letter) = text[found + 1..].chars().next() else { break };
        if text[found..].starts_with('"') {
            break;
        }
        match escape_length(&text[found + 1..], letter) {
            Ok(length) => at = found + 1 + length,
            Err(length) => {
                wrong.push((found, 1 + length));
                at = found + 1 + letter.len_utf8();
            }
        }
    }
    wrong
}

/// The length of an escape without its backslash; as an error, that of a wrong one
fn escape_length(text: &str, letter: char) -> Result<usize, usize> {
    let digits = match letter {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ if "0abtnvfre \"/\\N_LP\n\r\t".contains(letter) => return Ok(1),
        _ => return Err(letter.len_utf8()),
    };
    let hex = text[1..].bytes().take(digits).take_while(u8::is_ascii_hexdigit).count();
    let value = u32::from_str_radix(&text[1..=hex], 16).ok().filter(|_| hex == digits);
    let low = |rest: &str| {
        let low = rest.strip_prefix("\\u").and_then(|rest| rest.get(..4));
        low.and_then(|low| u32::from_str_radix(low, 16).ok())
    };
    match value {
        Some(value) if char::from_u32(value).is_some() => Ok(1 + hex),
        Some(0xd800..0xdc00) if matches!(low(&text[1 + hex..]), Some(0xdc00..0xe000)) => {
            Ok(1 + hex + 6)
        }
        _ => Err(1 + hex),
    }
}
