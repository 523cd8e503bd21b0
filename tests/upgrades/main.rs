//! Runs that wait while their workflow is edited and built anew: an agent sees the same step and
//! gets the right result, or is told what has changed, and nothing is lost.

#![expect(
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a test has no public items, and may panic"
)]

mod bench;
mod children;
mod edits;
mod loops;
mod time;
mod versions;
