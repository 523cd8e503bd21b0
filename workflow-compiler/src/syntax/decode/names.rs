//! Names and versions.

use semver::Version;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Edit};
use crate::source::Spanned;

/// What a name names; each kind has its own characters
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A workflow: `planning:interactive`
    Workflow,
    /// A word that workflows are found by: `release`
    Tag,
    /// A step: `gather-requirements`
    Step,
    /// An input, a state field, a function, a parameter: what an expression can name
    Field,
}

impl NameKind {
    fn allows(self, name: &str) -> bool {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let part = |text: &str| {
            let lower = |c: char| word(c) && !c.is_ascii_uppercase() || c == '-';
            !text.is_empty() && text.chars().all(lower)
        };
        match self {
            Self::Workflow => match name.split_once(':') {
                Some((group, rest)) => part(group) && part(rest),
                None => part(name),
            },
            Self::Tag => part(name),
            Self::Step => !name.is_empty() && name.chars().all(|c| word(c) || c == '-'),
            Self::Field => {
                name.chars().all(word) && name.starts_with(|c: char| word(c) && !c.is_ascii_digit())
            }
        }
    }

    /// Whether a name can be one of this kind; the rule where it cannot, in words
    pub fn check(self, name: &str) -> Result<(), &'static str> {
        if self.allows(name) { Ok(()) } else { Err(self.rule()) }
    }

    /// The names of this kind as a regular expression, for JSON Schemas
    pub fn pattern(self) -> &'static str {
        match self {
            Self::Workflow => "^[a-z0-9_-]+(:[a-z0-9_-]+)?$",
            Self::Tag => "^[a-z0-9_-]+$",
            Self::Step => "^[A-Za-z0-9_-]+$",
            Self::Field => "^[A-Za-z_][A-Za-z0-9_]*$",
        }
    }

    fn rule(self) -> &'static str {
        match self {
            Self::Workflow => "small letters, digits, `_` and `-`, with at most one `:` in between",
            Self::Tag => "small letters, digits, `_` and `-`",
            Self::Step => "letters, digits, `_` and `-`",
            Self::Field => "letters, digits and `_`, and does not begin with a digit",
        }
    }
}

/// Whether `name` can be a name of its kind; reports `invalid-name` if not
///
/// `what` says what is named, with its article: `a step id`.
///
/// ```
/// use workflow_compiler::diagnostic::Diagnostics;
/// use workflow_compiler::source::{FileId, Span, Spanned};
/// use workflow_compiler::syntax::decode::{NameKind, check_name};
///
/// let name = Spanned::new("my step".to_owned(), Span::new(FileId(0), 0..7));
/// let mut diagnostics = Diagnostics::default();
/// assert!(!check_name(NameKind::Step, "a step id", &name, &mut diagnostics));
/// ```
pub fn check_name(
    kind: NameKind,
    what: &str,
    name: &Spanned<String>,
    diagnostics: &mut Diagnostics,
) -> bool {
    let fits = kind.allows(&name.value);
    if !fits {
        let message = format!("`{}` cannot be {what}", name.value);
        diagnostics.push(
            Diagnostic::new(Code::InvalidName, name.span, message)
                .label(format!("not {what}"))
                .help(format!("{what} has {}", kind.rule())),
        );
    }
    fits
}

/// The version, or `None` with `invalid-version` reported
pub fn check_version(text: &Spanned<String>, diagnostics: &mut Diagnostics) -> Option<Version> {
    let error = match Version::parse(&text.value) {
        Ok(version) => return Some(version),
        Err(error) => error,
    };
    let message = format!("`{}` is not a version", text.value);
    let mut diagnostic = Diagnostic::new(Code::InvalidVersion, text.span, message)
        .label(error.to_string())
        .help("a version has three numbers: `major.minor.patch`");
    if let Some(meant) = meant_version(&text.value) {
        let edit = Edit { span: text.span, text: meant.clone() };
        diagnostic = diagnostic.fix(format!("write `{meant}`"), vec![edit]);
    }
    diagnostics.push(diagnostic);
    None
}

/// `v1.2` and `1` with what they lack
fn meant_version(text: &str) -> Option<String> {
    let numbers = text.trim().trim_start_matches(['v', 'V']);
    let tries = ["", ".0", ".0.0"].map(|rest| format!("{numbers}{rest}"));
    tries.into_iter().find(|text| Version::parse(text).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_say_what_is_allowed() {
        let names =
            ["", "a", "A", "_a", "1a", "a-b", "a_b1", "a:b", "a:", ":b", "a:b:c", "ä", "a b", "-"];
        for kind in [NameKind::Workflow, NameKind::Tag, NameKind::Step, NameKind::Field] {
            let pattern = regex::Regex::new(kind.pattern()).unwrap();
            for name in names {
                assert_eq!(pattern.is_match(name), kind.allows(name), "{kind:?} {name:?}");
            }
        }
    }
}
