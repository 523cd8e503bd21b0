//! All figures as Prometheus reads them: what was counted, and what stands at the moment.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::Telemetry;
use super::process::Process;
use crate::connectors::Reach;
use crate::engine::{
    Age, ConnectorHealth, Engine, EngineError, Health, StoreHealth, Waiting, WaitsOn,
};

/// The format of [`Exposition::text`], as HTTP names it
pub(crate) const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// How long an engine may take to say that it is ready
const PATIENCE: Duration = Duration::from_secs(2);

/// What an operator's systems can ask of a server
#[derive(Clone)]
pub struct Exposition {
    telemetry: Telemetry,
    engine: Arc<dyn Engine>,
}

impl Exposition {
    /// What was told to `telemetry`, and how the engine is
    pub fn new(telemetry: Telemetry, engine: Arc<dyn Engine>) -> Self {
        Self { telemetry, engine }
    }

    /// All figures, in the text format of `OpenMetrics`
    ///
    /// Fails where the engine cannot say how it is.
    pub async fn text(&self) -> Result<String, EngineError> {
        let figures = Figures::of(self.engine.as_ref()).await?;
        let mut standing = Registry::default();
        figures.register(&mut standing);
        let mut told = String::new();
        let counted = self.telemetry.meters.as_ref();
        let encoded = counted
            .map_or(Ok(()), |meters| text::encode_registry(&mut told, &meters.registry))
            .and_then(|()| text::encode(&mut told, &standing));
        encoded.map_err(|error| {
            EngineError::new("internal", format!("figures cannot be told: {error}"), "report this")
        })?;
        Ok(told)
    }

    /// Whether the engine answers, and can do what it is asked for
    pub async fn is_ready(&self) -> bool {
        matches!(tokio::time::timeout(PATIENCE, self.engine.ready()).await, Ok(Ok(())))
    }
}

/// What stands at the moment
struct Figures {
    health: Health,
    waiting: Vec<Waiting>,
    process: Process,
}

impl Figures {
    async fn of(engine: &dyn Engine) -> Result<Self, EngineError> {
        let (health, waiting) = (engine.health().await?, engine.waiting().await?);
        Ok(Self { health, waiting, process: Process::now() })
    }

    fn register(&self, registry: &mut Registry) {
        self.register_engine(registry);
        self.health.store.iter().for_each(|store| register_store(store, registry));
        self.register_waiting(registry);
        self.register_connectors(registry);
        self.register_process(registry);
    }

    fn register_engine(&self, registry: &mut Registry) {
        let Health { version, engine, cache, queue_depth, problems, .. } = &self.health;
        let build = Info::new([("version", version.clone()), ("engine", engine.clone())]);
        registry.register("workflow_build", "The server's version, and its engine", build);
        gauge(registry, "workflow_queue_depth", "Commands that are not answered yet", *queue_depth);
        gauge(registry, "workflow_problems", "Problems that `health_check` tells", problems.len());
        gauge(registry, "workflow_cache_runs", "Runs kept decoded in memory", cache.runs);
        let looks = [
            ("workflow_cache_hits", "Looks at a run that found it decoded", cache.hits),
            ("workflow_cache_misses", "Looks at a run that had to decode it", cache.misses),
        ];
        for (name, help, count) in looks {
            registry.register(name, help, ConstCounter::new(count));
        }
    }

    fn register_waiting(&self, registry: &mut Registry) {
        // An engine that does not know how many wait says so by nothing, rather than by zeros.
        if self.waiting.is_empty() {
            return;
        }
        let waiting = Family::<[(&str, &str); 2], Gauge>::default();
        for (on, age) in WaitsOn::ALL.into_iter().flat_map(|on| Age::ALL.map(|age| (on, age))) {
            let runs = self.waiting.iter().filter(|these| (these.on, these.age) == (on, age));
            let runs = runs.map(|these| these.runs).sum::<u64>();
            let labels = [("on", on.word()), ("age", age.word())];
            waiting.get_or_create(&labels).set(runs.try_into().unwrap_or(i64::MAX));
        }
        let help = "Runs that wait, by what for and since when nothing of them has moved";
        registry.register("workflow_runs_waiting", help, waiting);
    }

    fn register_connectors(&self, registry: &mut Registry) {
        let up = Family::<[(&str, String); 1], Gauge>::default();
        let calls = Family::<[(&str, String); 2], Gauge>::default();
        for ConnectorHealth { name, reach, calls_under_way, calls_waiting, .. } in
            &self.health.connectors
        {
            up.get_or_create(&[("server", name.clone())]).set((*reach != Reach::Failed).into());
            for (state, count) in [("under_way", calls_under_way), ("waiting", calls_waiting)] {
                let labels = [("server", name.clone()), ("state", state.to_owned())];
                calls.get_or_create(&labels).set((*count).try_into().unwrap_or(i64::MAX));
            }
        }
        let help = "0 where the last attempt to reach a server failed, else 1";
        registry.register("workflow_connector_up", help, up);
        registry.register("workflow_connector_calls", "Calls to servers that are not done", calls);
    }

    fn register_process(&self, registry: &mut Registry) {
        let Process { cpu_seconds, memory, open_files } = self.process;
        if let Some(seconds) = cpu_seconds {
            let help = "Time on a processor";
            let counter = ConstCounter::new(seconds);
            registry.register_with_unit("process_cpu", help, Unit::Seconds, counter);
        }
        if let Some(bytes) = memory {
            let help = "Memory in use";
            registry.register_with_unit("process_resident_memory", help, Unit::Bytes, whole(bytes));
        }
        if let Some(files) = open_files {
            gauge(registry, "process_open_fds", "Open files, sockets too", files);
        }
        let help = "Since the engine began";
        let uptime = whole(self.health.uptime_seconds);
        registry.register_with_unit("workflow_uptime", help, Unit::Seconds, uptime);
    }
}

fn register_store(store: &StoreHealth, registry: &mut Registry) {
    if let Some(bytes) = store.bytes {
        let help = "The store's size, with what is not yet folded into it";
        registry.register_with_unit("workflow_store", help, Unit::Bytes, whole(bytes));
    }
    if let Some(runs) = store.unfinished_runs {
        gauge(registry, "workflow_runs_unfinished", "Runs that have not ended", runs);
    }
    let most = store.max_unfinished_runs;
    gauge(registry, "workflow_runs_unfinished_limit", "How many of them there may be", most);
    if let Some(overdue) = store.overdue {
        let help = "What was due a minute ago and has not been applied";
        gauge(registry, "workflow_timers_overdue", help, overdue);
    }
}

fn gauge(registry: &mut Registry, name: &str, help: &str, figure: impl TryInto<i64>) {
    registry.register(name, help, whole(figure));
}

fn whole(figure: impl TryInto<i64>) -> ConstGauge {
    ConstGauge::new(figure.try_into().unwrap_or(i64::MAX))
}
