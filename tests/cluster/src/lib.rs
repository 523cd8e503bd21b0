//! What a fleet stands on, started for tests from the real programs: `PostgreSQL`, Temporal's
//! development server, and a wire between them and us that can be cut.
//!
//! All listen on loopback, on ports that the system picks. They end with the process that has started
//! them, however that ends. Where a program is missing, the panic says how to install it.

#![expect(clippy::missing_panics_doc, reason = "all that goes wrong in here fails a test")]

mod dev_server;
mod postgres;
mod process;
mod wire;

use std::sync::OnceLock;

pub use dev_server::DevServer;
pub use postgres::Postgres;
pub use process::{Process, Start};
pub use wire::Wire;

/// The development server that the tests of a process share, started at its first use
///
/// They keep out of each other's way by task queues of their own.
pub fn dev_server() -> &'static DevServer {
    static SHARED: OnceLock<DevServer> = OnceLock::new();
    SHARED.get_or_init(DevServer::start)
}

/// The `PostgreSQL` that the tests of a process share, started at its first use
///
/// They keep out of each other's way by databases of their own.
pub fn postgres() -> &'static Postgres {
    static SHARED: OnceLock<Postgres> = OnceLock::new();
    SHARED.get_or_init(Postgres::start)
}

/// A port that nobody listens on
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    listener.local_addr().expect("it is bound").port()
}
