//! Texts as Rust literals that a person can read.

use std::str::FromStr;

use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::quote;

/// A string literal: plain where that needs no escapes, else raw, else escaped
pub(super) fn string(text: &str) -> Literal {
    let escaped = Literal::string(text);
    let tricky = text.contains(['"', '\\', '\n']);
    if tricky && text.chars().all(raw) { raw_string(text).unwrap_or(escaped) } else { escaped }
}

/// Whether a character can stand in a raw string and be seen there
fn raw(c: char) -> bool {
    matches!(c, '\n' | '"' | '\\' | '\'') || c.escape_debug().len() == 1
}

fn raw_string(text: &str) -> Option<Literal> {
    let hashes = (0..=255)
        .map(|count| "#".repeat(count))
        .find(|hashes| !text.contains(&format!("\"{hashes}")))?;
    Literal::from_str(&format!("r{hashes}\"{text}\"{hashes}")).ok()
}

/// `///` lines
pub(super) fn doc(text: &str) -> TokenStream {
    let lines = text.trim_end().lines().map(|line| {
        let line =
            if line.trim().is_empty() { String::new() } else { format!(" {}", line.trim_end()) };
        quote!(#[doc = #line])
    });
    quote!(#(#lines)*)
}

/// The author's words as Markdown that shows them as they are: nothing in them is a link or HTML
pub(super) fn prose(text: &str) -> String {
    let mut prose = String::new();
    for c in text.chars() {
        match c {
            '<' | '>' | '[' | ']' | '`' | '*' | '\\' => prose.extend(['\\', c]),
            '\r' => {}
            c => prose.push(c),
        }
    }
    // An indented line would be code to rustdoc, and so be compiled.
    prose.trim().lines().map(str::trim).collect::<Vec<_>>().join("\n")
}

/// A word of the language in Markdown
pub(super) fn code(text: &str) -> String {
    if text.contains('`') { prose(text) } else { format!("`{text}`") }
}

/// A float that is one in Rust, too
pub(super) fn float(value: f64) -> TokenTree {
    TokenTree::Literal(Literal::f64_unsuffixed(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_as_plain_as_they_can_be() {
        for (text, literal) in [
            ("plain", r#""plain""#),
            ("it's", r#""it's""#),
            ("say \"so\"", "r#\"say \"so\"\"#"),
            ("a\nb", "r\"a\nb\""),
            ("\"# both", r###"r##""# both"##"###),
        ] {
            assert_eq!(string(text).to_string(), literal);
        }
        // A raw string cannot hold a lone carriage return, and nobody sees a change of direction.
        assert_eq!(string("a\r\n").to_string(), r#""a\r\n""#);
        assert_eq!(string("\"\u{202e}").to_string(), r#""\"\u{202e}""#);
    }
}
