//! Under which build of its workflow a run goes on.
//!
//! The one that it went by, where this server has it; else another build of the same version; else
//! a higher version. What a build keeps of its runs is kept with them, so that another can be
//! compared with it when it is gone.

use std::sync::Arc;

use super::failure;
use crate::engine::EngineError;
use crate::machine::{Changed, Env, Event, Outline, Program, Snapshot, Start, Status};
use crate::registry::Registry;

/// A build of a workflow, by what it is called
#[derive(Clone, Copy, Debug)]
pub(crate) struct Build<'a> {
    pub(crate) workflow: &'a str,
    pub(crate) version: &'a str,
    pub(crate) fingerprint: &'a str,
}

/// The build that a run goes on under
pub(crate) struct Fit {
    pub(crate) program: Arc<dyn Program>,
    /// What is recorded first, where it is not the one that the run went by
    pub(crate) upgraded: Option<Event>,
}

impl Build<'_> {
    /// The very program
    pub(crate) fn exact<'r>(&self, registry: &'r Registry) -> Option<&'r Arc<dyn Program>> {
        registry.exact(self.workflow, self.version, self.fingerprint)
    }

    /// What a run that has begun goes on under, where that is not the very build; `before` is what
    /// that kept of its runs
    ///
    /// Fails with code `incompatible` where there is none, and says what has changed.
    pub(crate) fn of_run(
        &self,
        registry: &Registry,
        snapshot: &Snapshot,
        before: Option<&Outline>,
        env: Env,
    ) -> Result<Fit, EngineError> {
        // What has returned does not go on.
        let before = before.filter(|_| snapshot.status != Status::Completed);
        let (program, event) = self.successor(registry, before, |program, before| {
            program.upgrade(snapshot, before, env)
        })?;
        Ok(Fit { program: program.clone(), upgraded: Some(event) })
    }

    /// What a child begins under that was to begin under this one, where that is not here; fails as
    /// [`Build::of_run`]
    pub(crate) fn of_start(
        &self,
        registry: &Registry,
        before: Option<&Outline>,
        start: impl Fn(bool) -> Start,
    ) -> Result<Arc<dyn Program>, EngineError> {
        let (program, ()) = self.successor(registry, before, |program, before| {
            let info = program.info();
            before.returns_as(info)?;
            let accepted = program.accepts(&start(info.inline_task));
            accepted.map_err(|refusal| Changed(vec![refusal.message]))
        })?;
        Ok(program.clone())
    }

    /// The first build that takes a run over, and what it makes of it
    fn successor<'r, T>(
        &self,
        registry: &'r Registry,
        before: Option<&Outline>,
        take: impl Fn(&dyn Program, &Outline) -> Result<T, Changed>,
    ) -> Result<(&'r Arc<dyn Program>, T), EngineError> {
        let mut first = None;
        for program in registry.successors(self.workflow, self.version) {
            let Some(before) = before else { break };
            match take(&**program, before) {
                Ok(taken) => return Ok((program, taken)),
                Err(changed) => _ = first.get_or_insert((program.info(), changed)),
            }
        }
        Err(match first {
            Some((info, changed)) => failure::changed(self.workflow, self.version, info, &changed),
            None => {
                let now = registry.versions(self.workflow).last().map(|program| program.info());
                failure::incompatible(self.workflow, self.version, now)
            }
        })
    }
}

/// What a step's children run: an inline task of the parent's own version, or a workflow
pub(crate) fn task<'r>(
    registry: &'r Registry,
    name: &str,
    parent_version: &str,
) -> Option<&'r Arc<dyn Program>> {
    let of_parent = registry
        .versions(name)
        .iter()
        .find(|program| program.info().inline_task && program.info().version == parent_version);
    of_parent.or_else(|| registry.get(name))
}

/// The program of a step's children; fails with code `incompatible` where it is not here
pub(crate) fn task_or_failure<'r>(
    registry: &'r Registry,
    name: &str,
    parent_version: &str,
) -> Result<&'r Arc<dyn Program>, EngineError> {
    task(registry, name, parent_version).ok_or_else(|| {
        EngineError::new(
            "incompatible",
            format!("this server has no workflow `{name}`"),
            "build the server with the workflow that the step runs",
        )
    })
}
