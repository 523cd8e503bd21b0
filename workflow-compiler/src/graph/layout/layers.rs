//! Ranks, the cells in them, and their order from left to right.

use super::measure::{LABEL_HEIGHT, Unit, label_width};
use super::ways::Ways;
use crate::graph::{Edge, Graph, NodeId};

/// Names a cell of [`Layers`]
pub type CellId = usize;

/// The cells of a picture, layer by layer
#[derive(Debug, Default)]
pub struct Layers {
    pub cells: Vec<Cell>,
    /// The cells of each layer, from left to right
    pub order: Vec<Vec<CellId>>,
    /// The cells of each edge in the direction of the run, those of its nodes included
    pub chains: Vec<Vec<CellId>>,
    /// Whether each edge goes back
    pub back: Vec<bool>,
    /// What pulls two cells of adjacent layers together: upper, lower, and how much
    pub bonds: Vec<(CellId, CellId, Pull)>,
}

/// A place in a layer
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    pub what: What,
    pub layer: usize,
    /// How far it reaches to the left of its middle
    pub left: i32,
    /// How far it reaches to the right
    pub right: i32,
    /// How high it is
    pub height: i32,
    /// Its middle
    pub x: i32,
}

/// What a cell holds
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Node(NodeId),
    /// The label of an edge
    Label(usize),
    /// A piece of an edge that goes on
    Pass,
    /// A piece of an edge that goes back
    Lane,
}

/// How much two cells want to stand one above the other
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pull {
    /// Around something else
    Around,
    /// What follows at once
    Next,
    /// Two pieces of one edge
    Same,
}

/// The cells of a graph in their layers, still without places
pub fn build(graph: &Graph, units: &[Unit<'_>]) -> Layers {
    let ways = Ways::of(graph);
    let ranks = ways.ranks(graph);
    let last = ranks.iter().copied().max().unwrap_or_default();
    let mut layer_of = vec![0; last + 1];
    let mut labels_below = vec![false; last + 1];
    for (edge, back) in graph.edges.iter().zip(&ways.back) {
        labels_below[ranks[edge.from]] |= !back && edge.label.is_some();
    }
    let mut count = 0;
    for rank in 0..=last {
        layer_of[rank] = count;
        count += if labels_below[rank] { 2 } else { 1 };
    }
    let mut builder = Builder { graph, ways, built: Layers::default() };
    builder.built.order = vec![Vec::new(); count];
    for (node, unit) in units.iter().enumerate() {
        builder.built.cells.push(Cell {
            what: What::Node(node),
            layer: layer_of[ranks[node]],
            left: unit.width / 2,
            right: unit.right,
            height: unit.bottom,
            x: 0,
        });
    }
    for (at, edge) in graph.edges.iter().enumerate() {
        let chain =
            if builder.ways.back[at] { builder.lane(edge) } else { builder.chain(at, edge) };
        builder.built.chains.push(chain);
    }
    builder.lanes();
    builder.order();
    builder.built.back = builder.ways.back;
    builder.built
}

struct Builder<'g> {
    graph: &'g Graph,
    ways: Ways,
    built: Layers,
}

impl Builder<'_> {
    fn cell(&mut self, what: What, layer: usize, label: Option<&str>) -> CellId {
        let half = label.map_or(1, |label| label_width(label).div_euclid(2) + 1);
        let height = if label.is_some() { LABEL_HEIGHT } else { 0 };
        self.built.cells.push(Cell { what, layer, left: half, right: half, height, x: 0 });
        self.built.cells.len() - 1
    }

    /// The cells of an edge: its label stands right below the node that it leaves
    fn chain(&mut self, at: usize, edge: &Edge) -> Vec<CellId> {
        let (top, bottom) = (self.built.cells[edge.from].layer, self.built.cells[edge.to].layer);
        let mut chain = vec![edge.from];
        for layer in top + 1..bottom {
            let label = edge.label.as_deref().filter(|_| layer == top + 1);
            let what = if label.is_some() { What::Label(at) } else { What::Pass };
            chain.push(self.cell(what, layer, label));
        }
        chain.push(edge.to);
        for (index, pair) in chain.windows(2).enumerate() {
            let (first, last) = (index == 0, index + 2 == chain.len());
            let alone = (!first || self.ways.out[edge.from] == 1)
                && (!last || self.ways.into[edge.to] == 1);
            let pull = match self.ways.around[at] {
                true if first || last => Pull::Around,
                _ if alone => Pull::Same,
                _ => Pull::Next,
            };
            self.built.bonds.push((pair[0], pair[1], pull));
        }
        chain
    }

    /// The cells of an edge that goes back, from the layer of its last node up to that of its first
    fn lane(&mut self, edge: &Edge) -> Vec<CellId> {
        let (top, bottom) = (self.built.cells[edge.to].layer, self.built.cells[edge.from].layer);
        let middle = top.midpoint(bottom);
        let at = self.built.chains.len();
        let mut chain = vec![edge.from];
        for layer in (top..=bottom).rev() {
            let label = edge.label.as_deref().filter(|_| layer == middle);
            let what = if label.is_some() { What::Label(at) } else { What::Lane };
            let cell = self.cell(what, layer, label);
            if chain.len() > 1 {
                self.built.bonds.push((cell, chain[chain.len() - 1], Pull::Same));
            }
            chain.push(cell);
        }
        chain.push(edge.to);
        chain
    }

    /// Puts the lanes at the left edge: those that reach far are outside
    fn lanes(&mut self) {
        let mut lanes: Vec<usize> =
            (0..self.built.chains.len()).filter(|chain| self.ways.back[*chain]).collect();
        lanes.sort_by_key(|chain| {
            let edge = &self.graph.edges[*chain];
            let (top, bottom) =
                (self.built.cells[edge.to].layer, self.built.cells[edge.from].layer);
            (std::cmp::Reverse(bottom - top), top, *chain)
        });
        for lane in lanes {
            let chain = &self.built.chains[lane];
            for &cell in &chain[1..chain.len() - 1] {
                let layer = self.built.cells[cell].layer;
                self.built.order[layer].push(cell);
            }
        }
    }

    /// Orders the layers as the ways are met, the main one first; then by what crosses least
    fn order(&mut self) {
        let mut seen = vec![false; self.built.cells.len()];
        let lanes: Vec<usize> = self.built.order.iter().map(Vec::len).collect();
        self.built.order.iter().flatten().for_each(|cell| seen[*cell] = true);
        let mut below: Vec<Vec<(Pull, CellId)>> = vec![Vec::new(); seen.len()];
        for &(upper, lower, pull) in &self.built.bonds {
            below[upper].push((pull, lower));
        }
        let mut open = vec![0];
        while let Some(cell) = open.pop() {
            if std::mem::replace(&mut seen[cell], true) {
                continue;
            }
            self.built.order[self.built.cells[cell].layer].push(cell);
            // The last that is put on the stack comes next; ways around come last.
            let mut next = below[cell].clone();
            next.sort_by_key(|(pull, _)| std::cmp::Reverse(*pull));
            open.extend(next.into_iter().rev().map(|(_, cell)| cell));
        }
        super::order::uncross(&mut self.built, &lanes);
    }
}
