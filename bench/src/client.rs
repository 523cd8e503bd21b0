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
    /// Starts this program as a server of the store given, and shakes hands with it
    pub(crate) fn serve(store: &Path) -> Outcome<Self> {
        let store = store.to_str().ok_or("the folder's name is not text")?;
        let runs = ["--max-concurrent-workflows", "1000000000"];
        Self::start(&[&["serve", "--log-level", "warn", "--store", store], &runs[..]].concat())
    }

    /// Starts this program as a server of runs that a Temporal cluster keeps
    #[cfg(feature = "temporal")]
    pub(crate) fn serve_on_temporal(host: &str) -> Outcome<Self> {
        let runs = ["--max-concurrent-workflows", "1000000000"];
        let arguments = [&["serve", "--log-level", "warn"], &runs[..]].concat();
        Self::start_with(&arguments, |server| {
            server.envs([("WORKFLOW_ENGINE", "temporal"), ("TEMPORAL_HOST", host)]);
        })
    }

    /// Starts a server that does nothing; to each call it gives this result of a tool
    pub(crate) fn echo(folder: &Path, result: &Value) -> Outcome<Self> {
        let file = folder.join("echo.json");
        std::fs::write(&file, result.to_string())?;
        Self::start(&["serve-echo", file.to_str().ok_or("the folder's name is not text")?])
    }

    /// Starts this program with the arguments given, and shakes hands with it
    pub(crate) fn start(arguments: &[&str]) -> Outcome<Self> {
        Self::start_with(arguments, |_| {})
    }

    /// The same, with what else the process is to have
    pub(crate) fn start_with(
        arguments: &[&str],
        prepare: impl FnOnce(&mut Command),
    ) -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        prepare(&mut command);
        let mut server = command.spawn()?;
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

    /// The server's process
    pub(crate) fn pid(&self) -> u32 {
        self.server.id()
    }

    /// The structured reply of a tool
    pub(crate) fn call(&mut self, tool: &str, arguments: &Value) -> Outcome<Value> {
        reply(tool, self.result(tool, arguments)?)
    }

    /// The result of a tool, with all that is in it
    pub(crate) fn result(&mut self, tool: &str, arguments: &Value) -> Outcome<Value> {
        self.request("tools/call", &json!({"name": tool, "arguments": arguments}))
    }

    /// Works several strands at once: each strand's last reply makes its next call, until it makes
    /// none; gives how many calls there were
    ///
    /// A strand begins with the reply `null`. As many calls are in flight as there are strands.
    pub(crate) fn strands(
        &mut self,
        count: usize,
        mut next: impl FnMut(usize, &Value) -> Option<(&'static str, Value)>,
    ) -> Outcome<usize> {
        let first = self.last_id + 1;
        let mut owner = Vec::new();
        let mut done = 0;
        for strand in 0..count {
            if let Some(call) = next(strand, &Value::Null) {
                self.post(&call)?;
                owner.push((strand, call.0));
            }
        }
        while done < owner.len() {
            let mut response = self.receive()?;
            let id = response["id"].as_u64().and_then(|id| usize::try_from(id - first).ok());
            let &(strand, tool) = id.and_then(|id| owner.get(id)).ok_or("an answer to nothing")?;
            let given = reply(tool, response["result"].take())?;
            done += 1;
            if let Some(call) = next(strand, &given) {
                self.post(&call)?;
                owner.push((strand, call.0));
            }
        }
        Ok(done)
    }

    fn request(&mut self, method: &str, params: &Value) -> Outcome<Value> {
        self.last_id += 1;
        let id = self.last_id;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))?;
        let mut response = self.receive()?;
        if response["id"] != id || response["result"].is_null() {
            return Err(format!("`{method}` was answered with {response}").into());
        }
        Ok(response["result"].take())
    }

    /// Sends a call without waiting for its answer
    fn post(&mut self, (tool, arguments): &(&'static str, Value)) -> Outcome<()> {
        self.last_id += 1;
        let params = json!({"name": tool, "arguments": arguments});
        self.send(&json!({"jsonrpc": "2.0", "id": self.last_id, "method": "tools/call",
            "params": params}))
    }

    fn send(&mut self, message: &Value) -> Outcome<()> {
        // One write a message, as a client does that does not want two packets.
        let line = format!("{message}\n");
        Ok(self.stdin.write_all(line.as_bytes())?)
    }

    fn receive(&mut self) -> Outcome<Value> {
        let mut line = String::new();
        if self.stdout.read_line(&mut line)? == 0 {
            return Err("the server has gone".into());
        }
        Ok(serde_json::from_str(&line)?)
    }
}

/// The structured part of a tool's result
fn reply(tool: &str, mut result: Value) -> Outcome<Value> {
    if result["isError"] == true || !result.is_object() {
        return Err(format!("`{tool}` was refused: {result}").into());
    }
    Ok(result["structuredContent"].take())
}

impl Drop for Client {
    fn drop(&mut self) {
        // Both fail where it has ended, which is as well.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
