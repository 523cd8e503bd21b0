//! How large the parts are.

use super::{Drawn, EdgeKind, Label, Layout, Line, LineKind, Panel, Placed, Rect};
use crate::graph::text::width;
use crate::graph::{Node, Shape};

/// Size of a node's first line, in pixels
pub const TITLE_SIZE: i32 = 13;
/// Size of all other words
pub const TEXT_SIZE: i32 = 12;
/// From one line of a node to the next
pub const LINE_HEIGHT: i32 = 18;
/// How far the sides of a decision lean
pub const SLANT: i32 = 16;
/// How high the title of a panel is
pub const PANEL_TITLE: i32 = 30;
/// How high a label is
pub const LABEL_HEIGHT: i32 = 20;

const PADDING: (i32, i32) = (14, 9);
const LEAST_WIDTH: i32 = 72;

/// A node with what hangs on it, which is placed together; the node's middle is at x = 0 and its
/// upper edge at y = 0
#[derive(Debug)]
pub struct Unit<'g> {
    /// How wide the node is
    pub width: i32,
    /// How high the node is
    pub height: i32,
    /// How far it reaches to the right
    pub right: i32,
    /// How far it reaches down
    pub bottom: i32,
    /// All that is drawn
    pub parts: Layout<'g>,
}

/// How wide a text is
pub fn text_width(text: &str, size: i32) -> i32 {
    i32::try_from(width(text)).unwrap_or(i32::MAX / size).saturating_mul(size) / 100 + 1
}

/// How wide a label is, with some room
pub fn label_width(text: &str) -> i32 {
    text_width(text, TEXT_SIZE) + 10
}

/// A node and its children
pub fn unit(node: &Node) -> Unit<'_> {
    let (width, height) = size(node);
    let rect = Rect { x: -width / 2, y: 0, width, height };
    let mut parts = Layout::default();
    parts.boxes.push(Placed { what: Drawn::Node(node), rect });
    let mut unit = Unit { width, height, right: width / 2, bottom: height, parts };
    if let Some(child) = &node.child {
        let label = label_width(&child.label);
        let (from, middle) = (width / 2, height / 2);
        let to = from + label + 28;
        let rect =
            Rect { x: from + 12, y: middle - LABEL_HEIGHT / 2, width: label, height: LABEL_HEIGHT };
        unit.parts.labels.push(Label { text: &child.label, rect, kind: EdgeKind::Skip });
        let points = vec![(from, middle), (to, middle)];
        unit.parts.lines.push(Line { points, kind: LineKind::Child });
        let (right, bottom) = match &child.graph {
            Some(graph) => panel(&mut unit.parts, &child.name, Layout::of(graph), to),
            None => named(&mut unit.parts, &child.name, to, middle),
        };
        unit.right = right;
        unit.bottom = unit.bottom.max(bottom);
    }
    unit
}

/// A frame with a layout in it; gives its right and lower edge
fn panel<'g>(parts: &mut Layout<'g>, title: &'g str, inner: Layout<'g>, x: i32) -> (i32, i32) {
    let width = (inner.width + 24).max(text_width(title, TITLE_SIZE) + 32);
    let rect = Rect { x, y: 0, width, height: inner.height + PANEL_TITLE + 12 };
    parts.panels.push(Panel { title, rect });
    parts.take(inner, x + 12, PANEL_TITLE);
    (x + rect.width, rect.height)
}

/// A box for what is drawn elsewhere; gives its right and lower edge
fn named<'g>(parts: &mut Layout<'g>, name: &'g str, x: i32, middle: i32) -> (i32, i32) {
    let height = LINE_HEIGHT + 2 * PADDING.1;
    let width = text_width(name, TITLE_SIZE) + 2 * PADDING.0 + 12;
    let rect = Rect { x, y: middle - height / 2, width, height };
    parts.boxes.push(Placed { what: Drawn::Child(name), rect });
    (x + width, rect.y + height)
}

fn size(node: &Node) -> (i32, i32) {
    let line = |(at, text): (usize, &String)| {
        text_width(text, if at == 0 { TITLE_SIZE } else { TEXT_SIZE })
    };
    let widest = node.lines.iter().enumerate().map(line).max().unwrap_or_default();
    let lines = i32::try_from(node.lines.len()).unwrap_or(1).max(1);
    let sides = match node.shape {
        Shape::Step => PADDING.0,
        Shape::Start | Shape::Return | Shape::End => PADDING.0 + 4,
        Shape::Decision => PADDING.0 + SLANT / 2,
    };
    // An even width has a middle.
    let width = (widest + 2 * sides).max(LEAST_WIDTH);
    (width + width % 2, lines * LINE_HEIGHT + 2 * PADDING.1)
}
