//! The sessions of clients that begin with `initialize`: as many as have places.
//!
//! A session holds nothing of a run; it only leads what the server has to say to its client. When
//! there are too many, the one that was not used for the longest time is closed: its client gets
//! a 404, on which the protocol has it begin anew.

use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_core::Stream;
use lru::LruCache;
use rmcp::model::{ClientJsonRpcMessage, ServerJsonRpcMessage};
use rmcp::transport::streamable_http_server::session::local::{
    LocalSessionManager, LocalSessionManagerError,
};
use rmcp::transport::streamable_http_server::session::{
    ServerSseMessage, SessionId, SessionManager,
};

/// How many there are at most; one takes some 60 KiB
const MOST: NonZeroUsize = NonZeroUsize::new(256).expect("it is not zero");

/// How long one is kept that nobody uses: a user may think over an answer for a night
const IDLE: Duration = Duration::from_hours(24);

/// How long a reply is kept for a client whose connection broke while it was sent
///
/// It asks again after three seconds. Any later, it can ask for the same reply by a new call.
const RESENDABLE: Duration = Duration::from_secs(10);

/// The sessions, and in which order they were used
#[derive(Debug)]
pub(super) struct Sessions {
    local: LocalSessionManager,
    used: Mutex<LruCache<SessionId, ()>>,
}

impl Default for Sessions {
    fn default() -> Self {
        let mut local = LocalSessionManager::default();
        local.session_config.keep_alive = Some(IDLE);
        local.session_config.completed_cache_ttl = RESENDABLE;
        Self { local, used: Mutex::new(LruCache::new(MOST)) }
    }
}

impl Sessions {
    fn used(&self) -> MutexGuard<'_, LruCache<SessionId, ()>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Error = LocalSessionManagerError;

impl SessionManager for Sessions {
    type Error = Error;
    type Transport = <LocalSessionManager as SessionManager>::Transport;

    async fn create_session(&self) -> Result<(SessionId, Self::Transport), Error> {
        let (id, transport) = self.local.create_session().await?;
        let longest_unused = self.used().push(id.clone(), ());
        if let Some((longest_unused, ())) = longest_unused {
            tracing::debug!(session = %longest_unused, "closing the session unused for longest");
            self.local.close_session(&longest_unused).await?;
        }
        Ok((id, transport))
    }

    async fn initialize_session(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<ServerJsonRpcMessage, Error> {
        self.local.initialize_session(id, message).await
    }

    async fn has_session(&self, id: &SessionId) -> Result<bool, Error> {
        self.used().promote(id);
        self.local.has_session(id).await
    }

    async fn close_session(&self, id: &SessionId) -> Result<(), Error> {
        self.used().pop(id);
        self.local.close_session(id).await
    }

    async fn create_stream(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Error> {
        self.local.create_stream(id, message).await
    }

    async fn accept_message(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<(), Error> {
        self.local.accept_message(id, message).await
    }

    async fn create_standalone_stream(
        &self,
        id: &SessionId,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Error> {
        self.local.create_standalone_stream(id).await
    }

    async fn resume(
        &self,
        id: &SessionId,
        last_event_id: String,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Error> {
        self.local.resume(id, last_event_id).await
    }
}
