//! Types: what they are, how they are inferred over the whole program, and what does not fit.

mod ty;

pub use ty::{Shape, Ty};
