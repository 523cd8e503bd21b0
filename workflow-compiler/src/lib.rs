//! YAML workflows to typed Rust state machines.

pub mod diagnostic;
pub mod host;
pub mod project;
pub mod source;
pub mod syntax;
pub mod template;
pub mod typed;
pub mod types;
pub mod yaml;
