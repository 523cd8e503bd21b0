//! All figures as Prometheus reads them: what was counted, and what stands at the moment.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::text;
use prometheus_client::registry::Registry;

use super::{Telemetry, standing};
use crate::engine::{Engine, EngineError};

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
        let mut standing = Registry::default();
        standing.register_collector(Box::new(standing::figures(self.engine.as_ref()).await?));
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
