//! A workflow whose steps only the user can answer.

workflow_macros::include_workflows!();
