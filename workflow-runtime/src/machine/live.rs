//! What is live where a run waits, as the compiler knows it: what another build of the workflow
//! must have in common for the run to go on under it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Info;
use crate::data::{Data, Mismatch, Object, member};

/// The inputs, or the author's variables: what a run keeps by name
///
/// [`variables!`](crate::variables) makes a struct such.
pub trait Variables: Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static {
    /// Each name with its type, in the words of the language
    const TYPES: &'static [(&'static str, &'static str)];

    /// As JSON
    fn to_object(&self) -> Object;

    /// From JSON, in which all that is needed must be right; the rest has some value of its type
    /// where it is not
    fn read(object: &Object, needed: &dyn Fn(&str) -> bool) -> Result<Self, Mismatch>;
}

/// A place where a run waits, with the values kept for what comes after
///
/// [`positions!`](crate::positions) makes an enum such.
pub trait Position: Clone + std::fmt::Debug + Send + 'static {
    /// As JSON
    fn to_json(&self) -> Value;

    /// From JSON, checked
    fn from_json(value: &Value) -> Result<Self, Mismatch>;
}

/// A variable of an object, some value of its type if it is neither right nor needed; for
/// [`variables!`](crate::variables)
pub fn variable<T: Data + Default>(
    object: &Object,
    key: &str,
    needed: &dyn Fn(&str) -> bool,
) -> Result<T, Mismatch> {
    match member(object, key) {
        Err(_) if !needed(key) => Ok(T::default()),
        read => read,
    }
}

/// What a run that waits somewhere needs of its past; types are in the words of the language
#[derive(Clone, Copy, Debug)]
pub struct Live {
    /// Where: the step's id; `id.2` for the second wait within the step, and so on
    pub at: &'static str,
    /// What is waited for: `prompt text`, `call rate`
    pub action: &'static str,
    /// Type of the answer
    pub answer: &'static str,
    /// Digest of what an answer must look like, words aside
    pub schema: u32,
    /// The values that the position keeps: name, type, where it comes from
    pub kept: &'static [(&'static str, &'static str, &'static str)],
    /// The state fields still to be read: name, and type; `T` of a `T?` that is certainly there
    pub state: &'static [(&'static str, &'static str)],
    /// Those of them that are certainly as they were at the start
    pub untouched: &'static [&'static str],
    /// The inputs still to be read
    pub inputs: &'static [&'static str],
    /// Whether `item` is still to be read
    pub item: bool,
}

impl Live {
    /// What is waited for, and nothing that is needed beside its answer
    pub const fn new(action: &'static str, answer: &'static str, schema: u32) -> Self {
        let (kept, state, untouched, inputs) = (&[], &[], &[], &[]);
        Self { at: "", action, answer, schema, kept, state, untouched, inputs, item: false }
    }

    /// At this place
    #[must_use]
    pub const fn at(self, at: &'static str) -> Self {
        Self { at, ..self }
    }

    /// With these kept values: name, type, where it comes from
    #[must_use]
    pub const fn kept(self, kept: &'static [(&'static str, &'static str, &'static str)]) -> Self {
        Self { kept, ..self }
    }

    /// With these state fields still to be read: name, type
    #[must_use]
    pub const fn state(self, state: &'static [(&'static str, &'static str)]) -> Self {
        Self { state, ..self }
    }

    /// With these of them as they were at the start
    #[must_use]
    pub const fn untouched(self, untouched: &'static [&'static str]) -> Self {
        Self { untouched, ..self }
    }

    /// With these inputs still to be read
    #[must_use]
    pub const fn inputs(self, inputs: &'static [&'static str]) -> Self {
        Self { inputs, ..self }
    }

    /// With `item` still to be read
    #[must_use]
    pub const fn item(self) -> Self {
        Self { item: true, ..self }
    }

    /// Whether a state field is still to be read
    pub fn reads(&self, field: &str) -> bool {
        self.state.iter().any(|(name, _)| *name == field)
    }

    /// Whether an input is still to be read
    pub fn reads_input(&self, input: &str) -> bool {
        self.inputs.contains(&input)
    }
}

/// What a build of a workflow keeps of its runs, to be compared with another build when it is gone
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// Types of the inputs
    pub inputs: BTreeMap<String, String>,
    /// Types of the state fields, as they are stored
    pub state: BTreeMap<String, String>,
    /// Type of `item`
    pub item: String,
    /// Type of what a run returns
    pub result: String,
    /// The places where runs wait
    pub positions: BTreeMap<String, Waits>,
}

/// What a build of a workflow waits for somewhere, and what it keeps meanwhile
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waits {
    /// `prompt text`, `call rate`
    pub action: String,
    /// Type of the answer
    pub answer: String,
    /// Digest of what an answer must look like
    pub schema: u32,
    /// The kept values
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<Kept>,
}

/// A kept value
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Its name in the position
    pub name: String,
    /// Its type
    pub ty: String,
    /// Where it comes from
    pub origin: String,
}

impl Outline {
    /// That of a compiled workflow
    pub fn of(info: &Info) -> Self {
        let types = |types: &[(&str, &str)]| {
            types.iter().map(|(name, ty)| ((*name).to_owned(), (*ty).to_owned())).collect()
        };
        Self {
            inputs: types(info.inputs),
            state: types(info.state),
            item: info.item.to_owned(),
            result: info.result.to_owned(),
            positions: info
                .positions
                .iter()
                .map(|live| (live.at.to_owned(), live.into()))
                .collect(),
        }
    }
}

impl From<&Live> for Waits {
    fn from(live: &Live) -> Self {
        let kept = live.kept.iter().map(|(name, ty, origin)| Kept {
            name: (*name).to_owned(),
            ty: (*ty).to_owned(),
            origin: (*origin).to_owned(),
        });
        Self {
            action: live.action.to_owned(),
            answer: live.answer.to_owned(),
            schema: live.schema,
            kept: kept.collect(),
        }
    }
}
