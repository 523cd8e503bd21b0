//! A row of `table.jsonl`; the build script and the test read it.

use serde::Deserialize;
use serde_json::{Map, Value};

/// An expression or a text, what it reads, and what comes of it
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// `operators-012`
    pub id: String,
    /// An expression, whose value counts
    pub value: Option<String>,
    /// A text with tags in it: what it prints counts
    pub text: Option<String>,
    /// The inputs
    pub context: Map<String, Value>,
    /// Schemas of inputs that their values do not tell
    #[serde(default)]
    #[allow(dead_code, reason = "the test does not ask for types")]
    pub types: Map<String, Value>,
    /// What Jinja2 gave
    pub jinja2: Outcome,
    /// Why it is something else here: a heading of the manual
    #[allow(dead_code, reason = "the build script does not ask why")]
    pub differs: Option<String>,
    /// What comes of it here
    pub ours: Option<Outcome>,
    /// What comes of it where types are known, if that is something else again
    pub typed: Option<Outcome>,
    /// What comes of it where nothing is known
    pub any: Option<Outcome>,
}

/// What comes of a row
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// A value
    Gives(Value),
    /// Jinja2 refuses, with this exception
    Raises(String),
    /// The step fails
    Fault,
    /// It does not compile, with this code
    Diagnostic(String),
}

/// What is known of the inputs
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Their types
    Typed,
    /// Nothing
    Any,
}

impl Mode {
    /// Both, in the order that they are tried in
    pub const ALL: [Self; 2] = [Self::Typed, Self::Any];

    /// Its name, in workflows' names
    pub fn name(self) -> &'static str {
        match self {
            Self::Typed => "typed",
            Self::Any => "any",
        }
    }
}

impl Row {
    /// The rows of the table
    pub fn table() -> Vec<Self> {
        let table = include_str!("../table.jsonl");
        let row =
            |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        table.lines().map(row).collect()
    }

    /// What is to come of it
    #[allow(dead_code, reason = "the build script only asks what does not compile")]
    pub fn expected(&self, mode: Mode) -> Outcome {
        let special = match mode {
            Mode::Typed => &self.typed,
            Mode::Any => &self.any,
        };
        let said = special.clone().or_else(|| self.ours.clone());
        match said.unwrap_or_else(|| self.jinja2.clone()) {
            Outcome::Raises(_) => Outcome::Fault,
            outcome => outcome,
        }
    }

    /// What stands in the workflow
    pub fn source(&self) -> String {
        match (&self.value, &self.text) {
            (Some(value), _) => format!("{{{{ {value} }}}}"),
            (None, text) => text.clone().unwrap_or_default(),
        }
    }
}
