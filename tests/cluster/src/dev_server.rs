//! Temporal's development server.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::free_port;
use crate::process::{Process, Start};

/// The release that the tests are of; `tests/temporal/install` puts it where it is looked for
const VERSION: &str = "1.5.1";

/// How often a port may be taken by somebody else before the server gets it
const TRIES: usize = 5;

/// A server that runs; it ends when it is dropped
#[derive(Debug)]
pub struct DevServer {
    // Before the folder, so that it ends first.
    process: Process,
    program: PathBuf,
    port: u16,
    /// What it is kept in; nothing where it keeps its runs in memory
    file: Option<PathBuf>,
    folder: TempDir,
}

impl DevServer {
    /// Starts a server that keeps its runs in memory; it answers when this returns
    pub fn start() -> Self {
        Self::of(false)
    }

    /// Starts a server that keeps its runs in a file, so that it can be started anew
    pub fn start_durable() -> Self {
        Self::of(true)
    }

    fn of(durable: bool) -> Self {
        let program = program();
        let folder = tempfile::Builder::new().prefix("temporal-").tempdir().expect("a folder");
        let file = durable.then(|| folder.path().join("temporal.sqlite"));
        let mut said = String::new();
        for _ in 0..TRIES {
            let port = free_port();
            match serve(&program, &folder, file.as_deref(), port) {
                Ok(process) => return Self { process, program, port, file, folder },
                Err(why) => said = why,
            }
        }
        panic!("Temporal's development server did not start:\n{said}");
    }

    /// `host:port`
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The command `temporal`, to be given arguments such as `["workflow", "list"]`; gives its
    /// output
    pub fn temporal(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(&self.program);
        let output = command.args(arguments).args(["--address", &self.address()]).output();
        let output = output.expect("it has run before");
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).expect("it speaks UTF-8")
    }

    /// Kills it
    pub fn kill(&mut self) {
        self.process.end("KILL");
    }

    /// Starts it anew, on its port and its file
    pub fn restart(&mut self) {
        assert!(self.file.is_some(), "its runs would be gone: use `start_durable`");
        if self.process.runs() {
            self.process.end("TERM");
        }
        self.process = serve(&self.program, &self.folder, self.file.as_deref(), self.port)
            .unwrap_or_else(|said| panic!("the development server did not start again:\n{said}"));
    }
}

fn serve(
    program: &Path,
    folder: &TempDir,
    file: Option<&Path>,
    port: u16,
) -> Result<Process, String> {
    let (text, metrics) = (port.to_string(), free_port().to_string());
    let mut arguments = vec!["server", "start-dev", "--headless", "--ip", "127.0.0.1"];
    arguments.extend(["--port", &text, "--metrics-port", &metrics, "--log-level", "error"]);
    let file = file.map(|file| file.display().to_string());
    if let Some(file) = &file {
        arguments.extend(["--db-filename", file]);
    }
    let folder = Some(folder.path());
    let mut process = Process::start(&Start { folder, ..Start::of(program, &arguments) });
    if !process.says("Server:") {
        return Err(process.said());
    }
    let address = format!("127.0.0.1:{port}");
    while process.runs() {
        let mut asked = Command::new(program);
        asked.args(["operator", "cluster", "health", "--address", &address]);
        // Each look takes a process, and with it its time.
        if asked.output().is_ok_and(|answer| answer.status.success()) {
            return Ok(process);
        }
    }
    Err(process.said())
}

/// Where `tests/temporal/install` has put it, else one on the path
fn program() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
    let cached =
        cache.map(|cache| cache.join(format!("workflow-server/temporal-{VERSION}/temporal")));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|folder| folder.join("temporal"));
    let found = cached.into_iter().chain(on_path).find(|program| program.is_file());
    found.unwrap_or_else(|| {
        panic!("there is no `temporal` {VERSION}: install it with `tests/temporal/install`")
    })
}
