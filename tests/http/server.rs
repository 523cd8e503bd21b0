//! A server process of its own, on a store of its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long a server may take to begin, or to end
const PATIENCE: Duration = Duration::from_secs(30);

/// A server, which ends with it
pub struct Server {
    process: Child,
    pub addr: SocketAddr,
    pub token: String,
    folder: TempDir,
    log: Arc<Mutex<String>>,
}

/// The command that starts a server over HTTP on a free port, with its store in a folder
pub fn command(folder: &TempDir) -> Command {
    let mut command = Command::new(crate::SERVER);
    command.args(["serve", "--transport", "http", "--store"]);
    command.arg(folder.path().join("runs.sqlite"));
    command.env("WORKFLOW_ADDR", "127.0.0.1:0").stdin(Stdio::null());
    command
}

impl Server {
    /// Starts one with a token of its own making
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// Starts one with further flags
    pub fn with(flags: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let mut command = command(&folder);
        let mut process = command.args(flags).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let (sender, found) = channel();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
        let kept = log.clone();
        std::thread::spawn(move || {
            for line in lines {
                // Kept before it is acted on: who sees the server listen sees the line in its log.
                kept.lock().unwrap().extend([line.as_str(), "\n"]);
                let found = line.split_once("listening").and(line.split_once("url=http://"));
                if let Some((_, url)) = found {
                    let _ = sender.send(url.split('/').next().unwrap().parse().unwrap());
                }
            }
        });
        let addr = found.recv_timeout(PATIENCE).unwrap_or_else(|_| {
            panic!("the server does not listen: {}", log.lock().unwrap());
        });
        let token = std::fs::read_to_string(folder.path().join("runs.sqlite-token"));
        let token = token.unwrap_or_default().trim().to_owned();
        Self { process, addr, token, folder, log }
    }

    pub fn url(&self) -> String {
        format!("http://{}/mcp", self.addr)
    }

    pub fn folder(&self) -> &TempDir {
        &self.folder
    }

    /// What it has logged up to now
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// How much memory it takes, in KiB
    pub fn memory(&self) -> u64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }

    /// Asks it to stop
    pub fn terminate(&self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// Waits for its end
    pub fn ended(&mut self) -> ExitStatus {
        let since = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            assert!(since.elapsed() < PATIENCE, "it does not end: {}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail where it has ended, which is as well.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
