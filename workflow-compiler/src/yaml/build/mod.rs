//! Makes the tree from the parser's events.
//!
//! An alias becomes the id of what it names, so that a small file with many aliases stays small.
//! What it would be when written out is counted all the same, because everyone who walks the tree
//! walks that.

mod merge;
mod slips;

use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, ScalarStyle, StructureStyle, Tag};

use super::comments;
use super::explain::{self, Reached};
use super::scalar::Site;
use super::{Document, Kind, MAX_DEPTH, MAX_NODES, Node, NodeId, Pair, Scalar, ScalarMap, Style};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// A mistake was reported behind which it makes no sense to read on
#[derive(Debug)]
pub(super) struct Stop;

/// A tree in the making
pub(super) struct Builder<'a> {
    file: FileId,
    text: &'a str,
    found: Vec<Diagnostic>,
    nodes: Vec<Node>,
    /// Of each node, what it is when its aliases are written out
    extents: Vec<Extent>,
    /// The collections around the place that is read, outermost first
    open: Vec<Open>,
    /// What has the parser's number of an anchor
    anchors: HashMap<usize, NodeId>,
    comments: Vec<Span>,
    root: Option<NodeId>,
    document_closed: bool,
    /// Nodes so far, aliases written out
    total: usize,
    /// Something was reported that leaves a hole in the tree
    broken: bool,
    /// End of the last thing read
    end: usize,
    /// The template without quotes, if one was read last
    bare: Option<Range<usize>>,
}

/// Size and height of a node, aliases written out
#[derive(Clone, Copy)]
struct Extent {
    nodes: usize,
    depth: usize,
}

/// A collection whose end has not been read
struct Open {
    id: NodeId,
    is_mapping: bool,
    is_flow: bool,
    start: usize,
    /// Items, or keys and values by turns
    children: Vec<NodeId>,
    /// End of the last child
    end: usize,
}

impl<'a> Builder<'a> {
    pub(super) fn new(file: FileId, text: &'a str) -> Self {
        Self {
            file,
            text,
            found: Vec::new(),
            nodes: Vec::new(),
            extents: Vec::new(),
            open: Vec::new(),
            anchors: HashMap::new(),
            comments: Vec::new(),
            root: None,
            document_closed: false,
            total: 0,
            broken: false,
            end: 0,
            bare: None,
        }
    }

