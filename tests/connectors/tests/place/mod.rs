//! A folder with a store, a configuration, and the notes that tools leave.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The server's binary
pub const SERVER: &str = env!("CARGO_BIN_EXE_calling-server");

/// A server of tools, and what is done by it
pub const TOOLS: &str = env!("CARGO_BIN_EXE_tool-server");

/// What must not be told
pub const TOKEN: &str = "s3cret-of-the-tools";

/// The folder
pub struct Place {
    pub folder: TempDir,
}

impl Place {
    /// Where `notes` is the server of tools
    pub fn new() -> Self {
        Self::with(&json!({"notes": {
            "command": "${TOOLS}",
            "env": {"NOTES": "${NOTES}", "TOKEN": "${SECRET}", "UNUSED": "${UNSET:-nothing}"},
        }}))
    }

    /// Where these are the servers of tools
    pub fn with(servers: &Value) -> Self {
        let folder = TempDir::new().unwrap();
        let file = json!({ "mcpServers": servers }).to_string();
        fs::write(folder.path().join("mcp.json"), file).unwrap();
        Self { folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command of the workflow server, for the store
    pub fn command(&self, subcommand: &str) -> Command {
        let mut command = Command::new(SERVER);
        let notes = self.path("notes");
        command.env("TOOLS", TOOLS).env("NOTES", notes).env("SECRET", TOKEN).env_remove("UNSET");
        command.args([subcommand, "--store"]).arg(self.path("runs.sqlite"));
        command
    }

    /// What the tools have noted
    pub fn lines(&self) -> Vec<String> {
        let notes = fs::read_to_string(self.path("notes")).unwrap_or_default();
        notes.lines().map(str::to_owned).collect()
    }

    pub fn count(&self, line: &str) -> usize {
        self.lines().iter().filter(|noted| *noted == line).count()
    }

    /// Waits until a line has been noted so often
    pub fn until(&self, line: &str, times: usize) {
        let since = Instant::now();
        while self.count(line) < times {
            let waited = since.elapsed();
            assert!(waited < Duration::from_secs(30), "too few `{line}` in {:?}", self.lines());
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
