//! Hands diagnostics to whoever runs rustc.
//!
//! A macro cannot point into a YAML file. What it prints on rustc's stderr in the format of
//! rustc's own diagnostics, cargo shows as if rustc had said it; the build is then stopped by one
//! `compile_error!` that lists the places. Where nobody reads that format, people get plain text.

use std::fmt::Write as _;
use std::io::Write as _;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use serde::Deserialize;

/// Diagnostics as lines of rustc's JSON
#[derive(Debug, Default)]
pub(super) struct Report {
    lines: Vec<String>,
    messages: Vec<Message>,
}

/// What of a line is needed here
#[derive(Debug, Deserialize)]
struct Message {
    #[serde(rename = "message")]
    text: String,
    level: String,
    spans: Vec<Place>,
    rendered: String,
}

#[derive(Debug, Deserialize)]
struct Place {
    file_name: String,
    line_start: usize,
    column_start: usize,
}

/// Who reads what rustc prints
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    /// Cargo, or another program that asked for JSON
    Program,
    /// A person who called rustc
    Person,
    /// An editor's macro server, or a documentation test: somebody else shows the diagnostics
    Nobody,
}

impl Report {
    /// Lines as [`to_rustc_json_lines`](crate::diagnostic::rustc::to_rustc_json_lines) gives
    /// them; `None` where one is something else
    pub(super) fn new(lines: Vec<String>) -> Option<Self> {
        let messages = lines.iter().map(|line| serde_json::from_str(line).ok());
        Some(Self { messages: messages.collect::<Option<_>>()?, lines })
    }

    /// The lines of a file
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::new(text.lines().map(str::to_owned).collect())
    }

    pub(super) fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }

    fn errors(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().filter(|message| message.level == "error")
    }

    /// Shows all of them, each once
    pub(super) fn show(&self) {
        if self.lines.is_empty() {
            return;
        }
        let text = match Reader::of(std::env::args()) {
            Reader::Program => self.lines.join("\n") + "\n",
            Reader::Person => self.plain(),
            Reader::Nobody => return,
        };
        // In one piece, because rustc writes there too; a closed stderr takes nothing anyway.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    fn plain(&self) -> String {
        self.messages.iter().map(|message| without_colors(&message.rendered)).collect()
    }

    /// The error that stops the build: how many mistakes there are, and where
    pub(super) fn stop(&self, at: Span) -> TokenStream {
        let text = self.closing();
        quote_spanned!(at=> ::core::compile_error! { #text })
    }

    fn closing(&self) -> String {
        let mut text = match self.errors().count() {
            1 => String::from("there is a mistake in the workflows:"),
            count => format!("there are {count} mistakes in the workflows:"),
        };
        for error in self.errors() {
            let place = error.spans.first();
            let place =
                place.map(|at| format!("{}:{}:{}: ", at.file_name, at.line_start, at.column_start));
            // Writing to a string does not fail.
            let _ = write!(text, "\n  {}{}", place.unwrap_or_default(), error.text);
        }
        text
    }
}

impl Reader {
    /// Told from rustc's own arguments, since a macro runs inside of it
    fn of(args: impl IntoIterator<Item = String>) -> Self {
        let args: Vec<String> = args.into_iter().collect();
        let json = |arg: &String| arg.starts_with("--error-format=json");
        let two = |pair: &[String]| pair[0] == "--error-format" && pair[1] == "json";
        let program = args.first().map(String::as_str).unwrap_or_default();
        if args.iter().any(json) || args.windows(2).any(two) {
            Self::Program
        } else if program.contains("rustc") || program.contains("clippy-driver") {
            Self::Person
        } else {
            Self::Nobody
        }
    }
}

/// The text without the escapes that colour it
fn without_colors(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| plain + part.split_once('m').map_or("", |(_, text)| text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::rustc::to_rustc_json_lines;
    use crate::{Input, compile};

    fn report(text: &str) -> Report {
        let files = vec![("workflows/hi.yaml".into(), text.into())];
        let compiled = compile(&Input { files, ..Input::default() });
        Report::new(to_rustc_json_lines(&compiled.diagnostics, &compiled.sources)).unwrap()
    }

    const TWO: &str = "name: hi\nversion: 1.0\nsteps:\n  - { id: a, type: prompt, mesage: Hi }\n";

    #[test]
    fn the_closing_error_lists_every_place() {
        let text = report(TWO).closing();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "there are 2 mistakes in the workflows:");
        assert!(lines[1].starts_with("  workflows/hi.yaml:2:10: "), "{text}");
        assert!(lines[2].starts_with("  workflows/hi.yaml:4:28: unknown key `mesage`"), "{text}");
    }

    #[test]
    fn a_person_gets_no_escapes() {
        let plain = report(TWO).plain();
        assert!(plain.contains("error[unknown-key]: unknown key `mesage`"), "{plain}");
        assert!(!plain.contains('\x1b'), "{plain:?}");
    }

    #[test]
    fn the_reader_is_told_from_rustcs_arguments() {
        let reader = |args: &str| Reader::of(args.split(' ').map(str::to_owned));
        assert_eq!(reader("/bin/rustc --error-format=json src/lib.rs"), Reader::Program);
        assert_eq!(reader("clippy-driver --error-format json x.rs"), Reader::Program);
        assert_eq!(reader("rustc src/lib.rs"), Reader::Person);
        assert_eq!(reader("rustdoc --test src/lib.rs"), Reader::Nobody);
    }

    #[test]
    fn a_file_that_holds_something_else_is_not_a_report() {
        assert!(Report::parse("not json\n").is_none());
        assert!(!Report::parse("").unwrap().has_errors());
    }
}
