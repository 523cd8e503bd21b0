//! The places of the cells from left to right.
//!
//! Cells that follow each other without a choice are a *column*, one above the other. Columns
//! begin as far left as their order allows. Then each moves to the middle of what it is bound to,
//! and takes those that are in its way with it as far as all of them together gain by that.

use std::collections::BTreeSet;

use super::layers::{CellId, Layers, Pull, What};

/// Room between two boxes, and between two ways
const SPACE: (i32, i32) = (36, 18);
/// How often the places are made better
const ROUNDS: usize = 80;
/// How often in a picture with many columns
const ROUNDS_OF_MANY: usize = 6;
/// So many columns are many
const MANY: usize = 400;

type ColumnId = usize;

#[derive(Debug, Default)]
struct Columns {
    /// The column of each cell
    of: Vec<ColumnId>,
    /// The place of each
    x: Vec<i32>,
    /// What stands right of each, and how far away at least
    right: Vec<Vec<(ColumnId, i32)>>,
    /// What stands left of each
    left: Vec<Vec<(ColumnId, i32)>>,
    /// What each is bound to, and how strongly
    bonds: Vec<Vec<(ColumnId, i32)>>,
}

/// Gives each cell its place
pub fn place(layers: &mut Layers) {
    let mut columns = Columns::of(layers);
    columns.pack();
    let many = columns.x.len() > MANY;
    for round in 0..if many { ROUNDS_OF_MANY } else { ROUNDS } {
        for at in 0..columns.x.len() {
            let column = if round % 2 == 0 { columns.x.len() - 1 - at } else { at };
            columns.improve(column);
        }
    }
    for (cell, column) in layers.cells.iter_mut().zip(&columns.of) {
        cell.x = columns.x[*column];
    }
}

impl Columns {
    fn of(layers: &Layers) -> Self {
        let of = columns(layers);
        let count = of.iter().max().map_or(0, |last| last + 1);
        let lists = || vec![Vec::new(); count];
        let (x, right, left, bonds) = (vec![0; count], lists(), lists(), lists());
        let mut columns = Self { of, x, right, left, bonds };
        for layer in &layers.order {
            for pair in layer.windows(2) {
                let (left, right) = (columns.of[pair[0]], columns.of[pair[1]]);
                let apart = distance(layers, pair[0], pair[1]);
                columns.right[left].push((right, apart));
                columns.left[right].push((left, apart));
            }
        }
        for &(upper, lower, pull) in &layers.bonds {
            let (a, b) = (columns.of[upper], columns.of[lower]);
            for (from, to, cell) in [(a, b, upper), (b, a, lower)] {
                // What goes round a node does not move it.
                let node = matches!(layers.cells[cell].what, What::Node(_));
                let weight = if pull == Pull::Around { i32::from(!node) } else { 8 };
                if from != to && weight > 0 {
                    columns.bonds[from].push((to, weight));
                }
            }
        }
        columns
    }

    /// Puts each column as far left as can be
    fn pack(&mut self) {
        let mut before: Vec<usize> = self.left.iter().map(Vec::len).collect();
        let mut open: Vec<ColumnId> = (0..before.len()).filter(|at| before[*at] == 0).collect();
        while let Some(column) = open.pop() {
            for &(right, apart) in &self.right[column] {
                self.x[right] = self.x[right].max(self.x[column] + apart);
                before[right] -= 1;
                if before[right] == 0 {
                    open.push(right);
                }
            }
        }
    }

    /// How far columns would move together, and how strongly: what binds them to each other does
    /// not count
    fn wish(&self, together: &BTreeSet<ColumnId>) -> (i32, i32) {
        let (mut pull, mut weight) = (0, 0);
        for column in together {
            for (other, strength) in &self.bonds[*column] {
                if !together.contains(other) {
                    pull += (self.x[*other] - self.x[*column]) * strength;
                    weight += strength;
                }
            }
        }
        (pull, weight)
    }

    /// Moves a column to where it would be, with those that touch it on that side
    fn improve(&mut self, column: ColumnId) {
        let mut together = BTreeSet::from([column]);
        let side = self.wish(&together).0.signum();
        let mut open = if side == 0 { Vec::new() } else { vec![column] };
        while let Some(member) = open.pop() {
            let neighbours = if side > 0 { &self.right[member] } else { &self.left[member] };
            for &(other, apart) in neighbours {
                let touches = (self.x[other] - self.x[member]).abs() <= apart;
                if touches && together.insert(other) {
                    open.push(other);
                }
            }
        }
        let (pull, weight) = self.wish(&together);
        if weight == 0 || pull.signum() != side {
            return;
        }
        let mut step = (pull / weight).abs();
        for &member in &together {
            let neighbours = if side > 0 { &self.right[member] } else { &self.left[member] };
            for (other, apart) in neighbours.iter().filter(|(other, _)| !together.contains(other)) {
                step = step.min((self.x[*other] - self.x[member]).abs() - apart);
            }
        }
        for member in together {
            self.x[member] += step * side;
        }
    }
}

/// The column of each cell: pieces of one way, and nodes with one way between them, unless that
/// would cross another column
fn columns(layers: &Layers) -> Vec<ColumnId> {
    let mut at = vec![0; layers.cells.len()];
    for layer in &layers.order {
        for (index, cell) in layer.iter().enumerate() {
            at[*cell] = index;
        }
    }
    let mut joined: Vec<Option<CellId>> = vec![None; layers.cells.len()];
    let mut taken: Vec<Vec<(usize, usize)>> = vec![Vec::new(); layers.order.len()];
    for &(upper, lower, pull) in &layers.bonds {
        let gap = &mut taken[layers.cells[upper].layer];
        let (a, b) = (at[upper], at[lower]);
        let crosses = |&(c, d): &(usize, usize)| (a <= c && b >= d) || (a >= c && b <= d);
        if pull == Pull::Same && !gap.iter().any(crosses) {
            gap.push((a, b));
            joined[lower] = Some(upper);
        }
    }
    let mut of = vec![usize::MAX; layers.cells.len()];
    let mut count = 0;
    // What stands above has its column before what stands below.
    for cell in layers.order.iter().flatten() {
        of[*cell] = match joined[*cell] {
            Some(upper) => of[upper],
            None => {
                count += 1;
                count - 1
            }
        };
    }
    of
}

/// How far the middles of two neighbours are apart at least
fn distance(layers: &Layers, left: CellId, right: CellId) -> i32 {
    let (left, right) = (layers.cells[left], layers.cells[right]);
    let is_box = |what| matches!(what, What::Node(_));
    let space = if is_box(left.what) && is_box(right.what) { SPACE.0 } else { SPACE.1 };
    left.right + right.left + space
}
