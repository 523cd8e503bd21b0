//! A workflow server like any other.

use std::process::ExitCode;

fn main() -> ExitCode {
    workflow_runtime::main(workflow_page::registry())
}
