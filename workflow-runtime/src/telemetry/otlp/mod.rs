//! Traces and figures sent to a collector of OpenTelemetry, over OTLP.
//!
//! The collector, and how to talk to it, are named by the variables that all programs have for that,
//! `OTEL_EXPORTER_OTLP_ENDPOINT` above all; without one that names it, nothing is sent.

mod instruments;
mod standing;
mod traces;

pub(super) use instruments::Instruments;
pub(crate) use traces::join;

use std::env;
use std::sync::Arc;
use std::time::Duration;

use opentelemetry::metrics::MeterProvider;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{ExporterBuildError, MetricExporter, SpanExporter};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

use crate::engine::Engine;
use crate::registry::Registry;

/// What this program calls itself there
const NAME: &str = "workflow-server";

/// The variables that name a collector: for all, or for one kind
const ENDPOINTS: [&str; 3] = [
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
];

/// How long the end may take to send what is left, of each kind
const GRACE: Duration = Duration::from_secs(2);

/// A collector that traces and figures are sent to, each by a thread of its own
///
/// What cannot be sent is told in the log, and dropped.
pub(crate) struct Collector {
    traces: SdkTracerProvider,
    figures: SdkMeterProvider,
}

impl Collector {
    /// The one that the environment names, if it names one; fails with the reason where that is no
    /// collector to send to
    pub(crate) fn named() -> Result<Option<Self>, String> {
        if !ENDPOINTS.iter().any(|name| env::var_os(name).is_some_and(|value| !value.is_empty())) {
            return Ok(None);
        }
        Self::send().map(Some).map_err(|error| error.to_string())
    }

    fn send() -> Result<Self, ExporterBuildError> {
        // Fails where there is one already, which then holds.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let resource = resource();
        let traces = SdkTracerProvider::builder()
            .with_batch_exporter(SpanExporter::builder().with_http().build()?)
            .with_resource(resource.clone())
            .build();
        let figures = SdkMeterProvider::builder()
            .with_periodic_exporter(MetricExporter::builder().with_http().build()?)
            .with_resource(resource)
            .build();
        Ok(Self { traces, figures })
    }

    /// What makes traces of the program's spans
    pub(crate) fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: tracing::Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
    {
        traces::layer(self.traces.tracer(NAME))
    }

    /// What facts are counted by
    pub(super) fn instruments(&self, workflows: &Registry) -> Instruments {
        Instruments::new(&self.figures.meter(NAME), workflows)
    }

    /// Has what stands at the moment sent along; must be called within a tokio runtime
    pub(crate) async fn watch(&self, engine: Arc<dyn Engine>) {
        standing::watch(&self.figures.meter(NAME), engine).await;
    }

    /// Sends what is left
    pub(crate) fn close(&self) {
        // What goes wrong there, the log has been told.
        let _ = self.traces.shutdown_with_timeout(GRACE);
        let _ = self.figures.shutdown_with_timeout(GRACE);
    }
}

/// Who sends: by `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES`, and else by our own name
fn resource() -> Resource {
    let named = env::var_os("OTEL_SERVICE_NAME").is_some_and(|name| !name.is_empty())
        || env::var("OTEL_RESOURCE_ATTRIBUTES").is_ok_and(|them| them.contains("service.name="));
    let resource = Resource::builder();
    if named { resource } else { resource.with_service_name(NAME) }.build()
}
