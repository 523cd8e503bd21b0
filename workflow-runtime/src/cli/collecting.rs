//! Whether what happens is sent to a collector of OpenTelemetry, by the variables `OTEL_…`.

#[cfg(not(feature = "otlp"))]
use std::env;
use std::sync::Arc;

use tracing_subscriber::{Layer, Registry as Spans};

use super::failure::Failure;
use crate::engine::Engine;
use crate::registry::Registry;
use crate::telemetry::Telemetry;
#[cfg(feature = "otlp")]
use crate::telemetry::otlp::Collector;

/// Names a collector; the feature `otlp` knows more of them
#[cfg(not(feature = "otlp"))]
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// The collector that a process sends to, if there is one
#[derive(Default)]
pub(crate) struct Collecting {
    #[cfg(feature = "otlp")]
    collector: Option<Collector>,
}

impl Collecting {
    /// The one that the environment names
    #[cfg(feature = "otlp")]
    pub(crate) fn named() -> Result<Self, Failure> {
        let collector = Collector::named().map_err(|error| {
            Failure::usage(format!("a collector cannot be sent to: {error}"))
                .help("see the variables OTEL_EXPORTER_OTLP_…, docs/monitoring.md has them")
        })?;
        Ok(Self { collector })
    }

    /// There is none: this program was built without the feature
    #[cfg(not(feature = "otlp"))]
    pub(crate) fn named() -> Result<Self, Failure> {
        match env::var_os(ENDPOINT) {
            Some(endpoint) if !endpoint.is_empty() => {
                Err(Failure::usage(format!("{ENDPOINT} is set, and nothing would be sent there"))
                    .help("build with `--features otlp`, or unset it"))
            }
            _ => Ok(Self::default()),
        }
    }

    /// What makes traces of spans
    pub(crate) fn layer(&self) -> Option<Box<dyn Layer<Spans> + Send + Sync>> {
        #[cfg(feature = "otlp")]
        return self.collector.as_ref().map(|collector| collector.layer().boxed());
        #[cfg(not(feature = "otlp"))]
        None
    }

    /// The same telemetry, told to the collector too
    pub(crate) fn and(&self, telemetry: Telemetry, workflows: &Registry) -> Telemetry {
        #[cfg(feature = "otlp")]
        if let Some(collector) = &self.collector {
            return telemetry.and_for(collector, workflows);
        }
        let _ = workflows;
        telemetry
    }

    /// Has what stands at the moment sent along
    pub(crate) async fn watch(&self, engine: &Arc<dyn Engine>) {
        #[cfg(feature = "otlp")]
        if let Some(collector) = &self.collector {
            collector.watch(engine.clone()).await;
        }
        let _ = engine;
    }

    /// Sends what is left; the engine is still there
    pub(crate) fn close(&self) {
        #[cfg(feature = "otlp")]
        if let Some(collector) = &self.collector {
            collector.close();
        }
    }
}
