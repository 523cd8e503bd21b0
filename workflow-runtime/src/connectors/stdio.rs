//! Servers that are started as child processes, and spoken to over their standard streams.
//!
//! One is started at the first call of one of its tools, and again where it has ended since; all
//! calls share it. What it writes to its stderr goes to our log.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ClientCapabilities, ClientConfig, Implementation,
};
use rmcp::service::{NotificationContext, RoleClient, RunningService, ServiceError};
use rmcp::transport::TokioChildProcess;
use rmcp::{ClientHandler, ServiceExt};
use serde_json::{Map, Value};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{ChildStderr, Command};

use super::secrets::Secrets;
use super::{Connector, LastError, Reach, Standing, Tool, Working, failed, result};
use crate::machine::RunError;
use crate::schema::nearest;

/// How long a server may take to start and to list its tools
const START: Duration = Duration::from_secs(30);

/// The pause after a start that failed; it doubles with each that follows
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// How long that pause gets at most
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// How much of a line of its stderr is logged as one, in bytes
const LINE: u64 = 4096;

/// How long a server may take to end
const END: Duration = Duration::from_secs(5);

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
}

/// A server that is started as a child process
pub(super) struct Stdio {
    name: String,
    launch: Launch,
    secrets: Secrets,
    link: tokio::sync::Mutex<Link>,
    last_error: Mutex<Option<LastError>>,
}

/// The connection, or how trying to make it went
#[derive(Default)]
struct Link {
    connection: Option<Arc<Connection>>,
    /// Starts in a row that failed
    failures: u32,
    /// Before this it is not started again
    not_before: Option<Instant>,
}

/// A server that runs
struct Connection {
    service: RunningService<RoleClient, Client>,
    tools: Mutex<HashMap<String, Tool>>,
}

/// What a server can ask of us, which is nothing; it may say that its tools have changed
#[derive(Clone, Default)]
struct Client {
    stale: Arc<AtomicBool>,
}

impl ClientHandler for Client {
    fn get_info(&self) -> ClientConfig {
        let name = Implementation::new("workflow-server", env!("CARGO_PKG_VERSION"));
        ClientConfig::new(ClientCapabilities::default(), name)
    }

    async fn on_tool_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.stale.store(true, Ordering::Relaxed);
    }
}

impl Connection {
    fn is_alive(&self) -> bool {
        !self.service.is_closed() && !self.service.is_transport_closed()
    }

    fn tool(&self, name: &str) -> Option<Tool> {
        self.tools.lock().unwrap_or_else(PoisonError::into_inner).get(name).copied()
    }

    /// Asks for the tools
    async fn list(&self) -> Result<(), ServiceError> {
        self.service.service().stale.store(false, Ordering::Relaxed);
        let listed = self.service.list_all_tools().await?;
        let tools = listed.into_iter().map(|tool| {
            let hints = tool.annotations.unwrap_or_default();
            let read_only = hints.read_only_hint == Some(true);
            let repeatable = read_only || hints.idempotent_hint == Some(true);
            (tool.name.into_owned(), Tool { repeatable })
        });
        *self.tools.lock().unwrap_or_else(PoisonError::into_inner) = tools.collect();
        Ok(())
    }

    fn nearest(&self, name: &str) -> Option<String> {
        let tools = self.tools.lock().unwrap_or_else(PoisonError::into_inner);
        nearest(name, tools.keys().map(String::as_str)).map(str::to_owned)
    }
}

impl Stdio {
    /// A server that is not started yet
    pub(super) fn new(name: String, launch: Launch) -> Self {
        let secrets = Secrets::new(launch.env.values());
        let (link, last_error) = Default::default();
        Self { name, launch, secrets, link, last_error }
    }

    /// The connection, made if there is none; whoever comes meanwhile waits for it
    async fn connection(&self) -> Result<Arc<Connection>, RunError> {
        let mut link = self.link.lock().await;
        if let Some(connection) = link.connection.as_ref().filter(|old| old.is_alive()) {
            return Ok(connection.clone());
        }
        link.connection = None;
        if let Some(left) = link.not_before.and_then(|at| at.checked_duration_since(Instant::now()))
        {
            let seconds = left.as_secs_f64();
            return Err(self.told(&format!(
                "it could not be started before; it is tried again in {seconds:.1} seconds at the \
                 earliest"
            )));
        }
        match self.start().await {
            Ok(connection) => {
                *link = Link { connection: Some(connection.clone()), ..Link::default() };
                Ok(connection)
            }
            Err(cause) => {
                let pause = FIRST_PAUSE.saturating_mul(1 << link.failures.min(10));
                link.failures += 1;
                link.not_before = Some(Instant::now() + pause.min(LONGEST_PAUSE));
                Err(self.unavailable(&cause))
            }
        }
    }

