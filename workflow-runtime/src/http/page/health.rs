//! How the engine is.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::Page;
use super::trouble::Trouble;
use super::view::{Badge, Frame, html};
use super::visitor::Visitor;
use crate::engine::{ClusterHealth, Health, HealthStatus, StoreHealth};
use crate::words::{self, size};

/// A figure with its name
type Figure = (&'static str, String);

#[derive(Template)]
#[template(path = "page/health.html")]
struct Shown<'a> {
    frame: Frame<'a>,
    health: &'a Health,
    badge: Badge,
    figures: Vec<Figure>,
}

/// The page
pub(super) async fn show(State(page): State<Arc<Page>>, visitor: Visitor) -> Response {
    let health = match page.engine.health().await {
        Ok(health) => health,
        Err(error) => return Trouble::from(error).show(&visitor),
    };
    let badge = Badge::of(match health.status {
        HealthStatus::Ok => "ok",
        HealthStatus::Degraded => "degraded",
    });
    let frame = Frame::new("Health", "health", &visitor);
    html(StatusCode::OK, &Shown { frame, badge, figures: figures(&health), health: &health })
}

fn figures(health: &Health) -> Vec<Figure> {
    let mut figures = vec![
        ("Version", health.version.clone()),
        ("Engine", health.engine.clone()),
        ("Up for", words::time(health.uptime_seconds)),
    ];
    figures.extend(health.store.iter().flat_map(of_store));
    figures.extend(health.cluster.iter().flat_map(of_cluster));
    figures.extend([
        ("Commands that wait", health.queue_depth.to_string()),
        ("Runs in memory", health.cache.runs.to_string()),
        ("Found there", found(health.cache.hits, health.cache.misses)),
        ("Memory of the process", health.memory_bytes.map_or_else(unknown, size)),
    ]);
    figures
}

fn of_store(store: &StoreHealth) -> Vec<Figure> {
    let (unfinished, most) = (count(store.unfinished_runs), store.max_unfinished_runs);
    vec![
        ("Store", store.path.clone()),
        ("Size of the store", store.bytes.map_or_else(unknown, size)),
        ("Unfinished runs", format!("{unfinished} of at most {most}")),
        ("Overdue", count(store.overdue)),
    ]
}

fn of_cluster(cluster: &ClusterHealth) -> Vec<Figure> {
    let (unfinished, most) = (count(cluster.unfinished_runs), cluster.max_unfinished_runs);
    let answers = if cluster.reachable { "answers" } else { "does not answer" };
    let version = cluster.server_version.as_ref().map(|version| format!(", version {version}"));
    let here = if cluster.works_here { ", this process among them" } else { "" };
    vec![
        ("Cluster", format!("{}, {answers}{}", cluster.host, version.unwrap_or_default())),
        ("Namespace", cluster.namespace.clone()),
        ("Task queue", cluster.task_queue.clone()),
        ("Workers", format!("{}{here}", count(cluster.workers))),
        ("Tasks that wait", count(cluster.backlog)),
        ("Unfinished runs", format!("{unfinished} of at most {most}")),
        ("Memory of runs", cluster.database.clone().unwrap_or_else(|| "off".to_owned())),
    ]
}

/// How often a run that was wanted was in memory
fn found(hits: u64, misses: u64) -> String {
    format!("{hits} of {} times", hits + misses)
}

fn count(count: Option<u64>) -> String {
    count.map_or_else(unknown, |count| count.to_string())
}

fn unknown() -> String {
    "not known".to_owned()
}
