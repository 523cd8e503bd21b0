//! Merges: `<<: *defaults` brings in the pairs of another mapping.

use std::collections::HashSet;

use super::super::{Kind, NodeId, Pair, Style};
use super::{Builder, explain};
use crate::diagnostic::{Code, Diagnostic};

impl Builder<'_> {
    /// The pairs of a mapping without its `<<`, and behind them what those bring in
    ///
    /// A key of the mapping's own wins over a merged one, an earlier merge over a later one.
    pub(super) fn resolve_merges(&mut self, own: Vec<Pair>) -> Vec<Pair> {
        let (merges, mut pairs): (Vec<_>, Vec<_>) =
            own.into_iter().partition(|pair| self.is_merge(pair.key));
        if merges.is_empty() {
            return pairs;
        }
        self.check_single(&merges);
        let mut taken: HashSet<String> =
            pairs.iter().filter_map(|pair| self.name(pair.key)).map(str::to_owned).collect();
        for source in merges.iter().flat_map(|merge| self.sources(merge.value)).collect::<Vec<_>>()
        {
            let Kind::Mapping(brought) = &self.nodes[source.0 as usize].kind else {
                self.not_mergeable(source);
                continue;
            };
            for pair in brought {
                if self.name(pair.key).is_some_and(|key| taken.insert(key.to_owned())) {
                    pairs.push(Pair { merged: true, ..*pair });
                }
            }
        }
        pairs
    }

    fn is_merge(&self, key: NodeId) -> bool {
        match &self.nodes[key.0 as usize].kind {
            Kind::Scalar(key) => key.text == "<<" && key.style == Style::Plain && key.tag.is_none(),
            _ => false,
        }
    }

    fn name(&self, key: NodeId) -> Option<&str> {
        match &self.nodes[key.0 as usize].kind {
            Kind::Scalar(key) => Some(&key.text),
            _ => None,
        }
    }

    /// The mappings that a merge names: one, or a list of them
    fn sources(&self, value: NodeId) -> Vec<NodeId> {
        match &self.nodes[value.0 as usize].kind {
            Kind::Sequence(items) => items.clone(),
            _ => vec![value],
        }
    }

    fn check_single(&mut self, merges: &[Pair]) {
        let span = |pair: &Pair| self.nodes[pair.key.0 as usize].span;
        if let [first, second, ..] = merges {
            let diagnostic = Diagnostic::new(Code::DuplicateKey, span(second), "`<<` stands twice")
                .also(span(first), "first here")
                .help("merge several mappings with a list: `<<: [*a, *b]`");
            self.found.push(diagnostic);
        }
    }

    fn not_mergeable(&mut self, source: NodeId) {
        let span = self.nodes[source.0 as usize].span;
        self.hole(explain::not_mergeable(span));
    }
}
