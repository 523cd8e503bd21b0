//! The workflows of this package, compiled: a module for each, and [`registry`], which holds all
//! of them for the server.
//!
//! A workflow's module has its `Inputs`, its `State` and its `Machine`; the module doc names the
//! YAML file. Nothing here is written by hand but the [host functions](functions).

pub mod functions;

workflow_macros::include_workflows!();
