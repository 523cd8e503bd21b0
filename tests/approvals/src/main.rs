//! A workflow server like any other, whose workflow asks the user.

use std::process::ExitCode;

fn main() -> ExitCode {
    workflow_runtime::main(workflow_approvals::registry())
}
