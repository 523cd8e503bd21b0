//! How large a run's state is, kept up write by write.

use std::collections::BTreeMap;
use std::io;

use serde_json::{Map, Value};

use super::Fault;

/// Bytes of JSON that a run's state may have
const MAX_STATE: usize = 1 << 20;

/// Bytes of JSON that may be written between two waits
const MAX_WRITTEN: usize = 64 << 20;

/// Bytes of JSON of each field of a state
pub(super) struct Sizes {
    fields: BTreeMap<String, usize>,
    total: usize,
    written: usize,
}

impl Sizes {
    pub(super) fn of(state: &Map<String, Value>) -> Self {
        let fields: BTreeMap<_, _> =
            state.iter().map(|(field, value)| (field.clone(), bytes(value))).collect();
        let total = fields.values().sum();
        Self { fields, total, written: 0 }
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
        if self.total > MAX_STATE {
            let (field, size) = self.largest();
            let message = format!(
                "the state would be {} KiB, {} KiB is the limit; `{field}` alone has {} KiB",
                self.total >> 10,
                MAX_STATE >> 10,
                size >> 10
            );
            return Err(Fault::new("state-too-large", message)
                .help("keep large values in files or in `memory`, and their names in the state"));
        }
        if self.written > MAX_WRITTEN {
            let message = format!("more than {} MiB were written in one go", MAX_WRITTEN >> 20);
            return Err(Fault::new("state-too-large", message)
                .help("look for a loop that writes a large field again and again"));
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
