//! What others wrote, on a terminal: shown, never obeyed.
//!
//! A message, a command or an error comes from an agent or a tool, and may hold what a terminal takes
//! for an order: to clear the screen, to show another command than the one that will be run.

use std::borrow::Cow;
use std::fmt::Write;

/// A text in which nothing but the ends of lines and tabs does anything to a terminal
///
/// Control characters, and those that turn the direction of writing, are told by their numbers:
/// `\u{1b}`.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        // Writing to a string cannot fail.
        let _ = if acts(c) { write!(shown, "{}", c.escape_unicode()) } else { shown.write_char(c) };
    }
    Cow::Owned(shown)
}

/// Whether a character is not seen but does something
fn acts(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || (c.is_control() && !matches!(c, '\n' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_act_is_told_and_all_else_is_left_alone() {
        assert_eq!(plain("rm -r \u{1b}[2K\u{9b}31m\rls"), r"rm -r \u{1b}[2K\u{9b}31m\u{d}ls");
        assert_eq!(plain("safe\u{202e}cod.exe"), r"safe\u{202e}cod.exe");
        let text = "a\tb\nçé 日本 👩‍👧 \\u{1b}";
        assert!(matches!(plain(text), Cow::Borrowed(same) if same == text));
    }
}
