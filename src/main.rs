//! The server: workflows in, command line out.

use std::process::ExitCode;

fn main() -> ExitCode {
    workflow_runtime::main(workflow_server::registry().with(workflow_library::registry()))
}
