//! Tells a browser when to look again: server-sent events, without what there is to see.
//!
//! An event says only that something has changed; the page is then taken anew. So there is one way
//! in which a run is shown, and nothing of it in the stream.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::trouble::Trouble;
use super::visitor::Visitor;
use super::{Page, runs};
use crate::engine::{EngineError, RunFilter, RunPage, Standing};

/// How long a stream is open: the browser then opens another, and is looked at anew
const LONGEST: Duration = Duration::from_mins(10);

/// How often something is sent if nothing happens, so that a browser that has gone is noticed
const BEAT: Duration = Duration::from_secs(15);

/// How often the list of runs is looked at while somebody sees it
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Events of a run: one at once, and one whenever it has moved
pub(super) async fn run(
    State(page): State<Arc<Page>>,
    visitor: Visitor,
    Path(run_id): Path<String>,
) -> Response {
    match page.engine.standing(&run_id).await {
        Ok(first) => stream(page, Watched::Run(run_id, first)),
        Err(error) => Trouble::from(error).show(&visitor),
    }
}

/// Events of a list of runs
pub(super) async fn runs(
    State(page): State<Arc<Page>>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let filter = runs::filter(&query.unwrap_or_default());
    match page.engine.list(filter.clone()).await {
        Ok(first) => stream(page, Watched::Runs(filter, mark_of(&first))),
        Err(error) => Trouble::from(error).show(&visitor),
    }
}

/// A number that is another for another list
pub(super) fn mark_of(page: &RunPage) -> u64 {
    crate::engine::mark(&serde_json::to_string(page).unwrap_or_default())
}

/// What is watched, and how it was seen last
enum Watched {
    Run(String, Standing),
    Runs(RunFilter, u64),
}

impl Watched {
    fn mark(&self) -> u64 {
        match self {
            Self::Run(_, seen) => seen.mark(),
            Self::Runs(_, seen) => *seen,
        }
    }

    /// Waits until it is otherwise
    async fn moved(&mut self, page: &Page) -> Result<(), EngineError> {
        match self {
            Self::Run(run_id, seen) => *seen = page.engine.watch(run_id, seen.clone()).await?,
            Self::Runs(filter, seen) => loop {
                sleep(LOOK_AGAIN).await;
                let now = mark_of(&page.engine.list(filter.clone()).await?);
                if now != *seen {
                    *seen = now;
                    break;
                }
            },
        }
        Ok(())
    }
}

fn stream(page: Arc<Page>, watched: Watched) -> Response {
    // One event under way is enough: who is slow misses nothing by missing some.
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(tell(page, watched, sender));
    let body = Body::from_stream(Events(receiver));
    ([(CONTENT_TYPE, "text/event-stream")], body).into_response()
}

/// Sends events until the browser has gone, time is up, or the server ends
async fn tell(page: Arc<Page>, mut watched: Watched, sender: mpsc::Sender<Bytes>) {
    let mut closing = page.closing.clone();
    let until = Instant::now() + LONGEST;
    let told = async {
        loop {
            let event = format!("event: stands\ndata: {}\n\n", watched.mark());
            if sender.send(event.into()).await.is_err() {
                break;
            }
            loop {
                match timeout(BEAT, watched.moved(&page)).await {
                    Ok(Ok(())) => break,
                    // The run is gone, or cannot be read: the page will say what is wrong.
                    Ok(Err(_)) => return,
                    Err(_) if sender.send(Bytes::from_static(b":\n\n")).await.is_err() => return,
                    Err(_) => {}
                }
            }
        }
    };
    tokio::select! {
        () = told => {}
        () = sender.closed() => {}
        () = sleep_until(until) => {}
        _ = closing.wait_for(|closing| *closing) => {}
    }
}

/// What comes through a channel, as a body
struct Events(mpsc::Receiver<Bytes>);

impl Stream for Events {
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|event| event.map(Ok))
    }
}
