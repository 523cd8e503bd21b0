//! How much a run may take, and the settings that say so.
//!
//! | limit | setting | unless it is set |
//! |---|---|---|
//! | runs that are not finished | `MAX_CONCURRENT_WORKFLOWS` | 10,000 |
//! | child runs within child runs | `MAX_CHILD_DEPTH` | 5 levels |
//! | child runs of one step | `MAX_CHILDREN` | 10,000 |
//! | of them under way at once | `MAX_CONCURRENT_CHILDREN` | 100 |
//! | the state of a run | `MAX_STATE_KIB` | 1,024 KiB |
//! | steps between two waits | `MAX_STEPS_BETWEEN_WAITS` | 10,000 |
//! | steps of one run | `MAX_STEPS` | 100,000 |
//! | a rendered text | `MAX_MESSAGE_KIB` | 256 KiB |

use std::cell::Cell;
use std::ops::RangeInclusive;

/// Something that there may not be too much of
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Runs that are not finished, children not counted; the next start is refused
    Runs,
    /// Levels of child runs below a run of its own
    Depth,
    /// Child runs of one step
    Children,
    /// Child runs of one step that are under way at once; the others wait for their turn
    ChildrenAtOnce,
    /// A run's state, in KiB as JSON
    State,
    /// Blocks of steps that run between two waits
    StepsBetweenWaits,
    /// Steps that one run takes in all
    Steps,
    /// A text that a template gives, in KiB
    Message,
}

/// How a limit is set
struct Setting {
    variable: &'static str,
    flag: &'static str,
    unit: &'static str,
    what: &'static str,
    default: u64,
    most: u64,
}

impl Limit {
    /// Every limit
    pub const ALL: [Self; 8] = [
        Self::Runs,
        Self::Depth,
        Self::Children,
        Self::ChildrenAtOnce,
        Self::State,
        Self::StepsBetweenWaits,
        Self::Steps,
        Self::Message,
    ];

    /// What the others are read from
    const fn setting(self) -> Setting {
        let ([variable, flag, unit], [default, most], what) = match self {
            Self::Runs => (
                ["MAX_CONCURRENT_WORKFLOWS", "max-concurrent-workflows", "RUNS"],
                [10_000, 1_000_000_000],
                "How many runs may be under way",
            ),
            Self::Depth => (
                ["MAX_CHILD_DEPTH", "max-child-depth", "LEVELS"],
                [5, 50],
                "How deep child runs may stand in child runs",
            ),
            Self::Children => (
                ["MAX_CHILDREN", "max-children", "RUNS"],
                [10_000, 100_000],
                "How many child runs a step may have",
            ),
            Self::ChildrenAtOnce => (
                ["MAX_CONCURRENT_CHILDREN", "max-concurrent-children", "RUNS"],
                [100, 10_000],
                "How many of them may be under way at once, whatever the step says",
            ),
            Self::State => (
                ["MAX_STATE_KIB", "max-state-kib", "KIB"],
                [1_024, 16_384],
                "How large the state of a run may be",
            ),
            Self::StepsBetweenWaits => (
                ["MAX_STEPS_BETWEEN_WAITS", "max-steps-between-waits", "STEPS"],
                [10_000, 10_000_000],
                "How many steps a run may take without waiting for anything",
            ),
            Self::Steps => (
                ["MAX_STEPS", "max-steps", "STEPS"],
                [100_000, 1_000_000_000],
                "How many steps a run may take in all",
            ),
            Self::Message => (
                ["MAX_MESSAGE_KIB", "max-message-kib", "KIB"],
                [256, 16_384],
                "How long a rendered text may be",
            ),
        };
        Setting { variable, flag, unit, what, default, most }
    }

