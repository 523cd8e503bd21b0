//! The built server over HTTP: `clients` has the protocol's own Rust client drive it in both eras,
//! `door` tries to come in without the token or from elsewhere, `hostile` sends what nobody should,
//! `ends` starts and stops it, `metrics` asks what operators' systems ask, and `production` has the
//! doctor look at it.
//!
//! Python's client drives it over HTTP in `tests/e2e`, by the same scripts as over stdio.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

mod clients;
mod door;
mod ends;
mod hostile;
mod metrics;
mod production;
mod raw;
mod server;

/// The server's binary
const SERVER: &str = env!("CARGO_BIN_EXE_workflow-server");
