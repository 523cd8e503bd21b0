//! How many connections there may be, and whose turn it is to go.
//!
//! A connection is a *newcomer* until a request on it has been let in. Of newcomers there are few
//! at a time: the next one sends off the one that has waited longest. So who has no token can keep
//! nobody out, however many connections they open and hold. Those that have been let in are
//! counted apart, and keep their places.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// How many newcomers there are at most
const NEWCOMERS: usize = 64;

/// All open connections
#[derive(Debug)]
pub(super) struct Connections {
    /// The longest here first
    newcomers: Mutex<VecDeque<Arc<Connection>>>,
    places: Arc<Semaphore>,
}

/// One of them
#[derive(Debug, Default)]
pub(super) struct Connection {
    sent_off: Notify,
    place: OnceLock<OwnedSemaphorePermit>,
}

impl Connections {
    /// With places for so many that have been let in
    pub(super) fn new(places: usize) -> Self {
        let places = Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS)));
        Self { newcomers: Mutex::default(), places }
    }

    /// A newcomer; the longest here goes if there are too many
    pub(super) fn arrive(&self) -> Arc<Connection> {
        let newcomer = Arc::new(Connection::default());
        let mut newcomers = self.newcomers();
        newcomers.push_back(newcomer.clone());
        if newcomers.len() > NEWCOMERS
            && let Some(longest) = newcomers.pop_front()
        {
            longest.sent_off.notify_one();
        }
        newcomer
    }

    /// Gives a connection a place, which it keeps; false if all are taken
    pub(super) fn let_in(&self, connection: &Arc<Connection>) -> bool {
        if connection.place.get().is_some() {
            return true;
        }
        let Ok(place) = self.places.clone().try_acquire_owned() else { return false };
        // Requests of one connection come one after another, so nobody else has set it.
        let _ = connection.place.set(place);
        self.leave(connection);
        true
    }

    /// A connection is no newcomer any more
    pub(super) fn leave(&self, connection: &Arc<Connection>) {
        self.newcomers().retain(|newcomer| !Arc::ptr_eq(newcomer, connection));
    }

    fn newcomers(&self) -> MutexGuard<'_, VecDeque<Arc<Connection>>> {
        self.newcomers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    /// Waits until it has to go
    pub(super) async fn sent_off(&self) {
        self.sent_off.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::task::yield_now;

    use super::*;

    async fn is_sent_off(connection: &Connection) -> bool {
        tokio::select! {
            biased;
            () = connection.sent_off() => true,
            () = yield_now() => false,
        }
    }

    #[tokio::test]
    async fn the_newcomer_that_has_waited_longest_goes() {
        let connections = Connections::new(2);
        let first = connections.arrive();
        let second = connections.arrive();
        assert!(connections.let_in(&second));
        let third = connections.arrive();
        for _ in 0..NEWCOMERS - 2 {
            connections.arrive();
        }
        assert!(!is_sent_off(&first).await);
        connections.arrive();
        assert!(is_sent_off(&first).await);
        assert!(!is_sent_off(&second).await && !is_sent_off(&third).await);
        connections.leave(&third);
        connections.arrive();
        for _ in 0..2 * NEWCOMERS {
            connections.arrive();
        }
        assert!(!is_sent_off(&second).await, "one that has been let in had to go");
        assert!(!is_sent_off(&third).await, "one that had left was sent off");
    }

    #[tokio::test]
    async fn a_place_is_kept_until_its_connection_ends() {
        let connections = Connections::new(1);
        let (first, second) = (connections.arrive(), connections.arrive());
        assert!(connections.let_in(&first) && connections.let_in(&first));
        assert!(!connections.let_in(&second));
        connections.leave(&first);
        drop(first);
        assert!(connections.let_in(&second));
    }
}
