//! Random texts in every style: each character is found where it was written, and what an edit
//! writes comes back, with nothing else changed.

use std::ops::Range;

use crate::diagnostic::{Diagnostics, fix::apply};
use crate::source::FileId;
use crate::yaml::{Document, Kind, Style, parse};

const FILE: FileId = FileId(0);
const STYLES: [Style; 5] =
    [Style::Plain, Style::Single, Style::Double, Style::Literal, Style::Folded];

/// A small generator of numbers, so that a failure comes back on every run
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

/// A file in the making, with the place of each character of the scalar that is written
struct Writer<'r> {
    file: String,
    text: String,
    places: Vec<Range<usize>>,
    line_break: &'static str,
    indent: usize,
    random: &'r mut Random,
}

impl Writer<'_> {
    /// A character, written as `written`
    fn character(&mut self, character: char, written: &str) {
        let start = self.file.len();
        self.file.push_str(written);
        self.text.push(character);
        self.places.push(start..self.file.len());
    }

    fn next_line(&mut self) {
        self.file.push_str(self.line_break);
        self.file.push_str(&" ".repeat(self.indent));
    }

    /// A character that stands for a line break with the indentation behind it
    fn folded(&mut self, character: char, empty_lines: usize) {
        let start = self.file.len();
        self.file.push_str(self.line_break);
        for _ in 1..empty_lines {
            self.file.push_str(self.line_break);
        }
        self.file.push_str(&" ".repeat(self.indent));
        self.text.push(character);
        self.places.push(start..self.file.len());
    }

    fn words(&mut self, style: Style) {
        let plain = ["a", "é", "漢", "e\u{301}", "😀", "{{ x }}", "it's", "-", "a:b", "c#d"];
        for at in 0..=self.random.below(8) {
            // What begins a plain text must not be a sign.
            let word = if at == 0 { "w" } else { self.random.of(&plain) };
            for character in word.chars() {
                match (style, character) {
                    (Style::Single, '\'') => self.character('\'', "''"),
                    (Style::Double, _) => self.escaped(character),
                    _ => {
                        let mut buffer = [0; 4];
                        self.character(character, character.encode_utf8(&mut buffer));
                    }
                }
            }
            self.between(style);
        }
        self.character('z', "z");
    }

    fn escaped(&mut self, character: char) {
        let code = u32::from(character);
        let written = match self.random.below(4) {
            0 if code < 0x100 => format!("\\x{code:02x}"),
            1 if code < 0x1_0000 => format!("\\u{code:04X}"),
            2 => format!("\\U{code:08x}"),
            _ => character.to_string(),
        };
        self.character(character, &written);
    }

    /// What stands between two words: a space, or a line break in the manner of the style
    fn between(&mut self, style: Style) {
        match (style, self.random.below(5)) {
            (Style::Literal, 0) => self.literal_break(),
            (Style::Literal, 1) => self.character('\t', "\t"),
            (Style::Double, 0) => self.character('\n', "\\n"),
            (Style::Double, 1) => {
                self.character(' ', " ");
                self.file.push('\\');
                self.next_line();
            }
            (Style::Literal | Style::Double, _) | (_, 3 | 4) => self.character(' ', " "),
            (_, 0) => self.folded('\n', 2),
            _ => self.folded(' ', 1),
        }
    }

    fn literal_break(&mut self) {
        let start = self.file.len();
        self.file.push_str(self.line_break);
        self.text.push('\n');
        self.places.push(start..self.file.len());
        self.file.push_str(&" ".repeat(self.indent));
    }

    /// A key with a scalar of that style
    fn entry(&mut self, key: &str, style: Style) {
        self.file.push_str(&" ".repeat(self.indent - 2));
        self.file.push_str(key);
        self.file.push_str(": ");
        self.text.clear();
        self.places.clear();
        match style {
            Style::Plain => self.words(style),
            Style::Single | Style::Double => {
                let quote = if style == Style::Single { "'" } else { "\"" };
                self.file.push_str(self.random.of(&["", "&anchor ", "!!str "]));
                self.file.push_str(quote);
                self.words(style);
                self.file.push_str(quote);
            }
            Style::Literal | Style::Folded => {
                let sign = if style == Style::Literal { "|" } else { ">" };
                let chomp = self.random.of(&["-", "2-", "-2", "- # a comment"]);
                self.file.push_str(sign);
                self.file.push_str(chomp);
                self.next_line();
                self.words(style);
            }
        }
        let comment = matches!(style, Style::Single | Style::Double) && self.random.below(3) == 0;
        self.file.push_str(if comment { " # a comment" } else { "" });
    }
}