    /// Starts the server and asks for its tools; fails with the reason
    async fn start(&self) -> Result<Arc<Connection>, String> {
        tracing::debug!(server = self.name, "starting");
        let (process, stderr) = TokioChildProcess::builder(self.launch.command())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .map_err(|error| format!("its program could not be started: {error}"))?;
        if let Some(stderr) = stderr {
            tokio::spawn(log(self.name.clone(), stderr, self.secrets.clone()));
        }
        let connecting = async {
            let service = Client::default().serve(process).await.map_err(|e| e.to_string())?;
            let connection = Connection { service, tools: Mutex::default() };
            connection.list().await.map_err(|error| error.to_string())?;
            Ok::<_, String>(Arc::new(connection))
        };
        let connected = tokio::time::timeout(START, connecting).await;
        let seconds = START.as_secs();
        connected
            .map_err(|_| format!("it was not ready within {seconds} seconds"))?
            .map_err(|cause| format!("it did not begin as a server of tools does: {cause}"))
    }

    fn unavailable(&self, cause: &str) -> RunError {
        let cause = self.secrets.hide(cause);
        self.note(&cause);
        self.told(&cause)
    }

    fn told(&self, cause: &str) -> RunError {
        failed(
            "connector-failed",
            format!("the server `{}` cannot be called: {cause}", self.name),
            "see its configuration and its words in this server's log; nothing was called",
        )
    }

    /// Remembers what went wrong, for those who ask how it is
    fn note(&self, cause: &str) {
        let error = LastError { message: cause.to_owned(), at: jiff::Timestamp::now().to_string() };
        *self.last_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    /// A call that was sent, and came to nothing
    fn broken(&self, tool: &str, error: &ServiceError) -> RunError {
        let named = format!("{}.{tool}", self.name);
        match error {
            ServiceError::McpError(error) => failed(
                "tool-failed",
                format!("`{named}` was refused: {}", self.secrets.hide(&error.message)),
                "see the arguments that the tool takes",
            ),
            _ => {
                let (name, cause) = (&self.name, self.secrets.hide(&error.to_string()));
                let lost = format!(
                    "the connection to `{name}` was lost while it worked on `{named}`: {cause}"
                );
                self.note(&lost);
                failed(
                    "connector-failed",
                    lost,
                    "the tool may have done its work or not; it can be called again by a `retry` of \
                     the step, its failure be handled by `on_error`",
                )
            }
        }
    }
}

impl Connector for Stdio {
    fn find<'a>(&'a self, tool: &'a str) -> Working<'a, Tool> {
        Box::pin(async move {
            let connection = self.connection().await?;
            let stale = connection.service.service().stale.load(Ordering::Relaxed);
            if let Some(known) = connection.tool(tool).filter(|_| !stale) {
                return Ok(known);
            }
            let listed = tokio::time::timeout(START, connection.list()).await;
            match listed {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return Err(self.unavailable(&error.to_string())),
                Err(_) => return Err(self.unavailable("it does not list its tools")),
            }
            connection.tool(tool).ok_or_else(|| {
                let message = format!("the server `{}` has no tool `{tool}`", self.name);
                match connection.nearest(tool) {
                    Some(near) => {
                        failed("tool-unknown", message, &format!("did you mean `{near}`"))
                    }
                    None => failed("tool-unknown", message, "see which tools it lists"),
                }
            })
        })
    }

    fn call<'a>(&'a self, tool: &'a str, arguments: Map<String, Value>) -> Working<'a, Value> {
        Box::pin(async move {
            let connection = self.connection().await?;
            let params = CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments);
            // Dropped before there is a response, it tells the server that the call is called off.
            let response = connection.service.call_tool_once(params).await;
            match response.map_err(|error| self.broken(tool, &error))? {
                CallToolResponse::Complete(given) => result::value(given).map_err(|said| {
                    let said = self.secrets.hide(&said);
                    let message = format!("`{}.{tool}` failed: {said}", self.name);
                    failed("tool-failed", message, "mend the cause, then try the step again")
                }),
                _ => Err(failed(
                    "tool-failed",
                    format!("`{}.{tool}` asks for more than its arguments", self.name),
                    "it needs a person or a task, which cannot be had from here: let the agent call \
                     it, under a name that is not configured as a connector",
                )),
            }
        })
    }

    fn connect(&self) -> Working<'_, usize> {
        Box::pin(async {
            let connection = self.connection().await?;
            let tools = connection.tools.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(tools.len())
        })
    }

    fn standing(&self) -> Standing {
        let reach = match self.link.try_lock() {
            Err(_) => Reach::Connecting,
            Ok(link) => match &link.connection {
                Some(connection) if connection.is_alive() => Reach::Connected,
                Some(_) => Reach::Failed,
                None if link.failures > 0 => Reach::Failed,
                None => Reach::Idle,
            },
        };
        let last_error = self.last_error.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Standing { reach, last_error }
    }

    fn close(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async {
            let Some(connection) = self.link.lock().await.connection.take() else { return };
            tracing::debug!(server = self.name, "stopping");
            match Arc::try_unwrap(connection) {
                Ok(mut connection) => {
                    // Whatever its end was like, it has ended, or is killed as it is dropped.
                    let _ = connection.service.close_with_timeout(END).await;
                }
                // Called off as a whole: calls under way end with it.
                Err(shared) => shared.service.cancellation_token().cancel(),
            }
        })
    }
}

impl fmt::Debug for Stdio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stdio").field("name", &self.name).finish_non_exhaustive()
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