    /// Takes one event; `Stop` if what it brings ends the reading
    pub(super) fn event(
        &mut self,
        event: Event<'_>,
        span: &granit_parser::Span,
    ) -> Result<(), Stop> {
        // Offsets are always known when a text is read from memory.
        let range = span.byte_range().unwrap_or_default();
        if let Event::Scalar(value, ScalarStyle::Plain, anchor, Some(tag)) = &event
            && let Some(negated) = self.negated(tag, value, span)
        {
            let id = self.add(negated)?;
            self.anchors.insert(*anchor, id);
            self.attach(id, range.end);
            return Ok(());
        }
        if let Some(tag) = event.tag() {
            self.check_tag(tag, span)?;
        }
        match event {
            Event::DocumentStart(..) if self.document_closed => {
                let span = self.first_line(range);
                self.stop(explain::second_document(span))
            }
            Event::DocumentEnd => {
                self.document_closed = true;
                Ok(())
            }
            Event::Scalar(value, style, anchor, tag) => {
                let tag = tag.as_deref().map(core_tag);
                let scalar = self.scalar(&value, style, range, span.indent, tag);
                let end = scalar.span.range().end;
                let start = scalar.span.range().start;
                let id = self.add(scalar)?;
                self.anchor(anchor, id, start)?;
                self.attach(id, end);
                Ok(())
            }
            Event::SequenceStart(style, anchor, _) => self.begin(false, style, anchor, range),
            Event::MappingStart(style, anchor, _) => self.begin(true, style, anchor, range),
            Event::SequenceEnd | Event::MappingEnd => {
                self.close(&range);
                Ok(())
            }
            Event::Alias(anchor) => self.alias(anchor, &range),
            Event::UnresolvedAlias(_) => self.unknown_alias(range),
            Event::Comment(..) => {
                self.comments.push(Span::new(self.file, range));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// How far the reading came, for messages about what comes next
    pub(super) fn reached(&self) -> Reached {
        // A pair in a list, `[a: b]`, is a mapping without brackets.
        let brackets =
            |open: &&Open| open.is_flow && self.text[open.start..].starts_with(['[', '{']);
        let flows = self.open.iter().filter(brackets).map(|open| open.start);
        let bare = self.bare.as_ref().filter(|bare| bare.end == self.end);
        Reached { end: self.end, flows: flows.collect(), bare: bare.map(|bare| bare.start) }
    }

    /// The tree, if it is whole, and the mistakes found
    pub(super) fn finish(mut self) -> (Option<Document>, Vec<Diagnostic>) {
        if self.root.is_none() && !self.broken {
            let end = self.text.len();
            let nothing = self.scalar("", ScalarStyle::Plain, end..end, None, None);
            self.root = self.add(nothing).ok();
        }
        let (mut nodes, comments) = (self.nodes, self.comments);
        let Some(root) = self.root.filter(|_| !self.broken) else { return (None, self.found) };
        // It is kept as long as its project.
        nodes.shrink_to_fit();
        let swallowed = comments::swallowed(self.text, &nodes, &comments);
        (Some(Document { nodes, root, comments, swallowed }), self.found)
    }

    /// Reports what ends the reading
    fn stop(&mut self, diagnostic: Diagnostic) -> Result<(), Stop> {
        self.hole(diagnostic);
        Err(Stop)
    }

    /// Reports what leaves a hole in the tree, so that nobody is to look at it
    fn hole(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
        self.broken = true;
    }

    /// Gives the node an id, and counts it
    fn add(&mut self, node: Node) -> Result<NodeId, Stop> {
        let span = node.span;
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node);
        self.extents.push(Extent { nodes: 1, depth: 1 });
        self.count(1, span)?;
        Ok(id)
    }

    fn count(&mut self, nodes: usize, span: Span) -> Result<(), Stop> {
        self.total = self.total.saturating_add(nodes);
        if self.total > MAX_NODES {
            let message = format!("the file has more than {MAX_NODES} values");
            return self.stop(
                Diagnostic::new(Code::Limit, span, message)
                    .label("the limit is passed here")
                    .help("an alias counts as much as what it stands for"),
            );
        }
        Ok(())
    }

    fn check_depth(&mut self, depth: usize, span: Span) -> Result<(), Stop> {
        if depth > MAX_DEPTH {
            return self.stop(explain::too_deep(span));
        }
        Ok(())
    }

    /// Puts a node that ends at `end` into the innermost open collection
    fn attach(&mut self, id: NodeId, end: usize) {
        self.end = end;
        match self.open.last_mut() {
            Some(open) => {
                open.children.push(id);
                open.end = end;
            }
            None => self.root = Some(id),
        }
    }

    fn scalar(
        &self,
        value: &str,
        style: ScalarStyle,
        range: Range<usize>,
        indent: Option<usize>,
        tag: Option<String>,
    ) -> Node {
        let style = Style::from(style);
        let value = if range.is_empty() && style == Style::Plain { "" } else { value };
        let flow = self.open.last().is_some_and(|open| open.is_flow);
        let map = ScalarMap::new(self.text, range.clone(), Site { style, flow, indent }, value);
        let visible = self.visible(range, style, value.trim().is_empty());
        let span = Span::new(self.file, visible);
        Node { kind: Kind::Scalar(Scalar { text: value.to_owned(), style, map, tag }), span }
    }

    /// The part of a scalar's range that a reader sees as the scalar
    fn visible(&self, range: Range<usize>, style: Style, is_blank: bool) -> Range<usize> {
        let is_block = matches!(style, Style::Literal | Style::Folded);
        if is_block
            && is_blank
            && let Some(sign) = self.block_sign(range.start)
        {
            return sign;
        }
        match style {
            // The parser puts an absent value before the colon that it would follow.
            Style::Plain if range.is_empty() && self.text[range.start..].starts_with(':') => {
                range.start + 1..range.start + 1
            }
            // It ends a block at the next thing's first byte.
            Style::Literal | Style::Folded => {
                let text = self.text[range.clone()].trim_end_matches([' ', '\t', '\r', '\n']);
                range.start..range.start + text.len()
            }
            _ => range,
        }
    }

    /// The `|` or `>-` of a block without text, which the parser puts at what comes next: between
    /// the two there are blank lines and comments only
    fn block_sign(&self, next: usize) -> Option<Range<usize>> {
        let mut before = &self.text[..next];
        loop {
            before = before.trim_end();
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            let line = &before[start..];
            if line.trim_start().starts_with('#') {
                before = &before[..start];
                continue;
            }
            let written = line.split(" #").next().unwrap_or(line).trim_end();
            let sign = written.trim_end_matches(|c: char| "+-".contains(c) || c.is_ascii_digit());
            return sign
                .ends_with(['|', '>'])
                .then(|| start + sign.len() - 1..start + written.len());
        }
    }

    fn begin(
        &mut self,
        is_mapping: bool,
        style: StructureStyle,
        anchor: usize,
        range: Range<usize>,
    ) -> Result<(), Stop> {
        let is_flow = style == StructureStyle::Flow;
        let start = if is_mapping || is_flow { range.start } else { self.dash(range.start) };
        let span = Span::new(self.file, start..range.end.max(start));
        self.check_depth(self.open.len() + 1, span)?;
        let kind = if is_mapping { Kind::Mapping(Vec::new()) } else { Kind::Sequence(Vec::new()) };
        let id = self.add(Node { kind, span })?;
        self.anchor(anchor, id, range.start)?;
        self.end = range.end;
        self.open.push(Open {
            id,
            is_mapping,
            is_flow,
            start,
            children: Vec::new(),
            end: range.end,
        });
        Ok(())
    }

    /// Where a block list begins: a list that is not indented is reported behind its first dash
    fn dash(&self, start: usize) -> usize {
        let is_value =
            self.open.last().is_some_and(|open| open.is_mapping && open.children.len() % 2 == 1);
        let before = self.text[..start].trim_end_matches([' ', '\t']);
        if is_value && before.ends_with('-') { before.len() - 1 } else { start }
    }

    fn close(&mut self, range: &Range<usize>) {
        // Starts and ends come in pairs.
        let Some(open) = self.open.pop() else { return };
        let bracket = matches!(self.text.get(range.clone()), Some("]" | "}"));
        let end = if open.is_flow && bracket { range.end } else { open.end };
        let span = Span::new(self.file, open.start..end);
        let kind = if !open.is_mapping {
            Kind::Sequence(open.children)
        } else if self.is_bare_template(&open, span) {
            self.bare_template(span)
        } else if let Some(name) = self.single_brace(&open) {
            self.in_two_braces(span, name)
        } else {
            Kind::Mapping(self.pairs(&open.children))
        };
        let index = open.id.0 as usize;
        self.extents[index] = self.extent(&kind);
        self.nodes[index] = Node { kind, span };
        self.attach(open.id, end);
    }

    fn pairs(&mut self, children: &[NodeId]) -> Vec<Pair> {
        let (pairs, _) = children.as_chunks::<2>();
        for pair in pairs {
            self.split_key(*pair);
        }
        let own: Vec<Pair> =
            pairs.iter().map(|&[key, value]| Pair { key, value, merged: false }).collect();
        for pair in &own {
            if !matches!(self.nodes[pair.key.0 as usize].kind, Kind::Scalar(_)) {
                let span = self.nodes[pair.key.0 as usize].span;
                self.hole(explain::compound_key(span));
            }
        }
        self.resolve_merges(own)
    }

    fn extent(&self, kind: &Kind) -> Extent {
        let mut sum = Extent { nodes: 1, depth: 1 };
        let mut add = |id: NodeId| {
            let child = self.extents[id.0 as usize];
            sum.nodes = sum.nodes.saturating_add(child.nodes);
            sum.depth = sum.depth.max(child.depth + 1);
        };
        match kind {
            Kind::Scalar(_) => {}
            Kind::Sequence(items) => items.iter().copied().for_each(add),
            Kind::Mapping(pairs) => pairs.iter().for_each(|pair| {
                add(pair.key);
                add(pair.value);
            }),
        }
        sum
    }

    /// The text of the line that begins at a place, for something that has no length
    fn first_line(&self, range: Range<usize>) -> Span {
        let line = self.text[range.start..].lines().next().unwrap_or_default().trim_end();
        let end = if range.is_empty() { range.start + line.len() } else { range.end };
        Span::new(self.file, range.start..end)
    }

    fn alias(&mut self, anchor: usize, range: &Range<usize>) -> Result<(), Stop> {
        let span = Span::new(self.file, range.clone());
        let Some(&target) = self.anchors.get(&anchor) else {
            return self.unknown_alias(range.clone());
        };
        if let Some(open) = self.open.iter().find(|open| open.id == target) {
            let whole = Span::new(self.file, open.start..open.start);
            return self.stop(explain::cyclic_alias(span, &self.text[range.clone()], whole));
        }
        let extent = self.extents[target.0 as usize];
        self.check_depth(self.open.len() + extent.depth, span)?;
        self.count(extent.nodes, span)?;
        self.attach(target, range.end);
        Ok(())
    }

    fn unknown_alias(&mut self, range: Range<usize>) -> Result<(), Stop> {
        let flow = self.open.iter().any(|open| open.is_flow);
        self.hole(explain::unknown_alias(self.file, self.text, range.clone(), flow));
        let nothing = self.scalar("", ScalarStyle::Plain, range.end..range.end, None, None);
        let id = self.add(nothing)?;
        self.attach(id, range.end);
        Ok(())
    }
}

/// The short form of a core tag, however it was written; `!` means a string
fn core_tag(tag: &Tag) -> String {
    format!("!!{}", tag.core_suffix().unwrap_or("str"))
}

impl From<ScalarStyle> for Style {
    fn from(style: ScalarStyle) -> Self {
        match style {
            ScalarStyle::Plain => Self::Plain,
            ScalarStyle::SingleQuoted => Self::Single,
            ScalarStyle::DoubleQuoted => Self::Double,
            ScalarStyle::Literal => Self::Literal,
            ScalarStyle::Folded => Self::Folded,
        }
    }
}
