//! What was measured, as lines of a table, each beside what was wanted.

use std::fmt;
use std::time::Duration;

/// What one measurement says
pub(crate) struct Line {
    what: &'static str,
    measured: String,
    goal: Option<Goal>,
}

/// What was wanted, and whether it was had
struct Goal {
    words: String,
    met: bool,
}

impl Line {
    /// A figure that others are compared with, or that nobody has set a goal for
    pub(crate) fn new(what: &'static str, measured: impl Into<String>) -> Self {
        Self { what, measured: measured.into(), goal: None }
    }

    /// How long something took at the middle and at the 95th percentile
    pub(crate) fn times(what: &'static str, samples: &Samples) -> Self {
        let (p50, p95) = (millis(samples.p50()), millis(samples.p95()));
        Self::new(what, format!("p50 {p50:.3} ms, p95 {p95:.3} ms"))
    }

    /// A figure that should be at most so large
    pub(crate) fn at_most(self, figure: f64, limit: f64, unit: &str) -> Self {
        self.goal(&format!("{figure:.2}{unit}, wanted at most {limit}{unit}"), figure <= limit)
    }

    /// A figure that should be at least so large
    pub(crate) fn at_least(self, figure: f64, limit: f64, unit: &str) -> Self {
        self.goal(&format!("{figure:.2}{unit}, wanted at least {limit}{unit}"), figure >= limit)
    }

    fn goal(mut self, words: &str, met: bool) -> Self {
        let (before, all_met) =
            self.goal.take().map_or((String::new(), true), |goal| (goal.words + "; ", goal.met));
        self.goal = Some(Goal { words: before + words, met: all_met && met });
        self
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<36} {}", self.what, self.measured)?;
        if let Some(goal) = &self.goal {
            let sign = if goal.met { "ok" } else { "MISSED" };
            write!(f, "\n{:<36} {sign}: {}", "", goal.words)?;
        }
        writeln!(f)
    }
}

/// How long one thing took each time, in the order measured
#[derive(Clone, Debug, Default)]
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    pub(crate) fn push(&mut self, took: Duration) {
        self.0.push(took);
    }

    /// Each sample and its fellow together
    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| *a + *b).collect())
    }

    pub(crate) fn p50(&self) -> Duration {
        self.percentile(50)
    }

    pub(crate) fn p95(&self) -> Duration {
        self.percentile(95)
    }

    /// The nearest rank; nothing of nothing
    fn percentile(&self, percent: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(rank).copied().unwrap_or_default()
    }
}

pub(crate) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// How many times the second the first is
pub(crate) fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

/// How often a second something happened
pub(crate) fn rate(count: usize, took: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / took.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let samples = Samples((1..=100).rev().map(Duration::from_secs).collect());
        assert_eq!(samples.p50(), Duration::from_secs(50));
        assert_eq!(samples.p95(), Duration::from_secs(95));
        assert_eq!(Samples(vec![Duration::from_secs(7)]).p95(), Duration::from_secs(7));
        assert_eq!(Samples::default().p50(), Duration::ZERO);
    }

    #[test]
    fn a_line_tells_whether_each_of_its_goals_was_met() {
        let both = Line::new("steps", "fast").at_most(1.2, 1.5, "x").at_most(2.5, 2.0, "x");
        let text = both.to_string();
        assert!(text.contains("MISSED: 1.20x, wanted at most 1.5x; 2.50x"), "{text}");
        let met = Line::new("steps", "fast").at_least(6.0, 5.0, "x").to_string();
        assert!(met.contains("ok: 6.00x, wanted at least 5x"), "{met}");
    }
}
