//! Serves one client over the standard streams.

use std::sync::Arc;

use rmcp::ServiceExt;
use rmcp::service::ServerInitializeError;
use rmcp::transport::stdio_pipes;

use super::Server;
use crate::engine::Engine;

/// Why serving ended badly
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The operating system does not let us listen for signals
    #[error("cannot listen for signals: {0}")]
    Signals(#[from] std::io::Error),
    /// The client does not speak MCP
    #[error("the client does not begin as MCP does: {0}")]
    Handshake(Box<ServerInitializeError>),
    /// The task that serves the client broke off
    #[error("serving broke off: {0}")]
    Broken(#[from] tokio::task::JoinError),
}

/// Serves a client over stdin and stdout until it leaves or the process is told to stop
///
/// A client that leaves before it says anything is no error.
pub async fn serve_stdio(engine: Arc<dyn Engine>) -> Result<(), ServeError> {
    // Installed first, so that no signal finds the default handler.
    let stop = Stop::new()?;
    tokio::select! {
        ended = serve(engine) => ended,
        name = stop.asked() => {
            tracing::info!(signal = name, "stopping");
            Ok(())
        }
    }
}

async fn serve(engine: Arc<dyn Engine>) -> Result<(), ServeError> {
    let service = match Server::new(engine).serve(stdio_pipes()).await {
        Ok(service) => service,
        Err(ServerInitializeError::ConnectionClosed(_) | ServerInitializeError::Cancelled) => {
            return Ok(());
        }
        Err(error) => return Err(ServeError::Handshake(Box::new(error))),
    };
    let reason = service.waiting().await?;
    tracing::debug!(?reason, "the client has left");
    Ok(())
}

/// The signals that ask a process to stop
#[cfg(unix)]
struct Stop {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Stop {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn asked(mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

#[cfg(not(unix))]
struct Stop;

#[cfg(not(unix))]
impl Stop {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn asked(self) -> &'static str {
        // Without a handler the process is ended the hard way, which loses nothing either.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        "ctrl-c"
    }
}
