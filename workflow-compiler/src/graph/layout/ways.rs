//! Which edges go down, which go back, and which lead round something.

use crate::graph::{Edge, EdgeKind, Graph, NodeId};

/// What the edges of a graph are to its layout
#[derive(Debug)]
pub struct Ways {
    /// By edge: whether it leads to something above
    pub back: Vec<bool>,
    /// By edge: whether it leads round something, or back
    pub around: Vec<bool>,
    /// By node: how many others leave it
    pub out: Vec<usize>,
    /// By node: how many others lead to it
    pub into: Vec<usize>,
}

impl Ways {
    /// Looks at a graph
    pub fn of(graph: &Graph) -> Self {
        let mut next: Vec<Vec<NodeId>> = vec![Vec::new(); graph.nodes.len()];
        for edge in graph.edges.iter().filter(|edge| edge.from < edge.to) {
            next[edge.from].push(edge.to);
        }
        let mut back = vec![false; graph.edges.len()];
        for (at, edge) in graph.edges.iter().enumerate().filter(|(_, edge)| edge.from >= edge.to) {
            // A handler can go to what stands before it in the file, and still comes earlier.
            back[at] = reaches(&[edge.to], edge.from, &next);
            if !back[at] {
                next[edge.from].push(edge.to);
            }
        }
        let around = |(edge, back): (&Edge, &bool)| {
            *back || edge.kind != EdgeKind::Next || is_shortcut(edge, &next)
        };
        let around: Vec<bool> = graph.edges.iter().zip(&back).map(around).collect();
        let (mut out, mut into) = (vec![0; next.len()], vec![0; next.len()]);
        for (edge, _) in graph.edges.iter().zip(&around).filter(|(_, around)| !**around) {
            out[edge.from] += 1;
            into[edge.to] += 1;
        }
        Self { back, around, out, into }
    }

    /// How many nodes stand above each at least
    pub fn ranks(&self, graph: &Graph) -> Vec<usize> {
        let mut above = vec![0; graph.nodes.len()];
        let mut below: Vec<Vec<NodeId>> = vec![Vec::new(); graph.nodes.len()];
        for (edge, _) in graph.edges.iter().zip(&self.back).filter(|(_, back)| !**back) {
            above[edge.to] += 1;
            below[edge.from].push(edge.to);
        }
        let mut ranks = vec![0; graph.nodes.len()];
        let mut open: Vec<NodeId> = (0..above.len()).filter(|node| above[*node] == 0).collect();
        while let Some(node) = open.pop() {
            for &next in &below[node] {
                ranks[next] = ranks[next].max(ranks[node] + 1);
                above[next] -= 1;
                if above[next] == 0 {
                    open.push(next);
                }
            }
        }
        ranks
    }
}

/// Whether there is another way to where an edge leads
fn is_shortcut(edge: &Edge, next: &[Vec<NodeId>]) -> bool {
    let others: Vec<NodeId> =
        next[edge.from].iter().copied().filter(|node| *node != edge.to).collect();
    !others.is_empty() && reaches(&others, edge.to, next)
}

/// Whether a way leads from any of some nodes to another, or it is one of them
fn reaches(from: &[NodeId], to: NodeId, next: &[Vec<NodeId>]) -> bool {
    let mut seen = vec![false; next.len()];
    let mut open = from.to_vec();
    while let Some(node) = open.pop() {
        if node == to {
            return true;
        }
        if !std::mem::replace(&mut seen[node], true) {
            open.extend(&next[node]);
        }
    }
    false
}
