//! Ways to break a text.

use workflow_samples::Random;

use super::corpus::Corpus;

type Mutation = fn(&mut String, &Corpus, &mut Random);

const MUTATIONS: &[Mutation] = &[
    remove,
    insert_piece,
    insert_piece,
    repeat,
    replace_token,
    replace_token,
    replace_number,
    remove_line,
    repeat_line,
    move_line,
    indent,
    indent,
    splice,
    cut_off,
    character,
    nest,
];

/// Words and signs that mean something
const PIECES: &[&str] = &[
    "{{ ",
    " }}",
    "{% ",
    " %}",
    "{# ",
    " #}",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "'",
    "\"",
    "\\",
    "|",
    "|-",
    ">",
    ">+",
    "|2",
    "- ",
    ": ",
    " #",
    "&a ",
    "*a",
    "<<: *a",
    "<<: ",
    "!tag ",
    "? ",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "~",
    "null",
    "\t",
    "\r\n",
    "\u{feff}",
    "\u{2028}",
    "\u{0}",
    "😀",
    "é",
    "state.",
    "inputs.",
    "item",
    "index",
    "loop.index",
    "is none",
    "is not defined",
    "if",
    "else",
    "endif",
    "for x in",
    "endfor",
    "in",
    "not",
    "and",
    "or",
    "| default(",
    "| first",
    "| tojson",
    "state.a.b.c.d",
    "[::-1]",
    "[0]",
    "1e999",
    "-9223372036854775808",
    "0x1F",
    "3.",
    "**",
    "//",
    "~ ",
    "==",
    "<",
    "type: prompt\n",
    "type: goto\n",
    "kind: confirm\n",
    "needs_state: []\n",
    "when: ",
    "output_to: x\n",
    "steps: []\n",
    "on_error: continue\n",
    "retry: { max_attempts: 2 }\n",
    "timeout: 1\n",
    "updates: {}\n",
    "then: []\n",
    "else: []\n",
    "task: main\n",
    "items: []\n",
    "@task",
    "raw %}",
    "{% raw %}",
    "{% set x = 1 %}",
    "{%- endif -%}",
    "{{ {'a': {'b': 1}} }}",
];

pub(crate) fn mutate(text: &mut String, corpus: &Corpus, random: &mut Random) {
    random.pick(MUTATIONS)(text, corpus, random);
    // Larger ones are refused at once.
    text.truncate(text.floor_char_boundary(60_000));
}

fn place(text: &str, random: &mut Random) -> usize {
    text.floor_char_boundary(random.below(text.len() + 1))
}

fn range(text: &str, longest: usize, random: &mut Random) -> std::ops::Range<usize> {
    let start = place(text, random);
    let end = text.ceil_char_boundary((start + 1 + random.below(longest)).min(text.len()));
    start..end.max(start)
}

fn remove(text: &mut String, _: &Corpus, random: &mut Random) {
    let range = range(text, 12, random);
    text.replace_range(range, "");
}

fn insert_piece(text: &mut String, _: &Corpus, random: &mut Random) {
    let at = place(text, random);
    text.insert_str(at, random.pick(PIECES));
}

fn repeat(text: &mut String, _: &Corpus, random: &mut Random) {
    let piece = text[range(text, 40, random)].to_owned();
    let at = place(text, random);
    text.insert_str(at, &piece);
}

/// A word of the text
fn word(text: &str, random: &mut Random, is_word: impl Fn(char) -> bool) -> std::ops::Range<usize> {
    let at = place(text, random);
    let start = at + text[at..].find(&is_word).unwrap_or(text.len() - at);
    let rest = &text[start..];
    start..start + rest.find(|c| !is_word(c)).unwrap_or(rest.len())
}

fn replace_token(text: &mut String, corpus: &Corpus, random: &mut Random) {
    let range = word(text, random, |c| c.is_alphanumeric() || c == '_');
    text.replace_range(range, corpus.token(random));
}

fn replace_number(text: &mut String, _: &Corpus, random: &mut Random) {
    let range = word(text, random, |c| c.is_ascii_digit());
    let numbers = ["0", "-1", "1e308", "18446744073709551616", "0.1", "1000000", ".inf", "''"];
    text.replace_range(range, random.pick(&numbers));
}

fn lines(text: &str) -> Vec<String> {
    text.split_inclusive('\n').map(str::to_owned).collect()
}

fn remove_line(text: &mut String, _: &Corpus, random: &mut Random) {
    let mut lines = lines(text);
    if !lines.is_empty() {
        lines.remove(random.below(lines.len()));
    }
    *text = lines.concat();
}

fn repeat_line(text: &mut String, _: &Corpus, random: &mut Random) {
    let mut lines = lines(text);
    if !lines.is_empty() {
        let at = random.below(lines.len());
        let count = if random.percent(5) { 200 } else { 1 };
        for _ in 0..count {
            lines.insert(at, lines[at].clone());
        }
    }
    *text = lines.concat();
}

fn move_line(text: &mut String, _: &Corpus, random: &mut Random) {
    let mut lines = lines(text);
    if !lines.is_empty() {
        let line = lines.remove(random.below(lines.len()));
        lines.insert(random.below(lines.len() + 1), line);
    }
    *text = lines.concat();
}

fn indent(text: &mut String, _: &Corpus, random: &mut Random) {
    let mut lines = lines(text);
    let first = random.below(lines.len());
    let last = (first + 1 + random.below(5)).min(lines.len());
    let by = 1 + random.below(3);
    let deeper = random.percent(50);
    for line in lines.get_mut(first..last).into_iter().flatten() {
        if deeper {
            line.insert_str(0, &" ".repeat(by));
        } else {
            let spaces = line.bytes().take(by).take_while(|byte| *byte == b' ').count();
            line.replace_range(..spaces, "");
        }
    }
    *text = lines.concat();
}

fn splice(text: &mut String, corpus: &Corpus, random: &mut Random) {
    let other = lines(corpus.text(random));
    let first = random.below(other.len());
    let last = (first + 1 + random.below(8)).min(other.len());
    let mut lines = lines(text);
    let at = random.below(lines.len() + 1);
    lines.splice(at..at, other.get(first..last).into_iter().flatten().cloned());
    *text = lines.concat();
}

fn cut_off(text: &mut String, _: &Corpus, random: &mut Random) {
    if random.percent(30) {
        let at = place(text, random);
        text.truncate(at);
    }
}

fn character(text: &mut String, _: &Corpus, random: &mut Random) {
    let range = range(text, 1, random);
    let limit = if random.percent(80) { 0x80 } else { 0x3000 };
    let number = u32::try_from(random.below(limit));
    let character = number.ok().and_then(char::from_u32).unwrap_or(' ');
    text.replace_range(range, &character.to_string());
}

/// Brackets, deeper than anybody writes
fn nest(text: &mut String, _: &Corpus, random: &mut Random) {
    if random.percent(90) {
        return;
    }
    let at = place(text, random);
    let (open, close) = random.pick(&[
        ("[", "]"),
        ("(", ")"),
        ("{a: ", "}"),
        ("{{ ", " }}"),
        ("not ", ""),
        ("- ", ""),
    ]);
    let deep = random.pick(&[10, 70, 130, 300, 3000]);
    let middle = range(text, 5, random);
    let middle = text[middle].to_owned();
    text.insert_str(at, &format!("{}{middle}{}", open.repeat(deep), close.repeat(deep)));
}
