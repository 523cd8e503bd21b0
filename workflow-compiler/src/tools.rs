//! The tools whose results are known: those built into the server.

use crate::types::Ty;

/// What a tool gives, if that is known
///
/// ```
/// use workflow_compiler::{tools::result_of, types::Ty};
/// assert_eq!(result_of("memory.add"), Some(Ty::object([("success", Ty::Bool), ("id", Ty::Int)])));
/// assert_eq!(result_of("web.search"), None);
/// ```
pub fn result_of(tool: &str) -> Option<Ty> {
    match tool {
        "memory.save" => {
            Some(Ty::object([("success", Ty::Bool), ("key", Ty::String), ("created", Ty::Bool)]))
        }
        "memory.add" => Some(Ty::object([("success", Ty::Bool), ("id", Ty::Int)])),
        _ => None,
    }
}
