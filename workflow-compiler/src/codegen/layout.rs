//! Generated code laid out as a person would: prettyplease does most of it, and leaves macros as
//! rows of tokens and items without a blank line between them.

mod hug;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

/// Tokens as a file
pub fn layout(tokens: &TokenStream) -> String {
    let called = as_calls(tokens.clone());
    match syn::parse2::<syn::File>(called) {
        Ok(file) => {
            let text = as_macros(&prettyplease::unparse(&file));
            spaced(&hug::hugged(lines(&text)))
        }
        // What rustc then says of it tells more than a panic here.
        Err(_) => tokens.to_string(),
    }
}

/// Macros that are written like calls, and so laid out like calls, with what goes for `!` while
/// that is done: a letter, so that the name is a name
const LIKE_CALLS: &[(&str, &str, Delimiter)] =
    &[("format", "formatǃ", Delimiter::Parenthesis), ("vec", "vecǃ", Delimiter::Bracket)];

/// `format!(…)` and `vec![…]` as calls
fn as_calls(tokens: TokenStream) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut called = Vec::new();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), as_calls(group.stream()));
                inner.set_span(group.span());
                called.push(TokenTree::Group(inner));
            }
            TokenTree::Ident(name) => {
                let call = LIKE_CALLS.iter().find(|(word, ..)| name == word);
                let bang =
                    matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == '!');
                let Some((_, stand_in, _)) = call.filter(|_| bang) else {
                    called.push(TokenTree::Ident(name));
                    continue;
                };
                tokens.next();
                called.push(TokenTree::Ident(Ident::new(stand_in, name.span())));
                if let Some(TokenTree::Group(args)) = tokens.next() {
                    let args = Group::new(Delimiter::Parenthesis, as_calls(args.stream()));
                    called.push(TokenTree::Group(args));
                }
            }
            other => called.push(other),
        }
    }
    called.into_iter().collect()
}

