//! Writes release notes, together with an agent.

pub mod functions;

workflow_macros::include_workflows!();
