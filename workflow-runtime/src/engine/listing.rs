//! Runs by the page.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::EngineError;
use crate::machine::Status;

/// Which runs to list: those that nobody is the parent of, the newest first
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// Only those that stand so
    pub status: Option<Status>,
    /// Only those of a workflow, by its name or its file's stem
    pub workflow: Option<String>,
    /// Where the page before this one ended
    pub cursor: Option<String>,
    /// How many at most; a page may hold fewer, whatever is asked for
    pub limit: Option<usize>,
}

/// A page of runs
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunPage {
    /// The newest first
    pub runs: Vec<RunEntry>,
    /// Goes into the next call, for what comes after these; nothing comes where it is missing
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A run in a list
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunEntry {
    /// The run
    pub run_id: String,
    /// Its workflow
    pub workflow: String,
    /// The workflow's version
    pub version: String,
    /// How it stands
    pub status: Status,
    /// The step it stands at, or came to grief at
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// When it was started, ISO 8601
    pub created_at: String,
    /// When it last moved, ISO 8601
    pub updated_at: String,
    /// Why it cannot go on, in short
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// The cursor behind a run
///
/// Runs are listed by their ids, which are in the order of time: what is added while somebody turns
/// the pages comes before the first of them.
pub(super) fn cursor(run_id: &str) -> String {
    URL_SAFE_NO_PAD.encode(run_id)
}

/// The run that a cursor stands behind
pub(super) fn behind(cursor: &str) -> Result<String, EngineError> {
    let run_id = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|id| String::from_utf8(id).ok());
    let known = run_id.filter(|id| id.len() == 32 && id.bytes().all(|c| c.is_ascii_hexdigit()));
    known.ok_or_else(|| {
        EngineError::new(
            "bad-cursor",
            format!("`{cursor}` is no cursor"),
            "give the cursor of a page as it came, or none for the first page",
        )
    })
}
