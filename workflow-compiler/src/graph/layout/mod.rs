//! Where everything goes: nodes in ranks from top to bottom, ways as straight lines between them.
//!
//! The layout is layered, after Sugiyama. A node stands below all that come before it. A way that
//! passes other ranks has a cell in each of them, and its label has one, so that nothing that is
//! drawn there can be crossed by it. Ways back have lanes at the left edge. Between two layers,
//! each way that has to go sideways gets a track of its own.

mod layers;
mod measure;
mod order;
mod place;
mod route;
mod ways;

pub use measure::{LINE_HEIGHT, PANEL_TITLE, SLANT, text_width};

use super::{EdgeKind, Graph, Node};

/// A picture's parts with their places, in pixels from the top left corner
#[derive(Clone, Debug, Default)]
pub struct Layout<'g> {
    /// How wide it is
    pub width: i32,
    /// How high it is
    pub height: i32,
    /// The nodes
    pub boxes: Vec<Placed<'g>>,
    /// What is written on the ways
    pub labels: Vec<Label<'g>>,
    /// The ways
    pub lines: Vec<Line>,
    /// The frames round inline tasks
    pub panels: Vec<Panel<'g>>,
}

/// An area
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// Left edge
    pub x: i32,
    /// Upper edge
    pub y: i32,
    /// How wide
    pub width: i32,
    /// How high
    pub height: i32,
}

/// A node, or a child that is drawn elsewhere, with its place
#[derive(Clone, Debug)]
pub struct Placed<'g> {
    /// What is drawn
    pub what: Drawn<'g>,
    /// Where
    pub rect: Rect,
}

/// What is drawn as a box
#[derive(Clone, Copy, Debug)]
pub enum Drawn<'g> {
    /// A node
    Node(&'g Node),
    /// The name of a workflow or task that is run
    Child(&'g str),
}

/// What is written on a way, with its place
#[derive(Clone, Debug)]
pub struct Label<'g> {
    /// The words
    pub text: &'g str,
    /// Where
    pub rect: Rect,
    /// What kind of way it is
    pub kind: EdgeKind,
}

/// A way: straight lines between points, an arrow at the last
#[derive(Clone, Debug)]
pub struct Line {
    /// From the first to the last
    pub points: Vec<(i32, i32)>,
    /// What kind of way it is
    pub kind: LineKind,
}

/// How a line is drawn
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// A way of the run
    Way(EdgeKind),
    /// To the runs that a step starts
    Child,
}

/// The frame round an inline task
#[derive(Clone, Debug)]
pub struct Panel<'g> {
    /// The task's name
    pub title: &'g str,
    /// Where
    pub rect: Rect,
}

impl Rect {
    /// Whether two areas have a point in common
    pub fn overlaps(self, other: Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }

    fn moved(self, x: i32, y: i32) -> Self {
        Self { x: self.x + x, y: self.y + y, ..self }
    }
}

impl<'g> Layout<'g> {
    /// The layout of a graph; the same each time
    pub fn of(graph: &'g Graph) -> Self {
        let units: Vec<measure::Unit<'g>> = graph.nodes.iter().map(measure::unit).collect();
        let mut layers = layers::build(graph, &units);
        place::place(&mut layers);
        route::draw(graph, units, &layers)
    }

    /// Takes over the parts of another layout, moved
    fn take(&mut self, other: Self, x: i32, y: i32) {
        let moved = |rect: Rect| rect.moved(x, y);
        self.boxes
            .extend(other.boxes.into_iter().map(|each| Placed { rect: moved(each.rect), ..each }));
        self.labels
            .extend(other.labels.into_iter().map(|each| Label { rect: moved(each.rect), ..each }));
        self.panels
            .extend(other.panels.into_iter().map(|each| Panel { rect: moved(each.rect), ..each }));
        for mut line in other.lines {
            for point in &mut line.points {
                *point = (point.0 + x, point.1 + y);
            }
            self.lines.push(line);
        }
    }
}
