//! A wire to a server, over which everything goes until it is cut.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// A listener that passes connections on to a server
#[derive(Debug)]
pub struct Wire {
    address: String,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    mended: Condvar,
}

#[derive(Debug, Default)]
struct State {
    cut: bool,
    /// Those that are up, both ends of each
    connections: Vec<TcpStream>,
}

impl Wire {
    /// A wire to `host:port`
    pub fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        let address = listener.local_addr().expect("it is bound").to_string();
        let shared = Arc::new(Shared::default());
        let (server, state) = (server.to_owned(), shared.clone());
        // It listens until our process ends.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (server, state) = (server.clone(), state.clone());
                thread::spawn(move || {
                    state.wait();
                    if let Ok(server) = TcpStream::connect(server) {
                        state.join(&client, &server);
                    }
                });
            }
        });
        Self { address, shared }
    }

    /// Where it begins: what a client connects to in place of the server, `host:port`
    pub fn address(&self) -> &str {
        &self.address
    }

    /// From now on nothing gets through, and nobody is told: as when a cable is pulled
    pub fn cut(&self) {
        self.shared.state.lock().expect("nobody panics with it").cut = true;
    }

    /// Everything gets through again, what was held up too
    pub fn mend(&self) {
        self.shared.state.lock().expect("nobody panics with it").cut = false;
        self.shared.mended.notify_all();
    }

    /// Ends all connections that are up
    pub fn reset(&self) {
        let mut state = self.shared.state.lock().expect("nobody panics with it");
        for connection in state.connections.drain(..) {
            // Fails where it has ended, which is as well.
            let _ = connection.shutdown(Shutdown::Both);
        }
    }
}

impl Shared {
    /// Until the wire is whole
    fn wait(&self) {
        let state = self.state.lock().expect("nobody panics with it");
        drop(self.mended.wait_while(state, |state| state.cut).expect("nobody panics with it"));
    }

    fn join(self: &Arc<Self>, client: &TcpStream, server: &TcpStream) {
        let both = [client, server].map(|end| end.try_clone().expect("a stream has two ends"));
        self.state.lock().expect("nobody panics with it").connections.extend(both);
        for (from, to) in [(client, server), (server, client)] {
            let ends = [from, to].map(|end| end.try_clone().expect("a stream has two ends"));
            let shared = self.clone();
            thread::spawn(move || shared.pass_on(ends));
        }
    }

    fn pass_on(&self, [mut from, mut to]: [TcpStream; 2]) {
        // What is small is sent at once, as on the other side.
        let _ = to.set_nodelay(true);
        let mut bytes = vec![0; 64 * 1024];
        loop {
            let read = from.read(&mut bytes);
            self.wait();
            match read {
                Ok(0) => break,
                Ok(read) if to.write_all(&bytes[..read]).is_err() => break,
                Err(error) if error.kind() != ErrorKind::Interrupted => break,
                _ => {}
            }
        }
        // Fails where it has ended, which is as well.
        let _ = to.shutdown(Shutdown::Write);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_through_while_it_is_cut_and_everything_after() {
        let server = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        let wire = Wire::to(&server.local_addr().expect("it is bound").to_string());
        let mut client = TcpStream::connect(wire.address()).expect("it listens");
        client.write_all(b"one").expect("it is whole");
        let (mut served, _) = server.accept().expect("the wire connects");
        let mut heard = [0; 3];
        served.read_exact(&mut heard).expect("it is whole");
        assert_eq!(&heard, b"one");

        wire.cut();
        client.write_all(b"two").expect("nobody tells");
        served.set_read_timeout(Some(std::time::Duration::from_millis(200))).expect("not zero");
        let silent = served.read(&mut heard).expect_err("nothing gets through");
        assert!(matches!(silent.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{silent}");

        wire.mend();
        served.set_read_timeout(None).expect("none is as well");
        served.read_exact(&mut heard).expect("it is mended");
        assert_eq!(&heard, b"two");

        wire.reset();
        assert_eq!(client.read(&mut heard).expect("an end is no error"), 0);
    }
}
