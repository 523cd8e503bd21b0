//! A clock that goes forth and back, and at which the engine can break.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

use crate::engine::Clock;

/// A clock that the simulation moves
pub(super) struct Hands {
    nanoseconds: AtomicI64,
    /// Looks at it until the one that panics; below 0 for none
    panics_in: AtomicI64,
}

impl Hands {
    pub(super) fn new() -> Self {
        Self {
            nanoseconds: AtomicI64::new(1_700_000_000_000_000_000),
            panics_in: AtomicI64::new(-1),
        }
    }

    pub(super) fn turn(&self, seconds: f64) {
        #[expect(clippy::cast_possible_truncation, reason = "a few days at most")]
        let nanoseconds = (seconds * 1e9) as i64;
        self.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
    }

    /// The engine will break in the midst of what it does: where it asks for the time once more
    pub(super) fn panic_in(&self, looks: usize) {
        self.panics_in.store(i64::try_from(looks).unwrap(), Ordering::Relaxed);
    }

    /// Whether the engine has not broken yet; it will not any more
    pub(super) fn disarm(&self) -> bool {
        self.panics_in.swap(-1, Ordering::Relaxed) >= 0
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        if self.panics_in.load(Ordering::Relaxed) >= 0
            && self.panics_in.fetch_sub(1, Ordering::Relaxed) == 0
        {
            // Past the panic hook: thousands of these are no news.
            std::panic::resume_unwind(Box::new("planted"));
        }
        let nanoseconds = self.nanoseconds.load(Ordering::Relaxed);
        Timestamp::from_nanosecond(nanoseconds.into()).unwrap()
    }
}
