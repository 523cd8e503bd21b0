//! YAML that is not the YAML that was meant: templates without quotes, negations that are tags, keys
//! without a space behind their colon. Each is reported, and read as it was meant.

use std::ops::Range;

use granit_parser::Tag;

use super::super::{Kind, Node, NodeId, Scalar, ScalarMap, Style};
use super::{Builder, Open, Stop, explain};
use crate::source::Span;

impl<'a> Builder<'a> {
    /// `{{ x }}` without quotes: a mapping whose only key is a mapping
    pub(super) fn is_bare_template(&self, open: &Open, span: Span) -> bool {
        let text = &self.text[span.range()];
        let [key, value] = open.children[..] else { return false };
        let inner = &self.nodes[key.0 as usize];
        text.starts_with("{{")
            && text.ends_with("}}")
            && matches!(inner.kind, Kind::Mapping(_))
            && inner.span.range() == (span.range().start + 1..span.range().end - 1)
            && self.nodes[value.0 as usize].span.range().is_empty()
    }

    /// Reports a template without quotes, and reads it as if it had them
    pub(super) fn bare_template(&mut self, span: Span) -> Kind {
        self.found.push(explain::bare_template(span, &self.text[span.range()]));
        self.bare = Some(span.range());
        self.verbatim(span)
    }

    /// A text that stands in the file as it is
    fn verbatim(&self, span: Span) -> Kind {
        let text = self.text[span.range()].to_owned();
        let map = ScalarMap::verbatim(span.range());
        Kind::Scalar(Scalar { text, style: Style::Plain, map, tag: None })
    }

    /// A text that has `opening` in the place of `before`, and `closing` in the place of `after`
    fn rewritten(
        &self,
        opening: &str,
        before: Range<usize>,
        closing: &str,
        after: Range<usize>,
    ) -> Kind {
        let text = format!("{opening}{}{closing}", &self.text[before.end..after.start]);
        let map = ScalarMap::rewritten(opening, before, closing, after);
        Kind::Scalar(Scalar { text, style: Style::Plain, map, tag: None })
    }

    /// What stands in single braces, if a template was meant: `{ state.x }`
    pub(super) fn single_brace(&self, open: &Open) -> Option<&'a str> {
        let [key, value] = open.children[..] else { return None };
        let range = self.nodes[key.0 as usize].span.range();
        let name = &self.text[range.clone()];
        let is_value = ["state.", "inputs."].iter().any(|root| name.starts_with(root));
        let alone = self.text[range.end..].trim_start().starts_with('}')
            && self.nodes[value.0 as usize].span.range().is_empty();
        // Two braces are another mistake.
        let single = !self.text[..open.start].ends_with('{');
        (open.is_flow && is_value && alone && single).then_some(name)
    }

    /// Reports a template in single braces, and reads it as if it had two
    pub(super) fn in_two_braces(&mut self, span: Span, name: &str) -> Kind {
        self.found.push(explain::single_brace(span, name));
        let Range { start, end } = span.range();
        self.rewritten("{{", start..start + 1, "}}", end - 1..end)
    }

    /// `{id:done}`: a key without a value, that holds a colon; read as if it had a space behind it
    pub(super) fn split_key(&mut self, [key, value]: [NodeId; 2]) {
        let empty = self.nodes[value.0 as usize].span.range().is_empty();
        let range = self.nodes[key.0 as usize].span.range();
        let Kind::Scalar(Scalar { style: Style::Plain, text, .. }) =
            &self.nodes[key.0 as usize].kind
        else {
            return;
        };
        let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let length = text.find(|c| !name(c)).unwrap_or(text.len());
        let behind = text[length..].strip_prefix(':').filter(|behind| !behind.starts_with('/'));
        if length == 0 || !empty || behind.is_none_or(str::is_empty) || text.contains('\n') {
            return;
        }
        let colon = range.start + length;
        self.found.push(explain::missing_space(self.file, colon));
        for (id, range) in [(key, range.start..colon), (value, colon + 1..range.end)] {
            let span = Span::new(self.file, range);
            self.nodes[id.0 as usize] = Node { kind: self.verbatim(span), span };
        }
    }

    /// `!state.x`, read as `{{ not state.x }}`: a negation, which YAML takes for a tag
    pub(super) fn negated(
        &mut self,
        tag: &Tag,
        value: &str,
        span: &granit_parser::Span,
    ) -> Option<Node> {
        let place = span.tag_span().and_then(|tag| tag.byte_range())?;
        let end =
            span.byte_range().filter(|_| !value.is_empty()).map_or(place.end, |range| range.end);
        let text = self.text.get(place.start..end)?;
        let negated = text.strip_prefix('!')?.trim_start_matches(' ');
        let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let length = negated.find(|c| !name(c)).unwrap_or(negated.len());
        let is_value = negated.starts_with('(')
            || (matches!(&negated[..length], "state" | "inputs" | "item")
                && negated[length..].starts_with(['.', '[']));
        if tag.is_yaml_core_schema() || !is_value || text.contains(['\n', '\r']) {
            return None;
        }
        let rest = end - negated.len();
        let sign = Span::new(self.file, place.start..rest);
        self.found.push(explain::negation(sign, negated, self.key()));
        let kind = self.rewritten("{{ not ", sign.range(), " }}", end..end);
        Some(Node { kind, span: Span::new(self.file, place.start..end) })
    }

    /// The key whose value is read
    fn key(&self) -> Option<&str> {
        let open =
            self.open.last().filter(|open| open.is_mapping && open.children.len() % 2 == 1)?;
        match &self.nodes[open.children.last()?.0 as usize].kind {
            Kind::Scalar(key) => Some(&key.text),
            _ => None,
        }
    }

    /// Notes what an anchor names; its name should look like one
    pub(super) fn anchor(&mut self, anchor: usize, id: NodeId, start: usize) -> Result<(), Stop> {
        self.anchors.insert(anchor, id);
        if anchor == 0 {
            return Ok(());
        }
        let before = self.text[..start].trim_end_matches([' ', '\t', '\r', '\n']);
        let word = before.rfind([' ', '\t', '\n']).map_or(0, |at| at + 1);
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
        if let Some(name) =
            before[word..].strip_prefix('&').filter(|name| !name.chars().all(is_name))
        {
            let span = Span::new(self.file, word..before.len());
            return self.stop(explain::odd_anchor(span, name));
        }
        Ok(())
    }

    pub(super) fn check_tag(&mut self, tag: &Tag, span: &granit_parser::Span) -> Result<(), Stop> {
        if !tag.is_yaml_core_schema() && tag.original() != "!" {
            let place = span.tag_span().and_then(|tag| tag.byte_range());
            let place = place.or(span.byte_range()).unwrap_or_default();
            let span = Span::new(self.file, place);
            return self.stop(explain::tag(span, &tag.original()));
        }
        Ok(())
    }
}
