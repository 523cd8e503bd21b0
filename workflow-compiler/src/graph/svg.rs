//! Graphs as pictures that stand by themselves.

use std::fmt::Write as _;

use super::layout::{Drawn, Label, Layout, Line, LineKind, Panel, Rect};
use super::layout::{LINE_HEIGHT, PANEL_TITLE, SLANT};
use super::{EdgeKind, Graph, Node, Shape, Who};

/// Room for the title above the picture
const HEAD: i32 = 44;
/// Room for the description below it
const DESCRIPTION: i32 = 20;
/// How round the corners of lines are
const CORNER: i32 = 7;

/// What all parts look like; colours follow the reader's, light or dark
const STYLE: &str = include_str!("svg/style.css");

/// The picture of a graph as an SVG file
///
/// Its words are text, which can be selected and is read out; it takes the colours that the
/// reader prefers, and says the same without any.
pub fn render(graph: &Graph) -> String {
    let layout = Layout::of(graph);
    let described = i32::from(!graph.description.is_empty());
    let head = HEAD + described * DESCRIPTION;
    let words = [graph.title.as_str(), graph.description.as_str()];
    let widest = words.map(|text| super::layout::text_width(text, 16)).into_iter().max();
    let width = layout.width.max(widest.unwrap_or_default() + 40);
    let height = layout.height + head;
    let mut out = opening(graph, width, height);
    let _ = writeln!(out, "<style>\n{STYLE}</style>");
    out.push_str(ARROWS);
    let _ = writeln!(out, "<rect class=\"page\" width=\"{width}\" height=\"{height}\"/>");
    let _ = writeln!(out, "<text class=\"head\" x=\"20\" y=\"32\">{}</text>", escape(&graph.title));
    if !graph.description.is_empty() {
        let text = escape(&graph.description.split_whitespace().collect::<Vec<_>>().join(" "));
        let _ = writeln!(out, "<text class=\"more\" x=\"20\" y=\"54\">{text}</text>");
    }
    let _ = writeln!(out, "<g transform=\"translate({},{head})\">", (width - layout.width) / 2);
    parts(&layout, &mut out);
    out.push_str("</g>\n</svg>\n");
    out
}

/// The picture of a graph for a page that has the title and the styles: the classes are those of the
/// SVG file
///
/// What is drawn of a step names it in `data-step`: its program, a space, its id.
pub fn part_of_page(graph: &Graph) -> String {
    let layout = Layout::of(graph);
    let mut out = opening(graph, layout.width, layout.height);
    out.push_str(ARROWS);
    parts(&layout, &mut out);
    out.push_str("</svg>\n");
    out
}

/// The beginning, with all that is read out
fn opening(graph: &Graph, width: i32, height: i32) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\" \
         aria-labelledby=\"workflow-title workflow-description\">\n\
         <title id=\"workflow-title\">{}</title>\n\
         <desc id=\"workflow-description\">{}</desc>\n",
        escape(&graph.title),
        escape(&spoken(graph)),
    )
}

/// All that is drawn
fn parts(layout: &Layout<'_>, out: &mut String) {
    layout.panels.iter().for_each(|each| panel(each, out));
    layout.lines.iter().for_each(|each| line(each, out));
    layout.labels.iter().for_each(|each| label(each, out));
    for each in &layout.boxes {
        match each.what {
            Drawn::Node(node) => draw(node, each.rect, out),
            Drawn::Child(name) => child(name, each.rect, out),
        }
    }
}

const ARROWS: &str = "<defs>\n\
    <marker id=\"workflow-arrow\" class=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" \
    markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker>\n\
    <marker id=\"workflow-arrow-error\" class=\"tip error\" viewBox=\"0 0 8 8\" refX=\"7\" \
    refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/>\
    </marker>\n</defs>\n";

/// The graph in words
fn spoken(graph: &Graph) -> String {
    let name = |node: usize| graph.nodes[node].lines.first().map_or("", String::as_str);
    let mut text = graph.description.clone();
    for edge in &graph.edges {
        let why = edge.label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
        let gap = if text.is_empty() { "" } else { " " };
        let _ = write!(text, "{gap}{} → {}{why}.", name(edge.from), name(edge.to));
    }
    text
}

