//! What stands as it is at the moment, and is not counted: queues, ages, the process's memory.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Unit;

use super::process::Process;
use crate::connectors::Reach;
use crate::engine::{
    Age, ConnectorHealth, Engine, EngineError, Health, StoreHealth, Waiting, WaitsOn,
};

/// A figure that is looked at when somebody asks
#[derive(Debug)]
pub(super) struct Figure {
    pub(super) name: &'static str,
    pub(super) help: &'static str,
    pub(super) unit: Option<Unit>,
    pub(super) kind: Kind,
    pub(super) readings: Vec<Reading>,
}

/// What can be done with a figure
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It goes up and down
    Gauge,
    /// It only goes up, while the process lives
    Counter,
    /// Its labels are all there is to it
    Info,
}

/// A value, and whose it is
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) labels: Vec<(&'static str, String)>,
    pub(super) value: Value,
}

/// How much
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    Whole(i64),
    Part(f64),
}

/// All that stands at the moment; fails where the engine cannot say how it is
pub(super) async fn figures(engine: &dyn Engine) -> Result<Figures, EngineError> {
    let (health, waiting) = (engine.health().await?, engine.waiting().await?);
    let mut figures = Figures(Vec::new());
    figures.engine(&health);
    health.store.iter().for_each(|store| figures.store(store));
    figures.waiting(&waiting);
    figures.connectors(&health.connectors);
    figures.process(Process::now(), health.uptime_seconds);
    Ok(figures)
}

/// Figures that were looked at together
#[derive(Debug)]
pub(super) struct Figures(pub(super) Vec<Figure>);

impl Figures {
    fn engine(&mut self, health: &Health) {
        let Health { version, engine, cache, queue_depth, problems, .. } = health;
        let labels = vec![("version", version.clone()), ("engine", engine.clone())];
        let build = vec![Reading { labels, value: Value::Whole(1) }];
        let help = "The server's version, and its engine";
        self.add(Kind::Info, "workflow_build", help, None, build);
        self.gauge("workflow_queue_depth", "Commands that are not answered yet", *queue_depth);
        self.gauge("workflow_problems", "Problems that `health_check` tells", problems.len());
        self.gauge("workflow_cache_runs", "Runs kept decoded in memory", cache.runs);
        let looks = [
            ("workflow_cache_hits", "Looks at a run that found it decoded", cache.hits),
            ("workflow_cache_misses", "Looks at a run that had to decode it", cache.misses),
        ];
        for (name, help, count) in looks {
            self.add(Kind::Counter, name, help, None, one(whole(count)));
        }
    }

    fn store(&mut self, store: &StoreHealth) {
        if let Some(bytes) = store.bytes {
            let help = "The store's size, with what is not yet folded into it";
            self.add(Kind::Gauge, "workflow_store", help, Some(Unit::Bytes), one(whole(bytes)));
        }
        if let Some(runs) = store.unfinished_runs {
            self.gauge("workflow_runs_unfinished", "Runs that have not ended", runs);
        }
        let most = store.max_unfinished_runs;
        self.gauge("workflow_runs_unfinished_limit", "How many of them there may be", most);
        if let Some(overdue) = store.overdue {
            let help = "What was due a minute ago and has not been applied";
            self.gauge("workflow_timers_overdue", help, overdue);
        }
    }

    fn waiting(&mut self, waiting: &[Waiting]) {
        // An engine that does not know how many wait says so by nothing, rather than by zeros.
        if waiting.is_empty() {
            return;
        }
        let pairs = WaitsOn::ALL.into_iter().flat_map(|on| Age::ALL.map(|age| (on, age)));
        let readings = pairs.map(|(on, age)| {
            let runs = waiting.iter().filter(|these| (these.on, these.age) == (on, age));
            let labels = vec![("on", on.word().to_owned()), ("age", age.word().to_owned())];
            Reading { labels, value: whole(runs.map(|these| these.runs).sum::<u64>()) }
        });
        let help = "Runs that wait, by what for and since when nothing of them has moved";
        self.add(Kind::Gauge, "workflow_runs_waiting", help, None, readings.collect());
    }

