//! The builds of one workflow that servers have, and what may go on under which.

use std::sync::{Arc, LazyLock};

use super::super::super::rows::RunRow;
use super::chance::Chance;
use crate::machine::sample::{self, course};
use crate::machine::{Action, Status};
use crate::registry::Registry;
use crate::reply::Reply;

/// What a server was built with: one build of the workflow, a second version beside the first, or
/// all that there ever were
const SETS: [&[usize]; 6] = [&[0], &[1], &[2], &[3], &[0, 3], &[0, 1, 2, 3]];

static REGISTRIES: LazyLock<[Arc<Registry>; SETS.len()]> =
    LazyLock::new(|| SETS.map(sample::registry_with));

/// What a server was built with
#[derive(Clone, Copy)]
pub(super) struct Builds(usize);

impl Builds {
    /// One for those who do not care
    pub(super) fn first() -> Self {
        Self(0)
    }

    pub(super) fn some(chance: &mut Chance) -> Self {
        Self(chance.below(SETS.len()))
    }

    /// Whoever has them all holds nobody up
    pub(super) fn all() -> Self {
        Self(SETS.len() - 1)
    }

    pub(super) fn registry(self) -> Arc<Registry> {
        REGISTRIES[self.0].clone()
    }

    fn takes(self, at: &str, from: usize) -> bool {
        SETS[self.0].iter().any(|to| course::takes_over(at, from, *to))
    }

    /// A run goes by a build that the server has which has moved it
    pub(super) fn assert_moved(self, row: &RunRow) {
        if let Some(build) = course::build_of(&row.fingerprint) {
            let run = &row.id;
            assert!(SETS[self.0].contains(&build), "{run} was moved under build {build}");
        }
    }

    /// A run is told to be kept where nothing fits it, and nowhere else
    pub(super) fn assert_told(self, reply: &Reply, row: &RunRow) {
        let Some(build) = course::build_of(&row.fingerprint) else { return };
        let pending = row.snapshot.as_ref().and_then(|snapshot| snapshot.pending.as_ref());
        let (at, forks) = match pending {
            _ if row.status == "queued" => ("work", false),
            None => return,
            Some(pending) => (pending.step.as_str(), matches!(pending.action, Action::Foreach(_))),
        };
        let (told, fits) = (reply.status, self.takes(at, build));
        if told == Status::Incompatible {
            // Whose children are kept has nothing to do, either.
            assert!(!fits || forks, "{} is kept at {at}, under build {build}", row.id);
        } else {
            assert!(fits, "{} is {told:?} at {at}, under build {build}", row.id);
        }
    }
}
