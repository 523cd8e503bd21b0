//! Chance that repeats itself: all that a seed decides comes from here.

use std::cell::Cell;

/// Small, well known, the same everywhere: splitmix64
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.draw() % n as u64).unwrap()
    }

    pub(super) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

thread_local! {
    static ENGINES: Cell<u64> = const { Cell::new(0) };
}

/// The chance of the engines on this thread begins anew
pub(super) fn begin(seed: u64) {
    ENGINES.set(seed);
}

/// What the engines of a simulation take for chance
pub(super) fn for_engines() -> u64 {
    let mut chance = Chance(ENGINES.get());
    let drawn = chance.draw();
    ENGINES.set(chance.0);
    drawn
}
