//! What inputs are made of: every YAML file of the repository, and samples.

use std::fs;
use std::path::Path;

use workflow_samples::{Random, project};

use super::Project;

/// The texts
pub(crate) struct Corpus {
    texts: Vec<String>,
    functions: Vec<String>,
    /// Words and signs that stand in them
    tokens: Vec<String>,
}

impl Corpus {
    pub(crate) fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut found = Vec::new();
        for folder in ["tests", "workflows", "examples", "bench", "workflow-compiler/tests"] {
            walk(&root.join(folder), &mut found);
        }
        found.sort();
        let of = |functions: bool| {
            let all =
                found.iter().filter(|(path, _)| path.ends_with("functions.yaml") == functions);
            all.map(|(_, text)| text.clone()).collect::<Vec<_>>()
        };
        let (texts, functions) = (of(false), of(true));
        let mut tokens: Vec<String> = texts.iter().flat_map(|text| tokens(text)).collect();
        tokens.sort();
        tokens.dedup();
        assert!(texts.len() > 100 && !functions.is_empty(), "the corpus is not there");
        Self { texts, functions, tokens }
    }

    /// Files that are to be broken
    pub(crate) fn project(&self, random: &mut Random) -> Project {
        if random.percent(25) {
            let size = 1 + random.below(6);
            let files = project(random.next_u64(), 1 + random.below(3), size);
            return files.into_iter().map(|file| (file.path, file.text)).collect();
        }
        let mut all = vec![("main.yaml".to_owned(), self.text(random).to_owned())];
        if random.percent(30) {
            all.push(("child.yaml".to_owned(), self.text(random).to_owned()));
        }
        if random.percent(40) {
            all.push(("functions.yaml".to_owned(), random.pick(&self.functions)));
        }
        all
    }

    pub(crate) fn text(&self, random: &mut Random) -> &str {
        &self.texts[random.below(self.texts.len())]
    }

    pub(crate) fn token(&self, random: &mut Random) -> &str {
        &self.tokens[random.below(self.tokens.len())]
    }
}

fn walk(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "yaml")
            && let Ok(text) = fs::read_to_string(&path)
            && text.len() < 20_000
        {
            found.push((path.display().to_string(), text));
        }
    }
}

fn tokens(text: &str) -> impl Iterator<Item = String> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    text.split(move |c: char| c.is_whitespace() || !word(c) && !"{}[]|".contains(c))
        .filter(|token| !token.is_empty())
        .map(str::to_owned)
}
