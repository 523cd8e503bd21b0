//! Reads a file into a [`Document`].

use granit_parser::{Parser, ScanError, options};

use super::Document;
use super::build::Builder;
use super::explain;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Span};

/// A file may have this many bytes
pub const MAX_BYTES: usize = 1024 * 1024;

/// Reads the one document of a file
///
/// What is not YAML, or more of it than is taken ([`MAX_BYTES`], [`super::MAX_DEPTH`],
/// [`super::MAX_NODES`]), is reported, and `None` given where the file is not to be looked at any
/// further. A template without quotes (`when: {{ x }}`) is reported, and read as if it had them.
/// A file without any document is a null.
///
/// ```
/// use workflow_compiler::diagnostic::Diagnostics;
/// use workflow_compiler::source::FileId;
/// use workflow_compiler::yaml;
///
/// let mut diagnostics = Diagnostics::default();
/// let document = yaml::parse(FileId(0), "name: a", &mut diagnostics).unwrap();
/// let name = document.get(document.root, "name").unwrap();
/// assert_eq!(document.scalar(name).unwrap().text, "a");
/// ```
pub fn parse(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Option<Document> {
    if text.len() > MAX_BYTES {
        diagnostics.push(too_large(file, text.len()));
        return None;
    }
    let read = match read(file, text, Indentation::Strict) {
        Err(refused) if refused.at_closing_bracket => {
            read(file, text, Indentation::Lenient).or(Err(refused))
        }
        read => read,
    };
    let (document, found) = match read {
        Ok((document, found)) => (document, found),
        Err(refused) => (None, refused.found),
    };
    diagnostics.extend(found);
    document
}

/// How brackets that go over several lines are indented
///
/// YAML wants the closing bracket to the right of the key. Nearly everyone puts it below the key,
/// and nearly every parser takes it; the errors, however, are better placed when it does not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Indentation {
    Strict,
    Lenient,
}

/// The text is not YAML
struct Refused {
    found: Vec<Diagnostic>,
    at_closing_bracket: bool,
}

/// The tree, if there is one, with what was found on the way
fn read(
    file: FileId,
    text: &str,
    indentation: Indentation,
) -> Result<(Option<Document>, Vec<Diagnostic>), Refused> {
    let options = options! {
        strict_indentation: indentation == Indentation::Strict,
        emit_unresolved_aliases: true,
        // The size of a file bounds them.
        max_buffered_comment_events: usize::MAX,
    };
    let mut builder = Builder::new(file, text);
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Err(error) => return Err(refused(file, text, &error, builder)),
            Ok((event, span)) => {
                if builder.event(event, &span).is_err() {
                    break;
                }
            }
        }
    }
    Ok(builder.finish())
}

fn refused(file: FileId, text: &str, error: &ScanError, builder: Builder<'_>) -> Refused {
    let last = explain::syntax_error(file, text, error, builder.reached());
    let (_, mut found) = builder.finish();
    let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
    // Half of a template may have been taken for a whole one.
    found.retain(|earlier| earlier.span.start != last.span.start);
    // What could not be read is the rest of a line whose beginning was reported.
    let follows = |earlier: &Diagnostic| {
        let end = earlier.span.range().end;
        text.get(end..at).is_some_and(|between| !between.contains('\n'))
    };
    let is_same =
        found.last().is_some_and(|earlier| earlier.code == Code::YamlSyntax && follows(earlier));
    if !is_same {
        found.push(last);
    }
    let at_closing_bracket = text.get(at..).is_some_and(|rest| rest.starts_with([']', '}']));
    Refused { found, at_closing_bracket }
}

fn too_large(file: FileId, bytes: usize) -> Diagnostic {
    let message = format!("the file has {bytes} bytes, {MAX_BYTES} are allowed");
    Diagnostic::new(Code::Limit, Span::new(file, 0..0), message)
        .help("move parts of the workflow into files of their own")
}
