//! The picture of a terminal that README.md shows: what it shows is what is printed today.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::SERVER;
use crate::scratch::{ROOT, run};

/// The columns of the terminal that was recorded; what is longer goes over two lines
const COLUMNS: usize = 100;

/// The lines of text of a drawing
fn shown() -> String {
    let drawing = fs::read_to_string(Path::new(ROOT).join("docs/pictures/terminal.svg")).unwrap();
    let parts = drawing.split("<text ").skip(1);
    let texts = parts.filter_map(|part| part.split_once('>')?.1.split_once("</text>"));
    let text = texts.map(|(text, _)| text.trim_end()).collect::<Vec<_>>().join("\n");
    let marks = [("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&#8230;", "…"), ("&amp;", "&")];
    marks.iter().fold(text, |text, (written, meant)| text.replace(written, meant))
}

#[test]
fn the_recording_shows_what_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Command::new(SERVER);
    server.current_dir(ROOT).arg("--store").arg(folder.path().join("runs.sqlite"));
    server.args(["run", "planning:interactive", "--input"]);
    server.arg("task_description=Move the shop's search to a search engine");
    let said = run(server.args(["--answers", "examples/planning.answers.yaml"]));
    assert!(said.ok, "{}", said.stderr);
    let shown = shown();
    let mut compared = 0;
    // The first line has an id, which is another in each run.
    let printed = said.stderr.lines().skip(1).chain(said.stdout.lines());
    for line in printed.filter(|line| line.chars().count() <= COLUMNS) {
        compared += 1;
        let anew = "docs/pictures/terminal.svg does not show it; tests/book/record records anew";
        assert!(shown.lines().any(|text| text == line), "{line}: {anew}");
    }
    assert!(compared > 20, "only {compared} lines");
}

#[test]
fn the_readme_shows_the_recording() {
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    assert!(readme.contains("](docs/pictures/terminal.svg)"));
    let size = fs::metadata(Path::new(ROOT).join("docs/pictures/terminal.svg")).unwrap().len();
    assert!(size < 150_000, "{size} bytes are too many for a page");
}
