//! Tools that the server calls itself.

pub mod memory;

/// Whether a tool is built in: answered from the server's own store, inside the transaction that
/// reaches it
pub fn is_built_in(tool: &str) -> bool {
    tool.starts_with("memory.")
}
