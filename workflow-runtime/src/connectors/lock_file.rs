//! `tools.lock.json`: the tools of servers, as they were when somebody last looked.
//!
//! ```json
//! {"servers": {"time": {"tools": [{"name": "now", "inputSchema": {"type": "object"}}]}}}
//! ```
//!
//! What is written is meant to be read in a review: a line for each key, in an order that depends on
//! nothing but what is said, and only what says something to a workflow or its author.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::drift::Drift;
use super::tool::Tool;

/// A lock, as it is written; servers that could not be asked stay as they were
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub(crate) struct LockFile {
    servers: BTreeMap<String, Value>,
}

/// The tools of one server
#[derive(Deserialize, Serialize)]
struct Listed {
    tools: Vec<Tool>,
}

/// What has become of one tool
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Change {
    /// It is not locked
    Added,
    /// It is locked, and not there
    Removed,
    /// It is another, as far as that matters
    Drifted(Drift),
    /// Only words about it have changed
    Reworded,
}

/// Why a lock is of no use
#[derive(Debug, thiserror::Error)]
pub(crate) enum LockError {
    #[error("`{0}` cannot be read: {1}")]
    Read(String, std::io::Error),
    #[error("`{0}` is no lock of tools: {1}")]
    Shape(String, serde_json::Error),
    #[error("`{0}` cannot be written: {1}")]
    Write(String, std::io::Error),
}

impl LockFile {
    /// Reads a lock; one that is not there is empty
    pub(crate) fn read(path: &Path) -> Result<Self, LockError> {
        let shown = || path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => {
                serde_json::from_str(&text).map_err(|error| LockError::Shape(shown(), error))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(LockError::Read(shown(), error)),
        }
    }

    /// The servers that are locked
    pub(crate) fn servers(&self) -> impl Iterator<Item = &str> {
        self.servers.keys().map(String::as_str)
    }

    /// Whether a server is locked, however it may be written
    pub(crate) fn has(&self, server: &str) -> bool {
        self.servers.contains_key(server)
    }

    /// What has become of the tools of a server since they were locked, by name
    pub(crate) fn changes(&self, server: &str, found: &[Arc<Tool>]) -> BTreeMap<String, Change> {
        // A part that is not of its shape is as good as none: it is written anew.
        let locked = self.servers.get(server).and_then(|part| Listed::deserialize(part).ok());
        let locked = locked.map(|locked| locked.tools).unwrap_or_default();
        let locked: BTreeMap<&str, &Tool> =
            locked.iter().map(|tool| (tool.name.as_str(), tool)).collect();
        let mut changes: BTreeMap<String, Change> = found
            .iter()
            .filter_map(|tool| Some((tool.name.clone(), change(locked.get(&*tool.name), tool)?)))
            .collect();
        let gone = locked.keys().filter(|name| found.iter().all(|tool| tool.name != **name));
        changes.extend(gone.map(|name| ((*name).to_owned(), Change::Removed)));
        changes
    }

    /// Locks the tools of a server as they were found
    pub(crate) fn set(&mut self, server: &str, found: &[Arc<Tool>]) {
        let mut tools: Vec<Tool> = found.iter().map(|tool| ordered(tool)).collect();
        tools.sort_by(|a, b| a.name.cmp(&b.name));
        // What has been read from JSON can be written as such.
        let listed = serde_json::to_value(Listed { tools }).unwrap_or_default();
        self.servers.insert(server.to_owned(), listed);
    }

    /// Writes the lock in the place of the one that is there, as a whole or not at all; whether
    /// anything in it is different
    pub(crate) fn write(&self, path: &Path) -> Result<bool, LockError> {
        let cannot = |error| LockError::Write(path.display().to_string(), error);
        let text = serde_json::to_string_pretty(self).map_err(|error| cannot(error.into()))? + "\n";
        if std::fs::read_to_string(path).is_ok_and(|old| old == text) {
            return Ok(false);
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let written = || -> std::io::Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
            file.write_all(text.as_bytes())?;
            allow(file.as_file(), path)?;
            file.as_file().sync_all()?;
            file.persist(path).map_err(|error| error.error)?;
            Ok(())
        };
        written().map_err(cannot)?;
        Ok(true)
    }
}

/// Lets others read a file as they could the one in whose place it comes, or any new one
fn allow(file: &std::fs::File, path: &Path) -> std::io::Result<()> {
    let before = std::fs::metadata(path).map(|before| before.permissions());
    #[cfg(unix)]
    let before = before.or_else(|_| -> std::io::Result<_> {
        Ok(std::os::unix::fs::PermissionsExt::from_mode(0o644))
    });
    match before {
        Ok(permissions) => file.set_permissions(permissions),
        Err(_) => Ok(()),
    }
}

fn change(locked: Option<&&Tool>, found: &Tool) -> Option<Change> {
    let Some(locked) = locked else { return Some(Change::Added) };
    match Drift::between(locked, found) {
        Some(drift) => Some(Change::Drifted(drift)),
        None if ordered(locked) != ordered(found) => Some(Change::Reworded),
        None => None,
    }
}

/// A tool with the keys of its schemas in alphabetical order: servers list them as it happens
fn ordered(tool: &Tool) -> Tool {
    let sorted = |schema: &Map<String, Value>| {
        let mut schema = schema.clone();
        schema.values_mut().for_each(Value::sort_all_objects);
        schema.sort_keys();
        schema
    };
    Tool {
        input_schema: sorted(&tool.input_schema),
        output_schema: tool.output_schema.as_ref().map(sorted),
        ..tool.clone()
    }
}