/// The calls as macros again, and tables of names one line each
fn as_macros(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // The closing bracket that each open one needs
    let mut open = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let literal = literal_length(rest);
        if literal > 0 {
            out.push_str(&rest[..literal]);
            rest = &rest[literal..];
            continue;
        }
        let call = LIKE_CALLS.iter().find(|(_, stand_in, _)| {
            rest.strip_prefix(stand_in).is_some_and(|behind| behind.starts_with('('))
        });
        if let Some((word, stand_in, delimiter)) = call {
            let bracket = *delimiter == Delimiter::Bracket;
            out.push_str(word);
            out.push_str(if bracket { "![" } else { "!(" });
            open.push(if bracket { ']' } else { ')' });
            rest = &rest[stand_in.len() + 1..];
            continue;
        }
        match c {
            '(' => open.push(')'),
            ')' => {
                out.push(open.pop().unwrap_or(')'));
                rest = &rest[1..];
                continue;
            }
            _ => {}
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// The length of the string literal or comment that a text begins with, else 0
fn literal_length(text: &str) -> usize {
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if let Some(body) = text.strip_prefix('"') {
        let mut escaped = false;
        let end = body.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        return end.map_or(text.len(), |end| end + 2);
    }
    let Some(raw) = text.strip_prefix('r') else { return 0 };
    let hashes = raw.len() - raw.trim_start_matches('#').len();
    let Some(body) = raw[hashes..].strip_prefix('"') else { return 0 };
    let close = format!("\"{}", &raw[..hashes]);
    body.find(&close).map_or(text.len(), |end| 1 + hashes + 1 + end + close.len())
}

/// A blank line between items, and tables of macros a line each
fn spaced(lines: &[String]) -> String {
    let mut out = String::new();
    let mut before = "";
    for line in lines {
        let ends = before.trim() == "}" || before.ends_with(';') || before.ends_with(");");
        if ends && indent(before) == indent(line) && begins_item(line) && !same_kind(before, line) {
            out.push('\n');
        }
        match table(line) {
            Some(table) => out.push_str(&table),
            None => out.push_str(line),
        }
        out.push('\n');
        before = line.rsplit('\n').next().unwrap_or(line);
    }
    out
}

/// The lines, a literal or a call of [`TABLES`] that goes over several lines being one
fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let (mut start, mut at, mut depth) = (0, 0, 0_usize);
    let mut table = begins_table(text);
    while at < text.len() {
        let rest = &text[at..];
        let literal = literal_length(rest);
        let step = match rest.chars().next() {
            _ if literal > 0 => literal,
            Some('\n') if depth == 0 => {
                lines.push(&text[start..at]);
                start = at + 1;
                table = begins_table(&text[start..]);
                1
            }
            Some(c) => {
                match c {
                    '(' if table => depth += 1,
                    ')' if table => depth = depth.saturating_sub(1),
                    _ => {}
                }
                c.len_utf8()
            }
            None => break,
        };
        at += step;
    }
    lines
}

/// Whether a call of one of [`TABLES`] stands at the beginning of a line
fn begins_table(line: &str) -> bool {
    let line = line.trim_start();
    TABLES.iter().any(|name| line.starts_with(name))
}

/// Macros of which each pair has a line of its own
const TABLES: &[&str] = &["record!(", "variables!(", "positions!("];

/// A call of one of [`TABLES`] as a table
fn table(line: &str) -> Option<String> {
    let indent = &line[..line.len() - line.trim_start().len()];
    let call =
        TABLES.iter().find_map(|name| line.trim().strip_prefix(name).map(|rest| (name, rest)))?;
    let (name, rest) = (call.0, call.1.strip_suffix(");")?.trim());
    let (of, pairs) = rest.split_once('{')?;
    let pairs = pairs.trim_end().strip_suffix('}')?;
    let rows = rows(pairs);
    let short = format!("{indent}{name}{} {{ {} }});", of.trim(), rows.join(", "));
    if rows.is_empty() {
        return Some(format!("{indent}{name}{} {{}});", of.trim()));
    }
    if short.len() <= 100 {
        return Some(short);
    }
    let inner = format!("\n{indent}    ");
    Some(format!(
        "{indent}{name}{} {{{inner}{},\n{indent}}});",
        of.trim(),
        rows.join(&format!(",{inner}"))
    ))
}

/// What stands between the outer commas, on one line each
fn rows(pairs: &str) -> Vec<String> {
    let mut rows = vec![String::new()];
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(c) = pairs[at..].chars().next() {
        let literal = literal_length(&pairs[at..]);
        let row = rows.last_mut();
        match (c, row) {
            (_, Some(row)) if literal > 0 => row.push_str(&pairs[at..at + literal]),
            (',', _) if depth == 0 => rows.push(String::new()),
            (c, Some(row)) => {
                match c {
                    '{' | '(' | '[' => depth += 1,
                    '}' | ')' | ']' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                let space = c.is_whitespace();
                if !space {
                    let tight = matches!(c, ':' | '.') || (c == '[' && row.ends_with("& "));
                    if tight && row.ends_with(' ') {
                        row.pop();
                    }
                    row.push(c);
                } else if !row.is_empty() && !row.ends_with(' ') {
                    row.push(' ');
                }
            }
            _ => {}
        }
        at += if literal > 0 { literal } else { c.len_utf8() };
    }
    let rows = rows.into_iter().map(|row| row.trim().to_owned());
    rows.filter(|row| !row.is_empty()).collect()
}

/// How far a line is indented
fn indent(line: &str) -> usize {
    line.bytes().position(|byte| byte != b' ').unwrap_or(line.len())
}

fn begins_item(line: &str) -> bool {
    const WORDS: &[&str] = &[
        "///", "#[", "pub ", "fn ", "impl ", "impl<", "struct ", "enum ", "const ", "type ", "mod ",
    ];
    WORDS.iter().any(|word| line.trim_start().starts_with(word))
}

/// Whether two items are of one short kind, to be kept together
fn same_kind(before: &str, line: &str) -> bool {
    ["type ", "const "]
        .iter()
        .any(|word| before.trim_start().starts_with(word) && line.trim_start().starts_with(word))
}
