//! Which cluster a fleet works on, and how it is reached.

use std::path::PathBuf;

use temporalio_client::{ClientTlsOptions, ConnectionOptions, TlsOptions, Url};

use crate::connectors::Connectors;
use crate::engine::EngineError;
use crate::machine::Limits;
use crate::telemetry::Telemetry;

/// Which cluster a fleet works on, and how it is reached
#[derive(Clone)]
pub struct Settings {
    /// `host:port` of the cluster's front end, or a URL
    pub host: String,
    /// The namespace
    pub namespace: String,
    /// What the servers and workers of one fleet have in common, and no other fleet has
    pub task_queue: String,
    /// A key for a hosted cluster; with one, the connection is encrypted
    pub api_key: Option<String>,
    /// What an encrypted connection is checked by, and shows of itself
    pub tls: Tls,
    /// The URL of the `PostgreSQL` database that runs remember in; none where `memory.*` is off
    pub database: Option<String>,
    /// How much there may be of runs, and how much each may take
    pub limits: Limits,
    /// The servers whose tools workers call
    pub connectors: Connectors,
    /// How many runs a server keeps decoded
    pub cache_size: usize,
    /// Whether this process works, too, beside what it serves
    pub worker: bool,
    /// Who is told what counts of what this process does; nobody by default
    pub telemetry: Telemetry,
}

/// Files for an encrypted connection
#[derive(Clone, Debug, Default)]
pub struct Tls {
    /// Certificates, as PEM, of who signed the cluster's; the system's own where there is none
    pub ca: Option<PathBuf>,
    /// This process's certificate, as PEM
    pub certificate: Option<PathBuf>,
    /// Its key, as PEM
    pub key: Option<PathBuf>,
}

impl Settings {
    /// A cluster on this machine: namespace `default`, task queue `mcp-workflows`
    pub fn new(host: impl Into<String>) -> Self {
        Self {
            host: host.into(),
            namespace: "default".to_owned(),
            task_queue: "mcp-workflows".to_owned(),
            api_key: None,
            tls: Tls::default(),
            database: None,
            limits: Limits::default(),
            connectors: Connectors::default(),
            cache_size: 1_000,
            worker: true,
            telemetry: Telemetry::default(),
        }
    }

    pub(super) fn connection(&self, identity: &str) -> Result<ConnectionOptions, EngineError> {
        let tls = self.tls_options()?;
        let scheme = if tls.is_some() || self.api_key.is_some() { "https" } else { "http" };
        let url = if self.host.contains("://") {
            self.host.clone()
        } else {
            format!("{scheme}://{}", self.host)
        };
        let url: Url = url.parse().map_err(|error| {
            wrong(format!("`{}` is no address of a cluster: {error}", self.host))
        })?;
        Ok(ConnectionOptions::new(url)
            .identity(identity)
            .maybe_api_key(self.api_key.clone())
            .maybe_tls_options(tls)
            .connect_timeout(super::link::PATIENCE)
            .build())
    }

    fn tls_options(&self) -> Result<Option<TlsOptions>, EngineError> {
        let Tls { ca, certificate, key } = &self.tls;
        let client = match (certificate, key) {
            (Some(certificate), Some(key)) => Some(
                ClientTlsOptions::builder()
                    .client_cert(read(certificate)?)
                    .client_private_key(read(key)?)
                    .build(),
            ),
            (None, None) => None,
            _ => {
                let message = "a certificate needs its key, and a key its certificate";
                return Err(wrong(message.to_owned()));
            }
        };
        if ca.is_none() && client.is_none() {
            return Ok(None);
        }
        let ca = ca.as_ref().map(read).transpose()?;
        let options = TlsOptions::builder().maybe_server_root_ca_cert(ca);
        Ok(Some(options.maybe_client_tls_options(client).build()))
    }
}

fn read(path: &PathBuf) -> Result<Vec<u8>, EngineError> {
    std::fs::read(path)
        .map_err(|error| wrong(format!("`{}` cannot be read: {error}", path.display())))
}

fn wrong(message: String) -> EngineError {
    EngineError::new("settings", message, "see TEMPORAL_HOST and the other TEMPORAL_ settings")
}
