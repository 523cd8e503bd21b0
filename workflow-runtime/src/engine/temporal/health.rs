//! How the fleet is, as this process sees it.

use std::sync::PoisonError;

use temporalio_client::tonic::Request;
use temporalio_common::protos::temporal::api::enums::v1::TaskQueueType;
use temporalio_common::protos::temporal::api::taskqueue::v1::TaskQueue;
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    DescribeNamespaceRequest, DescribeTaskQueueRequest, GetSystemInfoRequest,
};

use super::Temporal;
use super::worker::Working;
use crate::connectors::{Connector, Reach};
use crate::engine::{
    CacheHealth, Check, ClusterHealth, ConnectorHealth, EngineError, Health, HealthStatus, Phase,
    Problem,
};
use crate::machine::Limit;
use crate::plural::count;

/// A day, in seconds
const DAY: i64 = 24 * 60 * 60;

/// How many days runs that have ended should be kept
const WEEK: u64 = 7;

/// How the fleet is; what could not be had is told among the problems
pub(super) async fn measure(engine: &Temporal) -> Result<Health, EngineError> {
    let mut problems = Vec::new();
    let cluster = cluster(engine, &mut problems).await;
    let connectors = connectors(engine, &mut problems);
    if let Some(memory) = &engine.memory
        && let Err(error) = memory.health().await
    {
        problems.push(error.into());
    }
    let runs = engine
        .known
        .as_ref()
        .map_or(0, |known| known.lock().unwrap_or_else(PoisonError::into_inner).len());
    Ok(Health {
        status: if problems.is_empty() { HealthStatus::Ok } else { HealthStatus::Degraded },
        version: env!("CARGO_PKG_VERSION").to_owned(),
        engine: "temporal".to_owned(),
        uptime_seconds: engine.since.elapsed().as_secs(),
        store: None,
        cluster: Some(cluster),
        connectors,
        queue_depth: 0,
        cache: CacheHealth { runs, ..CacheHealth::default() },
        memory_bytes: crate::engine::health::memory(),
        problems,
    })
}

/// What should hold of the fleet before others rely on it
pub(super) async fn checks(engine: &Temporal) -> Vec<Check> {
    let phase = Phase::During;
    let mut problems = Vec::new();
    let cluster = cluster(engine, &mut problems).await;
    let mut checks: Vec<Check> = problems
        .into_iter()
        .map(|problem| Check::fail(phase, "cluster", problem.message, problem.help))
        .collect();
    if cluster.reachable {
        let version = cluster.server_version.unwrap_or_default();
        checks.push(Check::ok(phase, "cluster", format!("`{}` answers, {version}", cluster.host)));
        checks.push(retention(engine).await);
    }
    if let Some(workers) = cluster.workers.filter(|workers| *workers > 0) {
        let (queue, tasks) = (&cluster.task_queue, cluster.backlog.unwrap_or_default());
        let (workers, tasks) = (count(workers, "worker"), count(tasks, "task"));
        checks.push(Check::ok(
            phase,
            "workers",
            format!("{workers} on `{queue}`, {tasks} waiting"),
        ));
    }
    checks.push(database(engine).await);
    checks
}

async fn database(engine: &Temporal) -> Check {
    let (phase, name) = (Phase::During, "database");
    let Some(memory) = &engine.memory else {
        let to_do = "name a PostgreSQL database with WORKFLOW_DATABASE_URL";
        return Check::warn(phase, name, "there is none, and `memory.*` is off", to_do);
    };
    match memory.health().await {
        Ok(rows) => {
            let found = format!("`{}` answers, {} kept", memory.place(), count(rows, "thing"));
            Check::ok(phase, name, found)
        }
        Err(error) => Check::fail(phase, name, error.message, error.help),
    }
}

/// How long the cluster keeps runs that have ended
async fn retention(engine: &Temporal) -> Check {
    let (phase, name, link) = (Phase::During, "retention", &engine.link);
    let ask = DescribeNamespaceRequest {
        namespace: link.namespace.clone(),
        ..DescribeNamespaceRequest::default()
    };
    let mut service = link.client.connection().workflow_service();
    let told = link.in_time(service.describe_namespace(Request::new(ask))).await;
    let told = match told.and_then(|told| told.map_err(|status| link.failed(&status))) {
        Ok(told) => told.into_inner(),
        Err(error) => return Check::fail(phase, name, error.message, error.help),
    };
    let kept = told.config.and_then(|config| config.workflow_execution_retention_ttl);
    let days = kept.map_or(0, |kept| u64::try_from(kept.seconds / DAY).unwrap_or_default());
    let found = format!("runs that have ended are kept for {}", count(days, "day"));
    if days < WEEK {
        let to_do = "raise the namespace's retention, or export runs that have to be kept longer";
        return Check::warn(phase, name, found, to_do);
    }
    Check::ok(phase, name, found)
}

