//! HTTP by hand, to send what no client would.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::server::Server;

/// How long a reply may take
pub const PATIENCE: Duration = Duration::from_mins(1);

/// A reply
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    /// In small letters
    pub head: String,
    /// As it came
    pub raw: String,
    pub body: String,
}

impl Response {
    /// Reads a reply up to the end of the connection
    pub fn read(stream: &mut TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut bytes = Vec::new();
        // A connection may be reset behind a reply that is whole.
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        let (head, raw) = (head.to_lowercase(), head.to_owned());
        Self { status, head, raw, body: body.to_owned() }
    }

    /// The JSON of the body, or of the last event of a stream
    pub fn json(&self) -> Value {
        let mut events = self.body.lines().filter_map(|line| line.strip_prefix("data: "));
        let text = events.next_back().unwrap_or(&self.body);
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// The head of a POST that a server takes, up to its length, on a connection of its own
pub fn head(server: &Server) -> String {
    format!(
        "POST /mcp HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\
         Accept: application/json, text/event-stream\r\nContent-Type: application/json\r\n",
        server.addr, server.token
    )
}

/// Sends a head and a body, and reads the reply
pub fn send(server: &Server, head: &str, body: &[u8]) -> Response {
    let mut stream = TcpStream::connect(server.addr).unwrap();
    let length = body.len();
    write!(stream, "{head}Content-Length: {length}\r\n\r\n").unwrap();
    // A server that has refused may have stopped to read.
    let _ = stream.write_all(body);
    Response::read(&mut stream)
}

/// Lists the tools, in the era without `initialize`: a server that does so serves
pub fn list_tools() -> (String, Value) {
    let about = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let headers = "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/list\r\n";
    let message =
        json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": about}});
    (headers.to_owned(), message)
}

/// Whether a server answers one who is let in
pub fn assert_serves(server: &Server) {
    let (headers, message) = list_tools();
    let response =
        send(server, &format!("{}{headers}", head(server)), message.to_string().as_bytes());
    assert_eq!(response.status, 200, "{response:?}");
    let tools = response.json()["result"]["tools"].as_array().map_or(0, Vec::len);
    assert!(tools >= 9, "{response:?}");
}

/// Begins a session, and gives its id
pub fn begin_session(server: &Server) -> String {
    let about = json!({"name": "test", "version": "1"});
    let hello = json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": about});
    let hello = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello});
    let response = send(server, &head(server), hello.to_string().as_bytes());
    assert_eq!(response.status, 200, "{response:?}");
    // An id is told as it came: some are in capitals.
    let (_, id) = response.raw.split_once("mcp-session-id: ").unwrap();
    let id = id.lines().next().unwrap().to_owned();
    let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    let head = format!("{}Mcp-Session-Id: {id}\r\n", head(server));
    assert_eq!(send(server, &head, ready.to_string().as_bytes()).status, 202);
    id
}
