//! From YAML to what the author declared: workflows, inputs, functions. No types are inferred
//! here, and no step is looked into.

pub mod decode;
pub mod functions;
pub mod schema;
pub mod workflow;

#[cfg(test)]
pub(crate) mod testing;
