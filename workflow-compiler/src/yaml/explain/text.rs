//! Lines as an author means them: where a value begins and ends, and how it is put in quotes.

use std::ops::Range;

/// What opens a template, and what closes it
const TEMPLATES: &[(&str, &str)] = &[("{{", "}}"), ("{%", "%}"), ("{#", "#}")];

/// The line that holds `at`, without its line break
pub(super) fn line_at(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind(['\n', '\r']).map_or(0, |found| found + 1);
    start..end_of_line(text, start)
}

/// The nearest line above `start` that is not blank
pub(super) fn line_above(text: &str, start: usize) -> Option<Range<usize>> {
    let above = text[..start].trim_end();
    (!above.is_empty()).then(|| line_at(text, above.len()))
}

/// The nearest line below `end` that is not blank
pub(super) fn line_below(text: &str, end: usize) -> Option<Range<usize>> {
    let below = text[end..].find(|c: char| !c.is_whitespace())?;
    Some(line_at(text, end + below))
}

fn end_of_line(text: &str, at: usize) -> usize {
    text[at..].find(['\n', '\r']).map_or(text.len(), |length| at + length)
}

/// How many spaces begin a line
pub(super) fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\u{feff}']).len()
}

/// Where the first key or item of a line begins, behind the dashes of lists
pub(super) fn key_column(line: &str) -> usize {
    let mut at = indent(line);
    while let Some(rest) = line[at..].strip_prefix("- ") {
        at = line.len() - rest.trim_start_matches(' ').len();
    }
    at
}

/// Where the value begins in a line `key: value` or `- value`
pub(super) fn value_of_line(line: &str) -> Option<usize> {
    let key = key_column(line);
    let is_item = key > indent(line);
    let behind_colon = line[key..].find(": ").map(|at| key + at + 2);
    let start = behind_colon.or(is_item.then_some(key))?;
    Some(line.len() - line[start..].trim_start().len())
}

/// Whether a template begins here
pub(super) fn opens_template(text: &str) -> bool {
    TEMPLATES.iter().any(|(open, _)| text.starts_with(open))
}

/// Where the text that begins at `start` ends, if it had quotes: at a comment or at the end of its
/// line, inside of brackets (`flow`) also at a comma or a bracket
///
/// A template is part of the text, whatever is in it; `None` if one is not closed in the line.
pub(super) fn end_of_text(text: &str, start: usize, flow: bool) -> Option<usize> {
    let line = &text[start..end_of_line(text, start)];
    let mut at = 0;
    while at < line.len() {
        let rest = &line[at..];
        if let Some((_, close)) = TEMPLATES.iter().find(|(open, _)| rest.starts_with(open)) {
            at += 2 + rest[2..].find(close)? + 2;
            continue;
        }
        let comment = rest.starts_with('#') && line[..at].ends_with([' ', '\t']);
        if comment || (flow && rest.starts_with([',', ']', '}'])) {
            break;
        }
        at += rest.chars().next().map_or(1, char::len_utf8);
    }
    Some(start + line[..at].trim_end().len())
}

/// `text` in quotes: the kind that leaves it as it is, if there is one; `None` for more than a line
pub(in crate::yaml) fn quoted(text: &str) -> Option<String> {
    if text.is_empty() || text.contains(char::is_control) {
        None
    } else if !text.contains(['"', '\\']) {
        Some(format!("\"{text}\""))
    } else {
        Some(format!("'{}'", text.replace('\'', "''")))
    }
}

/// Where a line `key:value` misses the space
pub(super) fn missing_space(line: &str) -> Option<usize> {
    let start = key_column(line);
    let colon = start + name_length(&line[start..]);
    let behind = line[colon..].strip_prefix(':')?.chars().next()?;
    (colon > start && !behind.is_whitespace()).then_some(colon)
}

/// The dash of a line `-key: value` or `-item`, which misses its space
pub(super) fn dash_without_space(line: &str) -> Option<usize> {
    let start = indent(line);
    let behind = line[start..].strip_prefix('-')?.chars().next()?;
    let begins = behind.is_alphabetic() || matches!(behind, '_' | '"' | '\'' | '{' | '[');
    begins.then_some(start)
}

