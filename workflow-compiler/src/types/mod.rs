//! Types: what they are, how they are inferred over the whole program, and what does not fit.

mod access;
mod actions;
mod calls;
mod checker;
mod children;
mod conflicts;
mod convert;
mod each;
mod filters;
mod flow;
mod infer;
mod is;
mod keyed;
mod loops;
mod methods;
mod narrow;
mod operators;
mod state;
mod tables;
mod templates;
mod ty;

pub use access::inside_quotes;
pub use checker::{Notes, World};
pub use convert::a;
pub use flow::{Fact, at_step};
pub use infer::{Checked, Typing, check_program, infer, infer_unsilenced, stored};
pub use state::{meant_field, unknown_state};
pub use tables::{Tables, replace};
pub use ty::{Shape, Ty};
