//! Diagnostics as a person reads them: the look of rustc.

use std::ops::Range;

use annotate_snippets::{
    AnnotationKind, Element, Group, Level, Origin, Patch, Renderer, Snippet,
    normalize_untrusted_str,
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
    let fixes = diagnostic.fixes.iter().filter_map(|fix| suggestion(fix, sources));
    std::iter::once(main).chain(fixes).collect()
}

/// One snippet for each file involved, that of the mistake first
fn snippets<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Vec<Element<'a>> {
    let places = std::iter::once((AnnotationKind::Primary, diagnostic.span, &diagnostic.label))
        .chain(
            diagnostic
                .labels
                .iter()
                .map(|label| (AnnotationKind::Context, label.span, &label.message)),
        );
    let mut files: Vec<(FileId, Vec<_>)> = Vec::new();
    for place in places {
        let file = place.1.file;
        match files.iter_mut().find(|(known, _)| *known == file) {
            Some((_, of_file)) => of_file.push(place),
            None => files.push((file, vec![place])),
        }
    }
    files.into_iter().flat_map(|(_, places)| snippets_of_file(&places, sources)).collect()
}

/// A place, what it has to do with the mistake, and what stands beside it
type Marked<'a> = (AnnotationKind, Span, &'a String);

/// One snippet; for places that are far apart one each, and for one in a very long line only where
/// it is
fn snippets_of_file<'a>(places: &[Marked<'a>], sources: &'a Sources) -> Vec<Element<'a>> {
    let spans: Vec<Span> = places.iter().map(|place| place.1).collect();
    if let Some(excerpt) = Excerpt::new(&spans, sources) {
        let annotations = places.iter().map(|(kind, span, label)| {
            let label = Some(label.as_str()).filter(|label| !label.is_empty());
            kind.span(excerpt.range(*span, sources)).label(label)
        });
        return vec![excerpt.snippet(sources).annotations(annotations).into()];
    }
    if places.len() > 1 {
        return places.iter().flat_map(|place| snippets_of_file(&[*place], sources)).collect();
    }
    let origin = |span: Span| {
        let place = sources.position(span);
        let path = sources.path(span.file).to_string_lossy();
        Origin::path(path).line(place.line).char_column(place.column).into()
    };
    spans.into_iter().map(origin).collect()
}

/// What a fix would change; nothing for a change in a very long line
fn suggestion<'a>(fix: &'a Fix, sources: &'a Sources) -> Option<Group<'a>> {
    let mut files: Vec<FileId> = fix.edits.iter().map(|edit| edit.span.file).collect();
    files.sort_unstable();
    files.dedup();
    let mut snippets: Vec<Element<'a>> = Vec::new();
    for file in files {
        let edits = fix.edits.iter().filter(|edit| edit.span.file == file);
        let spans: Vec<Span> = edits.clone().map(|edit| edit.span).collect();
        let excerpt = Excerpt::new(&spans, sources)?;
        let patches =
            edits.map(|edit| Patch::new(excerpt.range(edit.span, sources), edit.text.as_str()));
        snippets.push(excerpt.snippet(sources).patches(patches).into());
    }
    let title = Level::HELP.secondary_title(normalize_untrusted_str(&fix.title));
    Some(title.elements(snippets))
}

/// A snippet is made of so many bytes at most
const MAX_EXCERPT: usize = 16 * 1024;

/// So many lines round the places are looked at: as many as may be shown
const MARGIN: usize = 4;

/// The part of a file round some places, so that the work for one mistake does not depend on the
/// size of the file
struct Excerpt {
    file: FileId,
    range: Range<usize>,
    first_line: usize,
}

impl Excerpt {
    /// `None` where it would be too large; the spans are of one file
    fn new(spans: &[Span], sources: &Sources) -> Option<Self> {
        let file = spans.first()?.file;
        let source = sources.file(file);
        let start = spans.iter().map(|span| span.start as usize).min()?;
        let end = spans.iter().map(|span| span.end as usize).max()?;
        let first = source.position(start).line.saturating_sub(MARGIN).max(1);
        let last = source.position(end).line + MARGIN;
        let range = source.offset(first, 1)..source.offset(last + 1, 1);
        (range.len() <= MAX_EXCERPT).then_some(Self { file, range, first_line: first })
    }

    fn snippet<'a, T: Clone>(&self, sources: &'a Sources) -> Snippet<'a, T> {
        Snippet::source(&sources.file(self.file).text[self.range.clone()])
            .line_start(self.first_line)
            .path(sources.path(self.file).to_string_lossy())
    }

    /// Where a span stands in the excerpt
    fn range(&self, span: Span, sources: &Sources) -> Range<usize> {
        let range = within(span, sources);
        range.start - self.range.start..range.end - self.range.start
    }
}

/// The bytes of a span, kept inside of the file and at the edges of characters
pub(super) fn within(span: Span, sources: &Sources) -> Range<usize> {
    let text = &sources.file(span.file).text;
    let start = text.floor_char_boundary(span.range().start);
    start..text.ceil_char_boundary(span.range().end).max(start)
}

#[cfg(test)]
mod tests;
