//! YAML in every style: trees to text, each scalar and collection written in one of the ways in
//! which it can be.

use crate::marks::{END, Mark, is_mark};
use crate::random::Random;

/// A tree to be written
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// A text; `loose` where line ends behind it do not matter
    Text { text: String, loose: bool },
    /// A number, a truth value, null: written as it is
    Raw(String),
    /// A list
    List(Vec<Node>),
    /// A mapping, in this order
    Map(Vec<(String, Node)>),
    /// A tree with a mark round it
    Marked(Mark, Box<Node>),
}

impl Node {
    /// A text of which each character counts
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), loose: false }
    }

    /// A text behind which a line may end
    pub(crate) fn loose(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), loose: true }
    }

    /// What is written as it is
    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and words are handed over as they are"
    )]
    pub(crate) fn raw(value: impl ToString) -> Self {
        Self::Raw(value.to_string())
    }

    /// A mapping
    pub(crate) fn map<K: Into<String>>(pairs: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Map(pairs.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// With a mark round it
    pub(crate) fn marked(self, mark: Mark) -> Self {
        Self::Marked(mark, Box::new(self))
    }

    /// Every text in it
    pub(crate) fn texts(&self) -> Vec<&str> {
        match self {
            Self::Text { text, .. } | Self::Raw(text) => vec![text],
            Self::List(items) => items.iter().flat_map(Self::texts).collect(),
            Self::Map(pairs) => pairs.iter().flat_map(|(_, value)| value.texts()).collect(),
            Self::Marked(_, node) => node.texts(),
        }
    }

    /// Roughly how many characters it takes
    fn size(&self) -> usize {
        match self {
            Self::Text { text, .. } | Self::Raw(text) => text.len() + 4,
            Self::List(items) => items.iter().map(Self::size).sum(),
            Self::Map(pairs) => pairs.iter().map(|(key, value)| key.len() + 2 + value.size()).sum(),
            Self::Marked(_, node) => node.size(),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::List(items) => items.is_empty(),
            Self::Map(pairs) => pairs.is_empty(),
            _ => false,
        }
    }
}

/// The text of a file, with its marks
pub(crate) fn write(node: &Node, random: &mut Random) -> String {
    let mut writer = Writer { out: String::new(), random };
    writer.block(node, 0);
    writer.out.push('\n');
    writer.out
}

struct Writer<'r> {
    out: String,
    random: &'r mut Random,
}

