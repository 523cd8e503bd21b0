//! From the blocks of a program to a graph of its steps.

use std::collections::{BTreeMap, BTreeSet};

use super::{Edge, EdgeKind, Graph, Node, NodeId, Shape, StepName, Who, words};
use crate::ir::{Block, BlockId, Decision, End, Program, ProgramId, Question, StepId, can_fail};
use crate::source::{Sources, Span};

impl Graph {
    /// The graph of a program, with those of its inline tasks in it
    pub fn of(programs: &[Program], id: ProgramId, sources: &Sources) -> Self {
        Builder { programs, sources, drawn: BTreeSet::from([id]) }.graph(id)
    }
}

struct Builder<'a> {
    programs: &'a [Program],
    sources: &'a Sources,
    /// The programs that are in the picture already
    drawn: BTreeSet<ProgramId>,
}

impl Builder<'_> {
    fn graph(&mut self, id: ProgramId) -> Graph {
        let program = &self.programs[id];
        let title = if program.inline_task {
            program.name.value.rsplit('/').next().unwrap_or_default().to_owned()
        } else {
            format!("{} {}", program.name.value, program.version)
        };
        let flow = Flow::of(program);
        let mut nodes = vec![start(program)];
        for place in &flow.places {
            nodes.push(self.node(&flow, place));
        }
        let mut edges = flow.edges();
        let end = nodes.len();
        if edges.iter().any(|edge| edge.to == end) {
            nodes.push(plain(Shape::End, vec!["end".to_owned()]));
        }
        edges.dedup();
        Graph { title, description: program.description.clone(), nodes, edges }
    }

    fn node(&mut self, flow: &Flow<'_>, place: &Place) -> Node {
        let program = flow.program;
        let step = &program.steps[place.step];
        let blocks: Vec<&Block> =
            flow.walk(place).blocks.into_iter().map(|block| &program.blocks[block]).collect();
        let line = Some(self.sources.position(step.id.span).line);
        let name =
            Some(StepName { program: program.name.value.clone(), id: step.id.value.clone() });
        let test = |word: &str, decision: Decision| {
            let mut lines = vec![words::of_test(word, decision.test, self.sources)];
            lines.extend(words::asked(&blocks));
            lines
        };
        match place.decision {
            Some(decision) if decision.asks == Question::Gate => {
                Node { line, step: name, ..plain(Shape::Decision, test("when ", decision)) }
            }
            Some(decision) if decision.asks == Question::Fork => {
                let mut lines = vec![step.id.value.clone()];
                lines.extend(test("", decision));
                Node { line, step: name, ..plain(Shape::Decision, lines) }
            }
            _ => {
                let words = words::of_step(program, step, &blocks);
                let mut child = words.fork.and_then(|fork| words::child(fork, self.programs));
                if let Some(child) = &mut child {
                    let inline = self.programs[child.program].inline_task;
                    if inline && self.drawn.insert(child.program) {
                        child.graph = Some(self.graph(child.program));
                    }
                }
                let returns = |block: &&Block| flow.returns(block) == Some(true);
                let shape = if blocks.iter().any(returns) { Shape::Return } else { Shape::Step };
                Node { shape, who: words.who, lines: words.lines, line, step: name, child }
            }
        }
    }
}

/// Where a run begins, with what it is started with
fn start(program: &Program) -> Node {
    let names: Vec<&str> = program.inputs.iter().map(|input| &*input.name.value).collect();
    let mut lines = vec!["start".to_owned()];
    if !names.is_empty() {
        lines.push(super::text::shorten(&names.join(", "), super::text::MAX_COLUMNS));
    }
    plain(Shape::Start, lines)
}

fn plain(shape: Shape, lines: Vec<String>) -> Node {
    Node { shape, who: Who::Server, lines, line: None, step: None, child: None }
}

/// What becomes a node: a step, or the `when` before it
#[derive(Debug)]
struct Place {
    step: StepId,
    /// Its first block
    begins: BlockId,
    decision: Option<Decision>,
}

/// The blocks of a program by the nodes that they belong to
struct Flow<'p> {
    program: &'p Program,
    /// The node at an index is that index and one: the first is the start
    places: Vec<Place>,
    /// The nodes by their first blocks
    begins: BTreeMap<BlockId, NodeId>,
}

/// The blocks of a node, and where they lead
#[derive(Debug, Default)]
struct Walk {
    blocks: Vec<BlockId>,
    exits: Vec<(NodeId, EdgeKind)>,
}

impl<'p> Flow<'p> {
    fn of(program: &'p Program) -> Self {
        let mut places: Vec<Place> = Vec::new();
        for step in 0..program.steps.len() {
            let entry = program.steps[step].entry;
            let find = |begins, gate| {
                let mut all = program.decisions.iter().copied();
                all.find(|each| each.begins == begins && (each.asks == Question::Gate) == gate)
            };
            let gate = find(entry, true);
            let begins = gate.map_or(entry, |gate| gate.then);
            places.extend(gate.map(|gate| Place { step, begins: entry, decision: Some(gate) }));
            places.push(Place { step, begins, decision: find(begins, false) });
        }
        let begins = places.iter().enumerate().map(|(at, place)| (place.begins, at + 1)).collect();
        Self { program, places, begins }
    }

