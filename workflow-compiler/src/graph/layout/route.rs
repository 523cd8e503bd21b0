//! From placed cells to a picture: heights, and the way of each line between the layers.

use super::layers::{Cell, Layers, What};
use super::measure::{LABEL_HEIGHT, SLANT, Unit, label_width};
use super::{Label, Layout, Line, LineKind, Rect};
use crate::graph::{Graph, NodeId, Shape};

/// Room round the picture
const MARGIN: i32 = 20;
/// From one track to the next
const TRACK: i32 = 12;
/// Room above the tracks of a gap, and below them, where the arrows are
const ROOM: (i32, i32) = (10, 18);
/// Room between a label and the tracks
const LABEL_ROOM: i32 = 6;
/// From one way out of a node to the next
const PORTS: i32 = 18;
/// Lines that are so little aside are drawn straight
const STRAIGHT: i32 = 2;

/// A line's piece between two layers
#[derive(Clone, Copy, Debug)]
struct Piece {
    edge: usize,
    turn: Turn,
    /// Where it comes from, and where it goes to
    from: i32,
    to: i32,
    track: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    /// From below a node to a lane upwards
    Under,
    /// From one layer to the next
    Through,
    /// From a lane upwards to the top of a node
    Over,
}

/// Where each edge leaves its node, and where it comes in
#[derive(Debug)]
struct Ports {
    out: Vec<i32>,
    into: Vec<i32>,
}

/// The upper edges and heights of layers, and of the gaps above them
#[derive(Debug, Default)]
struct Heights {
    layers: Vec<(i32, i32)>,
    /// Where the first track of each gap runs; the last is below all layers
    tracks: Vec<i32>,
    bottom: i32,
}

/// Draws everything
pub fn draw<'g>(graph: &'g Graph, units: Vec<Unit<'g>>, layers: &Layers) -> Layout<'g> {
    let ports = ports(graph, &units, layers);
    let mut gaps = gaps(layers, &ports);
    gaps.iter_mut().for_each(|gap| assign(gap));
    let heights = heights(layers, &units, &gaps);
    let tops: Vec<i32> = (0..units.len()).map(|node| top(&units, &heights, node, layers)).collect();
    let mut layout = Layout::default();
    for (at, edge) in graph.edges.iter().enumerate() {
        let from = (ports.out[at], tops[edge.from] + units[edge.from].height);
        let to = (ports.into[at], tops[edge.to]);
        let mut points = vec![from];
        // The gaps that it goes through, in its own direction.
        let mut through: Vec<(usize, &Piece)> = gaps
            .iter()
            .enumerate()
            .flat_map(|(gap, pieces)| pieces.iter().map(move |piece| (gap, piece)))
            .filter(|(_, piece)| piece.edge == at)
            .collect();
        if layers.back[at] {
            through.reverse();
        }
        for (gap, piece) in through {
            let track = i32::try_from(piece.track.unwrap_or_default()).unwrap_or_default();
            let y = heights.tracks[gap] + track * TRACK;
            points.extend([(piece.from, y), (piece.to, y)]);
        }
        points.push(to);
        layout.lines.push(Line { points: bends(&points), kind: LineKind::Way(edge.kind) });
        layout.labels.extend(label(graph, at, layers, &heights));
    }
    for (node, unit) in units.into_iter().enumerate() {
        layout.take(unit.parts, layers.cells[node].x, tops[node]);
    }
    frame(layout, heights.bottom)
}

/// The points at which a line bends, and its ends
fn bends(points: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let mut bends: Vec<(i32, i32)> = Vec::new();
    for &point in points {
        if bends.last() == Some(&point) {
            continue;
        }
        if let [.., before, last] = &bends[..]
            && ((before.0 == last.0 && last.0 == point.0)
                || (before.1 == last.1 && last.1 == point.1))
        {
            bends.pop();
        }
        bends.push(point);
    }
    bends
}

