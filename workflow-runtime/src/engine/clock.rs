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
