//! The compiled workflows that a server knows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use semver::Version;

use crate::connectors::Locks;
use crate::machine::Program;
use crate::schema::nearest;

/// The compiled workflows that a server knows, by name and version
#[derive(Clone, Default)]
pub struct Registry {
    /// Of each name all versions, the highest last
    by_name: BTreeMap<&'static str, Vec<Arc<dyn Program>>>,
    /// File stem to name
    by_stem: BTreeMap<&'static str, &'static str>,
    /// The names that came from other registries
    included: BTreeSet<&'static str>,
    locks: Locks,
}

impl Registry {
    /// A registry of programs
    pub fn new(programs: Vec<Arc<dyn Program>>) -> Self {
        let mut registry = Self::default();
        for program in programs {
            registry.register(program);
        }
        registry
    }

    /// Adds a program; one of the same name, version and fingerprint is replaced
    pub fn register(&mut self, program: Arc<dyn Program>) {
        let info = program.info();
        if !info.inline_task
            && let Some(stem) = Path::new(info.file).file_stem().and_then(|stem| stem.to_str())
        {
            self.by_stem.insert(stem, info.name);
        }
        let versions = self.by_name.entry(info.name).or_default();
        versions.retain(|other| {
            (other.info().version, other.info().fingerprint) != (info.version, info.fingerprint)
        });
        versions.push(program);
        versions.sort_by_cached_key(|program| version_of(&**program));
    }

    /// With the workflows of another registry as well: those of a crate that ships some
    ///
    /// Of a name that both know, this registry's workflow is the one that runs, whatever the versions:
    /// what somebody has written themselves goes before what they include. So it is with the stems of
    /// files, and with what the calls of a tool were compiled against.
    ///
    /// ```
    /// # mod my_crate { pub fn registry() -> workflow_runtime::registry::Registry { Default::default() } }
    /// # use my_crate as their_crate;
    /// let registry = my_crate::registry().with(their_crate::registry());
    /// # assert_eq!(registry.workflows().count(), 0);
    /// ```
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        // `plan/look` is an inline task of `plan`: it comes with its workflow, or not at all.
        let workflow = |name: &'static str| name.split('/').next().unwrap_or(name);
        let mine: BTreeSet<&str> = self.by_name.keys().map(|name| workflow(name)).collect();
        let theirs = other.by_name.into_iter().filter(|(name, _)| !mine.contains(workflow(name)));
        for (name, versions) in theirs {
            self.included.insert(name);
            self.by_name.insert(name, versions);
        }
        for (stem, name) in other.by_stem {
            self.by_stem.entry(stem).or_insert(name);
        }
        self.locks.complete(other.locks);
        self
    }

    /// Says what the calls of a tool were compiled against: `server.tool`, and of its entry in the lock
    /// the schemas and annotations, as JSON
    pub fn lock(&mut self, tool: &'static str, entry: &str) {
        self.locks.add(tool, entry);
    }

    /// What the calls of locked tools were compiled against
    pub fn locks(&self) -> &Locks {
        &self.locks
    }

    /// The program that a new run of this name goes by: the highest version of the workflow of
    /// that name or file stem, or of the inline task `workflow/task`
    pub fn get(&self, name: &str) -> Option<&Arc<dyn Program>> {
        let name = if self.by_name.contains_key(name) { name } else { self.by_stem.get(name)? };
        self.by_name.get(name)?.last()
    }

    /// The very program that a run began under
    pub fn exact(&self, name: &str, version: &str, fingerprint: &str) -> Option<&Arc<dyn Program>> {
        self.versions(name).iter().find(|program| {
            (program.info().version, program.info().fingerprint) == (version, fingerprint)
        })
    }

    /// What may take a run over: builds of the same version, then higher versions, the highest first
    pub fn successors(&self, name: &str, version: &str) -> Vec<&Arc<dyn Program>> {
        let before = Version::parse(version).ok();
        let all = self.versions(name).iter().rev();
        let same = all.clone().filter(|program| program.info().version == version);
        same.chain(all.clone().filter(|program| version_of(&***program) > before)).collect()
    }

    /// All versions of a name, the highest last
    pub fn versions(&self, name: &str) -> &[Arc<dyn Program>] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// All names that runs can have, those of inline tasks too
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.by_name.keys().copied()
    }

    /// What can be started: the highest version of each workflow, by name; no inline tasks
    pub fn workflows(&self) -> impl Iterator<Item = &Arc<dyn Program>> {
        self.by_name
            .values()
            .filter_map(|versions| versions.last())
            .filter(|program| !program.info().inline_task)
    }

    /// Whether a name is that of a workflow of another crate, which this one includes
    pub fn is_included(&self, name: &str) -> bool {
        self.included.contains(name)
    }

    /// What can be started, all of it or what has a tag; an error where nothing has
    pub fn select(&self, tag: Option<&str>) -> Result<Vec<&Arc<dyn Program>>, UnknownTag> {
        let has =
            |program: &&Arc<dyn Program>| tag.is_none_or(|tag| program.info().tags.contains(&tag));
        let found: Vec<_> = self.workflows().filter(has).collect();
        match tag {
            Some(tag) if found.is_empty() => Err(UnknownTag::new(tag, &self.tags())),
            _ => Ok(found),
        }
    }

    /// All tags of what can be started
    pub fn tags(&self) -> BTreeSet<&'static str> {
        self.workflows().flat_map(|program| program.info().tags).copied().collect()
    }

    /// The workflow that an unknown name most likely means
    pub fn suggest(&self, name: &str) -> Option<&'static str> {
        let names = self.workflows().map(|program| program.info().name);
        let near = nearest(name, names.chain(self.by_stem.keys().copied()))?;
        Some(self.by_stem.get(near).copied().unwrap_or(near))
    }
}

