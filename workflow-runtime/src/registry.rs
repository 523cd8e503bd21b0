//! The compiled workflows that a server knows.

use std::sync::Arc;

use crate::machine::Program;

/// The compiled workflows that a server knows, by name and version
#[derive(Clone, Default)]
pub struct Registry {
    programs: Vec<Arc<dyn Program>>,
}
