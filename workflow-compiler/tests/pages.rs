//! The pages of the diagnostics, which `workflowc explain` prints: their examples are true.
//!
//! The wrong example of a page gives its code at the marked place and nothing else, the right one
//! nothing at all. An example is a fence such as ```` ```yaml wrong ````; where it has several
//! files, each fence ends in a file name. `UPDATE_EXPECT=1` writes the marks and the index anew.

mod markers;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use markers::{Mark, differences, marks_of, strip, written};
use workflow_compiler::diagnostic::render::render;
use workflow_compiler::diagnostic::{Code, Severity};
use workflow_compiler::{Compilation, Input, compile};

/// A file of an example
struct Example {
    /// Where its text stands in the page
    range: std::ops::Range<usize>,
    /// `wrong` or `right`
    kind: String,
    path: PathBuf,
    text: String,
    marks: Vec<Mark>,
}

#[test]
fn examples_are_true() {
    let mut report = String::new();
    for code in Code::ALL {
        let path = folder().join(format!("{}.md", code.as_str()));
        let mut page = fs::read_to_string(&path).expect("each code has a page");
        if updates() {
            page = with_marks(&page);
            fs::write(&path, &page).expect("a page can be written");
        }
        let wrong = check_page(*code, &page);
        if !wrong.is_empty() {
            writeln!(report, "{}\n{wrong}", path.display()).expect("a String takes all");
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn pages_are_shaped_alike() {
    for code in Code::ALL {
        let page = fs::read_to_string(folder().join(format!("{}.md", code.as_str()))).unwrap();
        let mut lines = page.lines();
        assert_eq!(lines.next(), Some(&*format!("# {}", code.as_str())));
        assert_eq!(lines.next(), Some(""), "{}", code.as_str());
        assert!(lines.next().is_some_and(|line| line.ends_with('.')), "{}", code.as_str());
    }
}

#[test]
fn the_index_lists_every_code() {
    let path = folder().join("README.md");
    let expected = index();
    if updates() {
        fs::write(&path, &expected).expect("the index can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "UPDATE_EXPECT=1 writes the index anew");
}

fn updates() -> bool {
    std::env::var_os("UPDATE_EXPECT").is_some()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/diagnostics")
}

fn index() -> String {
    let mut text =
        "# Diagnostics\n\nWhat the compiler says to an author. `workflowc explain CODE` \
                    prints a page.\n\n| code | |\n|---|---|\n"
            .to_owned();
    let mut codes: Vec<&Code> = Code::ALL.iter().collect();
    codes.sort_by_key(|code| code.as_str());
    for code in codes {
        let (name, line) = (code.as_str(), code.page().lines().nth(2).unwrap_or_default());
        let line = line.replace('|', "\\|");
        writeln!(text, "| [{name}]({name}.md) | {line} |").expect("a String takes all");
    }
    text
}

fn examples(page: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut at = 0;
    while let Some(open) = page[at..].find("```") {
        let info_at = at + open + 3;
        let start = info_at + page[info_at..].find('\n').expect("a fence has a line") + 1;
        let end = start + page[start..].find("```").expect("a fence is closed");
        let mut words = page[info_at..start].split_whitespace();
        let (_, kind) = (words.next(), words.next());
        if let Some(kind @ ("wrong" | "right")) = kind {
            let (text, marks) = strip(&page[start..end]);
            let path = words.next().unwrap_or("example.yaml").into();
            examples.push(Example { range: start..end, kind: kind.to_owned(), path, text, marks });
        }
        at = end + 3;
    }
    examples
}

fn compile_kind(examples: &[Example], kind: &str) -> Compilation {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut input = Input::default();
    for example in examples.iter().filter(|example| example.kind == kind) {
        if example.path.extension().is_some_and(|ending| ending == "rs") {
            let path = folder.path().join(&example.path);
            fs::write(&path, &example.text).expect("a file can be written");
            input.functions = Some(path);
        } else {
            input.files.push((example.path.clone(), example.text.clone()));
        }
    }
    compile(&input)
}

fn found(example: &Example, compiled: &Compilation) -> Vec<Mark> {
    let same = |path: &&PathBuf| path.file_name() == example.path.file_name();
    let path = compiled.sources.iter().map(|(_, source)| &source.path).find(same);
    path.map(|path| marks_of(compiled, path)).unwrap_or_default()
}

fn check_page(code: Code, page: &str) -> String {
    let examples = examples(page);
    let mut report = String::new();
    for kind in ["wrong", "right"] {
        if !examples.iter().any(|example| example.kind == kind) {
            report.push_str("  one of the two examples is missing\n");
        }
        let compiled = compile_kind(&examples, kind);
        for example in examples.iter().filter(|example| example.kind == kind) {
            report.push_str(&differences(&example.marks, &found(example, &compiled)));
        }
        if kind == "wrong" && compiled.diagnostics.len() != 1 {
            report.push_str(&render(&compiled.diagnostics, &compiled.sources, false));
        }
    }
    let marks: Vec<&Mark> = examples.iter().flat_map(|example| &example.marks).collect();
    let severity = if code.severity() == Severity::Error { "error" } else { "warning" };
    let expected = format!("{severity}[{}]", code.as_str());
    if marks.len() != 1 || marks[0].code != expected {
        report.push_str("  the wrong example must mark the code of the page, once\n");
    }
    report
}

/// The page with the marks of what is found in its wrong example
fn with_marks(page: &str) -> String {
    let examples = examples(page);
    let compiled = compile_kind(&examples, "wrong");
    let mut page = page.to_owned();
    for example in examples.iter().rev() {
        let mut marks = match example.kind.as_str() {
            "wrong" => found(example, &compiled),
            _ => Vec::new(),
        };
        marks.iter_mut().for_each(|mark| mark.message = None);
        let leader =
            if example.path.extension().is_some_and(|end| end == "rs") { "//" } else { "#" };
        page.replace_range(example.range.clone(), &written(&example.text, &marks, leader));
    }
    page
}
