# Short names for ordinary commands; `just` lists them. Nothing needs `just`.

_list:
    @just --list

# Play the agent of the planning workflow
run *ARGS:
    cargo run -- run planning:interactive {{ ARGS }}

# Everything that is wrong with the workflows
check *ARGS:
    cargo run -p workflow-compiler --bin workflowc -- check {{ ARGS }}

test *ARGS:
    cargo test --workspace {{ ARGS }}

lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings

fmt:
    cargo fmt --all

doc:
    cargo doc --workspace --no-deps --open

# What must hold before a change is merged
ci:
    .ci/run
