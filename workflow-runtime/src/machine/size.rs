//! How large a run's state is, kept up write by write.

use std::collections::BTreeMap;
use std::io;

use serde_json::{Map, Value};

use super::{Fault, Limit, Limits};

/// How often as much as the state may hold can be written between two waits
const TIMES_WRITTEN: usize = 64;

/// Bytes of JSON of each field of a state
pub(super) struct Sizes {
    fields: BTreeMap<String, usize>,
    total: usize,
    written: usize,
    limits: Limits,
}

impl Sizes {
    pub(super) fn of(state: &Map<String, Value>, limits: Limits) -> Self {
        let fields: BTreeMap<_, _> =
            state.iter().map(|(field, value)| (field.clone(), bytes(value))).collect();
        let total = fields.values().sum();
        Self { fields, total, written: 0, limits }
    }

    /// Notes a write, before it is recorded
    pub(super) fn set(&mut self, field: &str, value: &Value) -> Result<(), Fault> {
        let size = bytes(value);
        let before = self.fields.insert(field.to_owned(), size).unwrap_or(0);
        self.total = self.total - before + size;
        self.written += size;
        self.check()
    }

    pub(super) fn check(&self) -> Result<(), Fault> {
        let most = self.limits.bytes(Limit::State);
        let raise = || self.limits.raise_and_retry(Limit::State);
        if self.total > most {
            let (field, size) = self.largest();
            let message = format!(
                "the state would be {} KiB, {} KiB is the limit (MAX_STATE_KIB); `{field}` alone has {} KiB",
                self.total >> 10,
                most >> 10,
                size >> 10
            );
            return Err(Fault::new("state-too-large", message).help(format!(
                "keep large values in files or in `memory`, and their names in the state; or {}",
                raise()
            )));
        }
        if self.written > most.saturating_mul(TIMES_WRITTEN) {
            let message = format!(
                "more than {TIMES_WRITTEN} times {} KiB, as much as the state may hold (MAX_STATE_KIB), were \
                 written in one go",
                most >> 10
            );
            return Err(Fault::new("state-too-large", message).help(format!(
                "look for a loop that writes a large field again and again; or {}",
                raise()
            )));
        }
        Ok(())
    }

    fn largest(&self) -> (&str, usize) {
        self.fields
            .iter()
            .max_by_key(|(_, size)| **size)
            .map_or(("", 0), |(field, size)| (field.as_str(), *size))
    }
}

fn bytes(value: &Value) -> usize {
    let mut counter = Counter(0);
    // Writing a JSON value into a counter cannot fail.
    let _ = serde_json::to_writer(&mut counter, value);
    counter.0
}

struct Counter(usize);

impl io::Write for Counter {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0 += buffer.len();
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
