//! # `timeout`, `retry`, `on_error`
//!
//! How long a step may take, how often it is tried, and what follows where it fails.
//!
//! ```yaml
//! - id: publish
//!   type: mcp_call
//!   tool: registry.publish
//!   timeout: 60
//!   retry: { max_attempts: 3, backoff_seconds: 5, backoff_factor: 2 }
//!   on_error: undo
//! - id: done
//!   type: return
//! - id: undo
//!   type: delegate
//!   instructions: "Publishing failed: {{ error.message }}. Undo it."
//! ```
//!
//! A step that waits fails where it is not answered within `timeout` seconds, where whoever is
//! asked reports an error, or where a tool or a child fails. With `retry`, it is then tried again,
//! `max_attempts` times in all; before the second attempt it rests for `backoff_seconds`, before
//! each further one `backoff_factor` times as long as before.
//!
//! After the last attempt `on_error` decides: `fail`, which is what happens unless said, ends the
//! run; `continue` goes on behind the step, as if it had been skipped; a step's id goes on there.
//! That step can read `error`: `step_id`, `code`, `message`, and `attempts`. It comes later in the
//! file, in the same list of steps or in one around it.
//!
//! A call of an agent function is waited for too, so these keys go with every type of step.

use crate::ir::{Lowering, OnError, Patience, Retry};
use crate::syntax::decode::{Fields, Key, Table, Takes};

/// The keys of every step that say what follows where it fails
pub const KEYS: &[Key] = &[
    Key::optional("timeout", Takes::Seconds, "seconds until an attempt fails"),
    Key::optional("retry", Takes::Mapping, "how often a step that fails is tried again"),
    Key::optional("on_error", Takes::Text, "`fail`, `continue`, or the step that goes on"),
];

/// The keys of `retry`
pub const RETRY: &[Key] = &[
    Key::required("max_attempts", Takes::Count, "attempts in all, the first one too"),
    Key::optional("backoff_seconds", Takes::Number, "seconds before the second; 1 unless said"),
    Key::optional("backoff_factor", Takes::Number, "by what the pause grows; 2 unless said"),
];

/// Seconds before the second attempt, and by what the pause grows, unless the step says
const BACKOFF: (f64, f64) = (1.0, 2.0);

/// How long and how often a step waits
pub(super) fn patience(lowering: &mut Lowering<'_>, fields: &Fields<'_>) -> Patience {
    Patience {
        timeout: fields.seconds("timeout", lowering.diagnostics).map(|seconds| seconds.value),
        retry: retry(lowering, fields),
    }
}

fn retry(lowering: &mut Lowering<'_>, fields: &Fields<'_>) -> Option<Retry> {
    let node = fields.get("retry")?.node;
    let retry = Table::new("`retry`", &[RETRY]).read(fields.doc, node, lowering.diagnostics);
    let attempts = retry.count("max_attempts", lowering.diagnostics);
    let seconds = retry.pause("backoff_seconds", lowering.diagnostics);
    let factor = retry.at_least("backoff_factor", 1.0, lowering.diagnostics);
    Some(Retry {
        max_attempts: u32::try_from(attempts?.value).unwrap_or(u32::MAX),
        backoff_seconds: seconds.map_or(BACKOFF.0, |seconds| seconds.value),
        backoff_factor: factor.map_or(BACKOFF.1, |factor| factor.value),
    })
}

/// What follows where a step fails; nothing if that ends the run
pub(super) fn on_error(lowering: &mut Lowering<'_>, fields: &Fields<'_>) -> Option<OnError> {
    let word = fields.text("on_error", lowering.diagnostics)?;
    match word.value.as_str() {
        "fail" => None,
        "continue" => Some(OnError::Continue(word.span)),
        _ => Some(OnError::Step(word)),
    }
}
