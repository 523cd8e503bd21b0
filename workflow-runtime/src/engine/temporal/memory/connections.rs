//! Connections to the database: a few, made when needed, kept while they live.

use std::fmt::Write as _;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;
use url::Url;

use super::failure::{Failure, in_words};
use crate::engine::EngineError;

/// Connections of one process at most
const AT_ONCE: usize = 8;

/// How long a database may take, over a connection and what it is used for
const PATIENCE: Duration = Duration::from_secs(10);

/// The way to a database
#[derive(Clone, Debug)]
pub(super) struct Connections {
    shared: Arc<Shared>,
}

struct Shared {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    place: String,
    idle: Mutex<Vec<Client>>,
    room: Arc<Semaphore>,
}

/// A connection in use; dropped it is closed, and what it has not committed is undone
pub(super) struct Connection {
    client: Client,
    from: Arc<Shared>,
    _room: OwnedSemaphorePermit,
}

impl Connections {
    /// Reads a URL; connects nowhere
    ///
    /// TLS is used where it has `sslmode=require`, or `verify-ca` or `verify-full`, which are the same
    /// here: certificates are always checked, against the system's authorities or the file that
    /// `sslrootcert` names.
    pub(super) fn to(url: &str) -> Result<Self, EngineError> {
        let (url, authorities) = readable(url);
        let mut config: Config = url.parse().map_err(|error| wrong(&in_words(&error)))?;
        if config.get_hosts().is_empty() {
            return Err(wrong("it names no host"));
        }
        config.connect_timeout(PATIENCE).tcp_user_timeout(PATIENCE);
        if config.get_application_name().is_none() {
            config.application_name("workflow-server");
        }
        let tls = match config.get_ssl_mode() {
            SslMode::Require => Some(tls(authorities.as_deref())?),
            // `prefer`, which is also what holds without a word, would take any server's word.
            _ => {
                config.ssl_mode(SslMode::Disable);
                None
            }
        };
        let place = place(&config);
        let room = Arc::new(Semaphore::new(AT_ONCE));
        let shared = Shared { config, tls, place, idle: Mutex::default(), room };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// A connection, once there is room for one
    pub(super) async fn take(&self) -> Result<Connection, Failure> {
        let room = self.shared.room.clone().acquire_owned().await;
        // It is never closed.
        let room = room.map_err(|closed| Failure::Failed(closed.to_string()))?;
        let client = match self.shared.idle() {
            Some(client) => client,
            None => self.shared.connect().await?,
        };
        Ok(Connection { client, from: self.shared.clone(), _room: room })
    }

    /// Does something with the database, or gives up
    pub(super) async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let timely = tokio::time::timeout(PATIENCE, work).await;
        let done = timely.unwrap_or_else(|_| {
            let seconds = PATIENCE.as_secs();
            Err(Failure::Unreachable(format!("it does not answer within {seconds} seconds")))
        });
        if matches!(done, Err(Failure::Lost(_) | Failure::Unreachable(_))) {
            // What became of one connection has most likely become of all.
            self.shared.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
        done
    }

    /// A failure as it is told
    pub(super) fn told(&self, failure: Failure) -> EngineError {
        let place = &self.shared.place;
        let (what, help) = match failure {
            Failure::Refused(why) | Failure::Failed(why) => (
                format!("the database `{place}` has failed: {why}; nothing was changed"),
                "call again; if it fails again, see the database's log",
            ),
            Failure::Lost(why) | Failure::Unreachable(why) => (
                format!("the database `{place}` cannot be reached: {why}"),
                "see that PostgreSQL runs there and that WORKFLOW_DATABASE_URL is right, then call \
                 again",
            ),
        };
        EngineError::new("store", what, help)
    }

    pub(super) fn place(&self) -> &str {
        &self.shared.place
    }
}

impl Shared {
    fn idle(&self) -> Option<Client> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        std::iter::from_fn(|| idle.pop()).find(|client| !client.is_closed())
    }

