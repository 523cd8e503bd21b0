//! What the documentation says is so: links lead somewhere, commands and examples are those that
//! are tested, and the repository holds nothing of the machine it was written on.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "e2e/client.rs"]
#[expect(dead_code, reason = "most of it is for the tests beside it")]
mod client;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use workflow_compiler::diagnostic::render::render;
use workflow_compiler::{Compilation, Input, compile};

use client::Client;

/// The server's binary
const SERVER: &str = env!("CARGO_BIN_EXE_workflow-server");

/// Files under version control, by their paths from the root; none outside a clone
fn files() -> Vec<PathBuf> {
    let listed = Command::new("git").args(["ls-files", "-z"]).output();
    let Ok(output) = listed.as_ref().map(|output| output.stdout.as_slice()) else { return vec![] };
    let paths = String::from_utf8(output.to_vec()).unwrap();
    // One that is deleted and not yet committed is listed still.
    paths.split_terminator('\0').map(PathBuf::from).filter(|path| path.is_file()).collect()
}

fn markdown() -> Vec<(PathBuf, String)> {
    let of_ours = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "md");
    let read = |path: PathBuf| (path.clone(), std::fs::read_to_string(path).unwrap());
    let found: Vec<_> = files().into_iter().filter(of_ours).map(read).collect();
    if found.is_empty() { vec![("README.md".into(), readme())] } else { found }
}

fn readme() -> String {
    std::fs::read_to_string("README.md").unwrap()
}

