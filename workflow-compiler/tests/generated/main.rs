//! The checked-in copies of generated code, compiled as they are, and run.

#![expect(
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a test has no public items, and may panic"
)]

mod calls;
mod engine;
mod errands;
#[path = "../examples/mod.rs"]
mod examples;
mod failures;
mod functions;
mod runs;

#[deny(warnings)]
#[rustfmt::skip] // as it was generated
#[path = "../golden/everything.rs"]
mod golden;

#[deny(warnings)]
#[rustfmt::skip]
#[path = "../golden/expanded.rs"]
mod expanded;

#[deny(warnings)]
#[rustfmt::skip]
#[path = "../golden/builtins.rs"]
mod builtins;

#[deny(warnings)]
#[rustfmt::skip]
#[path = "../golden/from_yaml.rs"]
mod from_yaml;

#[deny(warnings)]
#[rustfmt::skip]
#[path = "../golden/patience.rs"]
mod patience;
