//! Servers and workers of one task queue.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use workflow_cluster::{Process, Start, dev_server, postgres};

use crate::client::Client;

/// How long it may take until a fleet that was cut off answers again
const RECOVERY: Duration = Duration::from_mins(1);

/// What servers and workers of a fleet have in common
pub struct Fleet {
    environment: Vec<(&'static str, String)>,
    pub database: String,
}

impl Fleet {
    /// A fleet of its own on the servers that the tests share
    pub fn new() -> Self {
        Self::on(&dev_server().address())
    }

    /// A fleet of its own on a server of Temporal
    pub fn on(host: &str) -> Self {
        static FLEETS: AtomicUsize = AtomicUsize::new(0);
        let name = format!("fleet_{}", FLEETS.fetch_add(1, Ordering::Relaxed));
        let environment = vec![
            ("WORKFLOW_ENGINE", "temporal".to_owned()),
            ("WORKFLOW_DATABASE_URL", postgres().database(&name)),
            ("TEMPORAL_HOST", host.to_owned()),
            ("TEMPORAL_TASK_QUEUE", name.clone()),
        ];
        Self { environment, database: name }
    }

    /// A server that does no work itself, and the connection to it
    pub fn server(&self) -> Client {
        let mut command = Command::new(crate::SERVER);
        command.envs(self.environment.iter().cloned());
        Client::of(command.args(["serve", "--no-worker", "--log-level", "warn"]))
    }

    /// A worker, once it works
    pub fn worker(&self) -> Process {
        let arguments = ["worker", "--log-level", "info"];
        let program = Path::new(crate::SERVER);
        let environment = &self.environment;
        let worker = Process::start(&Start { environment, ..Start::of(program, &arguments) });
        assert!(worker.says("working"), "the worker does not work:\n{}", worker.said());
        worker
    }
}

/// A run that adds up numbers, and how it has to go
pub struct Count {
    pub reply: Value,
    said: i64,
    until: i64,
}

impl Count {
    pub fn start(client: &mut Client, until: i64) -> Self {
        let start = json!({"workflow": "fleet:count", "inputs": {"until": until}});
        let reply = client.call("start_workflow", &start);
        Self { reply, said: 0, until }
    }

    pub fn run_id(&self) -> String {
        self.reply["run_id"].as_str().unwrap().to_owned()
    }

    /// The number to be said next
    pub fn number(&self) -> Value {
        json!(self.said + 1)
    }

    /// Says the next number
    pub fn answer(&mut self, client: &mut Client) {
        let id = client.answer(&self.reply, &self.number());
        let reply = client.reply(id);
        self.take(reply);
    }

    /// Takes the reply to the next number
    pub fn take(&mut self, reply: Value) {
        self.said += 1;
        self.reply = reply;
        if self.said < self.until {
            let step = &self.reply["step"];
            let said = format!("{} have been said", self.said);
            assert!(step["instructions"].as_str().unwrap().contains(&said), "{}", self.reply);
        }
    }

    /// Says the next number until it is taken, by whoever can be reached then
    pub fn answer_in_the_end(&mut self, client: &mut Client) -> Duration {
        let since = Instant::now();
        loop {
            let id = client.answer(&self.reply, &self.number());
            let result = client.result(id);
            if result["isError"] != true {
                self.take(result["structuredContent"].clone());
                return since.elapsed();
            }
            assert_cut_off(&result);
            assert!(since.elapsed() < RECOVERY, "it never answers again: {result}");
        }
    }

    /// Says all the numbers that are left
    pub fn finish(&mut self, client: &mut Client) {
        while self.said < self.until {
            self.answer(client);
        }
        let sum = self.until * (self.until + 1) / 2;
        assert_eq!(self.reply["status"], "completed", "{}", self.reply);
        assert_eq!(self.reply["result"], json!({"count": self.until, "sum": sum}));
    }
}

/// A refusal says that the cluster is out of reach, and what to do
pub fn assert_cut_off(result: &Value) {
    let told = &result["structuredContent"];
    assert_eq!((&result["isError"], &told["code"]), (&json!(true), &json!("store")), "{result}");
    assert!(!told["help"].as_str().unwrap().is_empty(), "{result}");
}
