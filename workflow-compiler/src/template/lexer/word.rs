//! Names, numbers, strings' ends and operators.

use super::Lexer;
use crate::template::token::Kind;

/// Operators, longer ones before those they begin with
const OPERATORS: &[(&str, Kind)] = &[
    ("===", Kind::StrictEqual),
    ("!==", Kind::StrictNotEqual),
    ("**", Kind::StarStar),
    ("//", Kind::SlashSlash),
    ("==", Kind::Equal),
    ("!=", Kind::NotEqual),
    ("<=", Kind::LessEqual),
    (">=", Kind::GreaterEqual),
    ("&&", Kind::AndAnd),
    ("||", Kind::OrOr),
    ("=>", Kind::Unknown),
    ("<>", Kind::Unknown),
    ("??", Kind::Coalesce),
    ("?.", Kind::SafeDot),
    ("+", Kind::Plus),
    ("-", Kind::Minus),
    ("*", Kind::Star),
    ("/", Kind::Slash),
    ("%", Kind::Percent),
    ("~", Kind::Tilde),
    ("<", Kind::Less),
    (">", Kind::Greater),
    ("=", Kind::Assign),
    (".", Kind::Dot),
    (":", Kind::Colon),
    (",", Kind::Comma),
    ("|", Kind::Pipe),
    ("(", Kind::OpenParen),
    (")", Kind::CloseParen),
    ("[", Kind::OpenBracket),
    ("]", Kind::CloseBracket),
    ("{", Kind::OpenBrace),
    ("!", Kind::Bang),
    ("?", Kind::Question),
];

impl Lexer<'_, '_, '_, '_> {
    /// Goes behind the name, number or operator that starts here
    pub(super) fn word(&mut self) -> Kind {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Kind::End };
        if first.is_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'));
            self.at += end.unwrap_or(rest.len());
            return Kind::Name;
        }
        if first.is_ascii_digit() {
            return self.number();
        }
        for (written, kind) in OPERATORS {
            if rest.starts_with(written) {
                self.at += written.len();
                return *kind;
            }
        }
        self.at += first.len_utf8();
        Kind::Unknown
    }

    fn number(&mut self) -> Kind {
        let rest = self.rest();
        let (length, kind) = if self.behind_dot() {
            // `a.0.1` is two indexes, not one fraction.
            (digits(rest, |c| c.is_ascii_digit()), Kind::Int)
        } else {
            radix(rest).map_or_else(|| decimal(rest), |length| (length, Kind::Int))
        };
        self.at += length;
        kind
    }

    fn behind_dot(&self) -> bool {
        self.tokens.last().is_some_and(|last| last.kind == Kind::Dot && last.end == self.at)
    }

    /// Behind the quote that closes the string that starts here
    pub(super) fn string_end(&self) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let quote = bytes[self.at];
        let mut at = self.at + 1;
        while let Some(byte) = bytes.get(at) {
            match byte {
                // What follows is skipped with it; in the middle of a character no byte looks
                // like a quote or a backslash.
                b'\\' => at += 2,
                byte if *byte == quote => return Some(at + 1),
                _ => at += 1,
            }
        }
        None
    }
}

/// Length of `0x…`, `0o…` or `0b…`
fn radix(text: &str) -> Option<usize> {
    let is_digit: fn(char) -> bool = match text.as_bytes().get(..2)? {
        b"0x" | b"0X" => |c| c.is_ascii_hexdigit(),
        b"0o" | b"0O" => |c| c.is_digit(8),
        b"0b" | b"0B" => |c| c.is_digit(2),
        _ => return None,
    };
    let behind = &text[2..];
    let underscore = usize::from(behind.starts_with('_'));
    let length = digits(&behind[underscore..], is_digit);
    (length > 0).then_some(2 + underscore + length)
}

/// Length of a decimal number, and whether it is a fraction
fn decimal(text: &str) -> (usize, Kind) {
    let is_digit = |c: char| c.is_ascii_digit();
    let mut length = digits(text, is_digit);
    let mut kind = Kind::Int;
    if let Some(fraction) = text[length..].strip_prefix('.') {
        let more = digits(fraction, is_digit);
        if more > 0 {
            length += 1 + more;
            kind = Kind::Float;
        }
    }
    if let Some(exponent) = text[length..].strip_prefix(['e', 'E']) {
        let sign = usize::from(exponent.starts_with(['+', '-']));
        let more = digits(&exponent[sign..], is_digit);
        if more > 0 {
            length += 1 + sign + more;
            kind = Kind::Float;
        }
    }
    (length, kind)
}

/// Length of a run of digits with single underscores between them
fn digits(text: &str, is_digit: impl Fn(char) -> bool) -> usize {
    let mut length = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let joins = c == '_' && length > 0 && chars.peek().is_some_and(|next| is_digit(*next));
        if !is_digit(c) && !joins {
            break;
        }
        length += 1;
    }
    length
}
