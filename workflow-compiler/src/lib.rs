//! YAML workflows to typed Rust state machines.

pub mod codegen;
pub mod diagnostic;
pub mod source;
pub mod template;
pub mod typed;
pub mod types;
pub mod yaml;
