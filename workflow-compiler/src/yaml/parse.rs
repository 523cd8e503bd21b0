//! Reads a file into a [`Document`].

use granit_parser::{Event, Parser, ScanError, options};

use super::Document;
use super::build::{Builder, Stop};
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
    let mut builder = Builder::new(file, text, diagnostics);
    match read(text, &mut builder) {
        Ok(()) => builder.finish(),
        Err(Failure::Stopped) => None,
        Err(Failure::Syntax(error)) => {
            let reached = builder.reached();
            diagnostics.push(explain::syntax_error(file, text, &error, reached));
            None
        }
    }
}

/// Why reading ended early
enum Failure {
    /// The parser's error, not yet reported
    Syntax(ScanError),
    /// The builder has reported why
    Stopped,
}

fn read(text: &str, builder: &mut Builder<'_>) -> Result<(), Failure> {
    let options = options! {
        strict_indentation: true,
        emit_unresolved_aliases: true,
        // The size of a file bounds them.
        max_buffered_comment_events: usize::MAX,
    };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(Failure::Syntax)?;
        let end_of_document = event == Event::DocumentEnd;
        builder.event(event, &span).map_err(|Stop| Failure::Stopped)?;
        if end_of_document {
            builder.close_document();
        }
    }
    Ok(())
}

fn too_large(file: FileId, bytes: usize) -> Diagnostic {
    let message = format!("the file has {bytes} bytes, {MAX_BYTES} are allowed");
    Diagnostic::new(Code::Limit, Span::new(file, 0..0), message)
        .help("move parts of the workflow into files of their own")
}
