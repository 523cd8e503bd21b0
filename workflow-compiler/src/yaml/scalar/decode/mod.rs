//! Decodes a scalar a second time, to learn where each piece of its text comes from.
//!
//! The YAML parser says what a scalar's text is and where the scalar stands; it does not say which
//! byte became which. What is found here is only used if it gives the parser's text exactly.

mod block;
mod flow;

use std::ops::Range;

use super::{Run, Site, Style};

/// The runs of the scalar at `whole`; `None` if they do not give `text`
pub(super) fn runs(source: &str, whole: &Range<usize>, site: Site, text: &str) -> Option<Vec<Run>> {
    let mut out = Decoded::default();
    match site.style {
        Style::Plain => flow::decode(&mut out, source, whole, site.style),
        Style::Single | Style::Double => {
            let inside = whole.start + 1..whole.end.saturating_sub(1).max(whole.start + 1);
            flow::decode(&mut out, source, &inside, site.style);
        }
        Style::Literal | Style::Folded => {
            block::decode(&mut out, source, whole, site, text);
        }
    }
    if out.runs.is_empty() {
        // An empty text still has a place: between its quotes.
        let at =
            if site.style == Style::Plain { whole.start } else { (whole.start + 1).min(whole.end) };
        out.runs.push(Run::new(0..0, at..at, true));
    }
    (out.text == text).then_some(out.runs)
}

/// The text found so far and where it came from
#[derive(Default)]
struct Decoded {
    text: String,
    runs: Vec<Run>,
}

impl Decoded {
    /// Adds text that stands in `source` as it is
    fn copy(&mut self, source: &str, range: Range<usize>) {
        let Some(copied) = source.get(range.clone()).filter(|copied| !copied.is_empty()) else {
            return;
        };
        let start = self.text.len();
        self.text.push_str(copied);
        match self.runs.last_mut() {
            Some(last) if last.verbatim && last.source.end() == range.start => {
                *last = Run::new(
                    last.text.start()..self.text.len(),
                    last.source.start()..range.end,
                    true,
                );
            }
            _ => self.runs.push(Run::new(start..self.text.len(), range, true)),
        }
    }

    /// Adds text that is written differently
    fn replace(&mut self, text: &str, source: Range<usize>) {
        if !text.is_empty() {
            let start = self.text.len();
            self.text.push_str(text);
            self.runs.push(Run::new(start..self.text.len(), source, false));
        }
    }
}

/// The length of the line break at `at`, if there is one before `end`
fn line_break(bytes: &[u8], at: usize, end: usize) -> Option<usize> {
    match bytes.get(at..end)? {
        [b'\r', b'\n', ..] => Some(2),
        [b'\r' | b'\n', ..] => Some(1),
        _ => None,
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}