fn top(units: &[Unit<'_>], heights: &Heights, node: NodeId, layers: &Layers) -> i32 {
    let (layer, unit) = (layers.cells[node].layer, &units[node]);
    let boxes = layers.order[layer].iter().filter_map(|cell| match layers.cells[*cell].what {
        What::Node(node) => Some(units[node].height),
        _ => None,
    });
    let highest = boxes.max().unwrap_or_default();
    let (y, _) = heights.layers[layer];
    // A panel hangs from the top of its node.
    if unit.bottom > unit.height { y } else { y + (highest - unit.height) / 2 }
}

fn label<'g>(
    graph: &'g Graph,
    edge: usize,
    layers: &Layers,
    heights: &Heights,
) -> Option<Label<'g>> {
    let cell = layers.chains[edge].iter().map(|cell| layers.cells[*cell]);
    let cell: Cell = { cell }.find(|cell| cell.what == What::Label(edge))?;
    let text = graph.edges[edge].label.as_deref()?;
    let (y, height) = heights.layers[cell.layer];
    let width = label_width(text);
    let rect = Rect {
        x: cell.x - width / 2,
        y: y + (height - LABEL_HEIGHT) / 2,
        width,
        height: LABEL_HEIGHT,
    };
    Some(Label { text, rect, kind: graph.edges[edge].kind })
}

