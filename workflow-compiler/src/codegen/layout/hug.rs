//! A call whose only argument is a list, a struct or a call: its brackets open and close together,
//! as rustfmt has them.

use super::indent;

/// The longest line that hugging makes
const WIDTH: usize = 100;

/// Lines, each of which may hold a literal of several, with such calls drawn together
pub(super) fn hugged(lines: Vec<&str>) -> Vec<String> {
    let mut lines: Vec<_> = lines.into_iter().map(str::to_owned).collect();
    let mut at = 0;
    while at < lines.len() {
        // Again at the same line: what has moved up may open another such call.
        if !hug(&mut lines, at) {
            at += 1;
        }
    }
    lines
}

fn hug(lines: &mut Vec<String>, at: usize) -> bool {
    let Some(close) = argument(lines, at) else { return false };
    let opening = format!("{}{}", lines[at], lines[at + 1].trim_start());
    let ending = lines[close].trim_end_matches(',').trim_start();
    let closing =
        format!("{}{ending}{}", &lines[at][..indent(&lines[at])], lines[close + 1].trim_start());
    if opening.len() > WIDTH {
        return false;
    }
    for line in &mut lines[at + 2..close] {
        // The lines of a literal behind its first are its own.
        if let Some(outdented) = line.strip_prefix("    ") {
            *line = outdented.to_owned();
        }
    }
    lines.splice(close..=close + 1, [closing]);
    lines.splice(at..=at + 1, [opening]);
    true
}

/// Where the only argument ends of a call that begins on this line, if it opens a bracket on the
/// next line that its last line closes
fn argument(lines: &[String], at: usize) -> Option<usize> {
    let (call, first) = (&lines[at], lines.get(at + 1)?);
    let depth = indent(first);
    if !call.ends_with('(') || !first.ends_with(['(', '[', '{']) || depth != indent(call) + 4 {
        return None;
    }
    // A block or a closure's body is no list of values.
    let head = first.trim_start();
    if ["if ", "match ", "{", "|"].iter().any(|word| head.starts_with(word)) {
        return None;
    }
    let behind = lines[at + 2..].iter().position(|line| indent(line) <= depth)?;
    let close = at + 2 + behind;
    let last = lines[close].trim_start();
    let closes = last.starts_with([')', ']', '}'])
        && last.trim_end_matches([')', ']', '}', '?', ',']).is_empty();
    let ends = lines.get(close + 1)?;
    (closes
        && indent(&lines[close]) == depth
        && indent(ends) == indent(call)
        && ends.trim_start().starts_with(')'))
    .then_some(close)
}
