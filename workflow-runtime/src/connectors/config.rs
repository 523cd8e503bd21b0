//! Which servers can be called: a file of the shape that MCP clients share, `.mcp.json`.
//!
//! ```json
//! {"mcpServers": {"files": {"command": "mcp-files", "args": ["--root", "${HOME}/notes"],
//!     "env": {"TOKEN": "${FILES_TOKEN:-none}"}, "cwd": "/srv"}}}
//! ```
//!
//! `${VAR}` and `${VAR:-default}` stand for variables of the environment. Keys that other clients
//! know are passed over. A `disabled` server, and `memory`, which is built in, are left alone.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::Deserialize;

use super::expand::expand;
use super::stdio::{Launch, Stdio};
use super::{Connector, Connectors, is_built_in};

/// Why connectors cannot be had
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConfigError {
    /// What is wrong, lower case
    pub message: String,
    /// What to do
    pub help: String,
}

#[derive(Deserialize)]
struct File {
    #[serde(rename = "mcpServers")]
    servers: IndexMap<String, Server>,
}

#[derive(Deserialize)]
struct Server {
    #[serde(rename = "type")]
    kind: Option<String>,
    command: Option<String>,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    cwd: Option<String>,
    url: Option<String>,
    #[serde(default)]
    disabled: bool,
}

/// Reads a file; no server is started before it is called
pub fn read(path: &Path) -> Result<Connectors, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| ConfigError {
        message: format!("the connectors of `{}` cannot be read: {error}", path.display()),
        help: "name a file of the shape of `.mcp.json` with --connectors or WORKFLOW_CONNECTORS"
            .to_owned(),
    })?;
    let variable = |name: &str| std::env::var(name).ok();
    parse(&text, &variable).map_err(|error| ConfigError {
        message: format!("in `{}`: {}", path.display(), error.message),
        ..error
    })
}

fn parse(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Connectors, ConfigError> {
    let file: File = serde_json::from_str(text).map_err(|error| ConfigError {
        message: format!("expected the shape of `.mcp.json`: {error}"),
        help: r#"it looks like {"mcpServers": {"files": {"command": "mcp-files", "args": []}}}"#
            .to_owned(),
    })?;
    let mut by_name: BTreeMap<String, Arc<dyn Connector>> = BTreeMap::new();
    for (name, server) in file.servers.into_iter().filter(|(_, server)| !server.disabled) {
        if is_built_in(&format!("{name}.")) {
            tracing::warn!(server = name, "not called: its tools are built into this server");
            continue;
        }
        check_name(&name)?;
        if let Some(connector) = connector(&name, server, variable)? {
            by_name.insert(name, connector);
        }
    }
    Ok(Connectors::new(by_name))
}

/// The kinds of connectors, by what is configured
fn connector(
    name: &str,
    server: Server,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Arc<dyn Connector>>, ConfigError> {
    match server.kind.as_deref().unwrap_or(if server.url.is_some() { "http" } else { "stdio" }) {
        "stdio" => {
            let launch = launch(name, server, variable)?;
            Ok(Some(Arc::new(Stdio::new(name.to_owned(), launch))))
        }
        "http" | "streamable-http" | "sse" | "ws" => {
            tracing::warn!(server = name, "not called: only servers over stdio are, so far");
            Ok(None)
        }
        kind => Err(ConfigError {
            message: format!("the server `{name}` has the type `{kind}`"),
            help: "a server that is started by its `command` has the type `stdio`".to_owned(),
        }),
    }
}

fn launch(
    name: &str,
    server: Server,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Launch, ConfigError> {
    let full = |key: &str, text: &str| {
        expand(text, variable).map_err(|missing| ConfigError {
            message: format!("`{key}` of the server `{name}` {missing}"),
            help: "set the variable, or write a value for where it is not set: `${NAME:-value}`"
                .to_owned(),
        })
    };
    let command = server.command.filter(|command| !command.trim().is_empty());
    let command = command.ok_or_else(|| ConfigError {
        message: format!("the server `{name}` has no `command`"),
        help: "name the program that is the server".to_owned(),
    })?;
    let args = server.args.iter().map(|arg| full("args", arg)).collect::<Result<_, _>>()?;
    let mut env = BTreeMap::new();
    for (key, value) in &server.env {
        env.insert(key.clone(), full(&format!("env.{key}"), value)?);
    }
    let cwd = server.cwd.map(|cwd| full("cwd", &cwd)).transpose()?;
    Ok(Launch { program: full("command", &command)?, args, env, cwd: cwd.map(Into::into) })
}

/// A tool is named `server.tool`, so a server's name holds no dot
fn check_name(name: &str) -> Result<(), ConfigError> {
    if !name.is_empty() && !name.contains('.') {
        return Ok(());
    }
    Err(ConfigError {
        message: format!("a server cannot be named `{name}`"),
        help: "give it a name without dots: a step calls its tools as `server.tool`".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Result<Vec<String>, ConfigError> {
        let variable = |name: &str| (name == "ROOT").then(|| "/srv".to_owned());
        Ok(parse(text, &variable)?.names().map(str::to_owned).collect())
    }

    fn message(text: &str) -> String {
        let error = names(text).unwrap_err();
        assert!(!error.help.is_empty());
        error.message
    }

    #[test]
    fn servers_over_stdio_can_be_called_and_the_rest_is_passed_over() {
        let text = r#"{"mcpServers": {
            "files": {"command": "mcp-files", "args": ["${ROOT}"], "autoApprove": ["read"]},
            "old": {"type": "stdio", "command": "x", "disabled": true},
            "memory": {"command": "mcp-memory"},
            "web": {"type": "http", "url": "https://example.org/mcp"},
            "db": {"type": "stdio", "command": "db", "env": {"TOKEN": "${NONE:-none}"}}
        }, "theme": "dark"}"#;
        assert_eq!(names(text).unwrap(), ["db", "files"]);
    }

    #[test]
    fn mistakes_name_the_server_and_the_key() {
        let server = |body: &str| message(&format!(r#"{{"mcpServers": {{"files": {body}}}}}"#));
        let cases = [
            (server(r#"{"args": []}"#), "the server `files` has no `command`"),
            (
                server(r#"{"command": "x", "env": {"A": "${NONE}"}}"#),
                "`env.A` of the server `files`",
            ),
            (server(r#"{"command": "${NONE}"}"#), "`NONE`, which is not set"),
            (server(r#"{"type": "pigeon"}"#), "the type `pigeon`"),
            (message(r#"{"mcpServers": {"a.b": {"command": "x"}}}"#), "named `a.b`"),
            (message("{}"), "mcpServers"),
            (message("servers:"), "the shape of `.mcp.json`"),
        ];
        for (said, expected) in cases {
            assert!(said.contains(expected), "`{expected}` is not in: {said}");
        }
    }
}
