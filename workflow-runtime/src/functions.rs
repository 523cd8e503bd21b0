//! The functions of the language that are no filters.

use crate::data::DateTime;
use crate::machine::{Context, Fault};
use crate::ops::bound_items;

/// `now()`: the time of the input that is being applied, the same for all of one block
pub fn now(cx: &Context) -> DateTime {
    cx.now()
}

/// `range(start, end, step)`: `end` is not part of it
///
/// A step of zero is the fault `invalid-argument`, more than a million items are `too-large`.
pub fn range(start: i64, end: i64, step: i64) -> Result<Vec<i64>, Fault> {
    if step == 0 {
        return Err(Fault::new("invalid-argument", "the step of `range` cannot be zero"));
    }
    let (low, high) = if step > 0 { (start, end) } else { (end, start) };
    let distance = if low < high { high.abs_diff(low) } else { 0 };
    let count = usize::try_from(distance.div_ceil(step.unsigned_abs())).unwrap_or(usize::MAX);
    bound_items(count)?;
    Ok(std::iter::successors(Some(start), |at| at.checked_add(step)).take(count).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn range_counts_as_python_does() {
        let rows = [
            ((0, 4, 1), &[0, 1, 2, 3][..]),
            ((2, 9, 3), &[2, 5, 8]),
            ((5, 0, -2), &[5, 3, 1]),
            ((3, 3, 1), &[]),
            ((0, 5, -1), &[]),
            ((i64::MAX - 1, i64::MAX, 5), &[i64::MAX - 1]),
        ];
        for ((start, end, step), expected) in rows {
            assert_eq!(range(start, end, step).unwrap(), expected, "{start} {end} {step}");
        }
    }

    #[test]
    fn range_is_bounded() {
        assert_eq!(range(i64::MIN, i64::MAX, 1).unwrap_err().code, "too-large");
        assert_eq!(range(0, 1, 0).unwrap_err().code, "invalid-argument");
    }
}
