//! What to tell somebody who writes another language's grammar.

use crate::template::token::{Kind, Token};

/// What to write instead of a token that cannot stand where it was found
pub(super) fn help(found: Token, written: &str) -> Option<String> {
    let help = match found.kind {
        Kind::AndAnd => "write `and`",
        Kind::OrOr => "write `or`",
        Kind::Bang => "write `not`",
        Kind::Question => "write `a if x else b` for `x ? a : b`",
        Kind::Coalesce => "write `a | default(b)` for `a ?? b`",
        Kind::SafeDot => "write `.`, and `| default(…)` behind a value that may be missing",
        Kind::WrongEnd => return Some(wrong_end(written)),
        Kind::Unknown => return unknown(written),
        Kind::Name => return word(written),
        _ => return None,
    };
    Some(help.to_owned())
}

fn wrong_end(written: &str) -> String {
    match written {
        "}" => "a tag ends with two characters, `}}` or `%}`".to_owned(),
        _ => "`{{` is closed with `}}`, `{%` with `%}`".to_owned(),
    }
}

fn unknown(written: &str) -> Option<String> {
    let help = match written {
        "‘" | "’" | "“" | "”" | "„" | "`" => "strings stand in `'` or `\"`",
        "$" => "names stand without `$`: `state.x`",
        "^" => "powers are written `**`",
        "&" => "write `and`",
        "=>" => "write `>=`",
        "<>" => "write `!=`",
        ";" => "a tag holds one expression",
        "#" => "comments stand outside of tags: `{# … #}`",
        "\\" => "backslashes stand only in strings",
        _ => return None,
    };
    Some(help.to_owned())
}

fn word(written: &str) -> Option<String> {
    let help = match written {
        "AND" | "And" => "write `and`",
        "OR" | "Or" => "write `or`",
        "NOT" | "Not" => "write `not`",
        "of" => "loops are written `{% for x in items %}`",
        "then" | "THEN" => "write `a if x else b`",
        "for" => "lists are made with filters, for example `items | map(attribute='name') | list`",
        "if" => "put `a if x else b` in brackets here",
        _ => return None,
    };
    Some(help.to_owned())
}