    fn end(&self) -> NodeId {
        self.places.len() + 1
    }

    fn edges(&self) -> Vec<Edge> {
        let mut edges = Vec::new();
        for (to, kind) in self.from(&[0], &[]).exits {
            edges.push(Edge { from: 0, to, label: None, kind });
        }
        for (at, place) in self.places.iter().enumerate() {
            for (to, kind, label) in self.exits(place) {
                edges.push(Edge { from: at + 1, to, label, kind });
            }
        }
        edges
    }

    /// Where a node leads, and why
    fn exits(&self, place: &Place) -> Vec<(NodeId, EdgeKind, Option<String>)> {
        let mut exits = Vec::new();
        if let Some(Decision { asks, then, otherwise, .. }) = place.decision {
            let (yes, no, kind) = match asks {
                Question::Gate => ("yes".to_owned(), "no".to_owned(), EdgeKind::Skip),
                Question::Fork => ("yes".to_owned(), "no".to_owned(), EdgeKind::Next),
                Question::Bound(1) => ("once".to_owned(), "then on".to_owned(), EdgeKind::Next),
                Question::Bound(times) => {
                    (format!("max {times} times"), "then on".to_owned(), EdgeKind::Next)
                }
            };
            for (to, _) in self.from(&[then], &[]).exits {
                exits.push((to, EdgeKind::Next, Some(yes.clone())));
            }
            for (to, _) in self.from(&[otherwise], &[]).exits {
                exits.push((to, kind, Some(no.clone())));
            }
        }
        let gate = place.decision.is_some_and(|decision| decision.asks == Question::Gate);
        for (to, kind) in self.walk(place).exits {
            match kind {
                EdgeKind::Error if gate => {}
                EdgeKind::Error => exits.push((to, kind, Some("on error".to_owned()))),
                kind => exits.push((to, kind, None)),
            }
        }
        exits
    }

    /// The blocks of a node, up to its decision if it makes one
    fn walk(&self, place: &Place) -> Walk {
        let stop = place.decision.map_or(Vec::new(), |each| vec![each.then, each.otherwise]);
        self.walk_from(place.begins, &stop)
    }

    fn walk_from(&self, begins: BlockId, stop: &[BlockId]) -> Walk {
        let mut walk = Walk { blocks: vec![begins], exits: Vec::new() };
        let next = self.next(begins, EdgeKind::Next);
        self.go_on(next, stop, &mut walk);
        walk
    }

    /// As far as the next nodes
    fn from(&self, blocks: &[BlockId], stop: &[BlockId]) -> Walk {
        let mut walk = Walk::default();
        let open = blocks.iter().map(|block| (*block, EdgeKind::Next)).collect();
        self.go_on(open, stop, &mut walk);
        walk
    }

    fn go_on(&self, mut open: Vec<(BlockId, EdgeKind)>, stop: &[BlockId], walk: &mut Walk) {
        let mut seen = BTreeSet::new();
        let first = walk.blocks.first().copied();
        if let Some(first) = first
            && self.returns(&self.program.blocks[first]) == Some(false)
        {
            walk.exits.push((self.end(), EdgeKind::Next));
        }
        while let Some((block, kind)) = open.pop() {
            if stop.contains(&block) || !seen.insert((block, kind)) {
                continue;
            }
            let node = self.begins.get(&block).copied();
            let implicit = self.returns(&self.program.blocks[block]) == Some(false);
            match node.or_else(|| implicit.then(|| self.end())) {
                Some(node) => walk.exits.push((node, kind)),
                None => {
                    // What a handler does is not what the step does.
                    if kind == EdgeKind::Next {
                        walk.blocks.push(block);
                    }
                    open.extend(self.next(block, kind));
                }
            }
        }
        walk.blocks.sort_unstable();
        walk.blocks.dedup();
        walk.exits.sort_unstable();
        walk.exits.dedup();
    }

    /// The blocks behind a block; on the way to a handler failures do not count again
    fn next(&self, block: BlockId, kind: EdgeKind) -> Vec<(BlockId, EdgeKind)> {
        let block = &self.program.blocks[block];
        let next = match block.end {
            End::Jump(next) | End::Wait { next, .. } => vec![next],
            End::Branch { then, otherwise, .. } => vec![then, otherwise],
            End::Return { .. } | End::Open => Vec::new(),
        };
        let mut next: Vec<_> = next.into_iter().map(|next| (next, kind)).collect();
        next.extend(
            handler(block)
                .filter(|_| kind == EdgeKind::Next)
                .map(|handler| (handler, EdgeKind::Error)),
        );
        next
    }

    /// Whether a block ends the run by a step's word (`true`), or because the steps end
    fn returns(&self, block: &Block) -> Option<bool> {
        let End::Return { span, .. } = &block.end else { return None };
        Some(*span != self.no_step())
    }

    fn no_step(&self) -> Span {
        self.program.name.span
    }
}

/// Where a failure of a block leads
fn handler(block: &Block) -> Option<BlockId> {
    block.caught.filter(|_| can_fail(block)).map(|caught| caught.handler)
}
