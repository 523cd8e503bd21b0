//! What should hold of a deployment before others rely on it, as far as a program can check it.

use serde::Serialize;

/// When something has to hold
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Before anything is started
    Before,
    /// Of what is set and started
    During,
    /// Once it serves
    After,
}

impl Phase {
    /// Every phase, in their order
    pub const ALL: [Self; 3] = [Self::Before, Self::During, Self::After];
}

/// How a check has ended; the worse, the greater
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should be
    Ok,
    /// It works, and somebody should have a look
    Warn,
    /// Not to be relied on like this
    Fail,
}

/// One thing that was checked, and how it is
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// When it has to hold
    pub phase: Phase,
    /// What was checked, in a word or two
    pub name: &'static str,
    /// How it is
    pub verdict: Verdict,
    /// What was found, lower case and without a full stop
    pub found: String,
    /// What to do; none where all is well
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_do: Option<String>,
}

impl Check {
    /// All is as it should be
    pub fn ok(phase: Phase, name: &'static str, found: impl Into<String>) -> Self {
        Self { phase, name, verdict: Verdict::Ok, found: found.into(), to_do: None }
    }

    /// Somebody should have a look
    pub fn warn(
        phase: Phase,
        name: &'static str,
        found: impl Into<String>,
        to_do: impl Into<String>,
    ) -> Self {
        let to_do = Some(to_do.into());
        Self { verdict: Verdict::Warn, to_do, ..Self::ok(phase, name, found) }
    }

    /// It cannot be relied on
    pub fn fail(
        phase: Phase,
        name: &'static str,
        found: impl Into<String>,
        to_do: impl Into<String>,
    ) -> Self {
        Self { verdict: Verdict::Fail, ..Self::warn(phase, name, found, to_do) }
    }
}