async fn cluster(engine: &Temporal, problems: &mut Vec<Problem>) -> ClusterHealth {
    let link = &engine.link;
    let limits = engine.workshop.limits;
    let mut health = ClusterHealth {
        host: link.host.clone(),
        namespace: link.namespace.clone(),
        task_queue: link.task_queue.clone(),
        max_unfinished_runs: limits.get(Limit::Runs),
        database: engine.memory.as_ref().map(|memory| memory.place().to_owned()),
        ..ClusterHealth::default()
    };
    {
        let working = engine.working.lock().unwrap_or_else(PoisonError::into_inner);
        health.works_here = working.is_some();
        if let Some(why) = working.as_ref().and_then(Working::trouble) {
            problems.push(Problem {
                message: format!("the worker of this process does not work: {why}"),
                help: "see the server's log; it is started anew by itself".to_owned(),
            });
        }
    }
    let mut service = link.client.connection().workflow_service();
    let asked = link.in_time(service.get_system_info(Request::new(GetSystemInfoRequest {}))).await;
    match asked.and_then(|told| told.map_err(|status| link.failed(&status))) {
        Ok(told) => {
            health.reachable = true;
            health.server_version = Some(told.into_inner().server_version);
        }
        Err(error) => {
            problems.push(error.into());
            return health;
        }
    }
    match queue(engine).await {
        Ok((workers, backlog)) => {
            (health.workers, health.backlog) = (Some(workers), backlog);
            if workers == 0 {
                problems.push(Problem {
                    message: format!("no worker asks for work on `{}`", link.task_queue),
                    help: "start one with `workflow-server worker`".to_owned(),
                });
            }
        }
        Err(error) => problems.push(error.into()),
    }
    match engine.open_runs().await {
        Ok(runs) => {
            health.unfinished_runs = Some(runs);
            if runs >= health.max_unfinished_runs {
                let error = crate::engine::rules::failure::too_many_runs(limits);
                problems.push(error.into());
            }
        }
        Err(error) => problems.push(error.into()),
    }
    health
}

/// The workers that ask for work, and the tasks that wait for one
async fn queue(engine: &Temporal) -> Result<(u64, Option<u64>), EngineError> {
    let link = &engine.link;
    let ask = DescribeTaskQueueRequest {
        namespace: link.namespace.clone(),
        task_queue: Some(TaskQueue { name: link.task_queue.clone(), ..TaskQueue::default() }),
        task_queue_type: TaskQueueType::Workflow.into(),
        report_stats: true,
        ..DescribeTaskQueueRequest::default()
    };
    let mut service = link.client.connection().workflow_service();
    let told = link.in_time(service.describe_task_queue(Request::new(ask))).await?;
    let told = told.map_err(|status| link.failed(&status))?.into_inner();
    let mut names: Vec<&str> = told.pollers.iter().map(|poller| poller.identity.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let backlog = told.stats.map(|stats| stats.approximate_backlog_count);
    let backlog = backlog.and_then(|tasks| u64::try_from(tasks).ok());
    Ok((u64::try_from(names.len()).unwrap_or(u64::MAX), backlog))
}

fn connectors(engine: &Temporal, problems: &mut Vec<Problem>) -> Vec<ConnectorHealth> {
    let registry = &engine.workshop.registry;
    let health: Vec<ConnectorHealth> = engine
        .workshop
        .connectors
        .iter()
        .map(|(name, connector)| {
            let standing = connector.standing();
            ConnectorHealth {
                name: name.to_owned(),
                reach: standing.reach,
                last_error: standing.last_error,
                drifted: registry.locks().problems(name, &**connector as &dyn Connector),
                ..ConnectorHealth::default()
            }
        })
        .collect();
    problems.extend(health.iter().filter(|one| one.reach == Reach::Failed).map(|one| {
        let cause = one.last_error.as_ref().map_or("it has ended", |error| &error.message);
        Problem {
            message: format!("the server `{}` cannot be called: {cause}", one.name),
            help: format!("see `{}` in the file of connectors", one.name),
        }
    }));
    health
}
