//! A waiting run that goes on under another build of its workflow.
//!
//! It may where that build needs nothing at the run's position but what the run has, and where
//! that means the same. What is needed in addition is supplied where there is no doubt about its
//! value: an input's default, what a state field begins with if no step can have written it, the
//! count of a `goto` that was not there. All of it is recorded, so that folding the journal needs
//! neither build.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::live::{Kept, Live, Outline, Waits};
use super::{Env, Event, Info, Reentry, Snapshot};
use crate::data::Object;

/// Why a run cannot go on under another build of its workflow: all that has changed, in words
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("; "))]
pub struct Changed(pub Vec<String>);

impl Changed {
    pub(super) fn one(change: impl Into<String>) -> Self {
        Self(vec![change.into()])
    }
}

/// The build that a run is to go on under, its types aside
pub(super) struct Build<'a> {
    pub(super) info: &'static Info,
    /// Inputs with the defaults of this build
    pub(super) defaults: &'a Defaults<'a>,
    /// The state that a run with these inputs begins with
    pub(super) initial: &'a Initial<'a>,
}

type Defaults<'a> = dyn Fn(&Object) -> Object + 'a;
type Initial<'a> = dyn Fn(&Object) -> Result<Object, String> + 'a;

/// The event by which a waiting run goes on under a build
pub(super) fn upgrade(
    build: &Build<'_>,
    snapshot: &Snapshot,
    before: &Outline,
    env: Env,
) -> Result<Event, Changed> {
    let live = live_at(build.info, snapshot)?;
    let mut comparison =
        Comparison { info: build.info, snapshot, before, live, changes: Vec::new() };
    let position = comparison.position();
    comparison.returns();
    let inputs = comparison.inputs(build.defaults);
    let state = comparison.state(&inputs, build.initial);
    if !comparison.changes.is_empty() {
        return Err(Changed(comparison.changes));
    }
    let mut event = build.upgraded(snapshot, env);
    if let Event::Upgraded { position: moved, inputs: more, state: fields, .. } = &mut event {
        *moved = position.filter(|position| Some(position) != snapshot.position.as_ref());
        (*more, *fields) = (inputs, state);
    }
    Ok(event)
}

impl Outline {
    /// Whether a child run under another build returns what its parent waits for
    pub(crate) fn returns_as(&self, info: &Info) -> Result<(), Changed> {
        let (was, now) = (&self.result, info.result);
        if was == now {
            return Ok(());
        }
        Err(Changed::one(format!("what the child run returns was `{was}`, is now `{now}`")))
    }
}

impl Build<'_> {
    /// That a run goes on under it, with what it has
    pub(super) fn upgraded(&self, snapshot: &Snapshot, env: Env) -> Event {
        Event::Upgraded {
            version: self.info.version.to_owned(),
            from: snapshot.fingerprint.clone(),
            to: self.info.fingerprint.to_owned(),
            position: None,
            inputs: Object::new(),
            state: Object::new(),
            at: env.now,
        }
    }
}

/// A run as it waits; one that has failed, as it would if it were taken up again. `None` where it
/// would begin anew
pub(super) fn as_it_waits(
    snapshot: &Snapshot,
    env: Env,
) -> Result<Option<Cow<'_, Snapshot>>, Changed> {
    if snapshot.pending.is_some() {
        return Ok(Some(Cow::Borrowed(snapshot)));
    }
    let Some(left) = &snapshot.left else { return Ok(None) };
    let retried = Event::Retried { from: Reentry::at(left, snapshot, env.now), at: env.now };
    let mut waits = snapshot.clone();
    waits.apply(&retried).map_err(|damaged| Changed::one(damaged.to_string()))?;
    Ok(Some(Cow::Owned(waits)))
}

/// What a build needs where a run waits
pub(super) fn live_at(info: &Info, snapshot: &Snapshot) -> Result<&'static Live, Changed> {
    let position = snapshot.position.as_ref().map(|position| &position["at"]);
    let at = position.and_then(Value::as_str).unwrap_or_default();
    info.positions.iter().find(|live| live.at == at).ok_or_else(|| {
        let step = snapshot.pending.as_ref().map_or(at, |pending| &pending.step);
        let known = info.steps.iter().any(|known| known.id == step);
        Changed::one(if known {
            format!("step `{step}`, at which the run waits, no longer waits at this place")
        } else {
            format!("step `{step}`, at which the run waits, is gone")
        })
    })
}

/// A run, the build that it is to go on under, and what the build before kept of it
struct Comparison<'a> {
    info: &'a Info,
    snapshot: &'a Snapshot,
    before: &'a Outline,
    live: &'static Live,
    changes: Vec<String>,
}

