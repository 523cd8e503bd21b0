//! Writes text so that a scalar's decoded text holds it.

use super::{Site, Style};

/// How `text` is written inside a scalar; `None` where that is not certain
pub(super) fn encode(site: Site, text: &str) -> Option<String> {
    match site.style {
        Style::Plain => plain(text, site.flow).then(|| text.to_owned()),
        Style::Single => printable(text).then(|| text.replace('\'', "''")),
        Style::Double => Some(text.chars().map(escaped).collect()),
        Style::Folded => printable(text).then(|| text.to_owned()),
        Style::Literal => {
            let line_break = format!("\n{}", " ".repeat(site.indent?));
            text.split('\n').all(printable).then(|| text.replace('\n', &line_break))
        }
    }
}

/// Whether `text` can stand alone as a plain scalar that is read as a string
///
/// Errs on the side of no: a name, a number of words, dots and dashes.
pub(in crate::yaml) fn is_plain_name(text: &str) -> bool {
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(name)
        && matches!(super::super::plain::resolve(text), super::super::Plain::String(_))
}

/// `text` in double quotes
pub(in crate::yaml) fn double_quoted(text: &str) -> String {
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

/// Whether `text` keeps its meaning inside a plain scalar, wherever in it
fn plain(text: &str, flow: bool) -> bool {
    let key_or_comment = text.contains(": ") || text.ends_with(':') || text.contains('#');
    let flow_indicator = flow && text.contains([',', '[', ']', '{', '}']);
    printable(text) && !key_or_comment && !flow_indicator
}

/// Whether `text` needs neither escapes nor line breaks
fn printable(text: &str) -> bool {
    !text
        .chars()
        .any(|c| c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}'))
}

fn escaped(character: char) -> String {
    match character {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\n' => "\\n".to_owned(),
        '\t' => "\\t".to_owned(),
        c if printable(c.encode_utf8(&mut [0; 4])) => c.to_string(),
        c if u32::from(c) <= 0xffff => format!("\\u{:04x}", u32::from(c)),
        c => format!("\\U{:08x}", u32::from(c)),
    }
}
