//! Numbers and strings, and what is wrong with them.

use super::{expression, mistake, text_at, with_text};
use crate::template::ast::ExprKind;
use crate::template::parse_expression;

#[test]
fn strings_have_pythons_escapes() {
    let rows = [
        (r"'a\nb\tc\rd'", "a\nb\tc\rd"),
        (r"'\\ \' \a\b\f\v'", "\\ ' \u{7}\u{8}\u{c}\u{b}"),
        (r#""\" '""#, "\" '"),
        (r"'\x41\u00e9\U0001f600'", "Aé😀"),
        (r"'\ud83d\ude00'", "😀"),
        (r"'\0\101\18'", "\0A\u{1}8"),
        (r"'\d+\.\w \é'", r"\d+\.\w \é"),
        ("'a\\\nb'", "ab"),
        ("'a\nb\r\nc\rd'", "a\nb\nc\nd"),
        ("'a' \"b\"\n'c'", "abc"),
        ("''", ""),
    ];
    for (source, value) in rows {
        assert_eq!(expression(source).kind, ExprKind::Str(value.to_owned()), "{source}");
    }
}

#[test]
fn numbers_have_jinja2s_forms() {
    let rows = [
        ("0", 0),
        ("00", 0),
        ("0_0", 0),
        ("1_000", 1000),
        ("0xfF", 255),
        ("0b1_0", 2),
        ("0O17", 15),
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808", i64::MIN),
    ];
    for (source, value) in rows {
        assert_eq!(expression(source).kind, ExprKind::Int(value), "{source}");
    }
    let rows = [("1.5", 1.5), ("1e3", 1000.0), ("1E-2", 0.01), ("1_0.2_5", 10.25), ("01.5", 1.5)];
    for (source, value) in rows {
        assert_eq!(expression(source).kind, ExprKind::Float(value), "{source}");
    }
}

#[test]
fn a_bad_literal_is_marked_where_it_is_bad() {
    let rows = [
        ("x == 9223372036854775808", "9223372036854775808", "does not fit into 64 bits"),
        ("99999999999999999999999", "99999999999999999999999", "does not fit into 64 bits"),
        ("1 + 007", "007", "does not start with `0`"),
        ("1e999", "1e999", "too large"),
        (r"'ab\x4'", r"\x", "hexadecimal digits are missing"),
        (r"'é\ud800'", r"\ud800", "no character of this number"),
        (r"'\U00110000'", r"\U00110000", "no character of this number"),
        (r"'\N{BULLET}'", r"\N", "cannot be written by name"),
    ];
    for (source, marked, message) in rows {
        let (value, diagnostics) = with_text(source, parse_expression);
        assert_eq!((value, diagnostics.len()), (None, 1), "{source}");
        assert!(diagnostics[0].message.contains(message), "{source}: {diagnostics:?}");
        assert_eq!(text_at(source, diagnostics[0].span), marked);
    }
}

#[test]
fn an_unclosed_string_is_blamed_on_its_own_quote() {
    let rows = [
        ("{{ a == 'b }} text", 8),
        ("{{ a == 'b }} it's {{ c }}", 8),
        ("{{ 'a }} b {{ 'c' }}", 3),
        ("{% if a == \"b %}c{% endif %}", 11),
        ("{{ f('a', \"b) }} text", 10),
    ];
    for (source, at) in rows {
        let mistake = mistake(source);
        assert_eq!(mistake.message, "this string is not closed", "{source}");
        assert_eq!(mistake.span.start as usize, super::OFFSET + at, "{source}");
    }
}
