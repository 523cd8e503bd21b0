//! The servers that are configured, each called once.

use std::path::Path;

use super::super::args::Options;
use super::super::failure::Failure;
use super::super::set_up;
use crate::connectors::locks;
use crate::engine::Problem;
use crate::machine::RunError;
use crate::registry::Registry;

/// A server whose tools are called from here, and how it could be reached
pub(super) struct Reached {
    pub(super) name: String,
    /// How many tools it lists
    pub(super) tools: Result<usize, RunError>,
    /// What of its tools is not what the workflows were compiled against
    pub(super) drifted: Vec<String>,
}

impl Reached {
    /// What is wrong with it, and what to do
    pub(super) fn problems(&self, options: &Options) -> Vec<Problem> {
        let unreached =
            self.tools.as_ref().err().map(|error| unreached(&self.name, options, error));
        let drifted = self.drifted.iter().map(|message| Problem {
            message: message.clone(),
            help: locks::WHAT_TO_DO.to_owned(),
        });
        unreached.into_iter().chain(drifted).collect()
    }
}

/// Connects to each server that is configured; fails where the configuration cannot be read
pub(super) async fn reach(options: &Options, registry: &Registry) -> Result<Vec<Reached>, Failure> {
    let connectors = set_up::connectors(options)?;
    let trying = connectors.iter().map(|(name, connector)| {
        let (name, connector) = (name.to_owned(), connector.clone());
        tokio::spawn(async move {
            let tools = connector.list().await;
            (name, connector, tools)
        })
    });
    let mut reached = Vec::new();
    for tried in trying.collect::<Vec<_>>() {
        // One that panics has said so.
        let Ok((name, connector, tools)) = tried.await else { continue };
        let drifted = registry.locks().problems(&name, &*connector);
        reached.push(Reached { name, tools: tools.map(|tools| tools.len()), drifted });
    }
    connectors.close().await;
    Ok(reached)
}

fn unreached(name: &str, options: &Options, error: &RunError) -> Problem {
    let file = options.connectors.as_deref().unwrap_or(Path::new(".mcp.json")).display();
    Problem {
        message: error.message.clone(),
        help: format!(
            "see `command`, `args`, `env` and `cwd`, or `url` and `headers`, of `{name}` in `{file}`: \
             run by hand, a program has to start and wait for a client; a server that is not needed \
             is left out by `\"disabled\": true`"
        ),
    }
}
