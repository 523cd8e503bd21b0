//! In the place of a collector, in a program that is built without the feature `otlp`: there is none.

use std::convert::Infallible;
use std::env;
use std::future::Ready;
use std::sync::Arc;

use tracing::Span;
use tracing_subscriber::layer::Identity;

use super::{Fact, Trace};
use crate::engine::Engine;
use crate::registry::Registry;

/// Names a collector in programs that have the feature
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// A collector that traces and figures are sent to, which cannot be
pub(crate) struct Collector(Infallible);

/// What facts are counted by, which cannot be
pub(crate) struct Instruments(Infallible);

impl Collector {
    /// Fails where the environment names one: nothing would be sent there
    pub(crate) fn named() -> Result<Option<Self>, String> {
        match env::var_os(ENDPOINT) {
            Some(endpoint) if !endpoint.is_empty() => Err(format!(
                "{ENDPOINT} names one, and this program is built without the feature `otlp`"
            )),
            _ => Ok(None),
        }
    }

    pub(crate) fn layer(&self) -> Identity {
        match self.0 {}
    }

    pub(super) fn instruments(&self, _: &Registry) -> Instruments {
        match self.0 {}
    }

    pub(crate) fn watch(&self, _: Arc<dyn Engine>) -> Ready<()> {
        match self.0 {}
    }

    pub(crate) fn close(&self) {
        match self.0 {}
    }
}

impl Instruments {
    pub(super) fn count(&self, _: Fact<'_>) {
        match self.0 {}
    }
}

/// Nothing is traced that a span could be joined to
pub(crate) fn join(_: &Span, _: Trace) {}
