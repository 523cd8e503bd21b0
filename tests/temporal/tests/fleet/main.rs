//! A fleet as real processes on Temporal's development server: what becomes of runs when one of them
//! dies, when the network does, and when there is much to do.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

mod called_off;
#[path = "../../../e2e/client.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod client;
mod fleet;
mod long;
mod many;
mod outages;

/// The server's binary
const SERVER: &str = env!("CARGO_BIN_EXE_fleet-server");
