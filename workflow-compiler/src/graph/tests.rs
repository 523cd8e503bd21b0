//! What is promised of pictures, on the workflows of the repository and on random graphs.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::layout::{Drawn, Layout, Rect};
use super::*;
use crate::{Input, lower};

const NESTED: &str = include_str!("tests/nested.yaml");

fn graph_of(text: &str) -> Graph {
    let files = vec![(PathBuf::from("nested.yaml"), text.to_owned())];
    let lowered = lower(&Input { files, ..Input::default() });
    assert_eq!(lowered.diagnostics.errors(), 0, "{:?}", lowered.diagnostics.into_sorted());
    Graph::of(&lowered.programs, 0, &lowered.sources)
}

/// Every workflow below a folder of the repository
fn graphs_below(folder: &str) -> Vec<Graph> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let lowered = lower(&Input::folder(folder));
    let ids = 0..lowered.programs.len();
    ids.map(|id| Graph::of(&lowered.programs, id, &lowered.sources)).collect()
}

/// The node that is named so
fn node(graph: &Graph, name: &str) -> NodeId {
    let named = |node: &Node| node.lines[0] == name;
    graph.nodes.iter().position(named).unwrap_or_else(|| panic!("no node {name}: {graph:#?}"))
}

/// Where a node leads, and why: `-> give`, `no -> give`
fn ways(graph: &Graph, name: &str) -> Vec<String> {
    let from = node(graph, name);
    let edges = graph.edges.iter().filter(|edge| edge.from == from);
    let way = |edge: &Edge| {
        let label = edge.label.as_ref().map(|label| format!("{label} ")).unwrap_or_default();
        format!("{label}-> {}", graph.nodes[edge.to].lines[0])
    };
    edges.map(way).collect()
}

#[test]
fn steps_follow_each_other_as_they_run() {
    let graph = graph_of(NESTED);
    assert_eq!(graph.title, "demo:nested 1.2.0");
    assert_eq!(ways(&graph, "start"), ["-> hello"]);
    assert_eq!(ways(&graph, "hello"), ["-> when inputs.deep and inputs.files | length…?"]);
    assert_eq!(
        ways(&graph, "when inputs.deep and inputs.files | length…?"),
        ["yes -> maybe", "no -> each"]
    );
    assert_eq!(ways(&graph, "outer"), ["yes -> inner", "no -> single"]);
    assert_eq!(ways(&graph, "single"), ["yes -> set", "no -> ask"], "an `else` that is not there");
    assert_eq!(ways(&graph, "early"), Vec::<String>::new(), "a return ends the run");
    assert_eq!(graph.nodes[node(&graph, "early")].shape, Shape::Return);
    assert_eq!(ways(&graph, "last"), ["-> end"]);
}

#[test]
fn a_node_says_what_its_step_does() {
    let graph = graph_of(NESTED);
    let lines = |name| graph.nodes[node(&graph, name)].lines[1..].join("; ");
    assert_eq!(lines("hello"), "prompt · text");
    assert_eq!(lines("outer"), "state.all | length > 3?");
    assert_eq!(lines("set"), "set_state · note, ok");
    assert_eq!(lines("keep"), "mcp_call · memory.add");
    assert_eq!(graph.nodes[node(&graph, "hello")].line, Some(21));
    assert_eq!(graph.nodes[node(&graph, "hello")].who, Who::Asked);
    assert_eq!(graph.nodes[node(&graph, "keep")].who, Who::Tool);
    assert_eq!(graph.nodes[node(&graph, "set")].who, Who::Server);
}

#[test]
fn an_inline_task_is_drawn_once_with_its_steps() {
    let graph = graph_of(NESTED);
    let child = |name| graph.nodes[node(&graph, name)].child.as_ref().unwrap();
    let inner = child("each").graph.as_ref().unwrap();
    assert_eq!((child("each").label.as_str(), inner.title.as_str()), ("each item", "analyze_file"));
    assert_eq!(ways(inner, "long"), ["yes -> shorten", "no -> give"]);
    assert!(child("again").graph.is_none());
}

#[test]
fn mermaid_of_a_graph() {
    let expected = include_str!("tests/nested.mmd");
    let found = mermaid::render(&graph_of(NESTED));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/graph/tests/nested.mmd");
        std::fs::write(path, &found).unwrap();
        return;
    }
    assert_eq!(found, expected, "UPDATE_EXPECT=1 writes it anew");
}

#[test]
fn mermaid_takes_any_words() {
    let mut graph = graph_of(NESTED);
    graph.nodes[1].lines = vec!["\"`end]--> %% <b>#1;</b> | {{x}} é".to_owned()];
    let text = mermaid::render(&graph);
    let line = text.lines().find(|line| line.trim().starts_with("n1[")).unwrap();
    assert_eq!(
        line.trim(),
        "n1[\"#34;#96;end#93;--#62; #37;#37; #60;b#62;#35;1#59;#60;/b#62; #124; #123;#123;x\
         #125;#125; é\"]"
    );
}

