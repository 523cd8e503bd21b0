//! One mistake in a project that was right, and what must be said of it: one function and one
//! line of [`MISTAKES`] each.

use std::ops::Range;

use crate::marks::{Mark, Spot};
use crate::random::Random;
use crate::workflow::File;

/// A project with one mistake
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What was done, as in `MISTAKES`
    pub what: &'static str,
    /// The files, one of them changed
    pub files: Vec<File>,
    /// The path of the one that was changed
    pub path: String,
    /// The code that must be reported, once and alone
    pub code: &'static str,
    /// Where
    pub place: Place,
}

/// Where a mistake must be marked
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// These bytes; the quotes of a scalar may be marked with it
    At(Range<usize>),
    /// Somewhere in these bytes
    Within(Range<usize>),
}

/// What a kind of mistake does to a file: replaces bytes, and expects a code at a place
struct Change {
    range: Range<usize>,
    text: String,
    code: &'static str,
    place: Place,
}

type Maker = fn(&File, &mut Random) -> Option<Change>;

/// Every kind of mistake
const MISTAKES: &[(&str, Maker)] = &[
    ("a state field misspelt where it is read", |f, r| {
        misspelt(f, r, Mark::State, "unknown-state")
    }),
    ("a state field misspelt where it is listed", |f, r| {
        misspelt(f, r, Mark::Need, "unknown-state")
    }),
    ("a field not listed", unlisted),
    ("a field read without `state.`", without_root),
    ("`state` misspelt", root_misspelt),
    ("an input misspelt", |f, r| misspelt(f, r, Mark::Input, "unknown-input")),
    ("a field of an object misspelt", |f, r| misspelt(f, r, Mark::Field, "unknown-field")),
    ("a filter misspelt", |f, r| misspelt(f, r, Mark::Filter, "unknown-filter")),
    ("a test misspelt", |f, r| misspelt(f, r, Mark::Test, "unknown-test")),
    ("a function misspelt", |f, r| misspelt(f, r, Mark::Function, "unknown-function")),
    ("a key misspelt", |f, r| misspelt(f, r, Mark::Key, "unknown-key")),
    ("a step type misspelt", |f, r| misspelt(f, r, Mark::StepType, "unknown-step-type")),
    ("a task misspelt", |f, r| misspelt(f, r, Mark::Task, "unknown-task")),
    ("a target misspelt", |f, r| misspelt(f, r, Mark::Target, "unknown-step")),
    ("a word misspelt", |f, r| misspelt(f, r, Mark::Word, "wrong-type-of-key")),
    ("an input's type misspelt", |f, r| misspelt(f, r, Mark::InputType, "wrong-type-of-key")),
    ("an agent without its sign", |f, r| written(f, r, Mark::Agent, "helper", "invalid-agent")),
    ("a version of two parts", |f, r| written(f, r, Mark::Version, "1.x", "invalid-version")),
    ("an id with a space", id_with_space),
    ("two steps of one id", same_id),
    ("a truth value computed with", computed),
    ("braces left open", open_braces),
    ("a key twice", key_twice),
    ("a step without a type", without_type),
];

/// Every kind of mistake, by what it does
pub fn kinds() -> impl Iterator<Item = &'static str> {
    MISTAKES.iter().map(|(what, _)| *what)
}

/// The project with one mistake of a kind, if there is a place for it
pub fn mistake(files: &[File], what: &'static str, random: &mut Random) -> Option<Mistake> {
    let (_, maker) = MISTAKES.iter().find(|(name, _)| *name == what)?;
    let flows: Vec<usize> = (0..files.len()).filter(|at| !files[*at].spots.is_empty()).collect();
    let at = *flows.get(random.below(flows.len()))?;
    let change = maker(&files[at], random)?;
    let mut files = files.to_vec();
    files[at].text.replace_range(change.range, &change.text);
    let path = files[at].path.clone();
    Some(Mistake { what, files, path, code: change.code, place: change.place })
}

fn any(file: &File, random: &mut Random, mark: Mark) -> Option<Spot> {
    let all: Vec<&Spot> = file.spots.iter().filter(|spot| spot.mark == mark).collect();
    if all.is_empty() { None } else { Some(random.pick(&all).clone()) }
}

/// Another text in place of a piece, which is then what must be marked
fn instead(range: Range<usize>, text: String, code: &'static str) -> Change {
    let place = Place::At(range.start..range.start + text.len());
    Change { range, text, code, place }
}

fn misspelt(file: &File, random: &mut Random, mark: Mark, code: &'static str) -> Option<Change> {
    let spot = any(file, random, mark)?;
    let mut word = file.text[spot.range.clone()].to_owned();
    word.insert(word.len().div_ceil(2), 'q');
    Some(instead(spot.range, word, code))
}

fn written(
    file: &File,
    random: &mut Random,
    mark: Mark,
    text: &str,
    code: &'static str,
) -> Option<Change> {
    let spot = any(file, random, mark)?;
    Some(instead(spot.range, text.to_owned(), code))
}