/// Where edges leave and enter: straight above or below what they lead to, if that can be
fn ports(graph: &Graph, units: &[Unit<'_>], layers: &Layers) -> Ports {
    let mut ports = Ports { out: vec![0; graph.edges.len()], into: vec![0; graph.edges.len()] };
    for (node, unit) in units.iter().enumerate() {
        let middle = layers.cells[node].x;
        let half = unit.width / 2
            - match graph.nodes[node].shape {
                Shape::Decision => SLANT,
                Shape::Step => 10,
                _ => unit.height / 2,
            };
        let (least, most) = (middle - half.max(0), middle + half.max(0));
        let mut out: Vec<(i32, usize)> = Vec::new();
        let mut into: Vec<(i32, usize)> = Vec::new();
        for (at, edge) in graph.edges.iter().enumerate() {
            let chain = &layers.chains[at];
            if edge.from == node {
                out.push((layers.cells[chain[1]].x, at));
            }
            if edge.to == node && layers.back[at] {
                ports.into[at] = (middle - PORTS).max(least);
            } else if edge.to == node {
                into.push((layers.cells[chain[chain.len() - 2]].x, at));
            }
        }
        out.sort_unstable();
        for (x, (_, edge)) in spread(&out, middle, least, most).into_iter().zip(&out) {
            ports.out[*edge] = x;
        }
        // What comes from the sides meets what comes from above, if that is near the middle.
        let straight = into.iter().map(|(x, _)| *x).filter(|x| (least..=most).contains(x));
        let meeting = straight.min_by_key(|x| (x - middle).abs());
        let meeting = meeting.filter(|x| (x - middle).abs() < PORTS || into.len() == 1);
        for (x, edge) in into {
            let inside = (least..=most).contains(&x);
            ports.into[edge] = if inside { x } else { meeting.unwrap_or(middle) };
        }
    }
    ports
}

/// Places between `least` and `most`, each near what it leads to, and apart from each other
fn spread(out: &[(i32, usize)], middle: i32, least: i32, most: i32) -> Vec<i32> {
    if let [(x, _)] = out {
        return vec![if (least..=most).contains(x) { *x } else { middle }];
    }
    let mut places: Vec<i32> = out.iter().map(|(x, _)| (*x).clamp(least, most)).collect();
    let count = i32::try_from(places.len()).unwrap_or(1).max(2);
    let apart = PORTS.min((most - least) / (count - 1));
    for at in 1..places.len() {
        places[at] = places[at].max(places[at - 1] + apart);
    }
    let mut limit = most;
    for place in places.iter_mut().rev() {
        *place = (*place).min(limit);
        limit = *place - apart;
    }
    places
}

/// The pieces of all edges, by the gap they go through
fn gaps(layers: &Layers, ports: &Ports) -> Vec<Vec<Piece>> {
    let mut gaps: Vec<Vec<Piece>> = vec![Vec::new(); layers.order.len() + 1];
    for (edge, chain) in layers.chains.iter().enumerate() {
        let back = layers.back[edge];
        let last = chain.len() - 2;
        for (at, pair) in chain.windows(2).enumerate() {
            let (a, b) = (layers.cells[pair[0]], layers.cells[pair[1]]);
            let from = if at == 0 { ports.out[edge] } else { a.x };
            let to = if at == last { ports.into[edge] } else { b.x };
            let (gap, turn) = match back {
                true if at == 0 => (a.layer + 1, Turn::Under),
                true if at == last => (b.layer, Turn::Over),
                _ => (a.layer.max(b.layer), Turn::Through),
            };
            gaps[gap].push(Piece { edge, turn, from, to, track: None });
        }
    }
    gaps
}

/// Gives each piece that goes sideways a track, above those that it would cross otherwise
fn assign(gap: &mut [Piece]) {
    gap.sort_by_key(|piece| {
        let along = match piece.turn {
            Turn::Under => (piece.from - piece.to).abs(),
            Turn::Through if piece.to > piece.from => -piece.from,
            Turn::Through => piece.from,
            Turn::Over => -(piece.from - piece.to).abs(),
        };
        (piece.turn, along, piece.edge)
    });
    for at in 0..gap.len() {
        let piece = gap[at];
        if piece.turn == Turn::Through && (piece.from - piece.to).abs() <= STRAIGHT {
            continue;
        }
        let before = gap[..at].iter().filter(|other| overlap(other, &piece));
        gap[at].track = Some(before.filter_map(|other| other.track).max().map_or(0, |t| t + 1));
    }
}

/// Whether two pieces cannot run side by side on one track; they may meet where they enter a node
fn overlap(a: &Piece, b: &Piece) -> bool {
    let span = |piece: &Piece| (piece.from.min(piece.to), piece.from.max(piece.to));
    let meet = a.to == b.to && a.turn == b.turn;
    let (a, b) = (span(a), span(b));
    if meet { a.0 < b.1 && b.0 < a.1 } else { a.0 <= b.1 && b.0 <= a.1 }
}

fn heights(layers: &Layers, units: &[Unit<'_>], gaps: &[Vec<Piece>]) -> Heights {
    let mut heights = Heights::default();
    let mut y = 0;
    let is_label = |layer: usize| {
        let node = |cell: &usize| matches!(layers.cells[*cell].what, What::Node(_));
        layers.order.get(layer).is_some_and(|cells| !cells.iter().any(node))
    };
    for (gap, pieces) in gaps.iter().enumerate() {
        let tracks = pieces.iter().filter_map(|piece| piece.track).max().map_or(0, |t| t + 1);
        let tracks = i32::try_from(tracks).unwrap_or(i32::MAX / TRACK) * TRACK;
        let above = if gap > 0 && is_label(gap - 1) { LABEL_ROOM } else { ROOM.0 };
        let below = if is_label(gap) { LABEL_ROOM } else { ROOM.1 };
        heights.tracks.push(y + above + TRACK / 2);
        let edge = gap == 0 || gap == layers.order.len();
        y += if edge && tracks == 0 { 0 } else { above + tracks + below };
        if let Some(cells) = layers.order.get(gap) {
            let highest = cells.iter().map(|cell| height(layers.cells[*cell], units)).max();
            let highest = highest.unwrap_or_default();
            heights.layers.push((y, highest));
            y += highest;
        }
    }
    heights.bottom = y;
    heights
}

fn height(cell: Cell, units: &[Unit<'_>]) -> i32 {
    match cell.what {
        What::Node(node) => units[node].bottom,
        _ => cell.height,
    }
}

/// Moves everything so that it begins at the margins
fn frame(layout: Layout<'_>, bottom: i32) -> Layout<'_> {
    let rects = layout.boxes.iter().map(|each| each.rect);
    let rects = rects.chain(layout.labels.iter().map(|each| each.rect));
    let rects = rects.chain(layout.panels.iter().map(|each| each.rect));
    let xs = layout.lines.iter().flat_map(|line| &line.points).map(|point| (point.0, point.0));
    let spans: Vec<(i32, i32)> =
        rects.map(|rect| (rect.x, rect.x + rect.width)).chain(xs).collect();
    let left = spans.iter().map(|span| span.0).min().unwrap_or_default();
    let right = spans.iter().map(|span| span.1).max().unwrap_or_default();
    let mut framed = Layout {
        width: right - left + 2 * MARGIN,
        height: bottom + 2 * MARGIN,
        ..Layout::default()
    };
    framed.take(layout, MARGIN - left, MARGIN);
    framed
}
