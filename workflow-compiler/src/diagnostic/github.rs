//! Diagnostics as GitHub shows them beside the lines of a pull request: `check --format github`.

use std::fmt::Write as _;

use super::{Diagnostic, Severity};
use crate::source::{Sources, Span};

/// A workflow command of GitHub Actions for each diagnostic, a line each
///
/// The message ends in its label, the further places and the help, so that nothing is lost in the
/// one box that GitHub shows.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    diagnostics.iter().map(|each| command(each, sources) + "\n").collect()
}

fn command(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let start = sources.position(diagnostic.span);
    let end = sources.position(diagnostic.span.after());
    format!(
        "::{level} file={},line={},col={},endLine={},endColumn={},title={}::{}",
        property(&path(diagnostic.span, sources)),
        start.line,
        start.column,
        end.line,
        end.column,
        property(diagnostic.code.as_str()),
        data(&message(diagnostic, sources)),
    )
}

/// All that is said of it, a line each
fn message(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut text = diagnostic.message.clone();
    if !diagnostic.label.is_empty() {
        let _ = write!(text, ": {}", diagnostic.label);
    }
    for label in &diagnostic.labels {
        let (file, at) = (path(label.span, sources), sources.position(label.span));
        let _ = write!(text, "\n{file}:{}:{}: {}", at.line, at.column, label.message);
    }
    for help in &diagnostic.help {
        let _ = write!(text, "\nhelp: {help}");
    }
    text
}

fn path(span: Span, sources: &Sources) -> String {
    sources.path(span.file).to_string_lossy().replace('\\', "/")
}

/// What follows the second `::`
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands behind a `=`
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn all_that_is_said_stands_in_one_escaped_line() {
        let mut sources = Sources::default();
        let file = sources.add("a,b: 100%.yaml", "ä: 1\nb: 2\n");
        let mistake = Diagnostic::new(Code::UnknownKey, Span::new(file, 0..2), "100% wrong")
            .label("here")
            .also(Span::new(file, 6..7), "there: too")
            .help("mend it");
        assert_eq!(
            render(&[mistake], &sources),
            "::error file=a%2Cb%3A 100%25.yaml,line=1,col=1,endLine=1,endColumn=2,\
             title=unknown-key::100%25 wrong: here%0Aa,b: 100%25.yaml:2:1: there: too%0A\
             help: mend it\n"
        );
    }
}
