//! What stands at the moment, looked at when it is to be sent.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use opentelemetry::KeyValue;
use opentelemetry::metrics::Meter;
use prometheus_client::registry::Unit;
use tokio::runtime::Handle;

use crate::engine::Engine;
use crate::telemetry::standing::{Figure, Figures, Kind, Reading, figures};

/// How old figures may be that are sent; all that are sent together are looked at once
const FRESH: Duration = Duration::from_secs(1);

/// How long an engine may take to say how it is
const PATIENCE: Duration = Duration::from_secs(2);

/// Has the figures of an engine sent whenever the meter's are
///
/// Those are sent that it tells now; what it cannot tell now is not asked again.
pub(super) async fn watch(meter: &Meter, engine: Arc<dyn Engine>) {
    let first = match figures(engine.as_ref()).await {
        Ok(first) => first,
        Err(error) => {
            tracing::warn!(code = error.code, %error, "the engine's figures are not sent");
            return;
        }
    };
    let all = first.0.iter().map(|Figure { name, help, unit, kind, .. }| {
        (*name, *help, unit.as_ref().map_or("", word), *kind)
    });
    let all: Vec<_> = all.collect();
    let looks = Arc::new(Looks {
        engine,
        runtime: Handle::current(),
        latest: Mutex::new((Instant::now(), Arc::new(first))),
    });
    for (name, help, unit, kind) in all {
        let looks = looks.clone();
        let told_as = if kind == Kind::Info { format!("{name}_info") } else { name.to_owned() };
        let tell = move |told: &dyn Fn(f64, &[KeyValue])| looks.tell(name, told);
        if kind == Kind::Counter {
            meter
                .f64_observable_counter(told_as)
                .with_description(help)
                .with_unit(unit)
                .with_callback(move |to| tell(&|value, labels| to.observe(value, labels)))
                .build();
        } else {
            meter
                .f64_observable_gauge(told_as)
                .with_description(help)
                .with_unit(unit)
                .with_callback(move |to| tell(&|value, labels| to.observe(value, labels)))
                .build();
        }
    }
}

/// As OpenTelemetry names it
fn word(unit: &Unit) -> &'static str {
    match unit {
        Unit::Seconds => "s",
        Unit::Bytes => "By",
        _ => "1",
    }
}

/// What was seen last
struct Looks {
    engine: Arc<dyn Engine>,
    runtime: Handle,
    latest: Mutex<(Instant, Arc<Figures>)>,
}

impl Looks {
    fn tell(&self, name: &str, told: &dyn Fn(f64, &[KeyValue])) {
        let figures = self.now();
        let readings = figures.0.iter().filter(|figure| figure.name == name);
        for Reading { labels, value } in readings.flat_map(|figure| &figure.readings) {
            let labels = labels.iter().map(|(key, label)| KeyValue::new(*key, label.clone()));
            let labels: Vec<_> = labels.collect();
            told(value.as_f64(), &labels);
        }
    }

    /// What stands now; what stood last where the engine cannot say
    ///
    /// The thread that sends is none of the runtime's, so it may wait for them.
    fn now(&self) -> Arc<Figures> {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.0.elapsed() > FRESH {
            let looking =
                async { tokio::time::timeout(PATIENCE, figures(self.engine.as_ref())).await };
            if let Ok(Ok(seen)) = self.runtime.block_on(looking) {
                *latest = (Instant::now(), Arc::new(seen));
            }
        }
        latest.1.clone()
    }
}
