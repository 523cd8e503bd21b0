//! Tools that the server calls itself: those that are built in, and those of other servers.
//!
//! A [`Connector`] is the way to one other server. The engine decides when a tool is called, and
//! journals it before; a connector only makes the call. A kind of connector is a module here, and
//! an arm where the configuration is read.

mod args;
mod client;
pub mod config;
mod drift;
mod expand;
pub(crate) mod files;
mod http;
pub(crate) mod lock_file;
pub(crate) mod locks;
pub mod memory;
mod result;
mod secrets;
mod server;
mod stdio;
mod tool;

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::machine::RunError;

pub use drift::Drift;
pub use locks::Locks;
pub use tool::{Hints, Tool};

/// Whether a tool is built in: no agent is asked to call it, and no other server can have it
pub fn is_built_in(tool: &str) -> bool {
    is_memory(tool) || tool.starts_with("files.")
}

/// Whether a tool is answered from the server's own store, inside the transaction that reaches it
pub(crate) fn is_memory(tool: &str) -> bool {
    tool.starts_with("memory.")
}

/// What a connector's work gives in time; the error is that of the step
pub type Working<'a, T> = Pin<Box<dyn Future<Output = Result<T, RunError>> + Send + 'a>>;

/// The code of a call that was sent, and whose connection was lost before its outcome came: the tool
/// may have done its work or not
///
/// A step never fails with it. Its call is made again where that does no harm, else its outcome is
/// unknown.
pub const LOST: &str = "connection-lost";

/// The way to one server of tools
pub trait Connector: Send + Sync {
    /// Finds a tool by its name on that server, and connects if need be; calls nothing
    fn find<'a>(&'a self, tool: &'a str) -> Working<'a, Arc<Tool>>;

    /// Calls a tool; dropping the future calls the call off, as far as that can be done
    ///
    /// Fails with the code [`LOST`] where nobody can tell whether the tool was called.
    fn call<'a>(&'a self, tool: &'a str, arguments: Map<String, Value>) -> Working<'a, Value>;

    /// Connects if need be, and asks for all tools; calls none
    fn list(&self) -> Working<'_, Vec<Arc<Tool>>>;

    /// What is known of a tool without asking
    fn known(&self, tool: &str) -> Option<Arc<Tool>>;

    /// Whether there is a connection over which the tools have been listed
    fn has_listed(&self) -> bool {
        self.standing().reach == Reach::Connected
    }

    /// How the connection stands; tries nothing, and waits for nobody
    fn standing(&self) -> Standing;

    /// How many calls may be under way at once
    fn at_once(&self) -> usize {
        8
    }

    /// Ends the connection; a later call makes it anew
    fn close(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::ready(()))
    }
}

/// How a connection stands, as far as that is known without trying
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Whether there is one
    pub reach: Reach,
    /// What went wrong the last time that something did, and is over or not
    pub last_error: Option<LastError>,
}

/// Whether there is a connection
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Nobody has needed one so far, or it has ended and nobody has needed it since
    #[default]
    Idle,
    /// It is being made
    Connecting,
    /// There is one
    Connected,
    /// It could not be made, or was lost
    Failed,
}

/// What went wrong with a connection
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LastError {
    /// What happened
    pub message: String,
    /// When, ISO 8601
    pub at: String,
}

impl Reach {
    /// The word for it, as it is told
    pub fn word(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Connecting => "connecting",
            Self::Connected => "connected",
            Self::Failed => "failed",
        }
    }
}

/// The servers that can be called, by name; a clone shares them
#[derive(Clone, Default)]
pub struct Connectors {
    by_name: Arc<BTreeMap<String, Arc<dyn Connector>>>,
}

impl Connectors {
    /// Connectors by the names of their servers
    pub fn new(by_name: BTreeMap<String, Arc<dyn Connector>>) -> Self {
        Self { by_name: Arc::new(by_name) }
    }

    /// Whether there are none
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// The servers' names, in order
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// The way to a server
    pub fn get(&self, server: &str) -> Option<&Arc<dyn Connector>> {
        self.by_name.get(server)
    }

    /// The servers' names, each with the way to it
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Arc<dyn Connector>)> {
        self.by_name.iter().map(|(name, connector)| (name.as_str(), connector))
    }

    /// The same, and the tools `files.*` of a folder
    pub(crate) fn with_files(self, files: files::Files) -> Self {
        let mut by_name = Arc::unwrap_or_clone(self.by_name);
        by_name.insert("files".to_owned(), Arc::new(files));
        Self::new(by_name)
    }

    /// Whether a tool's server can be called from here; the tools of the store need none
    pub fn has(&self, tool: &str) -> bool {
        split(tool).is_some_and(|(server, _)| self.get(server).is_some()) && !is_memory(tool)
    }

    /// Ends all connections
    pub async fn close(&self) {
        let closing = self.by_name.values().cloned();
        let closing = closing.map(|connector| tokio::spawn(async move { connector.close().await }));
        for closed in closing.collect::<Vec<_>>() {
            // One that panics has said so.
            let _ = closed.await;
        }
    }
}

impl fmt::Debug for Connectors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

/// `server.tool` as the server's name and the tool's on it
///
/// ```
/// use workflow_runtime::connectors::split;
/// assert_eq!(split("disk.read.text"), Some(("disk", "read.text")));
/// assert_eq!(split("read"), None);
/// ```
pub fn split(tool: &str) -> Option<(&str, &str)> {
    tool.split_once('.').filter(|(server, tool)| !server.is_empty() && !tool.is_empty())
}

/// A failure of a step that a connector has had
pub(crate) fn failed(code: &str, message: String, help: &str) -> RunError {
    RunError { code: code.to_owned(), message, step_id: None, help: Some(help.to_owned()) }
}
