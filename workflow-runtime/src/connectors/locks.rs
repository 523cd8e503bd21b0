//! What the workflows of a build were compiled against: the locked tools that they call.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::drift::Drift;
use super::tool::Tool;
use super::{Connector, failed, split};
use crate::machine::RunError;

/// The code of the error of a call whose tool has drifted
pub(crate) const DRIFTED: &str = "tool-drifted";

/// The locked tools that workflows call, by `server.tool`
#[derive(Clone, Debug, Default)]
pub struct Locks(BTreeMap<&'static str, Arc<Tool>>);

impl Locks {
    /// Adds a tool, as the entry of the lock has it; a text that is no entry locks nothing
    pub fn add(&mut self, tool: &'static str, entry: &str) {
        match serde_json::from_str(entry) {
            Ok(locked) => drop(self.0.insert(tool, Arc::new(locked))),
            Err(error) => tracing::warn!(tool, %error, "what it is locked as cannot be read"),
        }
    }

    /// Whether any tool of a server is locked
    pub(crate) fn has_server(&self, server: &str) -> bool {
        self.0.keys().any(|tool| split(tool).is_some_and(|(of, _)| of == server))
    }

    /// Adds those of others that are not here
    pub(crate) fn complete(&mut self, others: Self) {
        for (tool, locked) in others.0 {
            self.0.entry(tool).or_insert(locked);
        }
    }

    /// How a tool has drifted from what it is locked as, if it is and has
    pub(crate) fn drift(&self, tool: &str, found: &Tool) -> Option<Drift> {
        self.0.get(tool).and_then(|locked| Drift::between(locked, found))
    }

    /// What is wrong with the tools of a server, as far as it has listed them: those that have drifted,
    /// and those that it has no longer, each said in a sentence
    pub(crate) fn problems(&self, server: &str, connector: &dyn Connector) -> Vec<String> {
        if !connector.has_listed() {
            return Vec::new();
        }
        let of_server = self.0.iter().filter_map(|(full, locked)| {
            let (of, name) = split(full)?;
            (of == server).then_some((full, name, locked))
        });
        let said = of_server.filter_map(|(full, name, locked)| match connector.known(name) {
            Some(found) => Drift::between(locked, &found).map(|drift| drifted(full, &drift)),
            None => Some(format!("the server `{server}` no longer has the tool `{name}`")),
        });
        said.collect()
    }
}

/// What is said of a tool that has drifted
fn drifted(tool: &str, drift: &Drift) -> String {
    format!("the tool `{tool}` is not what the workflows were compiled against: {drift}")
}

/// The failure of a step whose tool has drifted: it was not called
pub(crate) fn refused(tool: &str, drift: &Drift) -> RunError {
    failed(DRIFTED, format!("{}; it was not called", drifted(tool, drift)), WHAT_TO_DO)
}

/// What is to be done about a drifted tool
pub(crate) const WHAT_TO_DO: &str = "pull the lock again with `workflow-server tools pull`, see in the difference what the workflows \
     have to do otherwise, and build anew; or bring back the version of the server that was locked";
