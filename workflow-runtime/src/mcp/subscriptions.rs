//! Who has asked to hear of a run is told when it moves, whoever moves it; and who has read the list of
//! resources, when runs were started since.
//!
//! Up to 2025-11-25 a client subscribes to one address after another, and its connection keeps what
//! it is subscribed to. From 2026-07-28 on it names all addresses in one request, which lasts as
//! long as the subscription does.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rmcp::ErrorData;
use rmcp::model::{ResourceUpdatedNotificationParam, SubscriptionFilter};
use rmcp::service::{Peer, RoleServer, SubscriptionContext};
use tokio::task::{AbortHandle, JoinSet};

use super::resources::{self, Address};
use crate::engine::{Engine, Standing};

/// How many addresses a client can be subscribed to at once
const MOST: usize = 1_000;

/// How long between two notifications about a run: what moves faster is told at once
const BREATH: Duration = Duration::from_millis(100);

/// How long between two looks whether runs were started
const LIST: Duration = Duration::from_secs(1);

/// How long until a run is looked at again that could not be looked at
const LATER: Duration = Duration::from_secs(1);

/// What a connection is subscribed to; it ends with the connection
#[derive(Default)]
pub(super) struct Subscriptions(Mutex<Watching>);

#[derive(Default)]
struct Watching {
    tasks: JoinSet<()>,
    by_uri: HashMap<String, AbortHandle>,
    /// Whether the client hears of the list
    list: bool,
}

impl Subscriptions {
    /// Subscribes a client to an address; it hears of whatever happens from here on
    ///
    /// Fails for what is not there, and for more addresses than a client may have.
    pub(super) async fn add(
        &self,
        engine: &Arc<dyn Engine>,
        uri: String,
        client: Peer<RoleServer>,
    ) -> Result<(), ErrorData> {
        let address = Address::parse(&uri)?;
        let Some(run_id) = address.resource.run_id() else {
            // A workflow stays as it is while the server runs: there is nothing to tell.
            return resources::read(engine.as_ref(), &uri).await.map(drop);
        };
        let seen =
            engine.standing(run_id).await.map_err(|error| resources::refusal(&uri, error))?;
        let mut watching = self.watching();
        // Those that have ended by themselves.
        while watching.tasks.try_join_next().is_some() {}
        if watching.by_uri.len() >= MOST && !watching.by_uri.contains_key(&uri) {
            let message = format!("a client can be subscribed to {MOST} resources at once");
            return Err(ErrorData::invalid_request(message, None));
        }
        let (engine, run_id, told) = (engine.clone(), run_id.to_owned(), uri.clone());
        let task = watching.tasks.spawn(async move {
            follow(engine.as_ref(), &run_id, Some(seen), || {
                let update = ResourceUpdatedNotificationParam::new(told.clone());
                async { client.notify_resource_updated(update).await.is_ok() }
            })
            .await;
        });
        if let Some(before) = watching.by_uri.insert(uri, task) {
            before.abort();
        }
        Ok(())
    }

    /// A client is about to read the list of resources: it hears of runs that are started from here on
    pub(super) async fn add_list(&self, engine: &Arc<dyn Engine>, client: Peer<RoleServer>) {
        let known = newest(engine.as_ref()).await;
        let mut watching = self.watching();
        if std::mem::replace(&mut watching.list, true) {
            return;
        }
        let engine = engine.clone();
        watching.tasks.spawn(async move {
            let tell = || async { client.notify_resource_list_changed().await.is_ok() };
            follow_list(engine.as_ref(), known, tell).await;
        });
    }

    /// Ends the subscription to an address, if there is one
    pub(super) fn remove(&self, uri: &str) {
        if let Some(task) = self.watching().by_uri.remove(uri) {
            task.abort();
        }
    }

    fn watching(&self) -> MutexGuard<'_, Watching> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Of what a client wants to hear, what there is to tell: moves of runs, and that runs were started
pub(super) fn accepted(requested: &SubscriptionFilter) -> SubscriptionFilter {
    let of_run = |uri: &&String| {
        Address::parse(uri).is_ok_and(|address| address.resource.run_id().is_some())
    };
    let uris = requested.resource_subscriptions.iter().flatten();
    let uris: Vec<String> = uris.filter(of_run).take(MOST).cloned().collect();
    let mut accepted = SubscriptionFilter::new();
    accepted.resource_subscriptions = Some(uris);
    accepted.resources_list_changed = requested.resources_list_changed;
    accepted
}

/// Tells of the runs of a subscription, and of their list, until its request is cancelled
///
/// Each is told of once at the beginning: what has moved since the client was told that it is
/// subscribed cannot be told from what moved before.
pub(super) async fn listen(engine: &Arc<dyn Engine>, subscription: SubscriptionContext) {
    let mut watching = JoinSet::new();
    for uri in subscription.accepted().resource_subscriptions.iter().flatten() {
        let Ok(address) = Address::parse(uri) else { continue };
        let Some(run_id) = address.resource.run_id().map(str::to_owned) else { continue };
        let (engine, uri, sink) = (engine.clone(), uri.clone(), subscription.sink().clone());
        watching.spawn(async move {
            let tell = || async { sink.notify_resource_updated(uri.clone()).await.is_ok() };
            follow(engine.as_ref(), &run_id, None, tell).await;
        });
    }
    if subscription.accepted().resources_list_changed == Some(true) {
        let (engine, sink) = (engine.clone(), subscription.sink().clone());
        watching.spawn(async move {
            let tell = || async { sink.notify_resource_list_changed().await.is_ok() };
            follow_list(engine.as_ref(), None, tell).await;
        });
    }
    // What watches is dropped with this, and ends.
    subscription.cancelled().await;
}

/// Tells whenever another run is the newest than was known to be, until there is nobody to tell
async fn follow_list<T: Future<Output = bool>>(
    engine: &dyn Engine,
    mut known: Option<String>,
    tell: impl Fn() -> T,
) {
    loop {
        // Where it cannot be known now, the next look will tell.
        if let Some(newest) = newest(engine).await
            && known.as_ref() != Some(&newest)
        {
            if !tell().await {
                return;
            }
            known = Some(newest);
        }
        tokio::time::sleep(LIST).await;
    }
}

/// The newest run, an empty id where there is none
async fn newest(engine: &dyn Engine) -> Option<String> {
    engine.newest().await.ok().map(Option::unwrap_or_default)
}

/// Tells whenever a run stands otherwise than it was seen to, until there is nobody to tell, or no
/// such run
async fn follow<T: Future<Output = bool>>(
    engine: &dyn Engine,
    run_id: &str,
    mut seen: Option<Standing>,
    tell: impl Fn() -> T,
) {
    loop {
        let now = match &seen {
            Some(seen) => engine.watch(run_id, seen.clone()).await,
            None => engine.standing(run_id).await,
        };
        match now {
            Ok(now) => {
                if !tell().await {
                    return;
                }
                seen = Some(now);
                tokio::time::sleep(BREATH).await;
            }
            Err(error) if error.code == "unknown-run" => return,
            Err(error) => {
                tracing::debug!(run_id, code = error.code, "a subscribed run cannot be looked at");
                tokio::time::sleep(LATER).await;
            }
        }
    }
}
