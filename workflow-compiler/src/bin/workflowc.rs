//! `workflowc`: checks workflows, mends and explains mistakes, shows the generated Rust.

use std::process::ExitCode;

fn main() -> ExitCode {
    workflow_compiler::cli::main()
}
