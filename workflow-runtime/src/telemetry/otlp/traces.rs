//! The program's spans as a trace.

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use opentelemetry_sdk::trace::SdkTracer;
use tracing::Span;
use tracing::level_filters::LevelFilter;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

use crate::telemetry::{RUNS, Trace};

/// What is ours; what libraries do inside is not an operator's affair
const OURS: [&str; 2] = ["workflow_runtime", RUNS];

pub(super) fn layer<S>(tracer: SdkTracer) -> impl Layer<S> + Send + Sync + use<S>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
{
    tracing_opentelemetry::layer()
        .with_tracer(tracer)
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_filter(Targets::new().with_targets(OURS.map(|ours| (ours, LevelFilter::INFO))))
}

/// Makes a span a part of its client's trace
pub(crate) fn join(span: &Span, trace: Trace) {
    let context = SpanContext::new(
        TraceId::from_bytes(trace.id.to_be_bytes()),
        SpanId::from_bytes(trace.parent.to_be_bytes()),
        TraceFlags::new(trace.flags),
        true,
        TraceState::default(),
    );
    // Fails where spans are not traced, because no collector is named.
    let _ = span.set_parent(Context::new().with_remote_span_context(context));
}