#[test]
fn svg_is_xml_with_all_words_in_it() {
    let mut graph = graph_of(NESTED);
    graph.nodes[1].lines[0] = "a < b & \"c\" \u{1}".to_owned();
    let text = svg::render(&graph);
    assert!(text.contains(">a &lt; b &amp; &quot;c&quot; \u{fffd}</text>"), "{text}");
    assert!(text.contains("<title id=\"workflow-title\">demo:nested 1.2.0</title>"));
    assert!(text.contains("prefers-color-scheme: dark"));
    let open = text.matches("<g").count();
    assert_eq!(open, text.matches("</g>").count());
    for word in ["shorten", "each item", "yes", "no", "analyze_file", "memory.add"] {
        assert!(text.contains(word), "{word}");
    }
    assert_eq!(text, svg::render(&graph), "the same each time");
}

#[test]
fn nothing_overlaps_in_workflows_of_the_repository() {
    let mut graphs = vec![graph_of(NESTED)];
    for folder in ["workflows", "examples/own-crate/workflows"] {
        let found = graphs_below(folder);
        assert!(!found.is_empty(), "{folder}");
        graphs.extend(found);
    }
    for graph in &graphs {
        assert_eq!(problems(graph), "", "{}", graph.title);
    }
}

#[test]
fn nothing_overlaps_in_random_graphs() {
    for seed in 0..150 {
        let graph = random_graph(&mut Random(seed), 2 + Random(seed).below(24), 2);
        assert_eq!(problems(&graph), "", "seed {seed}: {graph:#?}");
    }
}

#[test]
fn pictures_are_no_larger_than_what_is_in_them() {
    for seed in 0..60 {
        let graph = random_graph(&mut Random(seed), 2 + Random(seed).below(24), 0);
        let layout = Layout::of(&graph);
        let boxes: i32 = layout.boxes.iter().map(|each| each.rect.width + 60).sum();
        let labels: i32 = layout.labels.iter().map(|each| each.rect.width + 60).sum();
        let lines: i32 = layout.lines.iter().map(|_| 40).sum();
        assert!(layout.width <= boxes + labels + lines, "seed {seed}: {}", layout.width);
    }
}

#[test]
fn a_jump_back_has_its_bound_and_a_failure_its_handler() {
    let graphs = graphs_below("workflow-compiler/tests/codegen/workflows");
    let graph = graphs.iter().find(|graph| graph.title == "review:loop 1.0.0").unwrap();
    assert_eq!(ways(graph, "again"), ["max 2 times -> draft", "then on -> note"]);
    assert_eq!(ways(graph, "note"), ["-> publish", "on error -> publish"]);
    assert_eq!(ways(graph, "publish"), ["-> done", "on error -> undo"]);
    let lines = &graph.nodes[node(graph, "draft")].lines;
    assert_eq!(lines[1..], ["delegate", "within 60 s · 2 attempts"]);
    assert_eq!(problems(graph), "");
    let layout = Layout::of(graph);
    assert!(layout.width < 700, "{}", layout.width);
}

