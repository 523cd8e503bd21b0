//! A client that does no more than it must: a line out, a line in.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::Outcome;

/// A server process, and the pipes to it
pub(crate) struct Client {
    server: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    last_id: u64,
}

impl Client {
    /// Starts this program as a server, and shakes hands with it
    pub(crate) fn start(store: &Path) -> Outcome<Self> {
        let mut server = Command::new(std::env::current_exe()?)
            .args(["serve", "--log-level", "warn", "--store"])
            .arg(store)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdin = server.stdin.take().ok_or("the server has no stdin")?;
        let stdout = server.stdout.take().map(BufReader::new).ok_or("the server has no stdout")?;
        let mut client = Self { server, stdin, stdout, last_id: 0 };
        let about = json!({"name": "bench", "version": "1"});
        let hello =
            json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": about});
        client.request("initialize", &hello)?;
        client.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}))?;
        Ok(client)
    }

    /// The result of a request
    pub(crate) fn request(&mut self, method: &str, params: &Value) -> Outcome<Value> {
        self.last_id += 1;
        let id = self.last_id;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))?;
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        let mut response: Value = serde_json::from_str(&line)?;
        if response["id"] != id || response["result"].is_null() {
            return Err(format!("`{method}` was answered with {response}").into());
        }
        Ok(response["result"].take())
    }

    /// The structured reply of a tool
    pub(crate) fn call(&mut self, tool: &str, arguments: &Value) -> Outcome<Value> {
        let mut result =
            self.request("tools/call", &json!({"name": tool, "arguments": arguments}))?;
        if result["isError"] == true {
            return Err(format!("`{tool}` was refused: {result}").into());
        }
        Ok(result["structuredContent"].take())
    }

    fn send(&mut self, message: &Value) -> Outcome<()> {
        // One write a message, as a client does that does not want two packets.
        let line = format!("{message}\n");
        Ok(self.stdin.write_all(line.as_bytes())?)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Both fail where it has ended, which is as well.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
