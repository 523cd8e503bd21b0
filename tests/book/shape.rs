//! The book hangs together: every page is in the summary, and no link leaves the book.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use crate::pages::{Page, all};

/// What the links of a page name, outside of fences and code
fn links(page: &Page) -> Vec<String> {
    let mut prose = page.text.clone();
    for fence in page.fences().into_iter().rev() {
        prose.replace_range(fence.range, "");
    }
    // Between two backticks stands code, in which `](` is no link.
    let prose: String = prose.split('`').step_by(2).collect();
    let targets = prose.match_indices("](").map(|(at, _)| prose[at + 2..].split(')').next());
    targets.map(|target| target.unwrap().to_owned()).collect()
}

/// The path of a link's file, from the book's folder; none if it leaves it
fn within(page: &str, link: &str) -> Option<String> {
    let file = link.split('#').next().unwrap();
    let mut parts: Vec<&str> = page.split('/').collect();
    if !file.is_empty() {
        parts.pop();
        for part in Path::new(file).components() {
            match part {
                Component::ParentDir => drop(parts.pop()?),
                Component::Normal(name) => parts.push(name.to_str().unwrap()),
                _ => return None,
            }
        }
    }
    Some(parts.join("/"))
}

#[test]
fn the_summary_lists_every_page_once() {
    let summary = Page::read("SUMMARY.md");
    let listed = links(&summary);
    let known: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(listed.len(), known.len(), "a page is listed twice");
    let there = all().into_iter().map(|page| page.path).filter(|path| path != "SUMMARY.md");
    assert_eq!(known, there.collect::<BTreeSet<_>>());
}

/// A page of the book cannot show what is not in it. Whether what is linked to is there, anchors too,
/// is held by `tests/docs.rs` for all of the documentation.
#[test]
fn no_link_leaves_the_book() {
    let pages = all();
    let known: BTreeSet<&str> = pages.iter().map(|page| page.path.as_str()).collect();
    for page in &pages {
        for link in links(page).iter().filter(|link| !link.contains("://")) {
            let target = within(&page.path, link);
            let inside = target.as_ref().is_some_and(|target| known.contains(target.as_str()));
            assert!(inside, "docs/{} links to {link}, which is no page of the book", page.path);
        }
    }
}

#[test]
fn a_link_is_followed_from_its_page() {
    assert_eq!(within("language/steps.md", "../mcp.md#tools").as_deref(), Some("mcp.md"));
    assert_eq!(within("mcp.md", "#tools").as_deref(), Some("mcp.md"));
    assert_eq!(within("mcp.md", "../README.md"), None);
}

#[test]
fn the_readme_leads_to_the_book() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    for page in ["README.md", "first-hour.md", "language/README.md", "troubleshooting.md"] {
        assert!(readme.contains(&format!("](docs/{page})")), "README.md does not name {page}");
    }
}
