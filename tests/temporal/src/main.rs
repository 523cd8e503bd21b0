//! A workflow server like any other, to be run as a fleet.

use std::process::ExitCode;

fn main() -> ExitCode {
    workflow_runtime::main(workflow_fleet::registry())
}
