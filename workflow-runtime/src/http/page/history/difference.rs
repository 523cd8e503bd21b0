//! What has changed in a value, line by line.

use serde_json::Value;

use crate::http::page::view::pretty;

/// How many lines of a value are shown round what has changed
const AROUND: usize = 2;

/// A line of a difference
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http::page) struct Line {
    /// `+`, `-` or a space
    pub(in crate::http::page) sign: char,
    pub(in crate::http::page) text: String,
}

impl Line {
    /// The class of the line, and what is read out of it
    pub(in crate::http::page) fn word(&self) -> &'static str {
        match self.sign {
            '+' => "added",
            '-' => "removed",
            _ => "kept",
        }
    }
}

/// The lines in which a value differs from what was before it: what is the same at its beginning and its
/// end is left out
pub(super) fn difference(before: Option<&Value>, after: &Value) -> Vec<Line> {
    let (before, after) = (before.map(pretty).unwrap_or_default(), pretty(after));
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let same = |(a, b): &(&&str, &&str)| a == b;
    let head = old.iter().zip(&new).take_while(same).count();
    let rest = old[head..].iter().rev().zip(new[head..].iter().rev());
    let tail = rest.take_while(same).count();
    let line = |sign| move |text: &&str| Line { sign, text: (*text).to_owned() };
    let mut lines = Vec::new();
    lines.extend(old[head.saturating_sub(AROUND)..head].iter().map(line(' ')));
    lines.extend(old[head..old.len() - tail].iter().map(line('-')));
    lines.extend(new[head..new.len() - tail].iter().map(line('+')));
    lines.extend(new[new.len() - tail..].iter().take(AROUND).map(line(' ')));
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_difference_shows_a_little_of_what_is_round_it() {
        let text = |lines: &[&str]| json!(lines.join("\n"));
        let old = text(&["a", "b", "c", "d", "e", "f", "g"]);
        let new = text(&["a", "b", "c", "D", "e", "f", "g"]);
        let lines = difference(Some(&old), &new);
        let lines: Vec<String> = lines.iter().map(|l| format!("{}{}", l.sign, l.text)).collect();
        assert_eq!(lines, [" b", " c", "-d", "+D", " e", " f"]);
        assert_eq!(difference(None, &json!(7)), [Line { sign: '+', text: "7".to_owned() }]);
    }
}
