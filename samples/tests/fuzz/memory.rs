//! What is left on the heap once an input has been answered: nothing of it may be.
//!
//! All bytes that are allocated are counted, so that what is seen is the compiler's own doing: how
//! much the system's allocator holds beside them, and in how many pieces, differs with the order of
//! sizes it was asked for.

use std::alloc::System;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use cap::Cap;

#[global_allocator]
static HEAP: Cap<System> = Cap::new(System, usize::MAX);

/// Bytes that are kept for ever, which is known
static ALLOWED: AtomicUsize = AtomicUsize::new(0);

/// After so many inputs all is there that is made at its first use, the tables of the built-in tools
/// for instance
const WARM_UP: u64 = 100;

/// What may be on the heap above the level after the warm-up, in bytes
const MOST_GROWTH: usize = 64 * 1024;

/// The bytes in use between two inputs
pub(crate) struct Memory {
    /// How many inputs have been answered
    inputs: u64,
    /// The level after the warm-up
    level: usize,
    /// The most there was since then
    most: usize,
    /// The most that was in use while an input was answered, and the seed of that input
    peak: (usize, u64),
}

impl Memory {
    pub(crate) fn new() -> Self {
        Self { inputs: 0, level: 0, most: 0, peak: (0, 0) }
    }

    /// To be called when the input of a seed and all that came of it are gone
    pub(crate) fn look(&mut self, seed: u64) -> Result<(), String> {
        let peak = HEAP.max_allocated();
        if peak > self.peak.0 {
            self.peak = (peak, seed);
        }
        let now = in_use() - allowed();
        self.inputs += 1;
        if self.inputs <= WARM_UP {
            (self.level, self.most) = (self.level.max(now), self.most.max(now));
            return Ok(());
        }
        self.most = self.most.max(now);
        match now.saturating_sub(self.level) {
            growth if growth > MOST_GROWTH => Err(format!("{growth} bytes were never given back")),
            _ => Ok(()),
        }
    }

    /// The figures in words
    pub(crate) fn shown(&self) -> String {
        let resident = resident().map_or_else(String::new, |kib| format!(", {kib} KiB resident"));
        let (Self { level, most, peak: (peak, seed), .. }, templates) = (self, allowed());
        format!(
            "{level} bytes in use after the warm-up, {most} at most since, and {templates} of \
             askama's templates; {peak} for seed {seed}{resident}"
        )
    }
}

/// Says that bytes were kept which nobody will give back
pub(crate) fn allow(bytes: usize) {
    ALLOWED.fetch_add(bytes, Ordering::Relaxed);
}

/// How many those are
pub(crate) fn allowed() -> usize {
    ALLOWED.load(Ordering::Relaxed)
}

/// The bytes that are allocated
pub(crate) fn in_use() -> usize {
    HEAP.allocated()
}

/// What the process has in memory, in KiB, where the system tells
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