/// The text outside and the text inside of code blocks
fn prose_and_code(markdown: &str) -> (String, Vec<(String, String)>) {
    let (mut prose, mut blocks, mut open) = (String::new(), Vec::new(), None);
    for line in markdown.lines() {
        match (line.trim_start().strip_prefix("```"), &mut open) {
            (Some(language), None) => open = Some((language.to_owned(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some((_, text))) => text.extend([line, "\n"]),
            (None, None) => prose.extend([line, "\n"]),
        }
    }
    (prose, blocks)
}

/// The README's code blocks of a language, in their order
fn blocks(language: &str) -> Vec<String> {
    let (_, blocks) = prose_and_code(&readme());
    blocks.into_iter().filter(|block| block.0 == language).map(|block| block.1).collect()
}

/// The names by which the headings of a page can be linked to
fn anchors(markdown: &str) -> BTreeSet<String> {
    let (prose, _) = prose_and_code(markdown);
    let headings = prose.lines().filter_map(|line| line.strip_prefix('#'));
    let kept = |letter: &char| letter.is_alphanumeric() || " -_".contains(*letter);
    headings
        .map(|line| line.trim_start_matches('#').trim().to_lowercase())
        .map(|line| line.chars().filter(kept).collect::<String>().replace(' ', "-"))
        .collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut links = 0;
    for (path, text) in markdown() {
        let (prose, _) = prose_and_code(&text);
        // Between two backticks stands code, in which `](` is no link.
        let prose: String = prose.split('`').step_by(2).collect();
        for (at, _) in prose.match_indices("](") {
            let target = prose[at + 2..].split(')').next().unwrap();
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            links += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = match file {
                "" => path.clone(),
                file => path.parent().unwrap_or(Path::new("")).join(file),
            };
            assert!(file.exists(), "{} links to {target}, which is not there", path.display());
            if !anchor.is_empty() {
                let page = std::fs::read_to_string(&file).unwrap();
                assert!(anchors(&page).contains(anchor), "{} has no #{anchor}", file.display());
            }
        }
    }
    assert!(links > 10, "only {links} links");
}

#[test]
fn the_two_commands_of_the_readme_are_run_for_every_change() {
    let ci = std::fs::read_to_string(".ci/run").unwrap();
    let commands = blocks("sh");
    for (command, begins) in commands.iter().zip(["cargo run -- run", "cargo test"]) {
        let command = command.trim();
        assert!(command.starts_with(begins), "{command}");
        assert!(ci.contains(command), "`{command}` is not run by .ci/run");
    }
}

#[test]
fn the_commands_that_claude_is_given_are_ones_that_there_are() {
    let mut commands = 0;
    for (path, text) in markdown() {
        let whole = text.replace("\\\n", " ");
        for line in whole.lines().filter(|line| line.starts_with("claude mcp add")) {
            let Some((_, server)) = line.split_once(" -- ") else { continue };
            let args = server.split_whitespace().skip(1).chain(["--help"]);
            let status = Command::new(SERVER).args(args).output().unwrap().status;
            assert!(status.success(), "{}: {line}", path.display());
            commands += 1;
        }
    }
    assert!(commands >= 2, "only {commands} commands");
    let example = std::fs::read_to_string(".mcp.json.example").unwrap();
    let example: Value = serde_json::from_str(&example).unwrap();
    assert_eq!(example["mcpServers"]["workflows"]["args"], json!(["serve"]));
}

fn compiled(text: &str) -> Compilation {
    let files = vec![("workflows/order-tea.yaml".into(), text.to_owned())];
    compile(&Input { files, ..Input::default() })
}

#[test]
fn the_workflow_in_the_readme_compiles_and_the_wrong_one_is_told_as_shown() {
    let [right, wrong] = blocks("yaml").try_into().expect("two workflows");
    let compiled_right = compiled(&right);
    assert!(compiled_right.diagnostics.is_empty(), "{:#?}", compiled_right.diagnostics);
    let wrong = compiled(&wrong);
    let rendered = render(&wrong.diagnostics, &wrong.sources, false);
    assert_eq!(rendered.trim(), blocks("text")[0].trim());
}

#[test]
fn the_reply_in_the_readme_is_one_that_is_given() {
    let shown: Value = serde_json::from_str(&blocks("json")[0]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut server = Command::new(SERVER);
    let server = server.args(["serve", "--store"]).arg(folder.path().join("runs.sqlite"));
    let mut client = Client::of(server);
    let inputs = json!({"task_description": "Move the web shop to new servers"});
    let start = json!({"workflow": shown["workflow"], "inputs": inputs});
    let mut given = client.call("start_workflow", &start);
    // Only the id differs from run to run.
    given["run_id"] = shown["run_id"].clone();
    given["step"]["run_id"] = shown["run_id"].clone();
    assert_eq!(given.to_string(), shown.to_string());
}

#[test]
fn nothing_of_the_machine_it_was_written_on_is_in_the_repository() {
    // In pieces, so that this file does not hold them.
    let alien = [
        ["/wo", "rk/"],
        ["/ro", "ot/"],
        ["../sha", "red"],
        ["/mnt", "/"],
        ["/tm", "p/"],
        [".inter", "nal"],
    ];
    let alien = alien.map(|pieces| pieces.concat());
    for path in files() {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        for word in &alien {
            let line = text.lines().find(|line| line.contains(word.as_str()));
            assert!(line.is_none(), "{} holds `{word}`: {}", path.display(), line.unwrap_or(""));
        }
    }
}

#[test]
fn what_it_is_built_on_comes_from_crates_io() {
    let lock = |path: &PathBuf| path.file_name().is_some_and(|name| name == "Cargo.lock");
    for path in files().into_iter().filter(lock) {
        let locked = std::fs::read_to_string(&path).unwrap();
        let sources = locked.lines().filter_map(|line| line.strip_prefix("source = "));
        let sources: BTreeSet<_> = sources.collect();
        let crates_io = "\"registry+https://github.com/rust-lang/crates.io-index\"";
        assert_eq!(sources, BTreeSet::from([crates_io]), "{}", path.display());
    }
}

#[test]
fn the_example_of_connectors_is_one() {
    let connectors =
        workflow_runtime::connectors::config::read(Path::new("examples/connectors.json"));
    let connectors = connectors.unwrap();
    assert_eq!(connectors.names().collect::<Vec<_>>(), ["time", "wiki"]);
    let page = std::fs::read_to_string("docs/connectors.md").unwrap();
    assert!(page.contains("`examples/connectors.json`"), "nobody is told of it");
}
