use std::process::ExitCode;

fn main() -> ExitCode {
    workflow_runtime::main(release_notes::registry())
}
