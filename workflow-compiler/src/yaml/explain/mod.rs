//! Says in plain words what is wrong with a text that is not YAML, or not the YAML that was meant.

mod flow;
mod lines;
mod quotes;
mod syntax;
mod text;

pub(super) use syntax::{Reached, syntax_error};
pub(super) use text::quoted;

use std::ops::Range;

use super::MAX_DEPTH;
use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::source::{FileId, Span};
use text::{end_of_text, indent, key_column, line_at, line_below};

fn mistake(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::YamlSyntax, span, message)
}

/// `key: {{ x }}`, which YAML takes for a mapping inside a mapping
pub(super) fn bare_template(span: Span, template: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::WrongTypeOfKey, span, "a template needs quotes").label(BRACE);
    quote(diagnostic, span, Some(template))
}

/// `key: { state.x }`, which YAML takes for a mapping
pub(super) fn single_brace(span: Span, name: &str) -> Diagnostic {
    let template = format!("\"{{{{ {name} }}}}\"");
    Diagnostic::new(Code::WrongTypeOfKey, span, "a template has two braces, and needs quotes")
        .label(BRACE)
        .fix("make it a template", vec![Edit { span, text: template }])
}

const BRACE: &str = "without quotes YAML takes `{` for the start of a mapping";

/// `key: {{ x }} y`, `key: {% if x %}`, which are no YAML; `start` is where the template begins
fn template(file: FileId, text: &str, start: usize, flow: bool) -> Diagnostic {
    let line = line_at(text, start);
    let end = end_of_text(text, start, flow);
    let shown = end.unwrap_or_else(|| start + text[start..line.end].trim_end().len());
    let span = Span::new(file, start..shown);
    let below = line_below(text, line.end).map(|below| indent(&text[below]));
    let goes_on = !flow && below.is_some_and(|below| below > key_column(&text[line.clone()]));
    let whole = end.filter(|_| !goes_on).map(|end| &text[start..end]);
    quote(mistake(span, "a template needs quotes").label(BRACE), span, whole)
}

/// Suggests quotes round `text`, as a fix where all of it is known
fn quote(diagnostic: Diagnostic, span: Span, text: Option<&str>) -> Diagnostic {
    match text.and_then(quoted) {
        Some(text) => diagnostic.fix("put the template in quotes", vec![Edit { span, text }]),
        None => diagnostic
            .help("put the template in quotes, or in a block: `|`, and the text on the next lines"),
    }
}

/// Keys whose values are expressions, in which braces may be left out
const EXPRESSIONS: &[&str] = &["if", "when", "items"];

/// `if: !state.x`, which YAML takes for a tag; `sign` goes up to the `text` that is negated
pub(super) fn negation(sign: Span, text: &str, key: Option<&str>) -> Diagnostic {
    let mark = Span { end: sign.start + 1, ..sign };
    let diagnostic =
        Diagnostic::new(Code::TemplateSyntax, mark, "a condition is negated with `not`")
            .label("YAML takes this for a tag");
    // What the sign negates is not the same where something is compared.
    let compares = ["==", "!=", "<", ">", " in ", " is "].iter().any(|sign| text.contains(sign));
    if compares {
        return diagnostic.help("write `not` in its place");
    }
    if key.is_some_and(|key| EXPRESSIONS.contains(&key)) {
        return diagnostic.fix("write `not`", vec![Edit { span: sign, text: "not ".to_owned() }]);
    }
    match quoted(&format!("{{{{ not {text} }}}}")) {
        Some(text_in_quotes) => {
            let span = Span::new(sign.file, sign.range().start..sign.range().end + text.len());
            diagnostic.fix("make it a template", vec![Edit { span, text: text_in_quotes }])
        }
        None => diagnostic.help("write `{{ not … }}`, in quotes"),
    }
}

/// A text that begins with a word that YAML takes for a tag
pub(super) fn tag(span: Span, tag: &str) -> Diagnostic {
    mistake(span, format!("YAML takes `{tag}` for a tag"))
        .label("a value cannot begin with `!`")
        .help("a condition is negated with `not`, a text that begins with `!` needs quotes")
}

/// An anchor whose name is none: the text was meant to begin with `&`
pub(super) fn odd_anchor(span: Span, name: &str) -> Diagnostic {
    mistake(span, format!("YAML takes `{name}` for the name of an anchor"))
        .label("a value cannot begin with `&`")
        .help("a text that begins with `&` needs quotes")
}

/// An alias of nothing; one that looks like the start of a text gets quotes
pub(super) fn unknown_alias(
    file: FileId,
    text: &str,
    range: Range<usize>,
    flow: bool,
) -> Diagnostic {
    let name = &text[range.start + 1..range.end];
    let span = Span::new(file, range.clone());
    let end = end_of_text(text, range.start, flow).unwrap_or(range.end);
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let is_text = end > range.end || !name.chars().all(is_name);
    let diagnostic = mistake(span, format!("nothing is named `&{name}`"))
        .label("an alias must stand behind what it names")
        .help("a text that begins with `*` needs quotes");
    match quoted(&text[range.start..end]).filter(|_| is_text) {
        Some(quoted) => {
            let edit = Edit { span: Span::new(file, range.start..end), text: quoted };
            diagnostic.fix("put the text in quotes", vec![edit])
        }
        None => diagnostic,
    }
}

/// `{id:done}`, which is a key without a value
pub(super) fn missing_space(file: FileId, colon: usize) -> Diagnostic {
    let space = Edit { span: Span::new(file, colon + 1..colon + 1), text: " ".to_owned() };
    mistake(Span::new(file, colon..colon + 1), "a colon needs a space behind it")
        .label("without it, this is a key that has no value")
        .fix("put a space behind the colon", vec![space])
}

pub(super) fn cyclic_alias(span: Span, alias: &str, around: Span) -> Diagnostic {
    mistake(span, format!("`{alias}` stands inside of what it names"))
        .label("this would have no end")
        .also(around, "it names what begins here")
}

pub(super) fn not_mergeable(span: Span) -> Diagnostic {
    mistake(span, "`<<` merges a mapping, or a list of mappings").label("not a mapping")
}

pub(super) fn compound_key(span: Span) -> Diagnostic {
    mistake(span, "a key must be a text").label("a list or a mapping cannot be a key")
}

pub(super) fn second_document(span: Span) -> Diagnostic {
    mistake(span, "a file holds one document")
        .label("a second one begins here")
        .help("move it into a file of its own")
}

pub(super) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("values are nested more than {MAX_DEPTH} deep");
    Diagnostic::new(Code::Limit, span, message).label("the limit is passed here")
}
