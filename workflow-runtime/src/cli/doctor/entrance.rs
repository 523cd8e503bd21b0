//! The way into the server: where it listens, behind which token, and whether it answers.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::super::args::Transport;
use super::super::failure::Failure;
use super::super::http::{HttpArgs, Key};
use super::production::of_problem;
use crate::connectors::config;
use crate::engine::{Check, Phase};
use crate::http::{MCP, Token};
use crate::plural::count;

/// Where the server listens, and who is let in
pub(super) fn checks(
    transport: Transport,
    http: &HttpArgs,
    key: &Result<Key, Failure>,
) -> Vec<Check> {
    let (phase, name) = (Phase::During, "listening");
    if transport == Transport::Stdio {
        return vec![Check::ok(phase, name, "over stdio, to the client that starts it")];
    }
    let addr = http.addr;
    let listening = match addr.ip().is_loopback() {
        true => Check::ok(phase, name, format!("on {addr}, for this machine alone")),
        false if http.hosts.is_empty() => Check::warn(
            phase,
            name,
            format!("on {addr}, for others too, by no name but its address"),
            "name the host that clients use: --allow-host, WORKFLOW_ALLOWED_HOSTS",
        ),
        false => Check::ok(phase, name, format!("on {addr}, for others too, in plain HTTP")),
    };
    vec![listening, token(http, key)]
}

fn token(http: &HttpArgs, key: &Result<Key, Failure>) -> Check {
    let (phase, name) = (Phase::During, "token");
    let set = "set one: `openssl rand -hex 32`, in a file named with --token-file";
    match key {
        Err(failure) => of_problem(phase, name, failure.clone().into()),
        Ok(Key::None) if http.addr.ip().is_loopback() => {
            Check::warn(phase, name, "none: everybody on this machine is let in", set)
        }
        Ok(Key::None) => Check::fail(phase, name, "none, and others can connect", set),
        Ok(Key::Variable(_)) => Check::ok(phase, name, "in the environment"),
        Ok(Key::Kept(file)) if !file.exists() => {
            Check::ok(phase, name, format!("made at the first start, in `{}`", file.display()))
        }
        Ok(Key::File(file) | Key::Kept(file)) => match Token::read(file) {
            Err(error) => Check::fail(phase, name, error.to_string(), error.help()),
            Ok(_) if Token::is_shown_to_others(file) => Check::warn(
                phase,
                name,
                format!("others on this machine can read `{}`", file.display()),
                format!("chmod 600 '{}', as the server's user", file.display()),
            ),
            Ok(_) => Check::ok(phase, name, format!("in `{}`, its user's alone", file.display())),
        },
    }
}

/// Whether the server answers where it should listen, and takes the token
pub(super) async fn answering(http: &HttpArgs, key: &Result<Key, Failure>) -> Check {
    let (phase, name) = (Phase::After, "answers");
    let url = format!("http://{}{MCP}", reachable(http.addr));
    let token = match key {
        Ok(Key::None) => None,
        Ok(Key::Variable(token)) => Some(token.clone()),
        // What is wrong with the file is told of the token.
        Ok(Key::File(file) | Key::Kept(file)) => Token::read(file).ok(),
        Err(_) => None,
    };
    let connectors = config::over_http("self", &url, token.as_ref().map(Token::reveal));
    let listed = match connectors.as_ref().map(|connectors| connectors.get("self")) {
        Ok(Some(connector)) => connector.list().await.map_err(|error| error.message),
        Ok(None) => Err("there is no way to it".to_owned()),
        Err(error) => Err(error.message.clone()),
    };
    if let Ok(connectors) = connectors {
        connectors.close().await;
    }
    match listed {
        Ok(tools) => {
            Check::ok(phase, name, format!("at {url}, with {}", count(tools.len(), "tool")))
        }
        Err(error) => Check::fail(
            phase,
            name,
            format!("not at {url}: {error}"),
            "start the server, and give this the same --addr and token; its log says more",
        ),
    }
}

/// Where a server that listens everywhere can be reached from here
fn reachable(addr: SocketAddr) -> SocketAddr {
    match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => {
            SocketAddr::from((Ipv4Addr::LOCALHOST, addr.port()))
        }
        IpAddr::V6(ip) if ip.is_unspecified() => {
            SocketAddr::from((Ipv6Addr::LOCALHOST, addr.port()))
        }
        _ => addr,
    }
}
