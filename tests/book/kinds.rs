//! What is done with each fence of the book. One that nothing is done with fails.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use workflow_runtime::connectors::config;

use crate::pages::{Fence, Page, all};

/// What a fence holds, and so what holds it to the truth
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A file of the reader's, a command with what it prints, a call over MCP with its reply: done by
    /// `session`
    Session,
    /// A whole workflow, or steps of one: compiled by `examples`
    Workflow,
    /// Commands that succeed, whatever they say: done by `runs`
    Run,
    /// Commands that are not run here: read by a shell and by the programs' own command lines, in `commands`
    Commands,
    /// Servers whose tools are called, or of which a client is told: read as `--connectors` reads them
    Servers,
    /// A file of another program: its grammar is looked at
    Foreign,
    /// Held by this test of another folder
    By(&'static str),
}

/// The kind of a fence
pub fn kind(page: &Page, fence: &Fence) -> Option<Kind> {
    let words: Vec<&str> = fence.info.split_whitespace().collect();
    if let Some(test) = elsewhere(&page.path, &words) {
        return Some(Kind::By(test));
    }
    if fence.says("file").is_some() || fence.says("call").is_some() {
        return Some(Kind::Session);
    }
    match words.as_slice() {
        ["console"] | ["json", "reply"] => Some(Kind::Session),
        ["yaml"] => Some(Kind::Workflow),
        ["sh"] => Some(Kind::Commands),
        ["sh", "run"] => Some(Kind::Run),
        ["json"] if fence.text.contains("\"mcpServers\"") => Some(Kind::Servers),
        ["yaml", "other"] => Some(Kind::Foreign),
        _ => None,
    }
}

/// The test that holds what is made by it, or from what it tests
fn elsewhere(page: &str, words: &[&str]) -> Option<&'static str> {
    match (page, words) {
        (_, ["yaml" | "rust", "right" | "wrong", ..]) if page.starts_with("diagnostics/") => {
            Some("workflow-compiler/tests/pages.rs")
        }
        ("language/steps.md", ["yaml"]) => Some("workflow-compiler/tests/manual.rs"),
        ("commands.md", ["text"]) => Some("tests/book/reference.rs"),
        ("locked-tools.md", ["text"]) => Some("tests/connectors/tests/locked.rs"),
        _ => None,
    }
}

/// The fences of a kind
pub fn of_kind(page: &Page, wanted: Kind) -> Vec<Fence> {
    let fences = page.fences().into_iter();
    fences.filter(|fence| kind(page, fence) == Some(wanted)).collect()
}

#[test]
fn something_is_done_with_every_fence() {
    let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
    for page in all() {
        for fence in page.fences() {
            let kind = kind(&page, &fence).unwrap_or_else(|| {
                panic!("docs/{}: nothing is done with a fence `{}`", page.path, fence.info)
            });
            *counts.entry(kind).or_default() += 1;
        }
    }
    for (kind, least) in [
        (Kind::Session, 25),
        (Kind::Workflow, 2),
        (Kind::Run, 7),
        (Kind::Commands, 15),
        (Kind::Servers, 2),
        (Kind::By("workflow-compiler/tests/pages.rs"), 100),
        (Kind::By("workflow-compiler/tests/manual.rs"), 16),
    ] {
        assert!(counts.get(&kind).is_some_and(|found| *found >= least), "{counts:?}");
    }
    for kind in counts.keys() {
        if let Kind::By(test) = kind {
            assert!(fs::exists(test).unwrap(), "there is no {test}");
        }
    }
}

#[test]
fn every_file_of_servers_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mcp.json");
    for page in all() {
        for fence in of_kind(&page, Kind::Servers) {
            // What is not set here is set where the file is used.
            let text = fence.text.replace("_TOKEN}", "_TOKEN:-of the reader}");
            fs::write(&file, text).unwrap();
            let read = config::read(&file).map(|servers| servers.names().count());
            assert!(
                read.as_ref().is_ok_and(|servers| *servers > 0),
                "docs/{}: {read:?}",
                page.path
            );
        }
    }
}

#[test]
fn the_files_of_other_programs_are_of_their_grammar() {
    for page in all() {
        for fence in of_kind(&page, Kind::Foreign) {
            let read: Result<Value, _> = serde_saphyr::from_str(&fence.text);
            assert!(
                read.is_ok_and(|value| value.is_object()),
                "docs/{}: {}",
                page.path,
                fence.text
            );
        }
    }
}
