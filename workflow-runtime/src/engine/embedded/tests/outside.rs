//! A server of tools outside of the engine, which remembers what was done to it.

use std::collections::{BTreeMap, HashMap};
use std::future::{Future, pending, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};

use crate::connectors::{Connector, Connectors, Hints, Reach, Standing, Tool, Working, failed};

const TOOLS: [&str; 6] = ["note", "put", "fail", "hang", "panic", "text"];

/// What all connections to the server share
///
/// | tool | repeatable | does |
/// |---|---|---|
/// | `note` | no | keeps its `text`, gives how often it has |
/// | `put` | yes | the same, saying that once more does no harm |
/// | `fail` | yes | fails |
/// | `hang` | no | keeps its `text`, then never answers |
/// | `panic` | no | panics |
/// | `text` | yes | gives its `text` as it is |
#[derive(Default)]
pub(super) struct Outside {
    /// How often each text was kept
    kept: Mutex<HashMap<String, usize>>,
    /// Calls that were begun, and neither ended nor called off
    pub(super) under_way: Mutex<usize>,
    /// The most of them at once
    pub(super) most: Mutex<usize>,
    pub(super) closed: Mutex<bool>,
}

impl Outside {
    pub(super) fn kept(&self, text: &str) -> usize {
        self.kept.lock().unwrap().get(text).copied().unwrap_or(0)
    }

    /// The texts that were kept
    pub(super) fn texts(&self) -> Vec<String> {
        self.kept.lock().unwrap().keys().cloned().collect()
    }

    pub(super) fn connectors(self: &Arc<Self>) -> Connectors {
        let connection: Arc<dyn Connector> = Arc::new(Connection(self.clone()));
        Connectors::new(BTreeMap::from([("out".to_owned(), connection)]))
    }

    fn keep(&self, arguments: &Map<String, Value>) -> usize {
        let text = arguments["text"].as_str().unwrap().to_owned();
        let mut kept = self.kept.lock().unwrap();
        let times = kept.entry(text).or_default();
        *times += 1;
        *times
    }

    fn enter(&self) -> UnderWay<'_> {
        let mut under_way = self.under_way.lock().unwrap();
        *under_way += 1;
        let mut most = self.most.lock().unwrap();
        *most = (*most).max(*under_way);
        UnderWay(self)
    }
}

struct UnderWay<'a>(&'a Outside);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        *self.0.under_way.lock().unwrap() -= 1;
    }
}

struct Connection(Arc<Outside>);

impl Connector for Connection {
    fn find<'a>(&'a self, tool: &'a str) -> Working<'a, Arc<Tool>> {
        let unknown =
            || failed("tool-unknown", format!("there is no tool `{tool}`"), "see the list");
        Box::pin(ready(self.known(tool).ok_or_else(unknown)))
    }

    fn call<'a>(&'a self, tool: &'a str, arguments: Map<String, Value>) -> Working<'a, Value> {
        Box::pin(async move {
            let _under_way = self.0.enter();
            match tool {
                "fail" => Err(failed("tool-failed", "`out.fail` failed: no".to_owned(), "mend it")),
                "panic" => panic!("the connector gave up"),
                "text" => Ok(arguments["text"].clone()),
                "hang" => {
                    self.0.keep(&arguments);
                    pending().await
                }
                _ => {
                    let times = self.0.keep(&arguments);
                    tokio::task::yield_now().await;
                    Ok(json!({"kept": times}))
                }
            }
        })
    }

    fn at_once(&self) -> usize {
        2
    }

    fn list(&self) -> Working<'_, Vec<Arc<Tool>>> {
        let tools = TOOLS.iter().filter_map(|tool| self.known(tool));
        Box::pin(ready(Ok(tools.collect())))
    }

    fn known(&self, tool: &str) -> Option<Arc<Tool>> {
        let name = (*TOOLS.iter().find(|known| **known == tool)?).to_owned();
        let idempotent_hint = Some(["put", "fail", "text"].contains(&tool));
        let annotations = Hints { idempotent_hint, ..Hints::default() };
        Some(Arc::new(Tool { name, annotations, ..Tool::default() }))
    }

    fn standing(&self) -> Standing {
        Standing { reach: Reach::Connected, last_error: None }
    }

    fn close(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        *self.0.closed.lock().unwrap() = true;
        Box::pin(ready(()))
    }
}
