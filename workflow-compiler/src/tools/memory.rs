//! The tools of `memory.*`, which the server itself answers.

use std::collections::BTreeMap;

use crate::syntax::schema::json_schema_of;
use crate::types::Ty;

use super::{Others, Parameter, Tool};

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
    let mut delete = tool(
        &[("key", maybe(text()), false), ("id", maybe(Ty::Int), false)],
        success(vec![("deleted", Ty::Bool)]),
    );
    delete.one_of = vec!["key".to_owned(), "id".to_owned()];
    let all = [
        (
            "save",
            tool(
                &[("key", text(), true), ("value", Ty::Any, true)],
                success(vec![("key", text()), ("created", Ty::Bool)]),
            ),
        ),
        (
            "get",
            tool(&[("key", text(), true)], success(vec![("found", Ty::Bool), ("value", Ty::Any)])),
        ),
        (
            "add",
            tool(
                &[("category", text(), true), ("content", Ty::Any, true)],
                success(vec![("id", Ty::Int)]),
            ),
        ),
        (
            "search",
            tool(
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
            tool(
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

fn tool(parameters: &[(&str, Ty, bool)], result: Ty) -> Tool {
    let parameter = |(name, ty, required): &(&str, Ty, bool)| Parameter {
        name: (*name).to_owned(),
        ty: ty.clone(),
        required: *required,
    };
    let schema = json_schema_of(&result);
    Tool {
        parameters: parameters.iter().map(parameter).collect(),
        others: Others::Refused,
        one_of: Vec::new(),
        result: Some((result, schema)),
    }
}
