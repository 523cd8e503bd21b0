//! The order of the cells from left to right: that in which the fewest ways cross.

use super::layers::{CellId, Layers};

/// Pictures with more cells than this keep the order in which they were met
const MANY: usize = 4_000;

/// Orders each layer by the middle of what its cells are bound to, as long as fewer ways cross;
/// the first cells of each layer, so many as `fixed` says, stay where they are
pub fn uncross(layers: &mut Layers, fixed: &[usize]) {
    if layers.cells.len() > MANY {
        return;
    }
    let mut best = crossings(layers);
    for round in 0..8 {
        if best == 0 {
            return;
        }
        let before = layers.order.clone();
        let down = round % 2 == 0;
        let count = layers.order.len();
        for step in 1..count {
            let layer = if down { step } else { count - 1 - step };
            sort_by_middle(layers, layer, down, fixed[layer]);
        }
        let now = crossings(layers);
        if now < best {
            best = now;
        } else {
            layers.order = before;
        }
    }
}

fn positions(layers: &Layers) -> Vec<i32> {
    let mut positions = vec![0; layers.cells.len()];
    for layer in &layers.order {
        for (at, cell) in (0..).zip(layer) {
            positions[*cell] = at;
        }
    }
    positions
}

fn sort_by_middle(layers: &mut Layers, layer: usize, down: bool, fixed: usize) {
    let at = positions(layers);
    let middle = |cell: CellId| {
        let near = layers.bonds.iter().filter_map(|&(upper, lower, _)| match down {
            true => (lower == cell).then_some(upper),
            false => (upper == cell).then_some(lower),
        });
        let near: Vec<i32> = near.map(|cell| at[cell] * 1_000).collect();
        let count = i32::try_from(near.len()).unwrap_or(1);
        if near.is_empty() { at[cell] * 1_000 } else { near.iter().sum::<i32>() / count }
    };
    let mut cells = layers.order[layer].clone();
    cells[fixed..].sort_by_key(|cell| middle(*cell));
    layers.order[layer] = cells;
}

/// How many pairs of ways cross between two layers
fn crossings(layers: &Layers) -> usize {
    let at = positions(layers);
    let mut gaps: Vec<Vec<(i32, i32)>> = vec![Vec::new(); layers.order.len()];
    for &(upper, lower, _) in &layers.bonds {
        gaps[layers.cells[upper].layer].push((at[upper], at[lower]));
    }
    let crossed = |gap: &Vec<(i32, i32)>| {
        let pairs = gap.iter().enumerate();
        let with = |(index, a): (usize, &(i32, i32))| {
            let others = gap[index + 1..].iter();
            others.filter(|b| (a.0 - b.0).signum() * (a.1 - b.1).signum() < 0).count()
        };
        pairs.map(with).sum::<usize>()
    };
    gaps.iter().map(crossed).sum()
}
