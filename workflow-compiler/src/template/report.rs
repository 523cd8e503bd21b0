//! Where the lexer and the parser say what is wrong with a template.

use std::ops::Range;

use super::Text;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;

/// So many mistakes of one template are reported; who has more has one mistake that they all come
/// from, or a machine that makes them
const MAX_MISTAKES: usize = 100;

/// Takes the mistakes of one template, and remembers whether there were any
pub(super) struct Reporter<'a, 'd> {
    text: Text<'a>,
    diagnostics: &'d mut Diagnostics,
    failed: bool,
    /// How many more are reported
    left: usize,
    /// Whether what is reported only follows from what was reported before
    quiet: bool,
}

impl<'a, 'd> Reporter<'a, 'd> {
    /// Nothing reported yet
    pub(super) fn new(text: Text<'a>, diagnostics: &'d mut Diagnostics) -> Self {
        Self { text, diagnostics, failed: false, left: MAX_MISTAKES, quiet: false }
    }

    /// Whether something was reported
    pub(super) fn failed(&self) -> bool {
        self.failed
    }

    /// The place in the file of a range of the decoded text
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        self.text.map.span(self.text.span.file, range)
    }

    /// A mistake of the grammar, not yet reported
    pub(super) fn syntax(&self, range: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Code::TemplateSyntax, self.span(range), message)
    }

    /// Something larger or deeper than is taken, not yet reported
    pub(super) fn limit(&self, range: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Code::Limit, self.span(range), message)
    }

    /// Reports a mistake
    pub(super) fn report(&mut self, mistake: Diagnostic) {
        self.failed = true;
        if !self.quiet && self.left > 0 {
            self.left -= 1;
            self.diagnostics.push(mistake);
        }
    }

    /// Whether it keeps to itself what is reported
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Keeps to itself what is reported from now on, or no longer
    pub(super) fn set_quiet(&mut self, quiet: bool) {
        self.quiet = quiet;
    }
}
