//! Workflows for the page: one of each kind of waiting, and inputs of each kind.

workflow_macros::include_workflows!();
