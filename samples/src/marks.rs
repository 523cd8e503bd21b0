//! Marks: what a piece of a workflow's text is, noted while the text is made.
//!
//! A mark is a pair of characters of a private area round the piece. They go through quoting,
//! escaping and folding like any letter; at the end they are taken out, and where they stood is
//! where the piece is in the file, however its scalar was written.

use std::ops::Range;

/// What a piece of text is
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// A whole step
    Step,
    /// The key of a step
    Key,
    /// The word behind a step's `type`
    StepType,
    /// The id of a step, where the step is
    Id,
    /// A field in a step's `needs_state`
    Need,
    /// The field in `state.field`
    State,
    /// The input in `inputs.input`
    Input,
    /// The field of an object whose fields are known
    Field,
    /// The name of a filter
    Filter,
    /// The name of a test
    Test,
    /// The name of a function
    Function,
    /// A number that is computed with
    Number,
    /// A whole expression in its braces
    Braces,
    /// A `foreach` step's task
    Task,
    /// The step that a `goto` or an `on_error` goes to
    Target,
    /// An agent
    Agent,
    /// The word of a key that takes one of some words
    Word,
    /// A version
    Version,
    /// The type word of an input, in `inputs`
    InputType,
}

const ALL: &[Mark] = &[
    Mark::Step,
    Mark::Key,
    Mark::StepType,
    Mark::Id,
    Mark::Need,
    Mark::State,
    Mark::Input,
    Mark::Field,
    Mark::Filter,
    Mark::Test,
    Mark::Function,
    Mark::Number,
    Mark::Braces,
    Mark::Task,
    Mark::Target,
    Mark::Agent,
    Mark::Word,
    Mark::Version,
    Mark::InputType,
];

/// Ends the mark that was begun last
pub(crate) const END: char = '\u{e001}';
const FIRST: u32 = 0xe100;

/// A piece of a file's text
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// What it is
    pub mark: Mark,
    /// Its bytes
    pub range: Range<usize>,
}

impl Mark {
    /// The character that begins a piece of this kind
    pub(crate) fn begin(self) -> char {
        let number = ALL.iter().position(|mark| *mark == self).unwrap_or(0);
        u32::try_from(number).ok().and_then(|at| char::from_u32(FIRST + at)).unwrap_or(END)
    }

    /// The piece with its marks
    pub(crate) fn on(self, piece: &str) -> String {
        format!("{}{piece}{END}", self.begin())
    }
}

/// Whether a character belongs to a mark, not to the text
pub(crate) fn is_mark(c: char) -> bool {
    c == END || begun_by(c).is_some()
}

/// The text without its marks, and where they stood, in the order in which they begin
pub(crate) fn read(marked: &str) -> (String, Vec<Spot>) {
    let mut text = String::with_capacity(marked.len());
    let mut spots: Vec<Spot> = Vec::new();
    let mut open = Vec::new();
    for c in marked.chars() {
        if c == END {
            if let Some(spot) = open.pop().and_then(|at: usize| spots.get_mut(at)) {
                spot.range.end = text.len();
            }
        } else if let Some(mark) = begun_by(c) {
            open.push(spots.len());
            spots.push(Spot { mark, range: text.len()..text.len() });
        } else {
            text.push(c);
        }
    }
    (text, spots)
}

/// The pieces of one kind in a marked text that holds no marks inside of them
pub(crate) fn pieces(marked: &str, mark: Mark) -> impl Iterator<Item = &str> {
    let found = marked.split(mark.begin()).skip(1);
    found.filter_map(|piece| Some(piece.split_once(END)?.0))
}

fn begun_by(c: char) -> Option<Mark> {
    ALL.get(usize::try_from(u32::from(c).checked_sub(FIRST)?).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_out_and_told() {
        let inner = Mark::State.on("plan");
        let (text, spots) =
            read(&format!("a {} b", Mark::Braces.on(&format!("{{{{ {inner} }}}}"))));
        assert_eq!(text, "a {{ plan }} b");
        assert_eq!(spots[0], Spot { mark: Mark::Braces, range: 2..12 });
        assert_eq!(spots[1], Spot { mark: Mark::State, range: 5..9 });
    }
}
