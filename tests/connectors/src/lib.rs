//! Workflows whose steps call the tools of `tool-server`.

workflow_macros::include_workflows!();
