//! The book (`docs/`) says what is so: its pages are linked, its workflows compile, its commands are
//! run and print what stands below them, and its reference is made from the programs themselves.
//!
//! `UPDATE_BOOK=1 cargo test --test book` writes anew what is generated, and what was printed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../e2e/client.rs"]
#[expect(dead_code, reason = "most of it is for the tests beside it")]
mod client;
mod commands;
mod examples;
mod kinds;
mod language;
mod pages;
mod recording;
mod reference;
mod runs;
#[path = "../scratch/mod.rs"]
mod scratch;
mod session;
mod shape;

/// How the names of the variables begin that the programs read
const SETTINGS: [&str; 8] =
    ["WORKFLOW_", "MAX_", "CACHE_", "LOG_", "METRICS_", "MCP_", "TEMPORAL_", "WORKER_"];

/// The server's binary
const SERVER: &str = env!("CARGO_BIN_EXE_workflow-server");
