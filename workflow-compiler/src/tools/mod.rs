//! The tools that are known: those built into the server, and those of `tools.lock.json`.

mod files;
mod lock;
mod memory;
mod schema;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value as Json;

use crate::syntax::schema::json_schema_of;
use crate::types::Ty;

pub use lock::read;

/// The file beside the workflows that says which tools the servers have
pub const LOCK: &str = "tools.lock.json";

/// What is known of the tools of servers
#[derive(Debug, Default)]
pub struct Tools {
    /// Each server of the lock with its tools by name
    servers: BTreeMap<String, BTreeMap<String, Tool>>,
}

/// A tool of a server
#[derive(Clone, Debug)]
pub struct Tool {
    /// Its parameters, in the order of its schema
    pub parameters: Vec<Parameter>,
    /// What it does with a parameter that its schema does not name
    pub others: Others,
    /// Parameters of which exactly one must be given
    pub one_of: Vec<String>,
    /// What it gives, if that is known, as a type and as JSON Schema
    pub result: Option<(Ty, Json)>,
    /// What a server's own listing of it has to be the same as, unless it is built in
    pub locked: Option<Json>,
}

/// A parameter of a tool
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name
    pub name: String,
    /// What it takes
    pub ty: Ty,
    /// Whether a call is wrong without it
    pub required: bool,
}

/// What a tool does with parameters that its schema does not name
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// It takes them
    Taken,
    /// Its schema does not say: probably nothing
    Ignored,
    /// It refuses the call
    Refused,
}

/// What a tool is looked up as
#[derive(Clone, Debug)]
pub enum Lookup<'t> {
    /// Nothing is known of its server: it may be called with anything and give anything
    Any,
    /// It is known
    Known(&'t Tool),
    /// Its server has no such tool, but these
    Unknown(Vec<&'t str>),
}

/// The built-in tools, by the names of their servers and their own
static BUILT_IN: LazyLock<BTreeMap<&str, BTreeMap<String, Tool>>> =
    LazyLock::new(|| BTreeMap::from([("files", files::tools()), ("memory", memory::tools())]));

/// A tool that the server itself answers; it refuses parameters that it does not know
fn built_in(parameters: &[(&str, Ty, bool)], result: Ty) -> Tool {
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
        locked: None,
    }
}

impl Tools {
    /// Looks up `server.tool`
    ///
    /// ```
    /// use workflow_compiler::tools::{Lookup, Tools};
    ///
    /// let tools = Tools::default();
    /// assert!(matches!(tools.find("memory.add"), Lookup::Known(_)));
    /// assert!(matches!(tools.find("memory.ad"), Lookup::Unknown(_)));
    /// assert!(matches!(tools.find("files.read"), Lookup::Known(_)));
    /// assert!(matches!(tools.find("web.search"), Lookup::Any));
    /// ```
    pub fn find(&self, name: &str) -> Lookup<'_> {
        let Some((server, tool)) = name.split_once('.') else { return Lookup::Any };
        let tools = BUILT_IN.get(server).or_else(|| self.servers.get(server));
        let Some(tools) = tools else { return Lookup::Any };
        match tools.get(tool) {
            Some(tool) => Lookup::Known(tool),
            None => Lookup::Unknown(tools.keys().map(String::as_str).collect()),
        }
    }

    /// What a tool gives, if that is known, as a type and as JSON Schema
    pub fn result_of(&self, name: &str) -> Option<(Ty, Json)> {
        match self.find(name) {
            Lookup::Known(tool) => tool.result.clone(),
            Lookup::Any | Lookup::Unknown(_) => None,
        }
    }

    /// What calls of a tool are compiled against, if it is locked
    pub fn locked(&self, name: &str) -> Option<&Json> {
        match self.find(name) {
            Lookup::Known(tool) => tool.locked.as_ref(),
            Lookup::Any | Lookup::Unknown(_) => None,
        }
    }

    /// Whether a server's tools are built in, and stand in no lock
    pub fn is_built_in(name: &str) -> bool {
        name.split_once('.').is_some_and(|(server, _)| BUILT_IN.contains_key(server))
    }
}

#[cfg(test)]
mod tests;