    async fn connect(&self) -> Result<Client, Failure> {
        let unreachable = |error: tokio_postgres::Error| Failure::Unreachable(in_words(&error));
        match &self.tls {
            Some(tls) => {
                let connected = self.config.connect(tls.clone()).await;
                let (client, connection) = connected.map_err(unreachable)?;
                tokio::spawn(drive(connection));
                Ok(client)
            }
            None => {
                let (client, connection) = self.config.connect(NoTls).await.map_err(unreachable)?;
                tokio::spawn(drive(connection));
                Ok(client)
            }
        }
    }
}

/// Moves what goes over a connection, until it ends; whoever uses it learns of its end
async fn drive(connection: impl Future<Output = Result<(), tokio_postgres::Error>>) {
    if let Err(error) = connection.await {
        tracing::debug!(error = in_words(&error), "a connection to the database has ended");
    }
}

impl Connection {
    /// Lets others use it; only where no transaction is open
    pub(super) fn give_back(self) {
        self.from.idle.lock().unwrap_or_else(PoisonError::into_inner).push(self.client);
    }
}

impl Deref for Connection {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl DerefMut for Connection {
    fn deref_mut(&mut self) -> &mut Client {
        &mut self.client
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Database").field(&self.place).finish()
    }
}

/// A URL as the library reads it, and the file of certificates that it names
fn readable(text: &str) -> (String, Option<String>) {
    // Settings without a URL (`host=… user=…`) are passed on as they are.
    let Ok(mut url) = Url::parse(text) else { return (text.to_owned(), None) };
    let mut authorities = None;
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let mut query = String::new();
    for (name, value) in pairs {
        let value = match (name.as_str(), value.as_str()) {
            ("sslrootcert", _) => {
                authorities = Some(value);
                continue;
            }
            ("sslmode", "verify-ca" | "verify-full") => "require".to_owned(),
            _ => value,
        };
        let value =
            percent_encoding::utf8_percent_encode(&value, percent_encoding::NON_ALPHANUMERIC);
        // Writing to a string does not fail.
        let _ = write!(query, "{}{name}={value}", if query.is_empty() { "" } else { "&" });
    }
    url.set_query((!query.is_empty()).then_some(&query));
    (url.into(), authorities)
}

fn tls(authorities: Option<&str>) -> Result<MakeRustlsConnect, EngineError> {
    // Fails where the program has one already, which then holds.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let Some(file) = authorities.filter(|file| *file != "system") else {
        let (tls, passed_over) = MakeRustlsConnect::with_native_certs().map_err(|errors| {
            let why = errors.first().map_or_else(|| "there are none".to_owned(), in_words_of);
            wrong(&format!("the system's certificates cannot be read: {why}"))
        })?;
        for error in passed_over {
            tracing::debug!(%error, "a certificate of the system is passed over");
        }
        return Ok(tls);
    };
    let unreadable = |why: String| wrong(&format!("`sslrootcert={file}`: {why}"));
    let mut roots = RootCertStore::empty();
    let certificates =
        CertificateDer::pem_file_iter(file).map_err(|error| unreadable(error.to_string()))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
        roots.add(certificate).map_err(|error| unreadable(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(unreadable("the file has no certificate".to_owned()));
    }
    let config = rustls::ClientConfig::builder().with_root_certificates(roots);
    Ok(MakeRustlsConnect::new(config.with_no_client_auth()))
}

fn in_words_of(error: &(impl std::error::Error + 'static)) -> String {
    in_words(error)
}

/// `host:port/database`; no user, no password
fn place(config: &Config) -> String {
    let hosts = config.get_hosts().iter().enumerate().map(|(index, host)| {
        let ports = config.get_ports();
        let port = ports.get(index).or(ports.first()).copied().unwrap_or(5432);
        match host {
            Host::Tcp(name) => format!("{name}:{port}"),
            #[cfg(unix)]
            Host::Unix(folder) => format!("{}:{port}", folder.display()),
        }
    });
    let database = config.get_dbname().or(config.get_user()).unwrap_or("postgres");
    format!("{}/{database}", hosts.collect::<Vec<_>>().join(","))
}

fn wrong(why: &str) -> EngineError {
    EngineError::new(
        "store",
        format!("the URL of the database cannot be used: {why}"),
        "give WORKFLOW_DATABASE_URL as `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with \
         `?sslmode=require` for TLS",
    )
}
