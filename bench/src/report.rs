//! What was measured, as a table.

use std::fmt;

/// How long each thing took, in nanoseconds, in the order measured
#[derive(Default)]
pub(crate) struct Samples {
    /// One synced commit
    pub(crate) commit: Vec<u128>,
    /// One call that the protocol's own layer answers
    pub(crate) ping: Vec<u128>,
    /// One tool's call that does not touch the store
    pub(crate) read: Vec<u128>,
    /// `start_workflow` to the first step
    pub(crate) start: Vec<u128>,
    /// `submit_result` to the next step
    pub(crate) submit: Vec<u128>,
}

impl fmt::Display for Samples {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let floor: Vec<_> = self.commit.iter().zip(&self.ping).map(|(a, b)| a + b).collect();
        let base = Percentiles::of(&floor);
        writeln!(f, "{:<26}{:>8}{:>12}{:>12}{:>8}{:>8}", "", "samples", "p50", "p95", "", "")?;
        row(f, "synced commit", &self.commit, None)?;
        row(f, "ping", &self.ping, None)?;
        row(f, "tool without the store", &self.read, None)?;
        row(f, "floor: commit + ping", &floor, Some(&base))?;
        row(f, "start -> first step", &self.start, Some(&base))?;
        row(f, "submit -> next step", &self.submit, Some(&base))
    }
}

/// A line; with a base, also how many times that it is
fn row(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    samples: &[u128],
    base: Option<&Percentiles>,
) -> fmt::Result {
    let Percentiles { p50, p95 } = Percentiles::of(samples);
    write!(f, "{name:<26}{:>8}{:>9.3} ms{:>9.3} ms", samples.len(), millis(p50), millis(p95))?;
    if let Some(base) = base {
        let (p50, p95) = (millis(p50) / millis(base.p50), millis(p95) / millis(base.p95));
        write!(f, "{p50:>7.2}x{p95:>7.2}x")?;
    }
    writeln!(f)
}

struct Percentiles {
    p50: u128,
    p95: u128,
}

impl Percentiles {
    /// The nearest ranks; 0 of nothing
    fn of(samples: &[u128]) -> Self {
        let mut sorted = samples.to_vec();
        sorted.sort_unstable();
        let at = |percent: usize| {
            let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
            sorted.get(rank).copied().unwrap_or(0)
        };
        Self { p50: at(50), p95: at(95) }
    }
}

#[expect(clippy::cast_precision_loss, reason = "durations are far below 2^52 nanoseconds")]
fn millis(nanoseconds: u128) -> f64 {
    nanoseconds as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let samples: Vec<u128> = (1..=100).rev().collect();
        let Percentiles { p50, p95 } = Percentiles::of(&samples);
        assert_eq!((p50, p95), (50, 95));
        assert_eq!(Percentiles::of(&[7]).p95, 7);
        assert_eq!(Percentiles::of(&[]).p50, 0);
    }

    #[test]
    fn the_table_says_how_many_times_the_floor() {
        let samples = Samples {
            commit: vec![1_000_000],
            ping: vec![1_000_000],
            read: vec![1_000_000],
            start: vec![3_000_000],
            submit: vec![5_000_000],
        };
        let table = samples.to_string();
        let last = table.lines().last().unwrap();
        assert!(last.contains("submit -> next step") && last.contains("2.50x"), "{table}");
    }
}