fn read(file: &str) -> Document {
    let mut diagnostics = Diagnostics::default();
    let document = parse(FILE, file, &mut diagnostics);
    assert_eq!(diagnostics.errors(), 0, "{file}\n{:?}", diagnostics.into_sorted());
    document.expect("a tree")
}

fn text_of<'d>(document: &'d Document, key: &str) -> (&'d crate::yaml::Scalar, Range<usize>) {
    let id = document.get(document.root, key).expect("the key is there");
    (document.scalar(id).expect("a scalar"), document.span(id).range())
}

/// A file of several scalars, with what each says and where its characters stand
struct Sample {
    file: String,
    scalars: Vec<(String, Vec<Range<usize>>)>,
}

fn sample(random: &mut Random) -> Sample {
    let line_break = ["\n", "\r\n"][random.below(2)];
    let file = random.of(&["", "\u{feff}", "# größe\n\n"]).replace('\n', line_break);
    let mut writer =
        Writer { file, text: String::new(), places: Vec::new(), line_break, indent: 2, random };
    let mut scalars = Vec::new();
    for key in KEYS {
        let style = STYLES[writer.random.below(STYLES.len())];
        writer.entry(key, style);
        scalars.push((writer.text.clone(), writer.places.clone()));
        let is_last = key == KEYS[KEYS.len() - 1];
        // The last line may have no end.
        if !is_last || writer.random.below(2) == 0 {
            writer.file.push_str(line_break);
        }
    }
    Sample { file: writer.file, scalars }
}

const KEYS: [&str; 3] = ["a", "b", "c"];

#[test]
fn each_character_is_where_it_was_written() {
    let mut random = Random(11);
    for _ in 0..1_500 {
        let sample = sample(&mut random);
        let document = read(&sample.file);
        for (key, (text, places)) in KEYS.iter().zip(&sample.scalars) {
            let (scalar, _) = text_of(&document, key);
            assert_eq!(&scalar.text, text, "{}", sample.file);
            for ((at, character), place) in text.char_indices().zip(places) {
                let found = scalar.map.span(FILE, at..at + character.len_utf8()).range();
                let blank = character == ' ' || character == '\n';
                // A break may be given with or without the indentation behind it.
                let fits = found == *place
                    || (blank && found.start >= place.start && found.end <= place.end)
                        && !found.is_empty();
                assert!(fits, "{character:?} at {place:?}, found {found:?}: {:?}", sample.file);
            }
        }
    }
}

#[test]
fn an_edit_changes_its_text_and_nothing_else() {
    let mut random = Random(23);
    let texts = ["x", "", "it's", "say \"hi\"", "back\\slash", "two\nlines", "# no", "k: v", "é😀"];
    let mut edited = 0;
    for _ in 0..1_500 {
        let sample = sample(&mut random);
        let document = read(&sample.file);
        let key = random.below(KEYS.len());
        let (scalar, whole) = text_of(&document, KEYS[key]);
        let chars: Vec<usize> = scalar.text.char_indices().map(|(at, _)| at).collect();
        // Inside of the first word and before the last letter, so that no style loses blanks.
        let start = chars[1 + random.below(chars.len() - 1)];
        let end = chars.iter().copied().filter(|at| *at >= start).nth(random.below(3));
        let end = end.unwrap_or(start);
        let blank = |at: usize| scalar.text[at..].starts_with([' ', '\n', '\t']);
        let behind = scalar.text[..start].ends_with([' ', '\n', '\t']);
        if blank(start) || blank(end) || behind {
            continue;
        }
        let text = random.of(&texts);
        let Some(edit) = scalar.map.edit(FILE, start..end, text) else { continue };
        let range = edit.span.range();
        assert!(whole.start <= range.start && range.end <= whole.end, "{:?}", sample.file);
        let after = apply(&sample.file, &[edit]).unwrap();
        let document = read(&after);
        let expected = format!("{}{text}{}", &scalar.text[..start], &scalar.text[end..]);
        for (other, (before, _)) in sample.scalars.iter().enumerate() {
            let (scalar, _) = text_of(&document, KEYS[other]);
            let expected = if other == key { &expected } else { before };
            assert_eq!(&scalar.text, expected, "{:?}\n{after:?}", sample.file);
        }
        assert!(document.nodes.iter().all(|node| !matches!(node.kind, Kind::Sequence(_))));
        edited += 1;
    }
    assert!(edited > 150, "{edited} of 1500: the others are not certain");
}
