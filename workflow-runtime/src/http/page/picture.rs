//! A workflow's diagram, with what a run has done marked in it.

use std::collections::BTreeSet;

/// What is before a step's name in a picture
const NAME: &str = " data-step=\"";

/// What is to be marked
#[derive(Clone, Copy, Debug)]
pub(super) struct Marks<'a> {
    /// The program whose steps these are: a workflow, or `workflow/task` for an inline task
    pub(super) program: &'a str,
    /// Those that the run has been through
    pub(super) done: &'a BTreeSet<String>,
    /// The one that it stands at
    pub(super) at: Option<&'a str>,
    /// The one that has failed
    pub(super) failed: Option<&'a str>,
}

impl Marks<'_> {
    fn of(&self, step: &str) -> &'static str {
        if self.failed == Some(step) {
            "failed"
        } else if self.at == Some(step) {
            "at"
        } else if self.done.contains(step) {
            "done"
        } else {
            "ahead"
        }
    }
}

/// A picture in which each step of a program has its mark, in `data-mark`
///
/// The picture is the compiler's; in it, a quotation mark is only ever one of markup.
pub(super) fn marked(picture: &str, marks: Marks<'_>) -> String {
    let mut pieces = picture.split(NAME);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        out.push_str(NAME);
        let Some((name, rest)) = piece.split_once('"') else {
            out.push_str(piece);
            continue;
        };
        out.push_str(name);
        out.push('"');
        if let Some((program, step)) = name.split_once(' ')
            && program == marks.program
        {
            out.push_str(" data-mark=\"");
            out.push_str(marks.of(step));
            out.push('"');
        }
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_of_the_program_is_marked() {
        let picture = "<g data-step=\"demo a\"/><g data-step=\"demo b\"/><g data-step=\"demo c\"/>\
                       <g data-step=\"demo d\"/><g data-step=\"demo/task a\"/><g/>";
        let done = BTreeSet::from(["a".to_owned(), "b".to_owned(), "c".to_owned()]);
        let marks = Marks { program: "demo", done: &done, at: Some("b"), failed: Some("c") };
        assert_eq!(
            marked(picture, marks),
            "<g data-step=\"demo a\" data-mark=\"done\"/><g data-step=\"demo b\" data-mark=\"at\"/>\
             <g data-step=\"demo c\" data-mark=\"failed\"/>\
             <g data-step=\"demo d\" data-mark=\"ahead\"/><g data-step=\"demo/task a\"/><g/>"
        );
        assert_eq!(marked("<svg/>", marks), "<svg/>");
    }
}
