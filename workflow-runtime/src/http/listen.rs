//! Listens, serves each connection, and comes to an end.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

use super::connections::{Connection, Connections};
use super::{Door, HttpError, MCP, Options, Services, router};
use crate::mcp::Server;
use crate::stop::Stop;

/// How long the head of a request may take to arrive, from the end of the one before
const HEAD: Duration = Duration::from_secs(30);

/// How long a client may take nothing of what is sent to it
const STALLED: Duration = Duration::from_secs(30);

/// At the end: how long requests under way may take
const REQUESTS: Duration = Duration::from_secs(5);

/// At the end: how long it takes to close what has been cut
const CLOSING: Duration = Duration::from_secs(1);

/// How long to wait with the next connection where none can be had
pub(super) const PAUSE: Duration = Duration::from_millis(200);

/// Serves clients over HTTP until the process is told to stop
///
/// Then requests under way have five seconds to end; those that wait for something are cut, which
/// moves nothing. Fails where it cannot listen, and where everybody could connect who can reach
/// the machine.
pub async fn serve(server: Server, options: Options) -> Result<(), HttpError> {
    // Installed first, so that no signal finds the default handler.
    let mut stop = Stop::new().map_err(|error| {
        HttpError::new(format!("cannot listen for signals: {error}"), "start the server again")
    })?;
    let (listener, addr) = listen(&options).await?;
    let services = Services::new(&server, options.body);
    let connections = Arc::new(Connections::new(options.connections));
    let router = router(&server, &services, &options, addr, connections.clone());
    tracing::info!(url = %format_args!("http://{addr}{MCP}"), "listening");

    let open = GracefulShutdown::new();
    let signal = loop {
        tokio::select! {
            biased;
            signal = stop.asked() => break signal,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let connection = connections.arrive();
                    let served = connect(stream, router.clone(), connection.clone(), open.watcher());
                    let connections = connections.clone();
                    tokio::spawn(async move {
                        served.await;
                        connections.leave(&connection);
                    });
                }
                Err(error) => {
                    // Too many open files, say: it passes, or it goes on being told.
                    tracing::warn!(%error, "cannot accept a connection");
                    sleep(PAUSE).await;
                }
            }
        }
    };
    tracing::info!(signal, "stopping");
    drop(listener);
    tokio::select! {
        () = end(open, &services) => {}
        signal = stop.asked() => tracing::info!(signal, "not waiting any longer"),
    }
    services.end_all();
    Ok(())
}

async fn listen(options: &Options) -> Result<(TcpListener, SocketAddr), HttpError> {
    let Options { addr, door, .. } = options;
    if matches!(door, Door::Open) && !addr.ip().is_loopback() {
        return Err(HttpError::new(
            format!(
                "`{addr}` can be reached from elsewhere, and nobody would have to show a token"
            ),
            "put a token into WORKFLOW_TOKEN or a file named with --token-file, or listen on \
             127.0.0.1",
        ));
    }
    bind(*addr, "--addr").await
}

/// Listens at an address that an option has named
pub(super) async fn bind(
    addr: SocketAddr,
    option: &str,
) -> Result<(TcpListener, SocketAddr), HttpError> {
    let bound = TcpListener::bind(addr).await.and_then(|listener| {
        let addr = listener.local_addr()?;
        Ok((listener, addr))
    });
    bound.map_err(|error| {
        let help = match error.kind() {
            ErrorKind::AddrInUse => format!(
                "another server listens there; choose another address with {option}, or port 0 for \
                 any that is free"
            ),
            ErrorKind::PermissionDenied => format!("choose a port above 1023 with {option}"),
            _ => format!("choose an address of this machine with {option}"),
        };
        HttpError::new(format!("cannot listen on `{addr}`: {error}"), help)
    })
}

/// Serves a connection to its end
async fn connect(stream: TcpStream, router: Router, connection: Arc<Connection>, open: Watcher) {
    // Replies are written whole; to wait for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(STALLED));
    let router = TowerToHyperService::new(router);
    let service = service_fn(|mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(connection.clone());
        router.call(request.map(Body::new))
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    tokio::select! {
        ended = open.watch(served) => if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke off");
        },
        () = connection.sent_off() => tracing::debug!("too many newcomers: one had to go"),
    }
}

/// Waits for requests under way, then cuts them
async fn end(open: GracefulShutdown, services: &Services) {
    services.end_listeners();
    let mut closed = pin!(open.shutdown());
    if timeout(REQUESTS, &mut closed).await.is_err() {
        services.end_all();
        let _ = timeout(CLOSING, &mut closed).await;
    }
}
