//! A workflow that calls everything that is built in.

use std::fmt::Write as _;

use super::examples::rows;

/// The workflow before its calls
const HEAD: &str = "\
name: builtins
version: 1.0.0
inputs:
  people:
    type: array
    required: true
    item_type:
      type: object
      properties: { name: string, age: integer, boss: string, tags: { type: array, item_type: string } }
      required_keys: [name, age, tags]
  raw: { type: any, required: true }
  words: { type: array, item_type: string, required: true }
  limit: { type: integer, required: true }
steps:
  - id: call
    type: return
    value:
";

/// The workflow: it returns an object with the result of each call
pub fn workflow() -> String {
    let mut text = String::from(HEAD);
    for (key, expression, _) in rows() {
        let quoted = expression.replace('\'', "''");
        let _ = writeln!(text, "      '{key}': '{{{{ {quoted} }}}}'");
    }
    text
}
