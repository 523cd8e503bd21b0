//! An MCP client that hides nothing: JSON-RPC, one message a line.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// How long a call may take
const CALL: Duration = Duration::from_mins(1);

/// A server process and the connection to it; the process ends with it
pub struct Client {
    server: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// Responses that came while another was waited for
    early: HashMap<u64, Value>,
    last_id: u64,
    /// What the server says of itself
    pub hello: Value,
}

impl Client {
    /// Starts a server by its command and shakes hands
    pub fn of(command: &mut Command) -> Self {
        let mut server =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the server runs");
        let stdout = BufReader::new(server.stdout.take().unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let message = serde_json::from_str(&line).expect("stdout has JSON alone");
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let stdin = server.stdin.take();
        let mut client =
            Self { server, stdin, messages, early: HashMap::new(), last_id: 0, hello: Value::Null };
        client.shake_hands();
        client
    }

    fn shake_hands(&mut self) {
        let about = json!({"name": "test", "version": "1"});
        let hello =
            json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": about});
        let id = self.request("initialize", &hello);
        let told = self.result(id);
        assert_eq!(told["serverInfo"]["name"], "workflow-server", "{told}");
        assert!(told["capabilities"]["tools"].is_object(), "{told}");
        self.hello = told;
        self.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
    }

    /// Sends a request, whose response is taken later by its id
    pub fn request(&mut self, method: &str, params: &Value) -> u64 {
        self.last_id += 1;
        let id = self.last_id;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        id
    }

    /// Sends a line, whatever it is
    pub fn send_line(&mut self, line: &[u8]) {
        let stdin = self.stdin.as_mut().expect("it is open until the client leaves");
        stdin.write_all(line).expect("the server reads");
        stdin.write_all(b"\n").unwrap();
        stdin.flush().unwrap();
    }

    /// How much memory the server has taken at most, in KiB
    pub fn most_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.server.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }

    /// Sends a tool's call, whose reply is taken later by its id
    pub fn ask(&mut self, tool: &str, arguments: &Value) -> u64 {
        self.request("tools/call", &json!({"name": tool, "arguments": arguments}))
    }

    /// Takes the result of a request
    pub fn result(&mut self, id: u64) -> Value {
        let response = self.response(id);
        assert!(response["error"].is_null(), "{response}");
        response["result"].clone()
    }

    /// Takes the response to a request, be it an error
    pub fn response(&mut self, id: u64) -> Value {
        loop {
            if let Some(response) = self.early.remove(&id) {
                return response;
            }
            let message = self.messages.recv_timeout(CALL).expect("the server answers");
            if let Some(id) = message["id"].as_u64() {
                self.early.insert(id, message);
            }
        }
    }

    /// Takes the structured reply of a call that was not refused
    pub fn reply(&mut self, id: u64) -> Value {
        let result = self.result(id);
        assert_ne!(result["isError"], true, "{result}");
        result["structuredContent"].clone()
    }

    /// Calls a tool
    pub fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        let id = self.ask(tool, arguments);
        self.reply(id)
    }

    /// Answers a reply's step; the reply is taken later by its id
    pub fn answer(&mut self, reply: &Value, result: &Value) -> u64 {
        let step = &reply["step"];
        let (run_id, step_id) = (&step["run_id"], &step["step_id"]);
        let arguments = json!({"run_id": run_id, "step_id": step_id, "result": result});
        self.ask("submit_result", &arguments)
    }

    /// Leaves, and waits for the server to end
    pub fn leave(mut self) -> ExitStatus {
        drop(self.stdin.take());
        self.server.wait().unwrap()
    }

    fn send(&mut self, message: &Value) {
        let stdin = self.stdin.as_mut().expect("it is open until the client leaves");
        writeln!(stdin, "{message}").expect("the server reads");
        stdin.flush().unwrap();
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Both fail where it has ended, which is as well.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
