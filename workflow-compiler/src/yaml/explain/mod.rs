//! Says in plain words what is wrong with a text that is not YAML, or not the YAML that was meant.

mod syntax;

pub(super) use syntax::{Reached, syntax_error};

use super::MAX_DEPTH;
use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::source::Span;

fn mistake(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::YamlSyntax, span, message)
}

/// `key: {{ x }}`, which YAML takes for a mapping inside a mapping
pub(super) fn bare_template(span: Span, template: &str) -> Diagnostic {
    let diagnostic = mistake(span, "a template needs quotes")
        .label("without quotes YAML takes `{` for the start of a mapping");
    quote(diagnostic, span, template)
}

/// Suggests quotes round `text`, as a fix where it is certain
fn quote(diagnostic: Diagnostic, span: Span, text: &str) -> Diagnostic {
    match quoted(text) {
        Some(text) => diagnostic.fix("put the template in quotes", vec![Edit { span, text }]),
        None => diagnostic.help("put the template in quotes, or in a block behind `|`"),
    }
}

/// `text` in the quotes that leave it as it is
fn quoted(text: &str) -> Option<String> {
    if text.contains(['\n', '\r']) || text.contains(" #") {
        None
    } else if !text.contains(['"', '\\']) {
        Some(format!("\"{text}\""))
    } else if !text.contains('\'') {
        Some(format!("'{text}'"))
    } else {
        None
    }
}

/// `if: !state.x`, which YAML takes for a tag
pub(super) fn tag(span: Span, tag: &str) -> Diagnostic {
    let diagnostic = mistake(span, format!("YAML takes `{tag}` for a tag"))
        .label("a value cannot begin with `!`")
        .help("a condition is negated with `not`, a text that begins with `!` needs quotes");
    let name = tag
        .strip_prefix('!')
        .filter(|name| name.starts_with("state.") || name.starts_with("inputs."));
    match name {
        Some(name) => {
            let text = format!("not {name}");
            diagnostic.fix("negate with `not`", vec![Edit { span, text }])
        }
        None => diagnostic,
    }
}

pub(super) fn unknown_alias(span: Span, name: &str) -> Diagnostic {
    mistake(span, format!("nothing is named `&{name}`"))
        .label("an alias must stand behind what it names")
        .help("a text that begins with `*` needs quotes")
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