/// The length of the name that begins here
pub(super) fn name_length(text: &str) -> usize {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    text.find(|c| !is_name(c)).unwrap_or(text.len())
}

/// Whether a line ends in the `|` or `>` that begins a block
pub(super) fn opens_block(line: &str) -> bool {
    let Some(value) = value_of_line(line) else { return false };
    let header = line[value..].split(" #").next().unwrap_or_default().trim_end();
    header.strip_prefix(['|', '>']).is_some_and(|signs| {
        signs.len() <= 2 && signs.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-'))
    })
}

/// What is open at the end of a piece of text: brackets, and a quote
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Unclosed {
    /// The brackets, outermost first
    pub(super) brackets: Vec<usize>,
    /// The quote, inside of which brackets mean nothing
    pub(super) quote: Option<usize>,
}

/// Looks for brackets and quotes that are opened in `text[from..to]` where a value can begin, and
/// not closed in it
pub(super) fn unclosed(text: &str, from: usize, to: usize) -> Unclosed {
    let mut found = Unclosed::default();
    let bytes = &text.as_bytes()[..to];
    let mut at = from;
    // Whether a value can begin here.
    let mut begins = true;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' if begins => match end_of_quoted(bytes, at) {
                Some(end) => at = end,
                None => {
                    found.quote = Some(at);
                    return found;
                }
            },
            b'[' | b'{' if begins || !found.brackets.is_empty() => found.brackets.push(at),
            b']' | b'}' => drop(found.brackets.pop()),
            _ => {}
        }
        begins = match byte {
            b' ' | b'\t' | b'\r' => begins,
            byte => b"\n:,[{-?".contains(byte),
        };
        at += 1;
    }
    found
}

/// Where the closing quote of the text in quotes that begins at `start` stands
fn end_of_quoted(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = bytes[start];
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if quote == b'"' => at += 2,
            byte if byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 2,
            byte if byte == quote => return Some(at),
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_where_a_reader_ends_it() {
        let cases = [
            ("a b # c", false, Some("a b")),
            ("a#b, c]", false, Some("a#b, c]")),
            ("a b, c]", true, Some("a b")),
            ("{{ f(a, [b]) # }} c  ", true, Some("{{ f(a, [b]) # }} c")),
            ("{# a # b #} c\r\nd", false, Some("{# a # b #} c")),
            ("a {{ b", false, None),
        ];
        for (text, flow, expected) in cases {
            assert_eq!(end_of_text(text, 0, flow).map(|end| &text[..end]), expected, "{text}");
        }
    }

    #[test]
    fn quotes_keep_the_text() {
        assert_eq!(quoted("a 'b'").as_deref(), Some("\"a 'b'\""));
        assert_eq!(quoted("a\\b").as_deref(), Some("'a\\b'"));
        assert_eq!(quoted("\"it's\"").as_deref(), Some("'\"it''s\"'"));
        assert_eq!(quoted("a\tb"), None);
    }

    #[test]
    fn brackets_and_quotes_that_are_open() {
        let open = |text: &str| {
            let found = unclosed(text, 0, text.len());
            (found.brackets, found.quote)
        };
        assert_eq!(open("- {id: \"a\", v: \"x}"), (vec![2], Some(15)));
        assert_eq!(open("a: [b, {c: 'it''s]'}"), (vec![3], None));
        assert_eq!(open("a: it's [b"), (vec![], None));
    }

    #[test]
    fn lines_and_their_parts() {
        assert_eq!(value_of_line("  - - key:  v"), Some(12));
        assert_eq!(value_of_line("- v"), Some(2));
        assert_eq!(value_of_line("v"), None);
        assert_eq!(missing_space("  - id:done"), Some(6));
        assert_eq!(missing_space("a b:c"), None);
        assert_eq!(dash_without_space("  -id: x"), Some(2));
        assert_eq!(dash_without_space("-5"), None);
        assert!(opens_block("- a: |2- # why"));
        assert!(!opens_block("a: > b"));
    }
}
