//! The filters of the language, by the names that they have there.
//!
//! A name without a suffix takes a list, or values of every type where the type does not matter
//! ([`tojson`], [`string`], [`hash`], [`default`]). `_text`, `_object`, `_number`, `_float`,
//! `_bool` and `_any` take strings, open objects, numbers, floats, booleans and values of any
//! type. Filters of text alone ([`upper`], [`trim`], …) have no suffix: what is no string is
//! filtered as it prints.

mod convert;
mod json;
mod list;
mod text;

pub use convert::{
    default, default_any, default_known, int, int_any, int_bool, int_float, int_number, int_text,
    string,
};
pub use json::{hash, hash_text, parse_json, tojson};
pub use list::{
    first, first_any, first_text, join, join_any, join_text, last, last_any, last_text, length,
    length_any, length_object, length_text,
};
pub use text::{lower, replace, split, trim, upper};

#[cfg(test)]
mod tests;
