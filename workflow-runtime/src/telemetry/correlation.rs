//! What joins the lines of a log: one span for each request, with the trace that its client is in.

use std::fmt;

use tracing::Span;

/// The trace that a client's request belongs to, by the W3C's `traceparent`
///
/// ```
/// use workflow_runtime::telemetry::Trace;
/// let given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
/// assert_eq!(Trace::read(given).unwrap().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
/// assert_eq!(Trace::read("00-0-0-01"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    pub(super) id: u128,
    /// The span there that the request is sent from
    pub(super) parent: u64,
    pub(super) flags: u8,
}

impl Trace {
    /// Reads a `traceparent`; nothing of what is none
    pub fn read(traceparent: &str) -> Option<Self> {
        let mut parts = traceparent.trim().split('-');
        let (version, trace, parent, flags) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let whole = [(version, 2), (trace, 32), (parent, 16), (flags, 2)];
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if version == "ff" || (version == "00" && parts.next().is_some()) {
            return None;
        }
        if whole.iter().any(|(part, length)| part.len() != *length || !part.bytes().all(hex)) {
            return None;
        }
        let id = u128::from_str_radix(trace, 16).ok().filter(|id| *id != 0)?;
        let parent = u64::from_str_radix(parent, 16).ok().filter(|parent| *parent != 0)?;
        Some(Self { id, parent, flags: u8::from_str_radix(flags, 16).ok()? })
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.id)
    }
}

/// The span that all lines of a request are in
///
/// `run` is the run that it names, which is not the one that it starts.
pub(crate) fn request(
    id: &impl fmt::Display,
    tool: &str,
    run: Option<&str>,
    trace: Option<Trace>,
) -> Span {
    let named = trace.as_ref().map(tracing::field::display);
    let span = tracing::info_span!("request", id = %id, tool, run, trace = named);
    if let Some(trace) = trace {
        super::otlp::join(&span, trace);
    }
    span
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_traceparent_is_none() {
        let (trace, parent) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
        assert!(Trace::read(&format!("00-{trace}-{parent}-00")).is_some());
        // A later version may have more.
        assert!(Trace::read(&format!("01-{trace}-{parent}-00-more")).is_some());
        for wrong in [
            format!("00-{trace}-{parent}-00-more"),
            format!("ff-{trace}-{parent}-00"),
            format!("00-{trace}-{parent}"),
            format!("00-{}-{parent}-00", trace.to_uppercase()),
            format!("00-{}-{parent}-00", "0".repeat(32)),
            format!("00-{trace}-{}-00", "0".repeat(16)),
            format!("00-{trace}\n-{parent}-00"),
            String::new(),
        ] {
            assert_eq!(Trace::read(&wrong), None, "{wrong}");
        }
    }
}