impl Writer<'_> {
    /// In block style; the first line's indentation is written already
    fn block(&mut self, node: &Node, indent: usize) {
        match node {
            Node::Marked(mark, node) => {
                self.out.push(mark.begin());
                self.block(node, indent);
                self.out.push(END);
            }
            Node::Map(pairs) if !pairs.is_empty() => {
                for (at, (key, value)) in pairs.iter().enumerate() {
                    if at > 0 {
                        self.line(indent);
                    }
                    self.out.push_str(key);
                    self.out.push(':');
                    self.value(value, indent);
                }
            }
            Node::List(items) if !items.is_empty() => {
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        if self.random.percent(5) {
                            self.out.push('\n');
                        }
                        self.line(indent);
                        if self.random.percent(4) {
                            self.out.push_str("# what comes next");
                            self.line(indent);
                        }
                    }
                    self.out.push('-');
                    if is_scalar(item) || item.size() < 60 && self.random.percent(30) {
                        self.out.push(' ');
                        self.inline(item, indent);
                    } else {
                        self.out.push(' ');
                        self.block(item, indent + 2);
                    }
                }
            }
            other => self.inline(other, indent),
        }
    }

    /// What stands behind a key of a mapping that is indented so
    fn value(&mut self, node: &Node, indent: usize) {
        if is_scalar(node) || node.is_empty() || node.size() < 70 && self.random.percent(60) {
            self.out.push(' ');
            return self.inline(node, indent);
        }
        let is_list = matches!(node, Node::List(_));
        let indent = if is_list && self.random.percent(30) { indent } else { indent + 2 };
        self.line(indent);
        self.block(node, indent);
    }

    /// On the line that was begun: a scalar, or a collection in flow style
    fn inline(&mut self, node: &Node, indent: usize) {
        match node {
            Node::Marked(mark, node) => {
                self.out.push(mark.begin());
                self.inline(node, indent);
                self.out.push(END);
            }
            Node::Text { text, loose } => self.scalar(text, *loose, indent),
            node => self.flow(node),
        }
    }

    fn flow(&mut self, node: &Node) {
        match node {
            Node::Marked(mark, node) => {
                self.out.push(mark.begin());
                self.flow(node);
                self.out.push(END);
            }
            Node::Raw(text) => self.out.push_str(text),
            Node::Text { text, .. } => self.flow_scalar(text, true, 0),
            Node::List(items) => {
                self.out.push('[');
                for (at, item) in items.iter().enumerate() {
                    self.out.push_str(if at > 0 { ", " } else { "" });
                    self.flow(item);
                }
                self.out.push(']');
            }
            Node::Map(pairs) => {
                self.out.push_str("{ ");
                for (at, (key, value)) in pairs.iter().enumerate() {
                    self.out.push_str(if at > 0 { ", " } else { "" });
                    self.out.push_str(key);
                    self.out.push_str(": ");
                    self.flow(value);
                }
                self.out.push_str(" }");
            }
        }
    }

    fn scalar(&mut self, text: &str, loose: bool, indent: usize) {
        let visible: String = text.chars().filter(|c| !is_mark(*c)).collect();
        let words = visible.chars().any(|c| !c.is_whitespace());
        let starts = visible.chars().next().is_some_and(|c| !c.is_whitespace());
        match self.random.below(5) {
            0 | 1 if words => self.literal(text, starts, loose, indent),
            2 if starts && !visible.contains('\n') => self.folded(text, loose, indent),
            _ => self.flow_scalar(text, false, indent),
        }
    }

    fn literal(&mut self, text: &str, starts: bool, loose: bool, indent: usize) {
        let step = 2 + self.random.below(2) * 2;
        self.out.push('|');
        if !starts || self.random.percent(5) {
            self.out.push_str(&step.to_string());
        }
        self.chomp(loose);
        for line in text.split('\n') {
            self.out.push('\n');
            if line.chars().any(|c| !is_mark(c)) {
                self.out.push_str(&" ".repeat(indent + step));
            }
            self.out.push_str(line);
        }
    }

    fn folded(&mut self, text: &str, loose: bool, indent: usize) {
        self.out.push('>');
        self.chomp(loose);
        self.line(indent + 2);
        self.broken(text, 20, indent + 2);
    }

    fn chomp(&mut self, loose: bool) {
        let all: &[&str] = if loose { &["-", "", "+"] } else { &["-"] };
        self.out.push_str(self.random.pick(all));
    }

    fn flow_scalar(&mut self, text: &str, in_flow: bool, indent: usize) {
        let visible: String = text.chars().filter(|c| !is_mark(*c)).collect();
        let fold = if in_flow { 0 } else { 4 };
        if is_plain(&visible, in_flow) && self.random.percent(75) {
            self.broken(text, fold, indent + 2);
        } else if !visible.contains(['\n', '\t']) && self.random.percent(50) {
            self.out.push('\'');
            self.broken(&text.replace('\'', "''"), fold, indent + 2);
            self.out.push('\'');
        } else {
            self.double(text, fold, indent + 2);
        }
        if !in_flow && self.random.percent(2) {
            self.out.push_str(" # so it is");
        }
    }

    fn double(&mut self, text: &str, fold: usize, indent: usize) {
        let mut escaped = String::new();
        for c in text.chars() {
            match c {
                '"' | '\\' => escaped.extend(['\\', c]),
                '\n' => escaped.push_str("\\n"),
                '\t' => escaped.push_str("\\t"),
                c if !c.is_ascii() && !is_mark(c) && self.random.percent(40) => {
                    let number = u32::from(c);
                    let (letter, digits) = if number > 0xffff { ('U', 8) } else { ('u', 4) };
                    let number = format!("{number:0digits$x}");
                    escaped.extend(['\\', letter]);
                    escaped.push_str(&number);
                }
                c => escaped.push(c),
            }
        }
        self.out.push('"');
        self.broken(&escaped, fold, indent);
        self.out.push('"');
    }

    /// The text, in so many of a hundred places where one space stands, broken into lines
    fn broken(&mut self, text: &str, percent: usize, indent: usize) {
        let chars: Vec<char> = text.chars().collect();
        for (at, c) in chars.iter().enumerate() {
            let before = chars[..at].iter().rev().find(|c| !is_mark(**c));
            let after = chars[at + 1..].iter().find(|c| !is_mark(**c));
            let between = |c: Option<&char>| {
                c.is_some_and(|c| !c.is_whitespace() && !matches!(c, '#' | '\\'))
            };
            if *c == ' ' && between(before) && between(after) && self.random.percent(percent) {
                self.line(indent);
            } else {
                self.out.push(*c);
            }
        }
    }

    fn line(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.push_str(&" ".repeat(indent));
    }
}

fn is_scalar(node: &Node) -> bool {
    match node {
        Node::Text { .. } | Node::Raw(_) => true,
        Node::Marked(_, node) => is_scalar(node),
        Node::List(_) | Node::Map(_) => false,
    }
}

/// Whether a text can stand without quotes and stays a text
fn is_plain(text: &str, in_flow: bool) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let quiet = !first.is_whitespace() && !"-?:,[]{}#&*!|>'\"%@`=<~+.".contains(first);
    let inside = !text.contains(": ") && !text.contains(" #") && !text.contains(['\n', '\t']);
    let flow = !in_flow || !text.contains(['[', ']', '{', '}', ',']);
    let ends = text.chars().next_back().is_some_and(|c| !c.is_whitespace() && c != ':');
    let other = first.is_ascii_digit()
        || matches!(
            text.to_ascii_lowercase().as_str(),
            "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n"
        );
    quiet && inside && flow && ends && !other
}
