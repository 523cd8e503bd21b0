//! A workflow server like any other, whose workflows call tools.

use std::process::ExitCode;

fn main() -> ExitCode {
    workflow_runtime::main(workflow_connectors::registry())
}
