//! YAML workflows to typed Rust state machines.
//!
//! Three doors lead in, and all of them come to [`compile`]: the build script ([`build`]), the
//! macros (through [`expand`]), and the authors' command `workflowc` (`cli`).

pub mod arguments;
mod assemble;
mod build_script;
pub mod builtins;
pub mod catalog;
pub mod checks;
#[cfg(feature = "cli")]
pub mod cli;
pub mod codegen;
mod compile;
pub mod context;
pub mod diagnostic;
pub mod editor_schema;
pub mod expand;
pub mod graph;
pub mod host;
pub mod ir;
pub mod names;
pub mod positions;
pub mod project;
pub mod source;
mod stack;
pub mod steps;
pub mod syntax;
pub mod template;
pub mod tools;
pub mod typed;
pub mod types;
pub mod yaml;

pub use build_script::{Build, build};
pub use compile::{Compilation, Input, Lowered, compile, lower};
