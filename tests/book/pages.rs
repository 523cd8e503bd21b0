//! The pages of the book, and the fences in them.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::scratch::ROOT;

/// A page: a Markdown file under `docs/`
pub struct Page {
    /// Its path below `docs/`
    pub path: String,
    /// What is in it
    pub text: String,
}

/// A fenced block
#[derive(Clone, Debug)]
pub struct Fence {
    /// The words behind the backticks: the language, then what this test should know
    pub info: String,
    /// Where its lines stand in the page
    pub range: Range<usize>,
    /// Its lines
    pub text: String,
    /// What stands before it, from the fence before
    pub before: String,
}

impl Page {
    /// The page of that name
    pub fn read(path: &str) -> Self {
        let text = fs::read_to_string(folder().join(path)).unwrap();
        Self { path: path.to_owned(), text }
    }

    /// Its fences, in their order
    pub fn fences(&self) -> Vec<Fence> {
        let (mut fences, mut at, mut ended) = (Vec::new(), 0, 0);
        let mut open: Option<(String, usize)> = None;
        for line in self.text.split_inclusive('\n') {
            let fence = line.strip_prefix("```").map(str::trim);
            let is_shifted = fence.is_none() && line.trim_start().starts_with("```");
            assert!(!is_shifted, "{}: a fence stands at the margin: {line}", self.path);
            match (fence, open.take()) {
                (Some(info), None) => open = Some((info.to_owned(), at + line.len())),
                (Some(_), Some((info, start))) => {
                    let text = self.text[start..at].to_owned();
                    let before = self.text[ended..start].to_owned();
                    ended = at + line.len();
                    fences.push(Fence { info, range: start..at, text, before });
                }
                (None, still) => open = still,
            }
            at += line.len();
        }
        assert!(open.is_none(), "{}: a fence is not closed", self.path);
        fences
    }

    /// What stands between two backticks, outside of fences
    pub fn code(&self) -> Vec<String> {
        let mut prose = self.text.clone();
        for fence in self.fences().into_iter().rev() {
            prose.replace_range(fence.range, "");
        }
        // Those of the fences themselves would count as well.
        let prose = prose.lines().filter(|line| !line.starts_with("```"));
        let prose = prose.collect::<Vec<_>>().join("\n");
        let code = prose.split('`').skip(1).step_by(2);
        code.map(|code| code.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    /// Replaces what stands in fences, and writes the file
    pub fn rewrite(&mut self, mut fences: Vec<(Range<usize>, String)>) {
        fences.sort_by_key(|(range, _)| range.start);
        for (range, text) in fences.into_iter().rev() {
            self.text.replace_range(range, &text);
        }
        fs::write(folder().join(&self.path), &self.text).unwrap();
    }
}

impl Fence {
    /// Whether its language is this one
    pub fn is(&self, language: &str) -> bool {
        self.info.split_whitespace().next() == Some(language)
    }

    /// What it says of itself: of `json call=start_workflow` the `call`
    pub fn says(&self, key: &str) -> Option<&str> {
        let mut words = self.info.split_whitespace();
        words.find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
    }
}

/// Where the pages are
pub fn folder() -> PathBuf {
    Path::new(ROOT).join("docs")
}

/// Whether files are to be written anew
pub fn updates() -> bool {
    std::env::var_os("UPDATE_BOOK").is_some()
}

/// Every page, in the order of their paths
pub fn all() -> Vec<Page> {
    let mut pages = Vec::new();
    let mut folders = vec![folder()];
    while let Some(of) = folders.pop() {
        for entry in fs::read_dir(of).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let below = path.strip_prefix(folder()).unwrap();
                pages.push(Page::read(below.to_str().unwrap()));
            }
        }
    }
    pages.sort_by(|a, b| a.path.cmp(&b.path));
    pages
}

/// Holds a page that is generated against its file, or writes the file
pub fn hold(path: &str, generated: &str) {
    let file = folder().join(path);
    if updates() {
        fs::write(&file, generated).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    let differs = found.lines().zip(generated.lines()).find(|(found, made)| found != made);
    assert!(
        found == generated,
        "docs/{path} is not what it is generated from; UPDATE_BOOK=1 writes it anew: {differs:?}"
    );
}
