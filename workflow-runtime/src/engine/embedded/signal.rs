//! Tells the side that makes calls that there may be something to do, once that is durable.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// From the thread that writes to the tasks that wait for what it has written
#[derive(Default)]
pub(super) struct Signal {
    raised: AtomicBool,
    /// Keeps one notice for whoever is not waiting at the moment
    notify: Notify,
}

impl Signal {
    /// Something has changed in a transaction that may still come to nothing
    pub(super) fn raise(&self) {
        self.raised.store(true, Ordering::Relaxed);
    }

    /// The transaction is done, well or not: a notice too many does no harm
    pub(super) fn send(&self) {
        if self.raised.swap(false, Ordering::Relaxed) {
            self.notify.notify_one();
        }
    }

    /// Waits for what has been sent since
    pub(super) async fn received(&self) {
        self.notify.notified().await;
    }
}
