//! What of a message is known before anybody reads it: how deep it nests, and its id.

/// How many levels of lists and objects a message may have: the parser takes no more
pub(crate) const DEEPEST: usize = 127;

/// How long an id may be at most, in bytes of JSON; a longer one is not looked for
const LONGEST_ID: usize = 256;

/// Whether a text of JSON nests too deep; one that is no JSON may well do
pub(crate) fn is_too_deep(json: &[u8]) -> bool {
    let mut glance = Glance::default();
    glance.take(json);
    glance.is_too_deep()
}

/// A look at a message that comes in pieces, none of which is kept
///
/// It finds what there is to find in JSON, and anything at all in what is none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Glance {
    depth: usize,
    too_deep: bool,
    in_string: bool,
    escaped: bool,
    part: Part,
    /// What was seen of the part, with its quotes
    seen: Vec<u8>,
    id: Option<Vec<u8>>,
}

/// A part of the outermost object
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Key,
    Id,
    Other,
}

impl Glance {
    /// Looks at the next piece
    pub(crate) fn take(&mut self, piece: &[u8]) {
        for &byte in piece {
            if self.in_string {
                self.see(byte);
                self.in_string = self.escaped || byte != b'"';
                self.escaped = !self.escaped && byte == b'\\';
            } else {
                self.outside_of_strings(byte);
            }
        }
    }

    fn outside_of_strings(&mut self, byte: u8) {
        match byte {
            b'[' | b'{' => {
                self.depth += 1;
                self.too_deep |= self.depth > DEEPEST;
            }
            b']' | b'}' => {
                self.end_value();
                self.depth = self.depth.saturating_sub(1);
            }
            b':' if self.depth == 1 => {
                self.part = if self.seen == br#""id""# { Part::Id } else { Part::Other };
                self.seen.clear();
            }
            b',' => self.end_value(),
            _ => {
                self.in_string = byte == b'"';
                self.see(byte);
            }
        }
    }

    fn see(&mut self, byte: u8) {
        let looked_for = self.depth == 1 && self.part != Part::Other;
        if looked_for
            && self.seen.len() <= LONGEST_ID
            && (self.in_string || !byte.is_ascii_whitespace())
        {
            self.seen.push(byte);
        }
    }

    /// A value of the outermost object has ended
    fn end_value(&mut self) {
        if self.depth != 1 {
            return;
        }
        if self.part == Part::Id && self.seen.len() <= LONGEST_ID {
            self.id = Some(std::mem::take(&mut self.seen));
        }
        self.part = Part::Key;
        self.seen.clear();
    }

    /// Whether it nests too deep
    pub(crate) fn is_too_deep(&self) -> bool {
        self.too_deep
    }

    /// The id of the outermost object, as JSON
    pub(crate) fn id(&self) -> Option<&[u8]> {
        self.id.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn what_the_parser_takes_is_not_too_deep() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        for levels in [1, DEEPEST] {
            assert!(!is_too_deep(nested(levels).as_bytes()));
            assert!(serde_json::from_str::<Value>(&nested(levels)).is_ok());
        }
        for levels in [DEEPEST + 1, 10_000] {
            assert!(is_too_deep(nested(levels).as_bytes()));
            assert!(serde_json::from_str::<Value>(&nested(levels)).is_err());
        }
        assert!(is_too_deep(r#"{"a":"#.repeat(200).as_bytes()));
    }

    #[test]
    fn brackets_in_strings_and_side_by_side_do_not_count() {
        let side_by_side = format!("[{}1]", "[[]],{},".repeat(1000));
        let in_string = format!(r#"{{"a": "\"{}\\", "b": []}}"#, "[".repeat(1000));
        for json in [side_by_side, in_string] {
            assert!(serde_json::from_str::<Value>(&json).is_ok());
            assert!(!is_too_deep(json.as_bytes()), "{json}");
        }
        let after_string = format!(r#"["\\", {}"#, "[".repeat(1000));
        assert!(is_too_deep(after_string.as_bytes()));
    }

    #[test]
    fn the_id_is_that_of_the_outermost_object_wherever_it_stands() {
        let id = |json: &str| {
            let mut glance = Glance::default();
            // Piece by piece, as it comes.
            json.as_bytes().chunks(3).for_each(|piece| glance.take(piece));
            glance.id().map(|id| String::from_utf8(id.to_vec()).unwrap())
        };
        let found = |id: &str| Some(id.to_owned());
        assert_eq!(id(r#"{"id": 7, "method": "ping"}"#), found("7"));
        assert_eq!(
            id(r#"{"method":"ping","params":{"id":1,"a":[{"id":2}]},"id":"a, }b"}"#),
            found(r#""a, }b""#)
        );
        assert_eq!(id(r#"{"a": "\"id\":3,", "ids": 4, "id" : -5 }"#), found("-5"));
        assert_eq!(id(r#"{"id": null}"#), found("null"));
        assert_eq!(id(r#"{"method": "ping", "params": {"id": 1}}"#), None);
        assert_eq!(id(r#"[{"id": 1}]"#), None);
        assert_eq!(id(&format!(r#"{{"id": "{}"}}"#, "x".repeat(1000))), None);
        // Not whole, so it may have been longer.
        assert_eq!(id(r#"{"id": 7"#), None);
    }
}