impl Comparison<'_> {
    fn changed(&mut self, change: String) {
        self.changes.push(change);
    }

    /// The position with what is kept in it by the names that the build has for it
    fn position(&mut self) -> Option<Value> {
        let at = self.live.at;
        let Some(was) = self.before.positions.get(at) else {
            self.changed(format!("nothing is known of the position `{at}`"));
            return None;
        };
        self.waits(was);
        let kept = Waits::from(self.live).kept;
        let old = self.snapshot.position.as_ref()?;
        let mut position = Object::from_iter([("at".to_owned(), at.into())]);
        for now in kept {
            match supply(&now, was, old) {
                Ok(value) => _ = position.insert(now.name, value),
                Err(change) => self.changed(format!(
                    "what step `{}` computes before it waits here {change}",
                    self.step()
                )),
            }
        }
        Some(position.into())
    }

    fn waits(&mut self, was: &Waits) {
        let (step, live) = (self.step(), self.live);
        if was.action != live.action {
            self.changed(format!("step `{step}` was `{}`, is now `{}`", was.action, live.action));
        } else if was.answer != live.answer {
            self.changed(format!(
                "the answer to step `{step}` was `{}`, is now `{}`",
                was.answer, live.answer
            ));
        } else if was.schema != live.schema {
            self.changed(format!("what the answer to step `{step}` must look like has changed"));
        }
    }

    fn step(&self) -> String {
        let pending = self.snapshot.pending.as_ref();
        pending.map_or(self.live.at, |pending| &pending.step).to_owned()
    }

    /// A child's result goes to a parent that knows its type
    fn returns(&mut self) {
        if self.snapshot.parent.is_some()
            && let Err(changed) = self.before.returns_as(self.info)
        {
            self.changes.extend(changed.0);
        }
        let (was, now) = (&self.before.item, self.info.item);
        if self.live.item && was != now {
            self.changed(format!("`item` was `{was}`, is now `{now}`"));
        }
    }

    /// The inputs that the run gets in addition
    fn inputs(&mut self, defaults: &Defaults<'_>) -> Object {
        let given = &self.snapshot.inputs;
        let mut added = defaults(given);
        added.retain(|name, _| !given.contains_key(name) && !self.before.inputs.contains_key(name));
        for name in self.live.inputs {
            let now = type_of(self.info.inputs, name);
            let value = given.get(*name).or_else(|| added.get(*name)).unwrap_or(&Value::Null);
            match self.before.inputs.get(*name) {
                None if value.is_null() && !may_be_null(now) => self.changed(format!(
                    "input `{name}` is new and required, and the run was started without it"
                )),
                None => {}
                Some(was) => self.compare(&format!("input `{name}`"), was, now, value),
            }
        }
        added
    }

    /// The state fields that the run gets in addition
    fn state(&mut self, inputs: &Object, initial: &Initial<'_>) -> Object {
        let mut new = Vec::new();
        for (name, now) in self.live.state {
            let value = self.snapshot.state.get(*name).unwrap_or(&Value::Null);
            match self.before.state.get(*name) {
                Some(was) => self.compare(&format!("state field `{name}`"), was, now, value),
                None if self.live.untouched.contains(name) => new.push(*name),
                None => self.changed(format!(
                    "state field `{name}` is new, and what gives it its value lies before step \
                     `{}`{}",
                    self.step(),
                    self.renamed(name)
                )),
            }
        }
        if new.is_empty() || !self.changes.is_empty() {
            return Object::new();
        }
        let mut all = self.snapshot.inputs.clone();
        all.extend(inputs.clone());
        match initial(&all) {
            Ok(mut state) => {
                state.retain(|name, _| new.contains(&name.as_str()));
                state
            }
            Err(why) => {
                let why = format!("what state field `{}` begins with is not known: {why}", new[0]);
                self.changed(why);
                Object::new()
            }
        }
    }

    /// What a new field may have been called before
    fn renamed(&self, name: &str) -> String {
        let now = type_of(self.info.state, name);
        let gone = self.before.state.iter().filter(|(old, was)| {
            bare(was) == bare(now) && self.info.state.iter().all(|(name, _)| name != old)
        });
        match gone.map(|(old, _)| old).collect::<Vec<_>>().as_slice() {
            [old] => format!(" (`{old}` is gone, is it that by another name?)"),
            _ => String::new(),
        }
    }

    /// Whether a value that is still to be read means what it meant
    fn compare(&mut self, what: &str, was: &str, now: &str, value: &Value) {
        if value.is_null() {
            if !may_be_null(now) {
                self.changed(format!(
                    "{what} has no value yet, and is read from step `{}` on as `{now}`",
                    self.step()
                ));
            }
        } else if bare(was) != bare(now) {
            self.changed(format!("{what} was `{was}`, is now `{now}`"));
        }
    }
}

/// A kept value, from the position of the build before; else what has come of it
fn supply(now: &Kept, was: &Waits, old: &Value) -> Result<Value, String> {
    let mut same = was.kept.iter().filter(|kept| kept.origin == now.origin);
    let known = same.clone().find(|kept| kept.name == now.name).or_else(|| same.next());
    match known {
        Some(kept) if kept.ty == now.ty => Ok(old[&kept.name].clone()),
        Some(kept) => Err(format!("was `{}`, is now `{}`", kept.ty, now.ty)),
        // Before the first step they are this, and the build before had nothing to change it.
        None if now.origin.starts_with("goto ") => Ok(json!(0)),
        None if now.origin.starts_with("error of ") && may_be_null(&now.ty) => Ok(Value::Null),
        None => Err("has changed".to_owned()),
    }
}

/// A type without null
fn bare(ty: &str) -> &str {
    ty.strip_suffix('?').unwrap_or(ty)
}

fn may_be_null(ty: &str) -> bool {
    ty.ends_with('?') || matches!(ty, "any" | "null")
}

fn type_of(types: &'static [(&'static str, &'static str)], name: &str) -> &'static str {
    types.iter().find(|(known, _)| *known == name).map_or("any", |(_, ty)| ty)
}
