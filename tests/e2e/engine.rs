//! The engine under test: the embedded one, or that on Temporal where `TEST_ENGINE=temporal`.
//!
//! Tests keep apart by the stores that they name. On Temporal, where nothing is on the disk, a task
//! queue and a database stand for a store, on the servers that all tests of the process share.

use std::path::Path;
use std::process::Command;

use crate::client::Client;

/// Whether servers keep their runs on Temporal
fn on_temporal() -> bool {
    match std::env::var("TEST_ENGINE").as_deref() {
        Ok("temporal") if cfg!(feature = "temporal") => true,
        Ok("temporal") => panic!("TEST_ENGINE=temporal needs `--features temporal`"),
        Ok("embedded") | Err(_) => false,
        Ok(other) => panic!("TEST_ENGINE is `embedded` or `temporal`, and not `{other}`"),
    }
}

/// The server's program, which will work on a store
pub fn server(store: &Path) -> Command {
    if on_temporal() { on_a_fleet(store) } else { on_a_file(store) }
}

/// The same, on the embedded engine
pub fn on_a_file(store: &Path) -> Command {
    let mut server = Command::new(crate::SERVER);
    server.env("WORKFLOW_STORE", store);
    server
}

/// The same, on what stands for the store on Temporal
pub fn on_a_fleet(store: &Path) -> Command {
    let (mut server, name) = (Command::new(crate::SERVER), name(store));
    server
        .env("WORKFLOW_ENGINE", "temporal")
        .env("WORKFLOW_DATABASE_URL", workflow_cluster::postgres().database(&name))
        .env("TEMPORAL_HOST", workflow_cluster::dev_server().address())
        .env("TEMPORAL_TASK_QUEUE", name);
    server
}

impl Client {
    /// Starts a server on a store, or what stands for it, and shakes hands
    pub fn start(store: &Path) -> Self {
        Self::of(server(store).args(["serve", "--log-level", "warn"]))
    }
}

/// How many things are remembered in a store, by `memory.*`
pub fn notes(store: &Path) -> u64 {
    let counted = "SELECT count(*) FROM";
    if on_temporal() {
        let said =
            workflow_cluster::postgres().ask(&name(store), &format!("{counted} workflow_memory"));
        return said.parse().unwrap();
    }
    let db = rusqlite::Connection::open(store).unwrap();
    db.query_row(&format!("{counted} memory"), [], |row| row.get(0)).unwrap()
}

/// What the Python scripts have to know, in their environment; they name stores of their own
pub fn of_scripts() -> Vec<(&'static str, String)> {
    if !on_temporal() {
        return Vec::new();
    }
    let postgres = workflow_cluster::postgres();
    vec![
        ("TEMPORAL_HOST", workflow_cluster::dev_server().address()),
        ("TEST_POSTGRES", format!("postgres://postgres@{}", postgres.address())),
        ("PATH", postgres.path()),
    ]
}

/// What stands for a store, as the name of a queue and a database
fn name(store: &Path) -> String {
    let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    store.display().to_string().chars().map(letter).collect::<String>().to_lowercase()
}
