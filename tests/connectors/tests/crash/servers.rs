//! Two servers on one store, either of which can be killed at any instant, and is started again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::place::Place;

/// How long nothing at all may be heard
const PATIENCE: Duration = Duration::from_mins(1);

/// The id of the first request of a connection; no call has it
const HELLO: u64 = 0;

/// What comes of calls
pub enum Heard {
    /// The reply to a call
    Reply(u64, Value),
    /// Calls whose server was killed before it had replied to them
    Cut(BTreeSet<u64>),
}

/// A line that a process has written, or that it will write no more
struct Line {
    pid: u32,
    message: Option<Value>,
}

/// A server process
struct Server {
    process: Child,
    stdin: Option<ChildStdin>,
    /// Whether it can be called
    shaken: bool,
    /// Messages that wait until it can
    held: Vec<Value>,
    /// Calls that have no reply yet
    open: BTreeSet<u64>,
}

/// The two servers
pub struct Servers<'a> {
    place: &'a Place,
    alive: [Server; 2],
    /// Killed, with last words that have not been read yet
    dying: Vec<Server>,
    killed: BTreeMap<u32, Timestamp>,
    last_id: u64,
    sender: Sender<Line>,
    lines: Receiver<Line>,
}

impl<'a> Servers<'a> {
    pub fn start(place: &'a Place) -> Self {
        let (sender, lines) = channel();
        let alive = [Server::start(place, &sender), Server::start(place, &sender)];
        let (dying, killed) = (Vec::new(), BTreeMap::new());
        Self { place, alive, dying, killed, last_id: HELLO, sender, lines }
    }

    /// Calls a tool of one of the servers; what comes of it is heard later, under this id
    pub fn call(&mut self, server: usize, tool: &str, arguments: &Value) -> u64 {
        self.last_id += 1;
        self.alive[server].call(self.last_id, tool, arguments);
        self.last_id
    }

    /// Kills a server, with whatever it has in hand, and starts another in its place
    pub fn kill(&mut self, server: usize) {
        let killed_at = Timestamp::now();
        self.alive[server].process.kill().unwrap();
        let new = Server::start(self.place, &self.sender);
        let old = std::mem::replace(&mut self.alive[server], new);
        self.killed.insert(old.process.id(), killed_at);
        self.dying.push(old);
    }

    /// The processes that were killed, each with the moment before which it lived
    pub fn killed(&self) -> &BTreeMap<u32, Timestamp> {
        &self.killed
    }

    /// Waits until something comes of any call
    pub fn hear(&mut self) -> Heard {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| {
                let open = self.alive.each_ref().map(|server| &server.open);
                panic!("nothing comes of these calls: {open:?}")
            });
            let heard = match line.message {
                Some(message) => self.read(line.pid, &message),
                None => Some(Heard::Cut(self.bury(line.pid))),
            };
            if let Some(heard) = heard {
                return heard;
            }
        }
    }

    fn read(&mut self, pid: u32, message: &Value) -> Option<Heard> {
        let id = message["id"].as_u64()?;
        let result = &message["result"];
        assert!(result.is_object() && result["isError"] != true, "{message}");
        let alive = self.alive.iter_mut().find(|server| server.process.id() == pid);
        if id == HELLO {
            alive.into_iter().for_each(Server::shake);
            return None;
        }
        let dying = self.dying.iter_mut().find(|server| server.process.id() == pid);
        let server = alive.or(dying).expect("who has said its last says nothing");
        assert!(server.open.remove(&id), "an answer to nothing: {message}");
        Some(Heard::Reply(id, result["structuredContent"].clone()))
    }

    /// Calls that a dead server leaves behind
    fn bury(&mut self, pid: u32) -> BTreeSet<u64> {
        let at = self.dying.iter().position(|server| server.process.id() == pid);
        let mut dead = self.dying.swap_remove(at.expect("a server has ended by itself"));
        std::mem::take(&mut dead.open)
    }

    /// Leaves both, which must end as they should
    pub fn leave(mut self) {
        for server in &mut self.alive {
            assert!(server.open.is_empty());
            drop(server.stdin.take());
            assert!(server.process.wait().unwrap().success());
        }
    }
}

impl Server {
    fn start(place: &Place, lines: &Sender<Line>) -> Self {
        let log = File::options().create(true).append(true).open(place.path("log")).unwrap();
        let mut command = place.command("serve");
        command.arg("--connectors").arg(place.path("mcp.json"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
        let mut process = command.spawn().expect("the server runs");
        let stdin = process.stdin.take();
        read_lines(&mut process, lines.clone());
        let mut server =
            Self { process, stdin, shaken: false, held: Vec::new(), open: BTreeSet::new() };
        let about = json!({"name": "test", "version": "1"});
        let hello =
            json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": about});
        server
            .send(&json!({"jsonrpc": "2.0", "id": HELLO, "method": "initialize", "params": hello}));
        server
    }

    fn shake(&mut self) {
        self.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        self.shaken = true;
        for message in std::mem::take(&mut self.held) {
            self.send(&message);
        }
    }

    fn call(&mut self, id: u64, tool: &str, arguments: &Value) {
        self.open.insert(id);
        let params = json!({"name": tool, "arguments": arguments});
        let message = json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params});
        if self.shaken {
            self.send(&message);
        } else {
            self.held.push(message);
        }
    }

    fn send(&mut self, message: &Value) {
        let stdin = self.stdin.as_mut().expect("it is open until the client leaves");
        stdin.write_all(format!("{message}\n").as_bytes()).expect("the server reads");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail where it has ended, which is as well.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Reads what a process writes, in a thread of its own, until it writes no more
fn read_lines(process: &mut Child, lines: Sender<Line>) {
    let pid = process.id();
    let mut stdout = BufReader::new(process.stdout.take().unwrap());
    thread::spawn(move || {
        let mut line = String::new();
        // A line without an end is one that the kill has cut.
        while stdout.read_line(&mut line).is_ok() && line.ends_with('\n') {
            let message = Some(serde_json::from_str(&line).expect("stdout has JSON alone"));
            // Once the test is over, nobody listens.
            let _ = lines.send(Line { pid, message });
            line.clear();
        }
        let _ = lines.send(Line { pid, message: None });
    });
}
