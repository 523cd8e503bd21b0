//! The manual pages of the step types, which are the docs of their modules: their examples compile.
//!
//! An example is a list of steps; what it reads and starts beside itself is put around it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use workflow_compiler::diagnostic::Severity;
use workflow_compiler::diagnostic::render::render;
use workflow_compiler::{Input, compile};

/// The workflow that an example starts
const OTHER: &str = "\
name: review-plan
version: 1.0.0
inputs: { plan: { type: string, required: true }, strict: { type: boolean, default: false } }
steps:
  - { id: done, type: return, value: good }
";

#[test]
fn the_examples_compile() {
    let mut report = String::new();
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a source file is text");
        let examples = examples(&text);
        assert!(!examples.is_empty(), "{} has no example", page.display());
        for example in examples {
            let files = vec![
                ("example.yaml".into(), workflow(&example)),
                ("review-plan.yaml".into(), OTHER.to_owned()),
            ];
            let compiled = compile(&Input { files, ..Input::default() });
            let mut mistakes = compiled.diagnostics;
            mistakes.retain(|mistake| mistake.severity == Severity::Error);
            let shown = render(&mistakes, &compiled.sources, false);
            if !shown.is_empty() {
                writeln!(report, "{}\n{shown}", page.display()).expect("a String takes all");
            }
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

/// The files of the step types, without the list of them
fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/steps");
    let files = fs::read_dir(folder).expect("the step types are there");
    let mut pages: Vec<PathBuf> =
        files.map(|file| file.expect("a folder can be read").path()).collect();
    pages.retain(|page| page.is_file() && !page.ends_with("mod.rs"));
    pages.sort();
    pages
}

/// The fences of YAML in a module's doc
fn examples(source: &str) -> Vec<String> {
    let doc: Vec<&str> = source
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    let mut examples = Vec::new();
    let mut open: Option<String> = None;
    for line in doc {
        match (&mut open, line) {
            (None, "```yaml") => open = Some(String::new()),
            (Some(_), "```") => examples.extend(open.take()),
            (Some(example), line) => {
                example.push_str(line);
                example.push('\n');
            }
            (None, _) => {}
        }
    }
    examples
}

/// A workflow around the steps: what they read may be anything
fn workflow(steps: &str) -> String {
    let mut text = "\
name: example
version: 1.0.0
inputs:
  given: { type: any, required: true }
  require_approval: { type: boolean, default: true }
tasks:
  research_task:
    steps:
      - { id: done, type: return, value: \"{{ item }}\" }
initial_state:
  nothing: 0
"
    .to_owned();
    for field in fields(steps, r"needs_state: \[([^\]]*)\]") {
        if !fields(steps, r"output_to: (\w+)").contains(&field) {
            writeln!(text, "  {field}: \"{{{{ inputs.given }}}}\"").expect("a String takes all");
        }
    }
    text.push_str("steps:\n");
    for line in steps.lines() {
        writeln!(text, "  {line}").expect("a String takes all");
    }
    text
}

/// The names in what a pattern captures, each once
fn fields(steps: &str, pattern: &str) -> Vec<String> {
    let pattern = Regex::new(pattern).expect("the pattern is one");
    let captured = pattern.captures_iter(steps);
    let mut names: Vec<String> = captured
        .flat_map(|found| {
            found[1].split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>()
        })
        .collect();
    names.sort();
    names.dedup();
    names
}