    fn connectors(&mut self, connectors: &[ConnectorHealth]) {
        let of = |server: &ConnectorHealth| ("server", server.name.clone());
        let up = connectors.iter().map(|server| {
            let value = whole(i64::from(server.reach != Reach::Failed));
            Reading { labels: vec![of(server)], value }
        });
        let help = "0 where the last attempt to reach a server failed, else 1";
        self.add(Kind::Gauge, "workflow_connector_up", help, None, up.collect());
        let calls = connectors.iter().flat_map(|server| {
            let states = [("under_way", server.calls_under_way), ("waiting", server.calls_waiting)];
            states.map(|(state, calls)| {
                let labels = vec![of(server), ("state", state.to_owned())];
                Reading { labels, value: whole(calls) }
            })
        });
        let help = "Calls to servers that are not done";
        self.add(Kind::Gauge, "workflow_connector_calls", help, None, calls.collect());
    }

    fn process(&mut self, process: Process, uptime_seconds: u64) {
        let Process { cpu_seconds, memory, open_files } = process;
        let (seconds, bytes) = (Some(Unit::Seconds), Some(Unit::Bytes));
        if let Some(spent) = cpu_seconds {
            let spent = one(Value::Part(spent));
            self.add(Kind::Counter, "process_cpu", "Time on a processor", seconds.clone(), spent);
        }
        if let Some(memory) = memory {
            let memory = one(whole(memory));
            self.add(Kind::Gauge, "process_resident_memory", "Memory in use", bytes, memory);
        }
        if let Some(files) = open_files {
            self.gauge("process_open_fds", "Open files, sockets too", files);
        }
        let uptime = one(whole(uptime_seconds));
        self.add(Kind::Gauge, "workflow_uptime", "Since the engine began", seconds, uptime);
    }

    fn gauge(&mut self, name: &'static str, help: &'static str, value: impl TryInto<i64>) {
        self.add(Kind::Gauge, name, help, None, one(whole(value)));
    }

    fn add(
        &mut self,
        kind: Kind,
        name: &'static str,
        help: &'static str,
        unit: Option<Unit>,
        readings: Vec<Reading>,
    ) {
        self.0.push(Figure { name, help, unit, kind, readings });
    }
}

fn one(value: Value) -> Vec<Reading> {
    vec![Reading { labels: Vec::new(), value }]
}

fn whole(figure: impl TryInto<i64>) -> Value {
    Value::Whole(figure.try_into().unwrap_or(i64::MAX))
}

impl Collector for Figures {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        for Figure { name, help, unit, kind, readings } in &self.0 {
            let metric = match kind {
                Kind::Gauge => MetricType::Gauge,
                Kind::Counter => MetricType::Counter,
                Kind::Info => MetricType::Info,
            };
            let mut of = encoder.encode_descriptor(name, help, unit.as_ref(), metric)?;
            for reading in readings {
                reading.encode(*kind, &mut of)?;
            }
        }
        Ok(())
    }
}

impl Reading {
    fn encode(&self, kind: Kind, of: &mut MetricEncoder) -> fmt::Result {
        let Self { labels, value } = self;
        match kind {
            Kind::Info => of.encode_info(labels),
            _ if labels.is_empty() => value.encode(kind, of),
            _ => value.encode(kind, &mut of.encode_family(labels)?),
        }
    }
}

impl Value {
    /// What a float holds of it
    #[cfg(feature = "otlp")]
    #[expect(clippy::cast_precision_loss, reason = "a figure that is drawn, and not counted with")]
    pub(super) fn as_f64(self) -> f64 {
        match self {
            Self::Whole(value) => value as f64,
            Self::Part(value) => value,
        }
    }

    fn encode(self, kind: Kind, of: &mut MetricEncoder) -> fmt::Result {
        match (kind, self) {
            (Kind::Counter, Self::Whole(value)) => {
                of.encode_counter::<NoLabelSet, _, u64>(&value.unsigned_abs(), None)
            }
            (Kind::Counter, Self::Part(value)) => {
                of.encode_counter::<NoLabelSet, _, u64>(&value, None)
            }
            (_, Self::Whole(value)) => of.encode_gauge(&value),
            (_, Self::Part(value)) => of.encode_gauge(&value),
        }
    }
}
