//! What time it is: the one way by which time comes into an engine.

use jiff::Timestamp;

/// Tells the time
///
/// It may stand still or go back; what is due then comes late, never twice.
pub trait Clock: Send + Sync {
    /// What time it is
    fn now(&self) -> Timestamp;
}

/// The time of the machine that the server runs on
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A function that tells the time is a clock
///
/// ```
/// use workflow_runtime::engine::Clock;
/// let stopped = || jiff::Timestamp::UNIX_EPOCH;
/// assert_eq!(Clock::now(&stopped).as_second(), 0);
/// ```
impl<F: Fn() -> Timestamp + Send + Sync> Clock for F {
    fn now(&self) -> Timestamp {
        self()
    }
}
