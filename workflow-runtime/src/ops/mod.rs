//! The operators of the language, as functions over operands of one common type.
//!
//! A name without a suffix takes lists or any type that has the operation; `_text`, `_object` and
//! `_any` take strings, open objects and values of any type. What Python would refuse, what leaves
//! 64 bits, and what would grow beyond [`MAX_BYTES`] or [`MAX_ITEMS`] is a [`Fault`].

mod access;
mod arithmetic;
mod compare;
mod convert;
mod iterate;
mod slice;

pub use access::{entry, field, index, index_any, index_text};
pub use arithmetic::{Arithmetic, Plus, add, div, floor_div, mul, neg, pos, pow, rem, sub};
pub use compare::{
    Order, compare, contains, contains_any, contains_object, contains_text, equal, greater,
    greater_equal, less, less_equal,
};
pub use convert::{cast, concat, convert, fitting, required, show, truth};
pub use iterate::{Loop, each, each_any, each_key, each_text, unpack};
pub use slice::{slice, slice_any, slice_text};

use crate::machine::Fault;

/// The longest string that an operator or filter makes, in bytes: 16 MiB
pub const MAX_BYTES: usize = 16 << 20;

/// The longest list that an operator or filter makes
pub const MAX_ITEMS: usize = 1_000_000;

/// Refuses, with `too-large`, a string of so many bytes before it is made
pub(crate) fn bound_bytes(bytes: usize) -> Result<(), Fault> {
    if bytes <= MAX_BYTES {
        return Ok(());
    }
    Err(Fault::new("too-large", format!("the text would be longer than {} MiB", MAX_BYTES >> 20)))
}

/// Refuses, with `too-large`, a list of so many items before it is made
pub(crate) fn bound_items(items: usize) -> Result<(), Fault> {
    if items <= MAX_ITEMS {
        return Ok(());
    }
    Err(Fault::new("too-large", format!("the list would have more than {MAX_ITEMS} items")))
}

/// Refuses, with `too-large`, a list whose items take so many bytes before it is made
pub(crate) fn bound_weight(bytes: usize) -> Result<(), Fault> {
    if bytes <= MAX_BYTES {
        return Ok(());
    }
    Err(Fault::new("too-large", format!("the list would take more than {} MiB", MAX_BYTES >> 20)))
}

/// A value of a type that the operation does not take
pub(crate) fn mismatch(message: String) -> Fault {
    Fault::new("type-mismatch", message)
}

/// A length or a place as the language counts: in `int`
pub(crate) fn int(length: usize) -> i64 {
    // Nothing in memory is longer than `isize::MAX`.
    i64::try_from(length).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