    /// The environment variable that sets it
    pub const fn variable(self) -> &'static str {
        self.setting().variable
    }

    /// The flag that sets it, without the dashes before it
    pub const fn flag(self) -> &'static str {
        self.setting().flag
    }

    /// What it counts, as the name of a value
    pub const fn unit(self) -> &'static str {
        self.setting().unit
    }

    /// What it limits, in a few words
    pub const fn what(self) -> &'static str {
        self.setting().what
    }

    /// What it is unless somebody sets it
    pub const fn default(self) -> u64 {
        self.setting().default
    }

    /// What it can be set to
    pub const fn range(self) -> RangeInclusive<u64> {
        1..=self.setting().most
    }
}

/// A limit that cannot be set so
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{} cannot be {value}, it takes {} to {}",
    .limit.variable(), .limit.range().start(), .limit.range().end()
)]
pub struct OutOfRange {
    /// The limit
    pub limit: Limit,
    /// What it should have been
    pub value: u64,
}

/// How much runs may take: a value for each [`Limit`], within its range
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits([u64; Limit::ALL.len()]);

impl Default for Limits {
    fn default() -> Self {
        Self(Limit::ALL.map(Limit::default))
    }
}

impl Limits {
    /// How much there may be of something
    pub const fn get(&self, limit: Limit) -> u64 {
        self.0[limit as usize]
    }

    /// Sets a limit, if it can be so
    pub fn set(&mut self, limit: Limit, value: u64) -> Result<(), OutOfRange> {
        if !limit.range().contains(&value) {
            return Err(OutOfRange { limit, value });
        }
        self.0[limit as usize] = value;
        Ok(())
    }

    /// How many there may be of something that is counted in memory
    pub(crate) fn count(&self, limit: Limit) -> usize {
        usize::try_from(self.get(limit)).unwrap_or(usize::MAX)
    }

    /// How many bytes something may have
    pub(crate) fn bytes(&self, limit: Limit) -> usize {
        self.count(limit).saturating_mul(1 << 10)
    }

    /// Which setting to raise, and what it is now
    pub(crate) fn raise(&self, limit: Limit) -> String {
        let (variable, flag, value) = (limit.variable(), limit.flag(), self.get(limit));
        format!("raise {variable} (`--{flag}`), which is {value}")
    }

    /// What a run needs that has failed by a limit
    pub(crate) fn raise_and_retry(&self, limit: Limit) -> String {
        format!("{} and take the run up again with `workflow-server runs retry`", self.raise(limit))
    }
}

thread_local! {
    /// What holds for the author's code that runs on this thread
    static IN_FORCE: Cell<Limits> = Cell::new(Limits::default());
}

/// The limits that hold for the author's code at hand
///
/// Templates are rendered by generated functions that know nothing but what their step may read.
pub(crate) fn in_force() -> Limits {
    IN_FORCE.get()
}

/// Runs author's code within limits
pub(super) fn within<T>(limits: Limits, code: impl FnOnce() -> T) -> T {
    struct Before(Limits);
    impl Drop for Before {
        fn drop(&mut self) {
            IN_FORCE.set(self.0);
        }
    }
    // Also where the code panics.
    let _before = Before(IN_FORCE.replace(limits));
    code()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_stands_at_its_place_and_within_its_range() {
        let mut limits = Limits::default();
        for (index, limit) in Limit::ALL.into_iter().enumerate() {
            assert_eq!(limit as usize, index);
            assert!(limit.range().contains(&limit.default()), "{limit:?}");
            limits.set(limit, 1).unwrap();
            assert_eq!(limits.get(limit), 1);
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused_and_changes_nothing() {
        let mut limits = Limits::default();
        for limit in Limit::ALL {
            for value in [0, limit.range().end() + 1, u64::MAX] {
                let error = limits.set(limit, value).unwrap_err().to_string();
                let (variable, most) = (limit.variable(), limit.range().end().to_string());
                assert!(error.contains(variable) && error.contains(&most), "{error}");
            }
        }
        assert_eq!(limits, Limits::default());
    }
}
