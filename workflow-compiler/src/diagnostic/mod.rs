//! What the compiler says to an author: a code, a message, the places involved, help, and edits
//! where one is certain.

mod codes;
pub mod fix;
pub mod github;
pub mod json;
pub mod render;
pub mod rustc;
pub mod sarif;

pub use codes::Code;

use std::collections::BTreeSet;

use crate::source::{FileId, Span};

/// How bad it is: an error stops the build, a warning does not
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The workflow cannot be compiled
    Error,
    /// It compiles, and is probably not what was meant
    Warning,
}

/// A further place involved, with what it has to do with the mistake
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place
    pub span: Span,
    /// Its part in the mistake, lower case, no full stop
    pub message: String,
}

/// Replaces the bytes of `span` by `text`; an empty span inserts
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes
    pub span: Span,
    /// What comes
    pub text: String,
}

/// A certain mend of the mistake
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative: `list the field in needs_state`
    pub title: String,
    /// The edits, which must not overlap
    pub edits: Vec<Edit>,
}

/// One mistake of an author
///
/// ```
/// use workflow_compiler::diagnostic::{Code, Diagnostic};
/// use workflow_compiler::source::{Sources, Span};
///
/// let mut sources = Sources::default();
/// let file = sources.add("a.yaml", "nam: x");
/// let mistake = Diagnostic::new(Code::UnknownKey, Span::new(file, 0..3), "unknown key `nam`")
///     .label("a workflow has no such key")
///     .help("did you mean `name`?");
/// assert_eq!(mistake.code.as_str(), "unknown-key");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which of the known mistakes it is
    pub code: Code,
    /// Error or warning; the code's own unless changed
    pub severity: Severity,
    /// What is wrong, in one line: lower case, backticks round the author's words, no full stop
    pub message: String,
    /// The place that is marked
    pub span: Span,
    /// What stands beside the carets at that place; may be empty
    pub label: String,
    /// Further places
    pub labels: Vec<Label>,
    /// What to do about it, a line each
    pub help: Vec<String>,
    /// Certain mends; the first is what `--fix` applies
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// A mistake at a place
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            span,
            label: String::new(),
            labels: Vec::new(),
            help: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// Says what stands beside the carets
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds a further place
    #[must_use]
    pub fn also(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// Adds a line of help
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds a certain mend
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fixes.push(Fix { title: title.into(), edits });
        self
    }
}

/// Collects the mistakes of one compilation; nothing stops at the first
#[derive(Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Notes a mistake
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// How many errors were noted, warnings not counted
    #[must_use]
    pub fn errors(&self) -> usize {
        self.all_errors().count()
    }

    /// The errors that were noted so far
    pub fn all_errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter().filter(|d| d.severity == Severity::Error)
    }

    /// The files in which an error is marked
    #[must_use]
    pub fn broken_files(&self) -> BTreeSet<FileId> {
        self.all_errors().map(|d| d.span.file).collect()
    }

    /// All that was noted, in the order of the places, each mistake once
    #[must_use]
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
        self.list.dedup();
        self.list
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, iter: T) {
        self.list.extend(iter);
    }
}
