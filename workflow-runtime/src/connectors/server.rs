//! What all servers of tools have in common, however they are reached: one connection for all
//! calls, made at the first, and again, with growing pauses, where it was lost.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rmcp::model::CallToolResponse;
use rmcp::service::ServiceError;
use serde_json::{Map, Value};
use tracing::Instrument;

use super::client::{Connection, Service};
use super::secrets::Secrets;
use super::{Connector, LOST, LastError, Reach, Standing, Tool, Working, failed, result};
use crate::machine::RunError;

/// How long a server may take until it has listed its tools
const START: Duration = Duration::from_secs(30);

/// The pause after a connection that could not be made; it doubles with each that follows
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// How long that pause gets at most
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// How long a connection may take to end
const END: Duration = Duration::from_secs(5);

/// What comes of dialling: a connection, or why there is none
pub(super) type Dialling<'a> = Pin<Box<dyn Future<Output = Result<Service, String>> + Send + 'a>>;

/// How a server is reached
pub(super) trait Dial: Send + Sync {
    /// Makes a connection to the server of that name; what it says on the way is told without secrets
    fn dial<'a>(&'a self, name: &'a str, secrets: &'a Secrets) -> Dialling<'a>;

    /// Why a call came to nothing
    fn why(&self, error: &ServiceError) -> String {
        error.to_string()
    }

    /// Whether a call that came to nothing may have reached the server
    fn may_have_come(&self, _: &ServiceError) -> bool {
        true
    }
}

/// A server whose tools are called
pub(super) struct Server<D> {
    name: String,
    dial: D,
    secrets: Secrets,
    link: tokio::sync::Mutex<Link>,
    last_error: Mutex<Option<LastError>>,
}

/// The connection, or how trying to make it went
#[derive(Default)]
struct Link {
    connection: Option<Arc<Connection>>,
    /// Attempts in a row that failed
    failures: u32,
    /// Before this no further one is made
    not_before: Option<Instant>,
}

impl<D: Dial> Server<D> {
    /// A server that nobody is connected to yet
    pub(super) fn new(name: String, dial: D, secrets: Secrets) -> Self {
        let (link, last_error) = Default::default();
        Self { name, dial, secrets, link, last_error }
    }

    /// The connection, made if there is none; whoever comes meanwhile waits for it
    async fn connection(&self) -> Result<Arc<Connection>, RunError> {
        let mut link = self.link.lock().await;
        if let Some(connection) = link.connection.as_ref().filter(|old| old.is_alive()) {
            return Ok(connection.clone());
        }
        link.connection = None;
        let left = link.not_before.and_then(|at| at.checked_duration_since(Instant::now()));
        if let Some(left) = left {
            let seconds = left.as_secs_f64();
            return Err(self.told(&format!(
                "it could not be reached before; it is tried again in {seconds:.1} seconds at the \
                 earliest"
            )));
        }
        match self.connect().await {
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

    /// Dials and asks for the tools; fails with the reason
    async fn connect(&self) -> Result<Arc<Connection>, String> {
        // A connection outlives the call that it is first needed for, and is no part of it.
        let span = tracing::info_span!(parent: None, "connection", server = self.name);
        let connecting = async {
            tracing::debug!("connecting");
            let service = self.dial.dial(&self.name, &self.secrets).await?;
            Connection::new(service).await.map(Arc::new)
        };
        let connected = tokio::time::timeout(START, connecting.instrument(span)).await;
        connected
            .unwrap_or_else(|_| Err(format!("it was not ready within {} seconds", START.as_secs())))
    }

    /// Asks for the tools again
    async fn relist(&self, connection: &Connection) -> Result<(), RunError> {
        match tokio::time::timeout(START, connection.list()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(cause)) => {
                connection.give_up();
                Err(self.unavailable(&cause))
            }
            Err(_) => Err(self.unavailable("it does not list its tools")),
        }
    }

    fn unknown(&self, connection: &Connection, tool: &str) -> RunError {
        let message = format!("the server `{}` has no tool `{tool}`", self.name);
        match connection.nearest(tool) {
            Some(near) => failed("tool-unknown", message, &format!("did you mean `{near}`")),
            None => failed("tool-unknown", message, "see which tools it lists"),
        }
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
    fn broken(&self, connection: &Connection, tool: &str, error: &ServiceError) -> RunError {
        let named = format!("{}.{tool}", self.name);
        if let ServiceError::McpError(error) = error {
            let message = format!("`{named}` was refused: {}", self.secrets.hide(&error.message));
            return failed("tool-failed", message, "see the arguments that the tool takes");
        }
        connection.give_up();
        let why = self.dial.why(error);
        if !self.dial.may_have_come(error) {
            return self.unavailable(&why);
        }
        let (name, cause) = (&self.name, self.secrets.hide(&why));
        let lost =
            format!("the connection to `{name}` was lost while it worked on `{named}`: {cause}");
        self.note(&lost);
        failed(LOST, lost, "the tool may have done its work or not")
    }

    /// What a tool's response means to the step
    fn outcome(&self, tool: &str, response: CallToolResponse) -> Result<Value, RunError> {
        let CallToolResponse::Complete(given) = response else {
            return Err(failed(
                "tool-failed",
                format!("`{}.{tool}` asks for more than its arguments", self.name),
                "it needs a person or a task, which cannot be had from here: let the agent call it, \
                 under a name that is not configured as a connector",
            ));
        };
        match result::value(given) {
            Ok(value) => Ok(self.secrets.hide_in(value)),
            Err(said) => {
                let said = self.secrets.hide(&said);
                let message = format!("`{}.{tool}` failed: {said}", self.name);
                Err(failed("tool-failed", message, "mend the cause, then try the step again"))
            }
        }
    }
}

impl<D: Dial> Connector for Server<D> {
    fn find<'a>(&'a self, tool: &'a str) -> Working<'a, Arc<Tool>> {
        Box::pin(async move {
            let connection = self.connection().await?;
            if let Some(known) = connection.tool(tool).filter(|_| !connection.is_stale()) {
                return Ok(known);
            }
            self.relist(&connection).await?;
            connection.tool(tool).ok_or_else(|| self.unknown(&connection, tool))
        })
    }

    fn call<'a>(&'a self, tool: &'a str, arguments: Map<String, Value>) -> Working<'a, Value> {
        Box::pin(async move {
            let connection = self.connection().await?;
            let response = connection.call(tool, arguments).await;
            let response = response.map_err(|error| self.broken(&connection, tool, &error))?;
            self.outcome(tool, response)
        })
    }

    fn list(&self) -> Working<'_, Vec<Arc<Tool>>> {
        Box::pin(async {
            let connection = self.connection().await?;
            self.relist(&connection).await?;
            Ok(connection.tools())
        })
    }

    fn known(&self, tool: &str) -> Option<Arc<Tool>> {
        self.link.try_lock().ok()?.connection.as_ref()?.tool(tool)
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
            connection.close(END).await;
        })
    }
}

impl<D> fmt::Debug for Server<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("name", &self.name).finish_non_exhaustive()
    }
}
