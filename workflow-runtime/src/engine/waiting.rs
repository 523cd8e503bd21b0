//! Runs that wait, counted by what for and how long.

use std::time::Duration;

/// So many runs wait for the same, and for about as long
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What for
    pub on: WaitsOn,
    /// How long
    pub age: Age,
    /// How many runs, children not counted
    pub runs: u64,
}

/// What a run waits for
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitsOn {
    /// An agent's or a person's answer
    Answer,
    /// A call that a server makes
    Call,
    /// Time
    Time,
    /// Its child runs
    Children,
}

/// How long it is that anything of a run has moved, its children too
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Less than a minute
    Minute,
    /// Less than ten
    TenMinutes,
    /// Less than an hour
    Hour,
    /// Less than a day
    Day,
    /// Less than a week
    Week,
    /// Longer
    Longer,
}

impl WaitsOn {
    /// All there are
    pub const ALL: [Self; 4] = [Self::Answer, Self::Call, Self::Time, Self::Children];

    /// As it is told
    pub fn word(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Call => "call",
            Self::Time => "time",
            Self::Children => "children",
        }
    }
}

impl Age {
    /// All there are, the shortest first
    pub const ALL: [Self; 6] =
        [Self::Minute, Self::TenMinutes, Self::Hour, Self::Day, Self::Week, Self::Longer];

    /// The class of an age
    pub fn of(age: Duration) -> Self {
        match age.as_secs() {
            0..60 => Self::Minute,
            60..600 => Self::TenMinutes,
            600..3_600 => Self::Hour,
            3_600..86_400 => Self::Day,
            86_400..604_800 => Self::Week,
            _ => Self::Longer,
        }
    }

    /// As it is told: what it is less than
    pub fn word(self) -> &'static str {
        match self {
            Self::Minute => "1m",
            Self::TenMinutes => "10m",
            Self::Hour => "1h",
            Self::Day => "1d",
            Self::Week => "7d",
            Self::Longer => "older",
        }
    }
}
