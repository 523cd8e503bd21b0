//! Texts that have to fit: made short, and measured without a font.

use unicode_width::UnicodeWidthChar as _;

/// How many columns a line of a node may have
pub const MAX_COLUMNS: usize = 44;

/// One line of at most so many columns; what does not fit is an ellipsis
pub fn shorten(text: &str, columns: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if self::columns(&line) <= columns {
        return line;
    }
    let mut short = String::new();
    let mut used = 1;
    for c in line.chars() {
        used += c.width().unwrap_or_default();
        if used > columns {
            break;
        }
        short.push(c);
    }
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// How wide a text is at most in common fonts without serifs, in hundredths of the font's size
///
/// The widths are those of wide fonts, so that what fits here fits where it is shown.
pub fn width(text: &str) -> u32 {
    text.chars().map(width_of).sum()
}

fn width_of(c: char) -> u32 {
    match c {
        'f' | 'i' | 'j' | 'l' | 't' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 40,
        ' ' | '(' | ')' | '[' | ']' | '/' | '\\' | 'r' | '-' | '·' => 45,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' => 104,
        'A'..='Z' | '<' | '>' | '=' | '+' | '~' | '#' | '&' => 84,
        c if c.is_ascii() => 68,
        c => 70 * u32::try_from(c.width().unwrap_or_default()).unwrap_or_default(),
    }
}

fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or_default()).sum()
}
