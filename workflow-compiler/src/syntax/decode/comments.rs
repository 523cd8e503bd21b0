//! Comments that were probably meant as text: `message: see #12`.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::template::{self, Text};
use crate::yaml::{ScalarMap, Swallowed};

const PART: &str = "YAML takes everything from ` #` on for a comment";

/// The text is whole without the comment, and says less than was meant
pub(super) fn warning(swallowed: &Swallowed) -> Diagnostic {
    let message = "this comment looks like a part of the text before it";
    let diagnostic =
        Diagnostic::new(Code::SwallowedComment, swallowed.comment, message).label(PART);
    with_quotes(diagnostic, swallowed)
        .help("put the text in quotes; where it is a comment, begin it with a word: `# note: …`")
}

/// The comment cuts a template in two: what is wrong with the first half, with the reason
pub(super) fn cut_off(swallowed: &Swallowed, found: Diagnostics) -> Diagnostic {
    let mut diagnostic = found.into_sorted().swap_remove(0);
    diagnostic.fixes.clear();
    let diagnostic = diagnostic.also(swallowed.comment, PART);
    let whole = &swallowed.whole;
    let map = ScalarMap::verbatim(whole.span.range());
    let text = Text { text: &whole.value, map: &map, span: whole.span };
    match template::parse(text, &mut Diagnostics::default()) {
        Some(_) => with_quotes(diagnostic, swallowed),
        None => diagnostic,
    }
}

/// The key has no value, because the comment was meant to be it
pub(super) fn instead_of_value(diagnostic: Diagnostic, swallowed: &Swallowed) -> Diagnostic {
    with_quotes(diagnostic.also(swallowed.comment, PART), swallowed)
}

fn with_quotes(diagnostic: Diagnostic, swallowed: &Swallowed) -> Diagnostic {
    match &swallowed.quotes {
        Some(edit) => diagnostic.fix("put the text in quotes", vec![edit.clone()]),
        None => diagnostic,
    }
}
