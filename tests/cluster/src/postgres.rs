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
    // Before the files, so that it ends first.
    process: Process,
    files: Files,
    settings: Vec<String>,
    port: u16,
    databases: Mutex<Vec<String>>,
}

/// What a server is started from
#[derive(Debug)]
struct Files {
    programs: PathBuf,
    folder: TempDir,
    /// Whose they are, where it is not us
    user: Option<u32>,
}

impl Postgres {
    /// Starts a server; it answers when this returns
    pub fn start() -> Self {
        Self::of(Files::new(), &[])
    }

    /// Starts a server that is only talked to over TLS; gives the file with the certificate of who
    /// vouches for it, too
    pub fn start_with_tls() -> (Self, PathBuf) {
        let files = Files::new();
        let authority = files.make_certificates();
        let only = "hostssl all all 127.0.0.1/32 trust\n";
        fs::write(files.path("data/pg_hba.conf"), only).expect("the folder is there");
        let certificate = format!("ssl_cert_file={}", files.path("server.pem"));
        let key = format!("ssl_key_file={}", files.path("server.key"));
        (Self::of(files, &["ssl=on", &certificate, &key]), authority)
    }

    fn of(files: Files, settings: &[&str]) -> Self {
        let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
        let mut said = String::new();
        for _ in 0..TRIES {
            let port = free_port();
            match files.serve(&settings, port) {
                Ok(process) => {
                    let databases = Mutex::default();
                    return Self { process, files, settings, port, databases };
                }
                Err(why) => said = why,
            }
        }
        panic!("PostgreSQL did not start:\n{said}");
    }

    /// `host:port`
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// `PATH` with the server's programs on it, `psql` among them
    pub fn path(&self) -> String {
        let path = std::env::var("PATH").unwrap_or_default();
        format!("{}:{path}", self.files.programs.display())
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
        let output = Command::new(self.files.programs.join("psql"))
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
        self.process = self
            .files
            .serve(&self.settings, self.port)
            .unwrap_or_else(|said| panic!("PostgreSQL did not start again:\n{said}"));
    }
}

impl Files {
    fn new() -> Self {
        let programs = programs();
        let folder = tempfile::Builder::new().prefix("postgres-").tempdir().expect("a folder");
        let user = unprivileged(folder.path());
        let files = Self { programs, folder, user };
        let options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"];
        let data = files.path("data");
        files.run(&files.programs.join("initdb"), &[&["-D", &data], &options[..]].concat());
        files
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Runs a program to its end, as whoever owns the files
    fn run(&self, program: &Path, arguments: &[&str]) {
        let start = Start { user: self.user, ..Start::of(program, arguments) };
        let mut run = Process::start(&start);
        let ended = run.wait();
        assert!(ended.success(), "{}: {ended}\n{}", program.display(), run.said());
    }

    /// Certificates for loopback, of an authority that nobody else knows
    fn make_certificates(&self) -> PathBuf {
        let [authority, authority_key] = ["authority.pem", "authority.key"].map(|it| self.path(it));
        let [server, key, request] =
            ["server.pem", "server.key", "server.csr"].map(|it| self.path(it));
        let names = self.path("names");
        fs::write(&names, "subjectAltName=IP:127.0.0.1\n").expect("the folder is there");
        let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
        let openssl = |arguments: &[&str]| self.run(Path::new("openssl"), arguments);
        let own = ["-subj", "/CN=authority", "-keyout", &authority_key, "-out", &authority];
        openssl(&[&["req", "-x509", "-days", "2"], &curve[..], &own].concat());
        let own = ["-subj", "/CN=server", "-keyout", &key, "-out", &request];
        openssl(&[&["req"], &curve[..], &own].concat());
        let signed = ["-CA", &authority, "-CAkey", &authority_key, "-extfile", &names];
        let ends = ["-in", &request, "-out", &server, "-days", "2"];
        openssl(&[&["x509", "-req"], &ends[..], &signed].concat());
        PathBuf::from(authority)
    }

    fn serve(&self, settings: &[String], port: u16) -> Result<Process, String> {
        let (data, port) = (self.path("data"), port.to_string());
        // A killed server's files are sound without it; only the machine may not lose power.
        let usual = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"];
        let mut arguments = vec!["-D", &data, "-p", &port];
        let settings = usual.into_iter().chain(settings.iter().map(String::as_str));
        settings.for_each(|setting| arguments.extend(["-c", setting]));
        let program = self.programs.join("postgres");
        let (folder, user) = (Some(self.folder.path()), self.user);
        let process = Process::start(&Start { folder, user, ..Start::of(&program, &arguments) });
        if process.says("ready to accept connections") { Ok(process) } else { Err(process.said()) }
    }
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