#[test]
fn a_long_workflow_is_drawn_in_time() {
    let mut graph = random_graph(&mut Random(7), 3, 0);
    let step = graph.nodes[1].clone();
    graph.nodes = vec![step; 1_000];
    let next = |at: usize| edge(at, at + 1, None, EdgeKind::Next);
    let skip = |at: usize| edge(at * 10, at * 10 + 9, Some("no"), EdgeKind::Skip);
    graph.edges = (0..999).map(next).chain((0..100).map(skip)).collect();
    let started = std::time::Instant::now();
    let layout = Layout::of(&graph);
    assert_eq!(layout.boxes.len(), 1_000);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn a_picture_for_a_page_names_its_steps_and_leaves_the_styles_to_it() {
    let graph = graph_of(NESTED);
    let picture = svg::part_of_page(&graph);
    assert!(!picture.contains("<style") && !picture.contains(" style="), "{picture}");
    for name in ["demo:nested hello", "demo:nested maybe", "demo:nested set"] {
        assert!(picture.contains(&format!(" data-step=\"{name}\"")), "{name}: {picture}");
    }
    // The step and the test before it.
    assert_eq!(picture.matches(" data-step=\"demo:nested maybe\"").count(), 2);
    assert!(picture.contains(" data-step=\"demo:nested/"), "the steps of its inline tasks");
    let quoted = Graph { title: "\" data-step=\"x".to_owned(), ..graph };
    assert!(!svg::part_of_page(&quoted).contains("data-step=\"x"), "a quotation mark is markup");
}

/// What a person would call wrong with a picture
fn problems(graph: &Graph) -> String {
    let layout = Layout::of(graph);
    let mut out = String::new();
    let boxes: Vec<Rect> = layout.boxes.iter().map(|each| each.rect).collect();
    let labels: Vec<Rect> = layout.labels.iter().map(|each| each.rect).collect();
    let page = Rect { x: 0, y: 0, width: layout.width, height: layout.height };
    let within = |rect: &Rect| {
        rect.x >= page.x
            && rect.y >= page.y
            && rect.x + rect.width <= page.width
            && rect.y + rect.height <= page.height
    };
    let all: Vec<Rect> = boxes.iter().chain(&labels).copied().collect();
    for (at, a) in all.iter().enumerate() {
        if !within(a) {
            let _ = writeln!(out, "{a:?} is not on the page");
        }
        for b in all[at + 1..].iter().filter(|b| a.overlaps(**b)) {
            let _ = writeln!(out, "{a:?} overlaps {b:?}");
        }
    }
    for line in &layout.lines {
        for pair in line.points.windows(2) {
            let piece = area(pair[0], pair[1]);
            if !within(&piece) {
                let _ = writeln!(out, "{pair:?} is not on the page");
            }
            if boxes.iter().any(|each| inner(*each).overlaps(piece)) {
                let _ = writeln!(out, "{pair:?} of {line:?} crosses a box");
            }
            // A way goes through the middle of its own label only.
            let aside = |label: &&Rect| {
                let middle = (label.x + label.width / 2, label.y + label.height / 2);
                label.overlaps(piece) && pair[0].0 != middle.0 && pair[0].1 != middle.1
            };
            if let Some(label) = labels.iter().find(aside) {
                let _ = writeln!(out, "{pair:?} of {line:?} crosses {label:?}");
            }
        }
    }
    let expected = words_of(graph);
    let drawn = layout.boxes.iter().filter(|each| matches!(each.what, Drawn::Node(_))).count();
    if (drawn, layout.labels.len()) != expected {
        let _ = writeln!(out, "{drawn} nodes and {} labels, not {expected:?}", layout.labels.len());
    }
    out
}

/// How many nodes and labels a graph has, those of its inline tasks too
fn words_of(graph: &Graph) -> (usize, usize) {
    let labels = graph.edges.iter().filter(|edge| edge.label.is_some()).count();
    let children = graph.nodes.iter().filter_map(|node| node.child.as_ref());
    children.fold((graph.nodes.len(), labels), |(nodes, labels), child| {
        let inner = child.graph.as_ref().map_or((0, 0), words_of);
        (nodes + inner.0, labels + 1 + inner.1)
    })
}

fn area(a: (i32, i32), b: (i32, i32)) -> Rect {
    let (x, y) = (a.0.min(b.0), a.1.min(b.1));
    Rect { x, y, width: (a.0 - b.0).abs(), height: (a.1 - b.1).abs() }
}

fn inner(rect: Rect) -> Rect {
    Rect { x: rect.x + 1, y: rect.y + 1, width: rect.width - 2, height: rect.height - 2 }
}

fn edge(from: NodeId, to: NodeId, label: Option<&str>, kind: EdgeKind) -> Edge {
    Edge { from, to, label: label.map(str::to_owned), kind }
}

/// Numbers that look random and are the same each time
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

/// A graph of so many nodes, in which each but the first is reached, with all that graphs can have
fn random_graph(random: &mut Random, count: usize, depth: usize) -> Graph {
    let shapes = [Shape::Step, Shape::Step, Shape::Decision, Shape::Return, Shape::End];
    let mut nodes: Vec<Node> = Vec::new();
    let mut edges: Vec<Edge> = Vec::new();
    let words = ["yes", "no", "on error", "max 3 times", "a label that goes on for a while"];
    for at in 0..count {
        let count_of_lines = 1 + random.below(3);
        let lines = (0..count_of_lines).map(|_| "wörd ".repeat(1 + random.below(8))).collect();
        let mut node = Node {
            shape: if at == 0 { Shape::Start } else { shapes[random.below(shapes.len())] },
            who: Who::Server,
            lines,
            line: None,
            step: None,
            child: None,
        };
        if depth > 0 && random.below(8) == 0 {
            let inner = random.below(5) + 1;
            let graph = (random.below(2) == 0).then(|| random_graph(random, inner, depth - 1));
            let (label, name) = ("each item".to_owned(), "task".repeat(1 + random.below(6)));
            node.child = Some(Child { label, name, graph, program: 0 });
        }
        nodes.push(node);
        if at > 0 {
            edges.push(edge(random.below(at).max(at.saturating_sub(3)), at, None, EdgeKind::Next));
        }
        for _ in 0..random.below(3) {
            let to = random.below(count).max(1);
            let kinds = [EdgeKind::Next, EdgeKind::Skip, EdgeKind::Error];
            let label = (random.below(3) > 0).then(|| words[random.below(words.len())]);
            if to < count {
                edges.push(edge(at, to, label, kinds[random.below(3)]));
            }
        }
    }
    edges.retain(|edge| edge.to < count);
    Graph { title: "random".to_owned(), description: String::new(), nodes, edges }
}
