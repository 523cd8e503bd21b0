//! Options of the engine on a Temporal cluster.

use std::path::PathBuf;

use clap::Args;

use super::args::Options;
use super::failure::Failure;
use super::set_up;
use crate::engine::temporal::{Settings, Tls};

/// Where the cluster is, and how it is reached
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Options of `--engine temporal`")]
pub(crate) struct ClusterArgs {
    /// The cluster's front end
    #[arg(
        long = "temporal-host",
        id = "temporal-host",
        global = true,
        value_name = "HOST:PORT",
        env = "TEMPORAL_HOST"
    )]
    host: Option<String>,
    /// Its namespace [default: default]
    #[arg(
        long = "temporal-namespace",
        id = "temporal-namespace",
        global = true,
        value_name = "NAME",
        env = "TEMPORAL_NAMESPACE"
    )]
    namespace: Option<String>,
    /// What the servers and workers of one fleet have in common [default: mcp-workflows]
    #[arg(
        long = "temporal-task-queue",
        id = "temporal-task-queue",
        global = true,
        value_name = "NAME",
        env = "TEMPORAL_TASK_QUEUE"
    )]
    task_queue: Option<String>,
    /// A file with the key for a hosted cluster; or the key itself as `TEMPORAL_API_KEY`
    #[arg(
        long = "temporal-api-key-file",
        id = "temporal-api-key-file",
        global = true,
        value_name = "FILE"
    )]
    api_key_file: Option<PathBuf>,
    /// Certificates of who signed the cluster's, as PEM
    #[arg(
        long = "temporal-tls-ca",
        id = "temporal-tls-ca",
        global = true,
        value_name = "FILE",
        env = "TEMPORAL_TLS_CA"
    )]
    tls_ca: Option<PathBuf>,
    /// This process's certificate, as PEM
    #[arg(
        long = "temporal-tls-cert",
        id = "temporal-tls-cert",
        global = true,
        value_name = "FILE",
        env = "TEMPORAL_TLS_CERT"
    )]
    tls_cert: Option<PathBuf>,
    /// Its key, as PEM
    #[arg(
        long = "temporal-tls-key",
        id = "temporal-tls-key",
        global = true,
        value_name = "FILE",
        env = "TEMPORAL_TLS_KEY"
    )]
    tls_key: Option<PathBuf>,
}

impl ClusterArgs {
    /// The settings of an engine; `worker` says whether this process is to work, too
    pub(crate) fn settings(&self, options: &Options, worker: bool) -> Result<Settings, Failure> {
        let host = self.host.clone();
        let mut settings = Settings::new(host.unwrap_or_else(|| "localhost:7233".to_owned()));
        if let Some(namespace) = &self.namespace {
            settings.namespace.clone_from(namespace);
        }
        if let Some(queue) = &self.task_queue {
            settings.task_queue.clone_from(queue);
        }
        settings.api_key = match &self.api_key_file {
            Some(file) => Some(read(file)?),
            None => variable("TEMPORAL_API_KEY"),
        };
        settings.tls = Tls {
            ca: self.tls_ca.clone(),
            certificate: self.tls_cert.clone(),
            key: self.tls_key.clone(),
        };
        // It has a password in it: not on the command line, where others see it.
        settings.database = variable("WORKFLOW_DATABASE_URL");
        settings.limits = options.limits.0;
        settings.connectors = set_up::connectors(options)?;
        settings.cache_size = options.cache_size.unwrap_or(settings.cache_size);
        settings.worker = worker;
        Ok(settings)
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

fn read(file: &PathBuf) -> Result<String, Failure> {
    std::fs::read_to_string(file).map(|key| key.trim().to_owned()).map_err(|error| {
        Failure::new(format!("`{}` cannot be read: {error}", file.display()))
            .help("name a file with the key with --temporal-api-key-file")
    })
}
