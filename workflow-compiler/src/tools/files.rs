//! The tools of `files.*`, which the server itself calls in its folder of files.

use std::collections::BTreeMap;

use crate::types::Ty;

use super::{Tool, built_in};

/// Each tool by its name
pub(super) fn tools() -> BTreeMap<String, Tool> {
    let success =
        |more: Vec<(&str, Ty)>| Ty::object([("success", Ty::Bool)].into_iter().chain(more));
    let kinds = ["file", "folder", "other"].map(str::to_owned);
    let item = Ty::object([
        ("path", Ty::String),
        ("kind", Ty::Enum(kinds.to_vec().into())),
        ("size", Ty::Int),
    ]);
    let all = [
        (
            "read",
            built_in(
                &[
                    ("path", Ty::String, true),
                    ("offset", Ty::Int.optional(), false),
                    ("limit", Ty::Int.optional(), false),
                ],
                success(vec![
                    ("content", Ty::String),
                    ("size", Ty::Int),
                    ("next_offset", Ty::Int.optional()),
                ]),
            ),
        ),
        (
            "write",
            built_in(
                &[("path", Ty::String, true), ("content", Ty::Any, true)],
                success(vec![("created", Ty::Bool), ("size", Ty::Int)]),
            ),
        ),
        (
            "list",
            built_in(
                &[("path", Ty::String.optional(), false), ("limit", Ty::Int.optional(), false)],
                success(vec![("items", Ty::list(item)), ("more", Ty::Bool)]),
            ),
        ),
    ];
    all.into_iter().map(|(name, tool)| (name.to_owned(), tool)).collect()
}
