//! What is about the file that the embedded engine keeps runs in; the engine on Temporal has none, and
//! its tests leave this module out (`--skip embedded::`).

mod corruption;
mod stores;
