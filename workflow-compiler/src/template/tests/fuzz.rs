//! Broken templates, made by changing correct ones: parsing ends, and says something or gives a
//! tree whose print parses again.

use super::{text_at, with_text};
use crate::template::{Parsed, parse, parse_expression};

const SEEDS: &[&str] = &[
    "{{ state.plan | default('none', true) | upper }} and {{ x.y[1:2]['a'](3) }}\n",
    "{% for k, v in items if v is not none %}{{ loop.index }}: {{ k ~ '=' ~ v }}\n{% else %}-{% endfor %}",
    "{%- if a == 1 and not b or c in [1, 2.5, 'é'] -%} x {%+ elif d %}{{ {'a': {'b': 1}} }}{% else %}y{% endif %}",
    "{# note #}{% set a, b = (1, 2) %}{% raw %}{{ raw }}{% endraw %}{{ a if b else -c ** 2 }}",
    "{% set a | upper %}{{ b }}{% set c %}d{% endset %}{% endset %}{{ a }}",
    "{{ f(g(1, k='v'), \"q\\n\" 's') is divisibleby 3 }}😀 {{ a < b <= c != d }}",
    "state.items[::2] | selectattr('ok', '==', true) | list if inputs.n > 0x1F else none",
];

const PIECES: &[&str] = &[
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "'",
    "\"",
    "\\",
    "-",
    "+",
    "if",
    "else",
    "endif",
    "endfor",
    "for x in",
    "is",
    "not",
    "in",
    "|",
    ".",
    ",",
    ":",
    "=",
    "==",
    "&&",
    "||",
    "!",
    "?",
    "??",
    "é",
    "\n",
    " ",
    "0",
    "1e9",
    "raw",
    "endraw",
    "{% raw %}",
    "{% endif %}",
    "*",
    "**",
];

/// A small generator of pseudo-random numbers, the same on each run
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

fn mutate(text: &mut String, random: &mut Random) {
    let start = text.floor_char_boundary(random.below(text.len() + 1));
    match random.below(3) {
        0 => text.insert_str(start, PIECES[random.below(PIECES.len())]),
        1 => {
            let end = text.ceil_char_boundary((start + random.below(6)).min(text.len()));
            text.replace_range(start..end, "");
        }
        _ => {
            let from = text.floor_char_boundary(random.below(text.len() + 1));
            let end = text.floor_char_boundary((from + random.below(20)).min(text.len()));
            let piece = text[from..end.max(from)].to_owned();
            text.insert_str(start, &piece);
        }
    }
}

fn check(source: &str) {
    let (parsed, diagnostics) = with_text(source, parse);
    assert_eq!(parsed.is_none(), !diagnostics.is_empty(), "{source:?}: {diagnostics:?}");
    for diagnostic in &diagnostics {
        // Slicing checks that the place is one of the text, on character boundaries.
        text_at(source, diagnostic.span);
        for label in &diagnostic.labels {
            text_at(source, label.span);
        }
    }
    if let Some(Parsed::Value(value)) = parsed {
        let printed = value.to_string();
        let (again, diagnostics) = with_text(&format!("{{{{ {printed} }}}}"), parse);
        let Some(Parsed::Value(again)) = again else {
            panic!("{source:?} as {printed:?}: {diagnostics:?}");
        };
        assert_eq!(again.to_string(), printed);
    }
    let (value, diagnostics) = with_text(source, parse_expression);
    assert_eq!(value.is_none(), !diagnostics.is_empty(), "{source:?}: {diagnostics:?}");
}

#[test]
fn changed_templates_parse_or_say_why() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for round in 0..6_000 {
        let mut text = SEEDS[round % SEEDS.len()].to_owned();
        for _ in 0..=random.below(6) {
            mutate(&mut text, &mut random);
        }
        check(&text);
    }
}

#[test]
fn soups_of_pieces_parse_or_say_why() {
    let mut random = Random(42);
    for _ in 0..6_000 {
        let count = random.below(25);
        let text: String = (0..count).map(|_| PIECES[random.below(PIECES.len())]).collect();
        check(&text);
    }
}
