//! Diagnostics as a person reads them: the look of rustc.

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet, normalize_untrusted_str,
};

use super::{Diagnostic, Fix, Severity};
use crate::source::{FileId, Sources, Span};

/// All diagnostics, a blank line behind each
///
/// `color` adds ANSI escape codes. The snippet shows each place involved, in other files too;
/// below stand the help lines and what each fix would change.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&renderer.render(&report(diagnostic, sources)));
        out.push_str("\n\n");
    }
    out
}

/// The last line under a list of diagnostics; empty where there are none
///
/// ```
/// use workflow_compiler::diagnostic::render::summary;
///
/// assert_eq!(summary(2, 1), "2 errors, 1 warning");
/// assert_eq!(summary(0, 0), "");
/// ```
pub fn summary(errors: usize, warnings: usize) -> String {
    let counted = |count: usize, word: &str| {
        (count > 0).then(|| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
    };
    let parts = [counted(errors, "error"), counted(warnings, "warning")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn report<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code.as_str());
    let help =
        diagnostic.help.iter().map(|line| Level::HELP.message(normalize_untrusted_str(line)));
    let main = title.elements(snippets(diagnostic, sources)).elements(help);
    let fixes = diagnostic.fixes.iter().map(|fix| suggestion(fix, sources));
    std::iter::once(main).chain(fixes).collect()
}

/// One snippet for each file involved, that of the mistake first
fn snippets<'a>(
    diagnostic: &'a Diagnostic,
    sources: &'a Sources,
) -> Vec<Snippet<'a, Annotation<'a>>> {
    let mut files = vec![diagnostic.span.file];
    files.extend(diagnostic.labels.iter().map(|label| label.span.file));
    let mut seen = Vec::new();
    files.retain(|file| {
        let first = !seen.contains(file);
        seen.push(*file);
        first
    });
    files.into_iter().map(|file| snippet(file, diagnostic, sources)).collect()
}

fn snippet<'a>(
    file: FileId,
    diagnostic: &'a Diagnostic,
    sources: &'a Sources,
) -> Snippet<'a, Annotation<'a>> {
    let primary = (diagnostic.span.file == file)
        .then(|| annotation(AnnotationKind::Primary, diagnostic.span, &diagnostic.label, sources));
    let context = diagnostic
        .labels
        .iter()
        .filter(|label| label.span.file == file)
        .map(|label| annotation(AnnotationKind::Context, label.span, &label.message, sources));
    source(file, sources).annotations(primary.into_iter().chain(context))
}

fn annotation<'a>(
    kind: AnnotationKind,
    span: Span,
    label: &'a str,
    sources: &Sources,
) -> Annotation<'a> {
    let label = Some(label).filter(|label| !label.is_empty());
    kind.span(within(span, sources)).label(label)
}

fn suggestion<'a>(fix: &'a Fix, sources: &'a Sources) -> Group<'a> {
    let mut files: Vec<FileId> = fix.edits.iter().map(|edit| edit.span.file).collect();
    files.sort_unstable();
    files.dedup();
    let snippets = files.into_iter().map(|file| {
        let edits = fix.edits.iter().filter(move |edit| edit.span.file == file);
        let patches = edits.map(|edit| Patch::new(within(edit.span, sources), edit.text.as_str()));
        source(file, sources).patches(patches)
    });
    Level::HELP.secondary_title(normalize_untrusted_str(&fix.title)).elements(snippets)
}

fn source<T: Clone>(file: FileId, sources: &Sources) -> Snippet<'_, T> {
    Snippet::source(sources.file(file).text.as_str()).path(sources.path(file).to_string_lossy())
}

/// The bytes of a span, kept inside of the file and at the edges of characters
pub(super) fn within(span: Span, sources: &Sources) -> std::ops::Range<usize> {
    let text = &sources.file(span.file).text;
    let start = text.floor_char_boundary(span.range().start);
    start..text.ceil_char_boundary(span.range().end).max(start)
}

#[cfg(test)]
mod tests;
