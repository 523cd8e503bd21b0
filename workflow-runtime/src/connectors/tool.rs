//! A tool as its server lists it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What of a tool's listing a workflow depends on, and what a reader of it wants to know
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tool {
    /// Its name on its server
    #[serde(default)]
    pub name: String,
    /// What it does, in its server's words
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What it says of its effects
    #[serde(default, skip_serializing_if = "Hints::are_none")]
    pub annotations: Hints,
    /// JSON Schema of its arguments
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub input_schema: Map<String, Value>,
    /// JSON Schema of what it gives
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_schema: Option<Map<String, Value>>,
}

/// What a tool says of its effects; what it does not say holds by default
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hints {
    /// It changes nothing
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_only_hint: Option<bool>,
    /// What it changes may be lost
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destructive_hint: Option<bool>,
    /// A second call with the same arguments changes nothing more
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotent_hint: Option<bool>,
    /// It reaches beyond its own server
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_world_hint: Option<bool>,
}

impl Tool {
    /// Whether it says of itself that to call it once more does no harm
    pub fn is_repeatable(&self) -> bool {
        self.annotations.is_read_only() || self.annotations.is_idempotent()
    }
}

impl Hints {
    /// Whether it changes nothing
    pub fn is_read_only(self) -> bool {
        self.read_only_hint == Some(true)
    }

    /// Whether a second call changes nothing more
    pub fn is_idempotent(self) -> bool {
        self.idempotent_hint == Some(true)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn are_none(&self) -> bool {
        *self == Self::default()
    }
}

impl From<rmcp::model::Tool> for Tool {
    fn from(listed: rmcp::model::Tool) -> Self {
        let hints = listed.annotations.unwrap_or_default();
        Self {
            name: listed.name.into_owned(),
            description: listed.description.map(std::borrow::Cow::into_owned),
            annotations: Hints {
                read_only_hint: hints.read_only_hint,
                destructive_hint: hints.destructive_hint,
                idempotent_hint: hints.idempotent_hint,
                open_world_hint: hints.open_world_hint,
            },
            input_schema: (*listed.input_schema).clone(),
            output_schema: listed.output_schema.map(|schema| (*schema).clone()),
        }
    }
}
