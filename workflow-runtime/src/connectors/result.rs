//! What a tool gave, as the value that its step gets.

use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Value, json};

use crate::mcp::paging::beginning;

/// How much is told of why a tool failed, in bytes
const SAID: usize = 4 * 1024;

/// The value that a tool gave: its structure where it has one, else its text, else `{content: […]}`;
/// fails with what it said where it failed
pub(super) fn value(given: CallToolResult) -> Result<Value, String> {
    let text = text(&given.content);
    if given.is_error == Some(true) {
        let said = text.filter(|text| !text.trim().is_empty());
        let said = said.or_else(|| given.structured_content.map(|value| value.to_string()));
        let said = said.unwrap_or_else(|| "it said nothing".to_owned());
        return Err(beginning(&Value::String(said), SAID));
    }
    Ok(match (given.structured_content, text) {
        (Some(value), _) => value,
        (None, Some(text)) => Value::String(text),
        (None, None) => json!({ "content": given.content }),
    })
}

/// The text of a content that is nothing but text
fn text(content: &[ContentBlock]) -> Option<String> {
    let texts = content.iter().map(|block| match block {
        ContentBlock::Text(text) => Some(text.text.as_str()),
        _ => None,
    });
    Some(texts.collect::<Option<Vec<_>>>()?.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_structure_comes_before_a_text_and_a_text_before_the_rest() {
        let text = |text: &str| ContentBlock::text(text);
        let structured = CallToolResult::structured(json!({"n": 1}));
        assert_eq!(value(structured), Ok(json!({"n": 1})));
        let texts = CallToolResult::success(vec![text("a"), text("b")]);
        assert_eq!(value(texts), Ok(json!("a\nb")));
        let mixed = vec![text("a"), ContentBlock::image("AAAA", "image/png")];
        let given = value(CallToolResult::success(mixed)).unwrap();
        assert_eq!(given["content"][1]["mimeType"], "image/png", "{given}");
    }

    #[test]
    fn a_failure_says_what_the_tool_said() {
        let said = CallToolResult::error(vec![ContentBlock::text("no such file")]);
        assert_eq!(value(said), Err("no such file".to_owned()));
        let silent = CallToolResult::error(vec![]);
        assert_eq!(value(silent), Err("it said nothing".to_owned()));
        let structured = CallToolResult::structured_error(json!({"why": "no"}));
        assert!(value(structured).unwrap_err().contains("why"));
        let long = CallToolResult::error(vec![ContentBlock::text("x".repeat(100_000))]);
        assert!(value(long).unwrap_err().len() < 5_000);
    }
}
