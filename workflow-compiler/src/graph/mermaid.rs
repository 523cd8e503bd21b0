//! Graphs as Mermaid flowcharts, which GitHub and many editors draw.

use std::fmt::Write as _;

use super::{Child, Edge, EdgeKind, Graph, Node, Shape, Who};

/// The flowchart of a graph, with a title in its front matter
///
/// Characters that mean something to Mermaid, to Markdown or to HTML are written as entities.
pub fn render(graph: &Graph) -> String {
    let mut chart = Chart { out: String::new(), depth: 1, classes: Vec::new() };
    let title = graph.title.replace('\\', "\\\\").replace('"', "\\\"");
    let _ = writeln!(chart.out, "---\ntitle: \"{title}\"\n---\nflowchart TD");
    chart.graph(graph, "n");
    for (class, style) in CLASSES {
        let ids: Vec<&str> =
            chart.classes.iter().filter(|(_, is)| is == class).map(|(id, _)| &**id).collect();
        if !ids.is_empty() {
            let ids = ids.join(",");
            let _ = writeln!(chart.out, "    classDef {class} {style}\n    class {ids} {class}");
        }
    }
    chart.out
}

/// The borders tell who has something to do; they are seen on light and on dark paper
const CLASSES: &[(&str, &str)] = &[
    ("asked", "stroke:#c77700,stroke-width:2px"),
    ("agent", "stroke:#7a4fd0,stroke-width:2px"),
    ("tool", "stroke:#0b8a72,stroke-width:2px"),
];

struct Chart {
    out: String,
    depth: usize,
    /// Nodes with their classes
    classes: Vec<(String, &'static str)>,
}

impl Chart {
    fn graph(&mut self, graph: &Graph, prefix: &str) {
        for (at, node) in graph.nodes.iter().enumerate() {
            let id = format!("{prefix}{at}");
            let drawn = shape(&id, node);
            self.line(&drawn);
            self.classes.extend(class(node).map(|class| (id.clone(), class)));
            if let Some(child) = &node.child {
                self.child(&id, child);
            }
        }
        for each in &graph.edges {
            self.line(&edge(each, prefix));
        }
    }

    fn child(&mut self, parent: &str, child: &Child) {
        let id = format!("{parent}c");
        match &child.graph {
            Some(graph) => {
                self.line(&format!("subgraph {id} [\"{}\"]", escape(&child.name)));
                self.depth += 1;
                self.graph(graph, &format!("{id}_"));
                self.depth -= 1;
                self.line("end");
            }
            None => self.line(&format!("{id}[[\"{}\"]]", escape(&child.name))),
        }
        self.line(&format!("{parent} -.->|\"{}\"| {id}", escape(&child.label)));
    }

    fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{:indent$}{text}", "", indent = self.depth * 4);
    }
}

fn shape(id: &str, node: &Node) -> String {
    let lines: Vec<String> = node.lines.iter().map(|line| escape(line)).collect();
    let text = format!("\"{}\"", lines.join("<br/>"));
    match node.shape {
        Shape::Start | Shape::End | Shape::Return => format!("{id}([{text}])"),
        Shape::Step => format!("{id}[{text}]"),
        Shape::Decision => format!("{id}{{{{{text}}}}}"),
    }
}

fn edge(edge: &Edge, prefix: &str) -> String {
    let arrow = if edge.kind == EdgeKind::Next { "-->" } else { "-.->" };
    let label = edge.label.as_ref().map(|label| format!("|\"{}\"|", escape(label)));
    format!("{prefix}{} {arrow}{} {prefix}{}", edge.from, label.unwrap_or_default(), edge.to)
}

fn class(node: &Node) -> Option<&'static str> {
    match node.who {
        Who::Server => None,
        Who::Asked => Some("asked"),
        Who::Agent => Some("agent"),
        Who::Tool => Some("tool"),
    }
}

/// A text inside quotes: what is no letter, digit or harmless sign becomes an entity
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || " _-.,:/()?!=+·…@".contains(c) {
            out.push(c);
        } else {
            let _ = write!(out, "#{};", u32::from(c));
        }
    }
    out
}
