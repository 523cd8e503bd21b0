//! Random workflows in which nothing is wrong, and such with one known mistake.
//!
//! A seed names a project: the same files on each run and machine. A construct of the language is
//! one function and one line of a table: step types in `steps`, expressions and filters in
//! `expr`, template tags in `words`, spellings of scalars in `yaml`. What the generator says of
//! types is its own knowledge, so that the compiler is not asked whether the compiler is right.
//!
//! ```
//! let files = workflow_samples::project(7, 1, 5);
//! assert_eq!(files, workflow_samples::project(7, 1, 5));
//! assert!(files[1].text.contains("steps:"));
//! ```

mod expr;
mod flow;
mod marks;
mod mistakes;
mod random;
mod steps;
mod ty;
mod words;
mod workflow;
mod yaml;

use std::path::Path;

pub use marks::{Mark, Spot};
pub use mistakes::{Mistake, Place, kinds, mistake};
pub use random::Random;
pub use workflow::{File, project};

/// The Rust file of the host functions that samples call
pub fn host_functions() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/host.rs"))
}