/// That no workflow has a tag
#[derive(Debug, thiserror::Error)]
#[error("no workflow has the tag `{tag}`")]
pub struct UnknownTag {
    /// The tag
    pub tag: String,
    /// What to do
    pub help: String,
}

impl UnknownTag {
    fn new(tag: &str, known: &BTreeSet<&'static str>) -> Self {
        let all = || known.iter().copied().collect::<Vec<_>>().join("`, `");
        let help = match nearest(tag, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => "no workflow has tags".to_owned(),
            None => format!("the tags are `{}`", all()),
        };
        Self { tag: tag.to_owned(), help }
    }
}

/// Versions that are not semantic ones come before all that are
fn version_of(program: &dyn Program) -> Option<Version> {
    Version::parse(program.info().version).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{
        Answer, AnsweredBy, Changed, Env, Event, Info, Outline, Refusal, Snapshot, Start, StepInfo,
    };

    struct Named(&'static Info);

    impl Program for Named {
        fn info(&self) -> &'static Info {
            self.0
        }

        fn begin(&self, _: Start, _: Env) -> Result<Vec<Event>, Refusal> {
            Ok(vec![])
        }

        fn resume(
            &self,
            _: &Snapshot,
            _: Answer,
            _: AnsweredBy,
            _: Env,
        ) -> Result<Vec<Event>, Refusal> {
            Ok(vec![])
        }

        fn retry(&self, _: &Snapshot, _: Env) -> Result<Vec<Event>, Refusal> {
            Ok(vec![])
        }

        fn upgrade(&self, _: &Snapshot, _: &Outline, _: Env) -> Result<Event, Changed> {
            Err(Changed(vec![]))
        }

        fn accepts(&self, _: &Start) -> Result<(), Refusal> {
            Ok(())
        }
    }

    const STEPS: &[StepInfo] = &[];

    fn named(name: &'static str, version: &'static str, file: &'static str) -> Arc<dyn Program> {
        Arc::new(Named(Box::leak(Box::new(Info {
            name,
            version,
            file,
            fingerprint: version,
            steps: STEPS,
            inline_task: name.contains('/'),
            ..Info::UNKNOWN
        }))))
    }

    fn tagged(name: &'static str, tags: &'static [&'static str]) -> Arc<dyn Program> {
        Arc::new(Named(Box::leak(Box::new(Info { name, tags, ..Info::UNKNOWN }))))
    }

    fn registry() -> Registry {
        Registry::new(vec![
            named("tea:make", "1.10.0", "workflows/make-tea.yaml"),
            named("tea:make", "1.9.0", "workflows/old/make-tea-1.yaml"),
            named("tea:make/pour", "1.10.0", "workflows/make-tea.yaml"),
            named("milk", "0.1.0", "workflows/milk.yaml"),
        ])
    }

    #[test]
    fn a_new_run_goes_by_the_highest_version() {
        let registry = registry();
        let version = |name| registry.get(name).map(|program| program.info().version);
        assert_eq!(version("tea:make"), Some("1.10.0"));
        assert_eq!(version("make-tea"), Some("1.10.0"));
        assert_eq!(version("tea:make/pour"), Some("1.10.0"));
        assert_eq!(version("coffee"), None);
    }

    #[test]
    fn an_old_run_finds_the_version_it_began_under() {
        let registry = registry();
        assert!(registry.exact("tea:make", "1.9.0", "1.9.0").is_some());
        assert!(registry.exact("tea:make", "1.9.0", "changed").is_none());
    }

    #[test]
    fn a_list_shows_each_workflow_once_and_no_tasks() {
        let registry = registry();
        let names: Vec<&str> = registry.workflows().map(|program| program.info().name).collect();
        assert_eq!(names, ["milk", "tea:make"]);
    }

    #[test]
    fn what_is_included_stands_behind_what_is_there() {
        let theirs = Registry::new(vec![
            named("tea:make", "9.0.0", "theirs/make-tea.yaml"),
            named("tea:make/stir", "9.0.0", "theirs/make-tea.yaml"),
            named("coffee", "1.0.0", "theirs/coffee.yaml"),
            named("oat", "1.0.0", "theirs/milk.yaml"),
        ]);
        let both = registry().with(theirs);
        let version = |name| both.get(name).map(|program| program.info().version);
        assert_eq!(version("tea:make"), Some("1.10.0"), "though theirs is higher");
        assert!(version("tea:make/stir").is_none(), "a task comes with its workflow");
        assert_eq!(version("coffee"), Some("1.0.0"));
        assert_eq!(
            both.get("milk").unwrap().info().name,
            "milk",
            "though a file of theirs is called so"
        );
        let names: Vec<&str> = both.workflows().map(|program| program.info().name).collect();
        assert_eq!(names, ["coffee", "milk", "oat", "tea:make"]);
        assert!(both.is_included("coffee") && !both.is_included("tea:make"));
    }

    #[test]
    fn a_tag_selects_the_workflows_that_have_it() {
        let registry = Registry::new(vec![
            tagged("bake", &["sweet", "oven"]),
            tagged("roast", &["oven"]),
            tagged("toast", &[]),
        ]);
        let select = |tag| {
            let found = registry.select(tag).map_err(|unknown| unknown.help)?;
            Ok::<_, String>(found.iter().map(|program| program.info().name).collect::<Vec<_>>())
        };
        assert_eq!(select(None).unwrap(), ["bake", "roast", "toast"]);
        assert_eq!(select(Some("oven")).unwrap(), ["bake", "roast"]);
        assert_eq!(select(Some("swet")).unwrap_err(), "did you mean `sweet`?");
        assert_eq!(select(Some("raw")).unwrap_err(), "the tags are `oven`, `sweet`");
    }

    #[test]
    fn a_misspelt_name_is_recognised() {
        assert_eq!(registry().suggest("tea:mkae"), Some("tea:make"));
        assert_eq!(registry().suggest("maketea"), Some("tea:make"));
        assert_eq!(registry().suggest("xylophone"), None);
    }
}
