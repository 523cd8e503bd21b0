//! Random workflows as they are compiled: no warning in their code, and no test but those that run
//! each of them to its end.

#[allow(
    missing_docs,
    clippy::cast_possible_truncation,
    clippy::needless_pass_by_value,
    reason = "shared with the generator"
)]
#[path = "../../host.rs"]
pub mod host;

/// The generated code
#[deny(warnings)]
pub mod samples {
    include!(concat!(env!("OUT_DIR"), "/samples.rs"));
}

/// How much there is of it
pub const SIZE: &str = env!("SAMPLE_SIZE");
