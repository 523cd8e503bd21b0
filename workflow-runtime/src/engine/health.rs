//! How an engine is: figures that it has measured, and what is wrong.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::EngineError;
use crate::connectors::{LastError, Reach};

/// How an engine is
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Health {
    /// Whether all is well
    pub status: HealthStatus,
    /// The server's version
    pub version: String,
    /// `embedded` or `temporal`
    pub engine: String,
    /// Seconds since the engine began
    pub uptime_seconds: u64,
    /// The file that the runs are kept in, where they are kept in one
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreHealth>,
    /// The cluster that the runs are kept by, where they are kept by one
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<ClusterHealth>,
    /// The servers whose tools the engine calls itself
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub connectors: Vec<ConnectorHealth>,
    /// Commands that have come in and are not answered yet
    pub queue_depth: usize,
    /// Runs kept decoded in memory
    pub cache: CacheHealth,
    /// Memory of the whole process that is in use, in bytes; not measured on every system
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    /// What is wrong, and what to do
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
}

/// Whether all is well
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HealthStatus {
    /// All is well
    Ok,
    /// Somebody should look at the problems
    Degraded,
}

/// A server whose tools the engine calls itself
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConnectorHealth {
    /// Its name
    pub name: String,
    /// Whether there is a connection; one is made at the first call
    pub reach: Reach,
    /// What went wrong last, if anything did since the engine began
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<LastError>,
    /// What is wrong with its tools, as far as it has listed them: those that are not what the
    /// workflows were compiled against
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drifted: Vec<String>,
    /// Calls that are being made, by whichever process of the store
    pub calls_under_way: u64,
    /// Calls that are still to be made
    pub calls_waiting: u64,
}

/// Runs kept decoded in memory, and how useful that is
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CacheHealth {
    /// How many there are
    pub runs: usize,
    /// Looks at a run that found it there, since the engine began
    pub hits: u64,
    /// Looks that had to decode it
    pub misses: u64,
}

/// What the runs are kept in; figures that could not be read are missing
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StoreHealth {
    /// The file
    pub path: String,
    /// Its size, with what is not yet folded into it, in bytes
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Runs that are not finished, children not counted
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfinished_runs: Option<u64>,
    /// How many of them there may be
    pub max_unfinished_runs: u64,
    /// What is due (waits, deadlines, attempts) and has not been applied
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue: Option<u64>,
}

/// The Temporal cluster that the runs are kept by; figures that could not be had are missing
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClusterHealth {
    /// Where it is reached
    pub host: String,
    /// The namespace
    pub namespace: String,
    /// The task queue of this fleet
    pub task_queue: String,
    /// Whether it answers
    pub reachable: bool,
    /// What it calls its version
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_version: Option<String>,
    /// Workers of the fleet that have asked for work lately, this process's too
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workers: Option<u64>,
    /// Whether this process works, too
    pub works_here: bool,
    /// Tasks that wait for a worker
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backlog: Option<u64>,
    /// Runs that are not finished, children not counted
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfinished_runs: Option<u64>,
    /// How many of them there may be
    pub max_unfinished_runs: u64,
    /// Where runs remember; none where `memory.*` is off
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
}

/// Something wrong
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// What is wrong
    pub message: String,
    /// What to do
    pub help: String,
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        Self { message: error.message, help: error.help }
    }
}

/// Memory of this process that is in use, in bytes, where the system tells it
pub(crate) fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
