//! Servers that are started as child processes, and spoken to over their standard streams.
//!
//! One is started at the first call of one of its tools, and again where it has ended since; all
//! calls share it. What it writes to its stderr goes to our log.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rmcp::model::ProtocolVersion;
use rmcp::service::{ClientInitializeError, ClientLifecycleMode, ClientServiceExt};
use rmcp::transport::TokioChildProcess;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{ChildStderr, Command};

use super::client::{Client, Service};
use super::secrets::Secrets;
use super::server::{Dial, Dialling};

/// How much of a line of its stderr is logged as one, in bytes
const LINE: u64 = 4096;

/// How a server is started; what it holds may be secret
pub(super) struct Launch {
    pub(super) program: String,
    pub(super) args: Vec<String>,
    pub(super) env: BTreeMap<String, String>,
    pub(super) cwd: Option<PathBuf>,
}

impl Launch {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        // Whoever has our token can talk to us as an agent; a server has no need of it.
        command.env_remove(crate::http::TOKEN_VARIABLE);
        command.args(&self.args).envs(&self.env).kill_on_drop(true);
        if let Some(cwd) = &self.cwd {
            command.current_dir(cwd);
        }
        // What is typed in our terminal is not for it: it ends when we say so.
        #[cfg(unix)]
        command.process_group(0);
        command
    }

    /// Starts the server and begins to talk with it in one way or the other
    async fn start(
        &self,
        name: &str,
        secrets: &Secrets,
        lifecycle: ClientLifecycleMode,
    ) -> Result<Service, Cause> {
        let (process, stderr) = TokioChildProcess::builder(self.command())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .map_err(Cause::NotStarted)?;
        if let Some(stderr) = stderr {
            tokio::spawn(log(name.to_owned(), stderr, secrets.clone()));
        }
        let begun = Client::default().serve_with_lifecycle(process, lifecycle).await;
        begun.map_err(|error| Cause::NotBegun(Box::new(error)))
    }
}

/// Why a server was of no use
#[derive(Debug, thiserror::Error)]
enum Cause {
    #[error("its program could not be started: {0}")]
    NotStarted(std::io::Error),
    #[error("it did not begin as a server of tools does: {0}")]
    NotBegun(Box<ClientInitializeError>),
}

impl Cause {
    /// Whether it has answered, and knows no `initialize`, as is right from 2026-07-28 on
    fn is_of_new_era(&self) -> bool {
        matches!(self, Self::NotBegun(error)
            if matches!(**error, ClientInitializeError::JsonRpcError(_)))
    }
}

impl Dial for Launch {
    fn dial<'a>(&'a self, name: &'a str, secrets: &'a Secrets) -> Dialling<'a> {
        Box::pin(async move {
            // `initialize` first, because an old server need not answer anything else, and most new
            // ones know it.
            let old = ClientLifecycleMode::Initialize;
            let begun = match self.start(name, secrets, old).await {
                Err(cause) if cause.is_of_new_era() => {
                    let preferred_versions = vec![ProtocolVersion::LATEST];
                    let new = ClientLifecycleMode::Discover { preferred_versions };
                    self.start(name, secrets, new).await
                }
                begun => begun,
            };
            begun.map_err(|cause| cause.to_string())
        })
    }
}

/// Logs what a server says, without what it must not
async fn log(server: String, stderr: ChildStderr, secrets: Secrets) {
    let mut stderr = BufReader::new(stderr);
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut stderr).take(LINE).read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {
                let said = String::from_utf8_lossy(&line);
                tracing::info!(server, "{}", secrets.hide(said.trim_end()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::TOKEN_VARIABLE;

    #[test]
    fn a_server_gets_our_token_only_where_its_configuration_says_so() {
        let token = |env: &[(&str, &str)]| {
            let env = env.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
            let launch = Launch { program: "files".into(), args: vec![], env, cwd: None };
            let command = launch.command();
            let mut set = command.as_std().get_envs();
            let (_, token) = set.find(|(name, _)| *name == TOKEN_VARIABLE).unwrap();
            token.map(|token| token.to_str().unwrap().to_owned())
        };
        assert_eq!(token(&[]), None);
        assert_eq!(token(&[(TOKEN_VARIABLE, "given")]), Some("given".to_owned()));
    }
}
