//! A `PostgreSQL` server, with its files in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use tempfile::TempDir;

use crate::free_port;
use crate::process::{Process, Start};

/// How often a port may be taken by somebody else before the server gets it
const TRIES: usize = 5;

/// Nobody in particular, on every system: a privileged user may not run the server
const NOBODY: u32 = 65_534;

/// A server that runs; it ends when it is dropped, and its files with it
#[derive(Debug)]
pub struct Postgres {
    // Before the folder, so that it ends first.
    process: Process,
    programs: PathBuf,
    port: u16,
    folder: TempDir,
    user: Option<u32>,
    databases: Mutex<Vec<String>>,
}

impl Postgres {
    /// Starts a server; it answers when this returns
    pub fn start() -> Self {
        let programs = programs();
        let folder = tempfile::Builder::new().prefix("postgres-").tempdir().expect("a folder");
        let user = unprivileged(folder.path());
        let data = folder.path().join("data").display().to_string();
        let arguments =
            ["-D", &data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"];
        let initdb = programs.join("initdb");
        let made = Process::start(&Start { user, ..Start::of(&initdb, &arguments) });
        assert!(made.says("Success"), "initdb failed:\n{}", made.said());
        let (process, port) = run(&programs, &folder, user);
        Self { process, programs, port, folder, user, databases: Mutex::default() }
    }

    /// `host:port`
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// `PATH` with the server's programs on it, `psql` among them
    pub fn path(&self) -> String {
        let path = std::env::var("PATH").unwrap_or_default();
        format!("{}:{path}", self.programs.display())
    }

    /// The URL of a database, which is made if there is none of the name
    pub fn database(&self, name: &str) -> String {
        let mut databases = self.databases.lock().expect("nobody panics with it");
        if !databases.iter().any(|known| known == name) {
            self.ask("postgres", &format!("CREATE DATABASE \"{name}\""));
            databases.push(name.to_owned());
        }
        format!("postgres://postgres@{}/{name}", self.address())
    }

    /// What a database says to a statement: a line for each row, with `|` between its columns
    pub fn ask(&self, database: &str, statement: &str) -> String {
        let port = self.port.to_string();
        let output = Command::new(self.programs.join("psql"))
            .args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "postgres"])
            .args(["-p", &port, "-d", database, "-c", statement])
            .output()
            .expect("`psql` comes with the server");
        assert!(output.status.success(), "{statement}: {output:?}");
        String::from_utf8(output.stdout).expect("it speaks UTF-8").trim_end().to_owned()
    }

    /// Kills it, as when its machine loses power
    pub fn kill(&mut self) {
        self.process.end("KILL");
    }

    /// Starts it anew on its files and its port
    pub fn restart(&mut self) {
        if self.process.runs() {
            self.process.end("INT");
        }
        self.process = serve(&self.programs, &self.folder, self.user, self.port)
            .unwrap_or_else(|said| panic!("PostgreSQL did not start again:\n{said}"));
    }
}

fn run(programs: &Path, folder: &TempDir, user: Option<u32>) -> (Process, u16) {
    let mut said = String::new();
    for _ in 0..TRIES {
        let port = free_port();
        match serve(programs, folder, user, port) {
            Ok(process) => return (process, port),
            Err(why) => said = why,
        }
    }
    panic!("PostgreSQL did not start:\n{said}");
}

fn serve(
    programs: &Path,
    folder: &TempDir,
    user: Option<u32>,
    port: u16,
) -> Result<Process, String> {
    let data = folder.path().join("data").display().to_string();
    let port = port.to_string();
    // What it is killed in stays readable by itself; only the machine may not lose power.
    let settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"];
    let mut arguments = vec!["-D", &data, "-p", &port];
    settings.iter().for_each(|setting| arguments.extend(["-c", setting]));
    let program = programs.join("postgres");
    let folder = Some(folder.path());
    let process = Process::start(&Start { folder, user, ..Start::of(&program, &arguments) });
    if process.says("ready to accept connections") { Ok(process) } else { Err(process.said()) }
}

/// The folder of the server's programs: the newest where Debian puts them, else on the path
fn programs() -> PathBuf {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let version = |folder: &PathBuf| {
        folder.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<u32>().ok())
    };
    let debian = debian.map(|entry| entry.path()).max_by_key(version).map(|one| one.join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = debian.into_iter().chain(std::env::split_paths(&path)).collect();
    let has_all = |folder: &&PathBuf| {
        ["initdb", "postgres", "psql"].iter().all(|program| folder.join(program).is_file())
    };
    folders.iter().find(has_all).cloned().unwrap_or_else(|| {
        panic!(
            "there is no PostgreSQL (`initdb`, `postgres`, `psql`): install it with `apt-get \
             install postgresql`, or all that these tests need with `tests/temporal/install`"
        )
    })
}

/// Whom the folder is given to, because the server does not run as a privileged user
#[cfg(unix)]
fn unprivileged(folder: &Path) -> Option<u32> {
    use std::os::unix::fs::{MetadataExt, chown};
    let owner = fs::metadata(folder).expect("it was just made").uid();
    (owner == 0).then(|| {
        chown(folder, Some(NOBODY), Some(NOBODY)).expect("a privileged user may give it away");
        NOBODY
    })
}

#[cfg(not(unix))]
fn unprivileged(_: &Path) -> Option<u32> {
    None
}
