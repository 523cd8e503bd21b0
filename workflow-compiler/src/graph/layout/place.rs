//! The order of the cells where ways would cross, and their places from left to right.

use super::layers::{CellId, Layers, Pull, What};

/// Room between two boxes, and between two ways
const SPACE: (i32, i32) = (36, 18);
/// Pictures with more cells than this keep the order in which they were met
const MANY: usize = 4_000;
/// How often the places are made better
const ROUNDS: usize = 24;

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
        let before = layers.layers.clone();
        let down = round % 2 == 0;
        let count = layers.layers.len();
        for step in 1..count {
            let layer = if down { step } else { count - 1 - step };
            sort_by_middle(layers, layer, down, fixed[layer]);
        }
        let now = crossings(layers);
        if now < best {
            best = now;
        } else {
            layers.layers = before;
        }
    }
}

fn positions(layers: &Layers) -> Vec<i32> {
    let mut positions = vec![0; layers.cells.len()];
    for layer in &layers.layers {
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
    let mut cells = layers.layers[layer].clone();
    cells[fixed..].sort_by_key(|cell| middle(*cell));
    layers.layers[layer] = cells;
}

/// How many pairs of ways cross between two layers
fn crossings(layers: &Layers) -> usize {
    let at = positions(layers);
    let mut gaps: Vec<Vec<(i32, i32)>> = vec![Vec::new(); layers.layers.len()];
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

/// Gives each cell its place: near what it is bound to, in the order of its layer
pub fn place(layers: &mut Layers) {
    let (mut above, mut below) = (vec![Vec::new(); layers.cells.len()], Vec::new());
    below.resize(layers.cells.len(), Vec::new());
    for &(upper, lower, pull) in &layers.bonds {
        above[lower].push((pull, upper));
        below[upper].push((pull, lower));
    }
    for layer in 0..layers.layers.len() {
        settle(layers, layer, |_| None);
    }
    for round in 0..ROUNDS {
        let count = layers.layers.len();
        for step in 0..count {
            let (layer, near) =
                if round % 2 == 0 { (step, &above) } else { (count - 1 - step, &below) };
            let wanted: Vec<Option<(i32, i32)>> =
                layers.layers[layer].iter().map(|cell| wish(layers, *cell, &near[*cell])).collect();
            settle(layers, layer, |at| wanted[at]);
        }
    }
    let left = layers.cells.iter().map(|cell| cell.x - cell.left).min().unwrap_or_default();
    layers.cells.iter_mut().for_each(|cell| cell.x -= left);
}

/// Where a cell would be, and how strongly: the middle of those that pull most
fn wish(layers: &Layers, cell: CellId, near: &[(Pull, CellId)]) -> Option<(i32, i32)> {
    let strongest = near.iter().map(|(pull, _)| *pull).max()?;
    // What goes round a node does not move it.
    if strongest == Pull::Around && matches!(layers.cells[cell].what, What::Node(_)) {
        return Some((layers.cells[cell].x, 1));
    }
    let pulling = near.iter().filter(|(pull, _)| *pull == strongest);
    let places: Vec<i32> = pulling.map(|(_, other)| layers.cells[*other].x).collect();
    let weight = match strongest {
        Pull::Around => 1,
        Pull::Next => 4,
        Pull::Same => 16,
    };
    let count = i32::try_from(places.len()).unwrap_or(1);
    Some((places.iter().sum::<i32>() / count, weight))
}

/// Places the cells of a layer as near to their wishes as their order and sizes allow: the least
/// sum of weighted squares, by pooling those that are in each other's way
fn settle(layers: &mut Layers, layer: usize, wish: impl Fn(usize) -> Option<(i32, i32)>) {
    struct Pool {
        first: usize,
        sum: i64,
        weight: i64,
    }
    let cells = layers.layers[layer].clone();
    // Where each would stand if the first stood at 0 and all touched.
    let mut offsets = Vec::with_capacity(cells.len());
    for (at, cell) in cells.iter().enumerate() {
        let offset = match at.checked_sub(1) {
            Some(before) => offsets[before] + distance(layers, cells[before], *cell),
            None => 0,
        };
        offsets.push(offset);
    }
    let mut pools: Vec<Pool> = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        let (x, weight) = wish(at).unwrap_or((layers.cells[*cell].x, 1));
        let weight = i64::from(weight);
        pools.push(Pool { first: at, sum: i64::from(x - offsets[at]) * weight, weight });
        while let [.., before, last] = &pools[..]
            && before.sum * last.weight >= last.sum * before.weight
        {
            let (sum, weight) = (last.sum, last.weight);
            pools.pop();
            if let Some(before) = pools.last_mut() {
                (before.sum, before.weight) = (before.sum + sum, before.weight + weight);
            }
        }
    }
    let mut pools = pools.into_iter().peekable();
    while let Some(pool) = pools.next() {
        let end = pools.peek().map_or(cells.len(), |next| next.first);
        let start = pool.sum.div_euclid(pool.weight);
        for at in pool.first..end {
            let start = i32::try_from(start).unwrap_or_default();
            layers.cells[cells[at]].x = start + offsets[at];
        }
    }
}

/// How far the middles of two neighbours are apart at least
fn distance(layers: &Layers, left: CellId, right: CellId) -> i32 {
    let (left, right) = (layers.cells[left], layers.cells[right]);
    let is_box = |what| matches!(what, What::Node(_));
    let space = if is_box(left.what) && is_box(right.what) { SPACE.0 } else { SPACE.1 };
    left.right + right.left + space
}