/// The smallest piece of a kind that holds some bytes
fn round<'f>(file: &'f File, inner: &Range<usize>, marks: &[Mark]) -> Option<&'f Spot> {
    let holds = |spot: &&Spot| {
        marks.contains(&spot.mark) && spot.range.start <= inner.start && inner.end <= spot.range.end
    };
    file.spots.iter().filter(holds).min_by_key(|spot| spot.range.len())
}

fn unlisted(file: &File, random: &mut Random) -> Option<Change> {
    let need = any(file, random, Mark::Need)?.range;
    let name = &file.text[need.clone()];
    let after = file.text[need.end..].starts_with(", ");
    let before = file.text[..need.start].ends_with(", ");
    let range = match (after, before) {
        (true, _) => need.start..need.end + 2,
        (_, true) => need.start - 2..need.end,
        _ => return None,
    };
    let step = round(file, &need, &[Mark::Step])?;
    let is_read = |spot: &&Spot| {
        spot.mark == Mark::State
            && file.text[spot.range.clone()] == *name
            && round(file, &spot.range, &[Mark::Step]) == Some(step)
    };
    let read = file.spots.iter().find(is_read)?.range.clone();
    let gone = if read.start > range.start { range.len() } else { 0 };
    let place = Place::At(read.start - gone..read.end - gone);
    Some(Change { range, text: String::new(), code: "undeclared-state", place })
}

fn root_of(file: &File, random: &mut Random) -> Option<(Range<usize>, Range<usize>)> {
    let name = any(file, random, Mark::State)?.range;
    let start = name.start.checked_sub("state.".len())?;
    (&file.text[start..name.start] == "state.").then_some((start..name.start, name))
}

fn without_root(file: &File, random: &mut Random) -> Option<Change> {
    let (root, name) = root_of(file, random)?;
    let place = Place::At(root.start..root.start + name.len());
    Some(Change { range: root, text: String::new(), code: "unknown-variable", place })
}

fn root_misspelt(file: &File, random: &mut Random) -> Option<Change> {
    let (root, _) = root_of(file, random)?;
    Some(instead(root.start..root.end - 1, "stat".to_owned(), "unknown-variable"))
}

fn same_id(file: &File, _: &mut Random) -> Option<Change> {
    // The last two steps of a file are not those of a task: the tasks come first.
    let mut ids = file.spots.iter().rev().filter(|spot| spot.mark == Mark::Id);
    let (last, before) = (ids.next()?, ids.next()?);
    let text = file.text[before.range.clone()].to_owned();
    Some(instead(last.range.clone(), text, "duplicate-step-id"))
}

/// A step that no other names
fn id_with_space(file: &File, random: &mut Random) -> Option<Change> {
    let change = written(file, random, Mark::Id, "a b", "invalid-name")?;
    let id = &file.text[change.range.clone()];
    let mut targets = file.spots.iter().filter(|spot| spot.mark == Mark::Target);
    targets.all(|target| file.text[target.range.clone()] != *id).then_some(change)
}

fn computed(file: &File, random: &mut Random) -> Option<Change> {
    let number = any(file, random, Mark::Number)?.range;
    let round = round(file, &number, &[Mark::Braces, Mark::Step])?.range.clone();
    let text = "true".to_owned();
    let place = Place::Within(round.start..round.end - number.len() + text.len());
    Some(Change { range: number, text, code: "type-mismatch", place })
}

fn open_braces(file: &File, random: &mut Random) -> Option<Change> {
    let braces = any(file, random, Mark::Braces)?.range;
    let step = round(file, &braces, &[Mark::Step])?.range.clone();
    let place = Place::Within(step.start..step.end - 2);
    Some(Change {
        range: braces.end - 2..braces.end,
        text: String::new(),
        code: "template-syntax",
        place,
    })
}

/// A line of its own that says a step's type, with its line end
fn type_line(file: &File, random: &mut Random) -> Option<(Range<usize>, Range<usize>)> {
    let word = any(file, random, Mark::StepType)?.range;
    let start = file.text[..word.start].rfind('\n')? + 1;
    let end = word.end + file.text[word.end..].find('\n')? + 1;
    let alone = file.text[start..end].trim() == format!("type: {}", &file.text[word]);
    let key = start + file.text[start..end].find("type")?;
    alone.then_some((start..end, key..key + "type".len()))
}

fn key_twice(file: &File, random: &mut Random) -> Option<Change> {
    let (line, key) = type_line(file, random)?;
    let text = file.text[line.clone()].to_owned();
    let place = Place::At(key.start + text.len()..key.end + text.len());
    Some(Change { range: line.end..line.end, text, code: "duplicate-key", place })
}

fn without_type(file: &File, random: &mut Random) -> Option<Change> {
    let (line, key) = type_line(file, random)?;
    let step = round(file, &key, &[Mark::Step])?.range.clone();
    let place = Place::Within(step.start..step.end - line.len());
    Some(Change { range: line, text: String::new(), code: "missing-key", place })
}
