//! Workflows that a team can run with an agent as they are: a module for each, and [`registry`],
//! which another crate's server includes.
//!
//! ```no_run
//! # mod my_crate {
//! #     pub fn registry() -> workflow_runtime::registry::Registry { Default::default() }
//! # }
//! fn main() -> std::process::ExitCode {
//!     workflow_runtime::main(my_crate::registry().with(workflow_library::registry()))
//! }
//! ```
//!
//! Each workflow stands by itself: it calls no function that a copy would lack. Two start another one
//! of them.

workflow_macros::include_workflows!();
