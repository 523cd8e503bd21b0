//! YAML workflows to typed Rust state machines.

pub mod arguments;
mod assemble;
pub mod builtins;
pub mod checks;
pub mod codegen;
mod compile;
pub mod diagnostic;
pub mod host;
pub mod ir;
pub mod names;
pub mod project;
pub mod source;
pub mod steps;
pub mod syntax;
pub mod template;
pub mod tools;
pub mod typed;
pub mod types;
pub mod yaml;

pub use compile::{Compilation, Input, compile};
