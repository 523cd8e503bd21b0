//! Ends the process where an input hangs or takes all memory: nothing else could tell its seed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use super::memory;

/// Much longer than anything takes
const HANGS: u32 = 60;

/// 2 GiB
const MOST_BYTES: usize = 2 << 30;

/// Watches what is under way from another thread
pub(crate) struct Watch {
    /// The seed that is under way; 0 in between
    seed: Arc<AtomicU64>,
}

impl Watch {
    pub(crate) fn start() -> Self {
        let seed = Arc::new(AtomicU64::new(0));
        let watched = Arc::clone(&seed);
        thread::spawn(move || watch(&watched));
        Self { seed }
    }

    pub(crate) fn begin(&self, seed: u64) {
        self.seed.store(seed, Ordering::SeqCst);
    }

    pub(crate) fn pause(&self) {
        self.seed.store(0, Ordering::SeqCst);
    }
}

fn watch(seed: &AtomicU64) {
    let (mut last, mut seconds) = (0, 0);
    loop {
        thread::sleep(Duration::from_secs(1));
        let now = seed.load(Ordering::SeqCst);
        seconds = if now == last && now != 0 { seconds + 1 } else { 0 };
        last = now;
        let why = if seconds > HANGS {
            "hangs"
        } else if memory::in_use() > MOST_BYTES {
            "takes all memory"
        } else {
            continue;
        };
        eprintln!("seed {now} {why}");
        std::process::exit(101);
    }
}
