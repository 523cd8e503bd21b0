//! Numbers with what they count.

use std::fmt::Display;

/// `1 run`, `2 runs`: the thing's name takes an `s` where there is not one of it
pub(crate) fn count<N: Copy + Display + PartialEq + From<u8>>(number: N, thing: &str) -> String {
    let s = if number == N::from(1) { "" } else { "s" };
    format!("{number} {thing}{s}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        assert_eq!([0_usize, 1, 2].map(|n| count(n, "run")), ["0 runs", "1 run", "2 runs"]);
        assert_eq!(count(1.5, "second"), "1.5 seconds");
        assert_eq!(count(1.0, "second"), "1 second");
    }
}
