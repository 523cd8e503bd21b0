//! Serves one client over the standard streams.

use rmcp::ServiceExt;
use rmcp::service::ServerInitializeError;
use rmcp::transport::stdio_pipes;

use super::Server;
use super::lines::Lines;
use crate::stop::Stop;

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
/// A client that leaves before it says anything is no error. Its messages may have `longest` bytes
/// each; a longer one is answered with an error.
pub async fn serve_stdio(server: Server, longest: usize) -> Result<(), ServeError> {
    // Installed first, so that no signal finds the default handler.
    let mut stop = Stop::new()?;
    tokio::select! {
        ended = serve(server, longest) => ended,
        name = stop.asked() => {
            tracing::info!(signal = name, "stopping");
            Ok(())
        }
    }
}

async fn serve(server: Server, longest: usize) -> Result<(), ServeError> {
    let service = match server.serve(Lines::new(stdio_pipes(), longest)).await {
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
