//! The page over plain HTTP: `door` logs in and out, and tries to come in otherwise; `forms` sends what
//! browsers send, and what they should not; `shown` looks at what is told of runs; `stream` listens.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

#[path = "../common/agent.rs"]
mod agent;
mod browser;
mod door;
mod forms;
#[path = "../../../http/raw.rs"]
#[expect(dead_code, reason = "the other tests use more of it")]
mod raw;
#[path = "../../../http/server.rs"]
#[expect(dead_code, reason = "the other tests use more of it")]
mod server;
mod shown;
mod stream;

/// The server's binary
const SERVER: &str = env!("CARGO_BIN_EXE_page-server");
