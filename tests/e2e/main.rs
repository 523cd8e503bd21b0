//! The built server over real standard streams, driven as an agent's client would.
//!
//! `foreign` has the Python client drive it (it needs `python3` with `venv`); `planning` does the
//! same course with a client of a few lines, so that a failure can be looked into without Python;
//! `load`, `failures` and `hostile` put many runs, something that goes wrong, or what no client should
//! send, in its way; `tokens` counts what an agent reads; `offers` holds the page on MCP to the server.
//! `embedded` is about the file that runs are kept in.
//!
//! Everything else is the same on both engines. With `TEST_ENGINE=temporal`, and built with the
//! feature, the servers are on Temporal's development server and `PostgreSQL`: `engine`. `side_by_side`
//! asks both the same, and compares every reply.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

mod answers;
mod client;
mod embedded;
mod engine;
mod failures;
#[cfg(unix)]
mod foreign;
#[cfg(target_os = "linux")]
mod hostile;
mod load;
mod offers;
mod planning;
#[cfg(unix)]
mod python;
#[cfg(feature = "temporal")]
mod side_by_side;
mod tokens;
#[cfg(unix)]
mod venv;

/// The server's binary
const SERVER: &str = env!("CARGO_BIN_EXE_workflow-server");

/// Where the Python scripts are, in the package's folder
#[cfg(unix)]
const SCRIPTS: &str = "tests/python";
