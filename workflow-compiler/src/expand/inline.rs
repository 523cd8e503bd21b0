//! A workflow that stands in Rust: `workflow!(r"…")`.
//!
//! It is compiled as the text of its Rust file with all blanked out but the YAML, so that every
//! place that a diagnostic names is a place of the Rust file.

use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::LitStr;

use super::one_file::{OneFile, expand, package};
use crate::context;
use crate::project::shown;
use crate::{Input, compile};

/// What `workflow!` expands to where the workflow itself stands in it
///
/// Agent functions and tasks are those of the package's `workflows` folder, host functions those of
/// its `src/functions.rs`.
pub(super) fn workflow(yaml: &LitStr) -> TokenStream {
    let Some(source) = Source::find(yaml) else {
        let text = "a workflow inside of Rust is a raw string, whose first line is empty:\n\n    \
                    workflow!(r#\"\n        name: hello\n        version: 1.0.0\n        …\n    \"#);";
        return quote_spanned!(yaml.span()=> ::core::compile_error! { #text });
    };
    let package = package();
    let folder = package.join("workflows");
    let context = if folder.is_dir() { context::of_folder(&folder) } else { Input::default() };
    let functions = package.join("src").join("functions.rs");
    let path = shown(&source.path, Some(&package)).to_owned();
    let files = vec![(path.clone(), source.text)];
    let input = Input { files, base: Some(package), ..context.functions(functions) };
    let one = OneFile::of(&path, &input, compile(&input));
    expand(&one, yaml.span())
}

/// The YAML at its place in a Rust file
struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    /// `None` where the literal is not written as its value reads, or begins on the macro's line
    fn find(yaml: &LitStr) -> Option<Self> {
        let value = yaml.value();
        if value.lines().next().is_some_and(|first| !first.trim().is_empty()) {
            return None;
        }
        let written = yaml.token().to_string();
        if !written.starts_with('r') {
            return None;
        }
        let placed = yaml.span().local_file().and_then(|path| {
            let path = path.canonicalize().ok()?;
            let rust = std::fs::read_to_string(&path).ok()?;
            let line = yaml.span().start().line;
            Some(Self { text: blanked(&rust, line, &written, &value)?, path })
        });
        // Where rustc does not tell the file, places count from the first line of the YAML.
        placed.or_else(|| Some(Self { path: Path::new("workflow.rs").to_owned(), text: value }))
    }
}

/// The YAML behind a prefix as long as that in the file, made of spaces and line ends
fn blanked(rust: &str, line: usize, written: &str, value: &str) -> Option<String> {
    let begins: usize = rust.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let literal = begins + rust[begins..].find(written)?;
    let yaml = literal + written.find('"')? + 1;
    let blank = |byte: u8| if matches!(byte, b'\n' | b'\r') { byte as char } else { ' ' };
    let prefix: String = rust.as_bytes()[..yaml].iter().map(|byte| blank(*byte)).collect();
    rust[yaml..].starts_with(value).then(|| prefix + value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_rust_file() {
        let rust = "// é\nworkflow!(r#\"\n  name: a\n\"#);\n";
        let text = blanked(rust, 2, "r#\"\n  name: a\n\"#", "\n  name: a\n").unwrap();
        assert_eq!(text.find("name"), rust.find("name"));
        assert_eq!(text.trim(), "name: a");
        assert_eq!(text.lines().count(), 3);
    }
}
