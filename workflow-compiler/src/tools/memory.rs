//! The tools of `memory.*`, which the server itself answers.

use std::collections::BTreeMap;

use crate::types::Ty;

use super::{Tool, built_in};

/// Each tool by its name
pub(super) fn tools() -> BTreeMap<String, Tool> {
    let text = || Ty::String;
    let maybe = |ty: Ty| ty.optional();
    let success =
        |more: Vec<(&str, Ty)>| Ty::object([("success", Ty::Bool)].into_iter().chain(more));
    let item = Ty::object([
        ("id", Ty::Int),
        ("key", maybe(text())),
        ("category", maybe(text())),
        ("content", text()),
        ("created_at", text()),
    ]);
    let items = || success(vec![("items", Ty::list(item.clone()))]);
    let mut delete = built_in(
        &[("key", maybe(text()), false), ("id", maybe(Ty::Int), false)],
        success(vec![("deleted", Ty::Bool)]),
    );
    delete.one_of = vec!["key".to_owned(), "id".to_owned()];
    let all = [
        (
            "save",
            built_in(
                &[("key", text(), true), ("value", Ty::Any, true)],
                success(vec![("key", text()), ("created", Ty::Bool)]),
            ),
        ),
        (
            "get",
            built_in(
                &[("key", text(), true)],
                success(vec![("found", Ty::Bool), ("value", Ty::Any)]),
            ),
        ),
        (
            "add",
            built_in(
                &[("category", text(), true), ("content", Ty::Any, true)],
                success(vec![("id", Ty::Int)]),
            ),
        ),
        (
            "search",
            built_in(
                &[
                    ("query", text(), true),
                    ("category", maybe(text()), false),
                    ("limit", maybe(Ty::Int), false),
                ],
                items(),
            ),
        ),
        (
            "list",
            built_in(
                &[
                    ("prefix", maybe(text()), false),
                    ("category", maybe(text()), false),
                    ("limit", maybe(Ty::Int), false),
                ],
                items(),
            ),
        ),
        ("delete", delete),
    ];
    all.into_iter().map(|(name, tool)| (name.to_owned(), tool)).collect()
}
