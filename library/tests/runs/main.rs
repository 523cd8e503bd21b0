//! Every workflow of the library, run on the engine from start to end, down each way that matters.
//!
//! A test tells a run as a story: the steps in the order in which they are handed out, each with what
//! comes of it. A step that comes at another place, or not at all, fails the test.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

mod bug_triage;
mod code_review;
mod dependency_upgrade;
mod document_review;
mod incident;
mod migration;
mod release;
mod research_report;
mod stage;
