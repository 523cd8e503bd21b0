//! Comments that look as if they were meant as text: `message: Fix issue #{{ n }}` is one text, but
//! `message: Fix issue # {{ n }}` ends before the `#`.

use std::collections::{BTreeMap, HashMap};

use super::explain::quoted;
use super::{Kind, Node, NodeId, Style};
use crate::diagnostic::Edit;
use crate::source::{Span, Spanned};

/// A comment behind a text without quotes that was probably meant to be part of it
#[derive(Clone, Debug)]
pub struct Swallowed {
    /// The comment, from its `#` to the end of its line
    pub comment: Span,
    /// The text with the comment
    pub whole: Spanned<String>,
    /// Puts all of it in quotes
    pub quotes: Option<Edit>,
}

/// The comments that look meant, by the scalar that they stand behind
pub(super) fn swallowed(
    text: &str,
    nodes: &[Node],
    comments: &[Span],
) -> BTreeMap<NodeId, Swallowed> {
    let mut ends: HashMap<usize, NodeId> = HashMap::new();
    for (id, node) in (0..).map(NodeId).zip(nodes) {
        if matches!(&node.kind, Kind::Scalar(scalar) if scalar.style == Style::Plain) {
            ends.insert(node.span.range().end, id);
        }
    }
    let meant = comments.iter().filter_map(|comment| {
        let range = comment.range();
        let end = text[..range.start].trim_end_matches([' ', '\t']).len();
        let id = *ends.get(&end)?;
        let value = nodes[id.0 as usize].span;
        looks_meant(&text[value.range()], text[range].trim_end()).then(|| {
            // Without a text before it, the space behind the colon stays.
            let span = if value.range().is_empty() { *comment } else { value.to(*comment) };
            // What is white to Unicode alone is part of it, as it is to YAML.
            let whole = text[span.range()].trim_end_matches([' ', '\t', '\r', '\n']);
            let span = Span::new(span.file, span.range().start..span.range().start + whole.len());
            let quotes = quoted(whole).map(|text| Edit { span, text });
            (
                id,
                Swallowed {
                    comment: *comment,
                    whole: Spanned::new(whole.to_owned(), span),
                    quotes,
                },
            )
        })
    });
    meant.collect()
}

/// Whether a comment belongs to the text before it: it has a template in it, ends one, or begins
/// with a number, as in `see #12`
fn looks_meant(text: &str, comment: &str) -> bool {
    let inside = comment.trim_start_matches('#');
    let digits = inside.chars().take_while(char::is_ascii_digit).count();
    let behind = inside[digits..].chars().next();
    if comment.starts_with('#') && digits > 0 && behind.is_none_or(|c| !c.is_alphanumeric()) {
        return !inside.starts_with(' ');
    }
    let tags = [("{{", "}}"), ("{%", "%}")];
    let closes = tags.iter().any(|(open, close)| {
        let opened = text.rfind(open).is_some_and(|at| !text[at..].contains(close));
        opened && inside.contains(close)
    });
    let holds = tags.iter().find_map(|(open, close)| {
        let at = inside.find(open)?;
        inside[at..].contains(close).then_some(at)
    });
    closes || holds.is_some_and(|at| !is_remark(&inside[..at]))
}

/// Whether what comes before a template in a comment talks about it: `# was: {{ x }}`, `# TODO`
fn is_remark(before: &str) -> bool {
    let quotes = before.contains(['"', '`']);
    let before = before.trim().trim_end_matches(['"', '\'', '`']).trim_end();
    let word = before.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let marks = ["todo", "fixme", "xxx", "note", "was", "old", "formerly", "example"];
    before.ends_with([':', '=']) || quotes || marks.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::looks_meant;

    #[test]
    fn comments_that_are_part_of_the_text() {
        for (text, comment) in [
            ("hi", "# {{ state.name }}"),
            ("Fix issue", "#{{ state.n }}"),
            ("see", "#5 and #6"),
            ("see issue", "#12"),
            ("{{ state.x", "# y }}"),
            ("a", "# and {% if x %}y{% endif %}"),
        ] {
            assert!(looks_meant(text, comment), "{text} {comment}");
        }
    }

    #[test]
    fn ordinary_comments() {
        for comment in [
            "# greets the user",
            "#greets",
            "# 5 of them",
            "#5th",
            "#1a2b3c",
            "## 3",
            "# was: {{ state.name }}",
            "# TODO use {{ state.name }}",
            "# message: \"{{ state.name }}\"",
            "# like `{{ x }}`",
            "# see {docs}",
        ] {
            assert!(!looks_meant("hi", comment), "{comment}");
        }
    }
}
