//! The filters of the language, by the names that they have there.
//!
//! A name without a suffix takes a list, or values of every type where the type does not matter
//! ([`tojson`], [`string`], [`hash`], [`default`]). `_text`, `_object`, `_number`, `_float`,
//! `_bool` and `_any` take strings, open objects, numbers, floats, booleans and values of any
//! type. Filters of text alone ([`upper`], [`trim`], …) have no suffix: what is no string is
//! filtered as it prints.

mod convert;
mod each;
mod encode;
mod json;
mod kinds;
mod layout;
mod list;
mod number;
mod regex;
mod sequence;
mod text;

pub use convert::{
    default, default_any, default_known, int, int_any, int_bool, int_float, int_number, int_text,
    string,
};
pub use each::{group, map, max, max_value, min, min_value, reject, select, sort, unique};
pub use encode::{
    base64_decode, base64_decode_any, base64_encode, escape, shellquote, striptags, urlencode,
    urlencode_any, urlencode_object,
};
pub use json::{hash, hash_text, parse_json, parse_json_any, tojson};
pub use kinds::{
    is_boolean, is_false, is_float, is_integer, is_lower, is_mapping, is_number, is_sequence,
    is_string, is_true, is_upper, same_as,
};
pub(crate) use layout::lines;
pub use layout::{center, center_with, indent, ljust, rjust, truncate};
pub use list::{
    first, first_any, first_known, first_text, first_value, join, join_any, join_text, last,
    last_any, last_known, last_text, last_value, length, length_any, length_object, length_text,
};
pub use number::{
    abs, abs_any, abs_float, abs_number, bool_any, bool_text, filesizeformat, filesizeformat_any,
    float, float_any, float_text_of, round, round_any, round_float, round_number, round_to,
};
pub use regex::{
    regex_findall, regex_findall_any, regex_findall_groups, regex_replace, regex_search,
};
pub use sequence::{
    batch, dictsort, dictsort_any, first_object, fold_any, items, items_any, last_object,
    list_object, list_text, reverse, reverse_any, slices, sum, sum_any, sum_lists,
};
pub(crate) use text::is_space;
pub use text::{capitalize, lower, replace, reverse_text, split, title, trim, upper, wordcount};

#[cfg(test)]
mod tests;
