//! Which servers can be called: a file of the shape that MCP clients share, `.mcp.json`.
//!
//! ```json
//! {"mcpServers": {"disk": {"command": "mcp-disk", "args": ["--root", "${HOME}/notes"],
//!     "env": {"TOKEN": "${DISK_TOKEN:-none}"}, "cwd": "/srv"}}}
//! ```
//!
//! A server that is reached over HTTP has a `url`, and `headers` where it wants some:
//!
//! ```json
//! {"mcpServers": {"web": {"type": "http", "url": "https://example.org/mcp",
//!     "headers": {"Authorization": "Bearer ${WEB_TOKEN}"}}}}
//! ```
//!
//! `${VAR}` and `${VAR:-default}` stand for variables of the environment. Keys that other clients
//! know are passed over. A `disabled` server, and `memory` and `files`, which are built in, are left alone.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::Deserialize;

use super::expand::expand;
use super::http::Endpoint;
use super::secrets::{Found, Secrets};
use super::server::Server;
use super::stdio::Launch;
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
    servers: IndexMap<String, Entry>,
}

#[derive(Deserialize)]
struct Entry {
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
    headers: BTreeMap<String, String>,
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

/// One server that is reached over HTTP, behind a token where there is one
pub(crate) fn over_http(
    name: &str,
    url: &str,
    token: Option<&str>,
) -> Result<Connectors, ConfigError> {
    let headers = match token {
        Some(_) => serde_json::json!({"Authorization": "Bearer ${TOKEN}"}),
        None => serde_json::json!({}),
    };
    let server = serde_json::json!({"type": "http", "url": url, "headers": headers});
    let file = serde_json::json!({"mcpServers": {name: server}}).to_string();
    // As a variable it is kept out of whatever is said of the server.
    parse(&file, &|variable| (variable == "TOKEN").then(|| token.map(str::to_owned))?)
}

fn parse(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Connectors, ConfigError> {
    let file: File = serde_json::from_str(text).map_err(|error| ConfigError {
        message: format!("expected the shape of `.mcp.json`: {error}"),
        help: r#"it looks like {"mcpServers": {"disk": {"command": "mcp-disk", "args": []}}}"#
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
    entry: Entry,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Arc<dyn Connector>>, ConfigError> {
    let filling = Filling { server: name, variable, found: RefCell::default() };
    match entry.kind.as_deref().unwrap_or(if entry.url.is_some() { "http" } else { "stdio" }) {
        "stdio" => {
            let (launch, secrets) = launch(entry, filling)?;
            Ok(Some(Arc::new(Server::new(name.to_owned(), launch, secrets))))
        }
        "http" | "streamable-http" | "streamableHttp" => {
            let (endpoint, secrets) = endpoint(entry, filling)?;
            Ok(Some(Arc::new(Server::new(name.to_owned(), endpoint, secrets))))
        }
        kind @ ("sse" | "ws") => {
            tracing::warn!(
                server = name,
                "not called, its tools are left to the agent: servers over `{kind}` are not \
                 supported, ask for its address for streamable HTTP (`\"type\": \"http\"`)"
            );
            Ok(None)
        }
        kind => Err(ConfigError {
            message: format!("the server `{name}` has the type `{kind}`"),
            help: "a server that is started by its `command` has the type `stdio`, one that has a \
                   `url` has the type `http`"
                .to_owned(),
        }),
    }
}

/// Fills variables into the texts of a server's configuration, and notes which may be secret
struct Filling<'a> {
    server: &'a str,
    variable: &'a dyn Fn(&str) -> Option<String>,
    found: RefCell<Found>,
}

impl Filling<'_> {
    fn full(&self, key: &str, text: &str) -> Result<String, ConfigError> {
        let variable = |name: &str| {
            let value = (self.variable)(name)?;
            self.found.borrow_mut().variable_if_certain(name, &value);
            Some(value)
        };
        expand(text, &variable).map_err(|missing| ConfigError {
            message: format!("`{key}` of the server `{}` {missing}", self.server),
            help: "set the variable, or write a value for where it is not set: `${NAME:-value}`"
                .to_owned(),
        })
    }

    fn missing(&self, key: &str, help: &str) -> ConfigError {
        ConfigError {
            message: format!("the server `{}` has no `{key}`", self.server),
            help: help.to_owned(),
        }
    }
}

fn launch(entry: Entry, filling: Filling<'_>) -> Result<(Launch, Secrets), ConfigError> {
    let command = entry.command.filter(|command| !command.trim().is_empty());
    let command =
        command.ok_or_else(|| filling.missing("command", "name the program that is the server"))?;
    let args = entry.args.iter().map(|arg| filling.full("args", arg)).collect::<Result<_, _>>()?;
    let mut env = BTreeMap::new();
    for (key, value) in &entry.env {
        let value = filling.full(&format!("env.{key}"), value)?;
        filling.found.borrow_mut().variable(key, &value);
        env.insert(key.clone(), value);
    }
    let cwd = entry.cwd.map(|cwd| filling.full("cwd", &cwd)).transpose()?;
    let program = filling.full("command", &command)?;
    let launch = Launch { program, args, env, cwd: cwd.map(Into::into) };
    Ok((launch, filling.found.into_inner().into()))
}

fn endpoint(entry: Entry, filling: Filling<'_>) -> Result<(Endpoint, Secrets), ConfigError> {
    let url = entry.url.filter(|url| !url.trim().is_empty());
    let url = url.ok_or_else(|| filling.missing("url", "say where the server is"))?;
    let url = filling.full("url", &url)?;
    let headers = entry.headers.into_iter().map(|(name, value)| {
        let value = filling.full(&format!("headers.{name}"), &value)?;
        Ok((name, value))
    });
    let headers = headers.collect::<Result<Vec<_>, ConfigError>>()?;
    let server = filling.server;
    Endpoint::new(&url, &headers, filling.found.into_inner()).map_err(|wrong| ConfigError {
        message: format!("the server `{server}`: {wrong}"),
        help: r#"it looks like {"type": "http", "url": "https://example.org/mcp", "headers": {}}"#
            .to_owned(),
    })
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
    fn servers_over_stdio_and_http_can_be_called_and_the_rest_is_passed_over() {
        let text = r#"{"mcpServers": {
            "disk": {"command": "mcp-disk", "args": ["${ROOT}"], "autoApprove": ["read"]},
            "old": {"type": "stdio", "command": "x", "disabled": true},
            "memory": {"command": "mcp-memory"},
            "files": {"command": "mcp-files"},
            "web": {"type": "http", "url": "https://example.org/${PATH:-mcp}",
                "headers": {"Authorization": "Bearer ${NONE:-none}"}},
            "bare": {"url": "http://localhost:1/mcp"},
            "gone": {"type": "sse", "url": "https://example.org/sse"},
            "db": {"type": "stdio", "command": "db", "env": {"TOKEN": "${NONE:-none}"}}
        }, "theme": "dark"}"#;
        assert_eq!(names(text).unwrap(), ["bare", "db", "disk", "web"]);
    }

    #[test]
    fn mistakes_name_the_server_and_the_key() {
        let server = |body: &str| message(&format!(r#"{{"mcpServers": {{"disk": {body}}}}}"#));
        let cases = [
            (server(r#"{"args": []}"#), "the server `disk` has no `command`"),
            (
                server(r#"{"command": "x", "env": {"A": "${NONE}"}}"#),
                "`env.A` of the server `disk`",
            ),
            (server(r#"{"command": "${NONE}"}"#), "`NONE`, which is not set"),
            (server(r#"{"type": "pigeon"}"#), "the type `pigeon`"),
            (server(r#"{"type": "http"}"#), "the server `disk` has no `url`"),
            (server(r#"{"url": "localhost"}"#), "`disk`: `url` is no URL"),
            (
                server(r#"{"url": "http://a/", "headers": {"A": "${NONE}"}}"#),
                "`headers.A` of the server `disk`",
            ),
            (message(r#"{"mcpServers": {"a.b": {"command": "x"}}}"#), "named `a.b`"),
            (message("{}"), "mcpServers"),
            (message("servers:"), "the shape of `.mcp.json`"),
        ];
        for (said, expected) in cases {
            assert!(said.contains(expected), "`{expected}` is not in: {said}");
        }
    }
}
