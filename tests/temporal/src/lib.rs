//! Workflows that are long, or many.

workflow_macros::include_workflows!();