fn draw(node: &Node, rect: Rect, out: &mut String) {
    let class = match (node.shape, node.who) {
        (Shape::Decision, _) => "decision",
        (Shape::Start | Shape::End | Shape::Return, _) => "end",
        (_, Who::Server) => "server",
        (_, Who::Asked) => "asked",
        (_, Who::Agent) => "agent",
        (_, Who::Tool) => "tool",
    };
    let Rect { x, y, width, height } = rect;
    let step = node
        .step
        .as_ref()
        .map(|step| format!(" data-step=\"{} {}\"", escape(&step.program), escape(&step.id)));
    let _ = writeln!(out, "<g class=\"node {class}\"{}>", step.unwrap_or_default());
    if let Some(line) = node.line {
        let id = node.lines.first().map_or("", String::as_str);
        let _ = writeln!(out, "<title>{}: line {line}</title>", escape(id));
    }
    let _ = match node.shape {
        Shape::Decision => {
            let (right, bottom, middle) = (x + width, y + height, y + height / 2);
            let (a, b) = (x + SLANT, right - SLANT);
            writeln!(
                out,
                "<path d=\"M{a} {y}H{b}L{right} {middle}L{b} {bottom}H{a}L{x} {middle}z\"/>"
            )
        }
        shape => {
            let round = if shape == Shape::Step { 6 } else { height / 2 };
            writeln!(
                out,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{round}\"/>"
            )
        }
    };
    words(&node.lines, rect, out);
    out.push_str("</g>\n");
}

fn words(lines: &[String], rect: Rect, out: &mut String) {
    let count = i32::try_from(lines.len()).unwrap_or_default();
    let x = rect.x + rect.width / 2;
    let first = rect.y + (rect.height - count * LINE_HEIGHT) / 2 + 13;
    for (at, line) in (0..).zip(lines) {
        let class = if at == 0 { "name" } else { "more" };
        let y = first + at * LINE_HEIGHT;
        let line = escape(line);
        let _ = writeln!(out, "<text class=\"{class} middle\" x=\"{x}\" y=\"{y}\">{line}</text>");
    }
}

fn child(name: &str, rect: Rect, out: &mut String) {
    let Rect { x, y, width, height } = rect;
    let _ = writeln!(
        out,
        "<g class=\"node child\">\n\
         <rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>\n\
         <path d=\"M{} {y}v{height}M{} {y}v{height}\"/>",
        x + 6,
        x + width - 6,
    );
    words(&[name.to_owned()], rect, out);
    out.push_str("</g>\n");
}

fn panel(panel: &Panel<'_>, out: &mut String) {
    let Rect { x, y, width, height } = panel.rect;
    let _ = writeln!(
        out,
        "<g class=\"panel\">\n\
         <rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>\n\
         <text class=\"name\" x=\"{}\" y=\"{}\">{}</text>\n</g>",
        x + 16,
        y + PANEL_TITLE - 9,
        escape(panel.title),
    );
}

fn label(label: &Label<'_>, out: &mut String) {
    let Rect { x, y, width, height } = label.rect;
    let class = if label.kind == EdgeKind::Error { "label error" } else { "label" };
    let _ = writeln!(
        out,
        "<g class=\"{class}\"><rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" \
         rx=\"4\"/><text class=\"middle\" x=\"{}\" y=\"{}\">{}</text></g>",
        x + width / 2,
        y + 14,
        escape(label.text),
    );
}

fn line(line: &Line, out: &mut String) {
    let (class, arrow) = match line.kind {
        LineKind::Way(EdgeKind::Next) => ("way", "workflow-arrow"),
        LineKind::Way(EdgeKind::Skip) => ("way skip", "workflow-arrow"),
        LineKind::Way(EdgeKind::Error) => ("way error", "workflow-arrow-error"),
        LineKind::Child => ("way starts", "workflow-arrow"),
    };
    let path = path(&line.points);
    let _ = writeln!(out, "<path class=\"{class}\" marker-end=\"url(#{arrow})\" d=\"{path}\"/>");
}

/// Straight lines with round corners
fn path(points: &[(i32, i32)]) -> String {
    let mut path = String::new();
    for (at, &(x, y)) in points.iter().enumerate() {
        let inner =
            at.checked_sub(1).and_then(|before| Some((points[before], points.get(at + 1)?)));
        let _ = match inner {
            None if at == 0 => write!(path, "M{x} {y}"),
            None => write!(path, "L{x} {y}"),
            Some((before, after)) => {
                let (a, b) = (towards((x, y), before), towards((x, y), *after));
                write!(path, "L{} {}Q{x} {y} {} {}", a.0, a.1, b.0, b.1)
            }
        };
    }
    path
}

/// A point on the way from one to another, as far as a corner is round
fn towards(from: (i32, i32), to: (i32, i32)) -> (i32, i32) {
    let step = |from: i32, to: i32| {
        let far = to - from;
        from + far.signum() * CORNER.min(far.abs() / 2)
    };
    (step(from.0, to.0), step(from.1, to.1))
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML has no place for them.
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
