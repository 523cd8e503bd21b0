//! What a message may be, before anybody reads it.

/// How many levels of lists and objects a message may have: the parser takes no more
pub(crate) const DEEPEST: usize = 127;

/// Whether a text of JSON nests too deep; one that is no JSON may well do
pub(crate) fn is_too_deep(json: &[u8]) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in json {
        if in_string {
            in_string = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
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
}
