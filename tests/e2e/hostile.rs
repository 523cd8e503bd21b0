//! What no client should do over stdio: each message that has an id is answered, nothing piles up,
//! and the server goes on serving.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::Client;
use crate::engine;

/// How much more memory a server may take when it is treated badly, in KiB
const MORE: u64 = 32 * 1024;

fn connect(folder: &TempDir) -> (Client, u64) {
    let mut client = Client::start(&folder.path().join("runs.sqlite"));
    client.call("list_workflows", &json!({}));
    let memory = client.most_memory();
    (client, memory)
}

/// Sends a line in place of request 1000, and gives what is said to it
fn refused(client: &mut Client, line: &[u8]) -> Value {
    client.send_line(line);
    let response = client.response(1000);
    client.call("list_workflows", &json!({}));
    response["error"].clone()
}

#[test]
fn a_line_of_100_mb_is_answered_and_kept_nowhere() {
    let folder = TempDir::new().unwrap();
    let (mut client, before) = connect(&folder);
    let result = "x".repeat(100_000_000);
    let call = json!({"name": "submit_result", "arguments": {"result": result}});
    let line = json!({"jsonrpc": "2.0", "method": "tools/call", "params": call, "id": 1000});
    let error = refused(&mut client, line.to_string().as_bytes());
    assert_eq!(error["code"], -32600, "{error}");
    assert!(error["message"].as_str().unwrap().contains("4194304 bytes at most"), "{error}");
    assert!(client.most_memory() < before + MORE, "{before} became {}", client.most_memory());
}

#[test]
fn what_cannot_be_read_is_answered_too() {
    let folder = TempDir::new().unwrap();
    let (mut client, _) = connect(&folder);
    let deep =
        format!(r#"{{"id": 1000, "params": {}1{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    let error = refused(&mut client, deep.as_bytes());
    assert!(error["message"].as_str().unwrap().contains("127 levels deep at most"), "{error}");

    let no_utf8 = b"{\"jsonrpc\": \"2.0\", \"id\": 1000, \"method\": \"ping\xff\xfe\"}";
    assert_eq!(refused(&mut client, no_utf8)["code"], -32700);
    let no_message = br#"{"jsonrpc": "2.0", "id": 1000, "method": 7}"#;
    assert_eq!(refused(&mut client, no_message)["code"], -32600);
}

#[test]
fn what_has_no_id_is_passed_over() {
    let folder = TempDir::new().unwrap();
    let (mut client, _) = connect(&folder);
    for line in
        [&b""[..], b"\r", b"hello", b"{", b"[]", b"null", b"\x00\xff", b"{}", b"[{\"id\":1}]"]
    {
        client.send_line(line);
    }
    client.call("list_workflows", &json!({}));
}

/// A client that sends on and on and reads nothing, then reads it all
#[test]
fn replies_do_not_pile_up_for_a_client_that_does_not_read() {
    const REQUESTS: usize = 2000;
    let folder = TempDir::new().unwrap();
    let mut server = Server::start(&folder.path().join("runs.sqlite"));
    let before = server.memory("VmRSS:");
    let mut stdin = server.process.stdin.take().unwrap();
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = sent.clone();
    let writer = std::thread::spawn(move || {
        for id in 1..=REQUESTS {
            let list = json!({"jsonrpc": "2.0", "id": id, "method": "tools/list"});
            writeln!(stdin, "{list}").unwrap();
            counted.store(id, Ordering::Release);
        }
        stdin
    });
    // Until it is not let send any more.
    let mut seen = (0, 0);
    while seen.1 < 10 && !writer.is_finished() {
        std::thread::sleep(Duration::from_millis(100));
        let now = sent.load(Ordering::Acquire);
        seen = if now == seen.0 { (now, seen.1 + 1) } else { (now, 0) };
    }
    assert!(!writer.is_finished(), "all was taken in: {REQUESTS} requests");
    let most = server.memory("VmHWM:");
    assert!(most < before + MORE, "{before} KiB became {most} KiB");
    let mut answered: Vec<u64> =
        (0..REQUESTS).map(|_| server.read()["id"].as_u64().unwrap()).collect();
    answered.sort_unstable();
    assert!(answered.into_iter().eq(1..=REQUESTS as u64));
    drop(writer.join().unwrap());
    assert!(server.process.wait().unwrap().success());
}

/// A server whose client reads when it likes
struct Server {
    process: Child,
    stdout: BufReader<std::process::ChildStdout>,
}

impl Server {
    fn start(store: &Path) -> Self {
        let mut command = engine::server(store);
        command.args(["serve", "--log-level", "warn"]);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let stdout = BufReader::new(process.stdout.take().unwrap());
        let mut server = Self { process, stdout };
        let about = json!({"name": "test", "version": "1"});
        let hello =
            json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": about});
        let hello = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello});
        let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        writeln!(server.process.stdin.as_mut().unwrap(), "{hello}\n{ready}").unwrap();
        assert_eq!(server.read()["id"], 0);
        server
    }

    fn read(&mut self) -> Value {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// A figure of its memory, in KiB
    fn memory(&self, figure: &str) -> u64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(figure)).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail where it has ended, which is as well.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
