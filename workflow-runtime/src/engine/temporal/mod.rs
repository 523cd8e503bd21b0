//! The engine on a Temporal cluster.

#[allow(dead_code, reason = "the engine that calls it is still to come")]
mod memory;
