//! What a choice is made among: known only once the options are rendered.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Action, Fault, PromptKind};

/// Puts the options of a choice into the schema of its answer, each once
pub(super) fn choose_among(action: &mut Action, result_schema: &mut Value) -> Result<(), Fault> {
    let Action::Prompt { kind: PromptKind::Choice, options, .. } = action else { return Ok(()) };
    let mut seen = BTreeSet::new();
    options.retain(|option| seen.insert(option.clone()));
    if options.is_empty() {
        return Err(Fault::new(
            "no-options",
            "there is nothing to choose from: `options` is empty",
        )
        .help("test the list before, and skip the prompt where it is empty"));
    }
    if let Some(selected) = result_schema.pointer_mut("/properties/selected") {
        selected["enum"] = json!(options);
    }
    Ok(())
}
