//! What tests look at: each mistake in a line, with the text that is marked.

use crate::diagnostic::fix::apply_fixes;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, Sources, Span};
use crate::yaml::{self, Document};

/// A file with what was said of it
#[derive(Default)]
pub(crate) struct Checked {
    pub(crate) sources: Sources,
    pub(crate) diagnostics: Diagnostics,
}

impl Checked {
    /// The tree of a text that is YAML
    pub(crate) fn parse(&mut self, text: &str) -> (Document, FileId) {
        let file = self.sources.add("a.yaml", text);
        let document = yaml::parse(file, text, &mut self.diagnostics);
        (document.expect("the text is YAML"), file)
    }

    /// Every mistake as `line:column code [marked text] message`
    pub(crate) fn mistakes(self) -> Vec<String> {
        let (sources, list) = (self.sources, self.diagnostics.into_sorted());
        list.iter().map(|diagnostic| line(&sources, diagnostic)).collect()
    }

    /// The text of the only changed file after its fixes, and what was wrong with it
    pub(crate) fn fixed(self) -> String {
        let list = self.diagnostics.into_sorted();
        let mut changed = apply_fixes(&list, &self.sources);
        assert_eq!(changed.len(), 1, "no fix in {list:#?}");
        changed.remove(0).1
    }

    /// The help of every mistake
    pub(crate) fn help(self) -> Vec<String> {
        self.diagnostics.into_sorted().into_iter().flat_map(|mistake| mistake.help).collect()
    }

    /// The further places of every mistake as `line:column [text]`
    pub(crate) fn labels(self) -> Vec<String> {
        let (sources, list) = (self.sources, self.diagnostics.into_sorted());
        let labels = list.iter().flat_map(|diagnostic| &diagnostic.labels);
        labels.map(|label| place(&sources, label.span)).collect()
    }
}

fn line(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let (place, code) = (place(sources, diagnostic.span), diagnostic.code.as_str());
    let (at, text) = place.split_once(' ').expect("a place has a space");
    format!("{at} {code} {text} {}", diagnostic.message)
}

fn place(sources: &Sources, span: Span) -> String {
    let at = sources.position(span);
    format!("{}:{} [{}]", at.line, at.column, sources.text(span))
}
