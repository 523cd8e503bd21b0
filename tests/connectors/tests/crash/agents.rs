//! Agents that work off runs, all at once, while the servers that they call are killed.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::chance::Chance;
use crate::place::Place;
use crate::servers::{Heard, Servers};

/// Runs that are started
pub const RUNS: usize = 50;

/// Child runs of each
pub const CHILDREN: usize = 4;

/// Calls that a run and its children take, beside those that only look: it is started, split and
/// approved, each child is looked into and judged
const ANSWERS: usize = RUNS * (3 + CHILDREN * 2);

/// How long a call of a tool takes at most, in milliseconds
const DELAY: usize = 60;

/// Who works off one run
struct Agent {
    /// Also the run's idempotency key, if it is nobody's child
    name: String,
    /// The agent of the parent run
    parent: Option<usize>,
    /// Children that have not ended
    open_children: usize,
    /// What it asked last, and asks again if there is no reply
    call: Call,
    /// What came of the run
    result: Option<Value>,
}

/// A call of a tool
#[derive(Clone)]
pub struct Call {
    pub tool: &'static str,
    pub arguments: Value,
}

/// What a server has said of a call that moves a run
pub struct Acknowledged {
    pub call: Call,
    pub reply: Value,
}

/// The agents, and the servers that they call
pub struct Agents<'a> {
    pub servers: Servers<'a>,
    chance: Chance,
    /// Those of the runs that were started, in this order, then those of their children
    all: Vec<Agent>,
    /// Who waits for a call
    asked: HashMap<u64, usize>,
    pub acknowledged: Vec<Acknowledged>,
    kills_left: usize,
    /// Acknowledgements until the next kill
    until_kill: usize,
}

impl<'a> Agents<'a> {
    /// Starts all runs; while they are worked off, a server is killed so often
    pub fn start(place: &'a Place, seed: u64, kills: usize) -> Self {
        let mut agents = Self {
            servers: Servers::start(place),
            chance: Chance(seed),
            all: Vec::new(),
            asked: HashMap::new(),
            acknowledged: Vec::new(),
            kills_left: kills,
            until_kill: 0,
        };
        agents.draw();
        for name in (0..RUNS).map(|number| number.to_string()) {
            let inputs = json!({ "name": name });
            let start =
                json!({"workflow": "calls:survey", "inputs": inputs, "idempotency_key": name});
            agents.join(name, None, Call { tool: "start_workflow", arguments: start });
        }
        agents
    }

    /// Works until only so many kills are left
    pub fn work(&mut self, kills_left: usize) {
        while self.kills_left > kills_left {
            self.go_on();
        }
    }

    /// Works until all runs have ended
    pub fn finish(&mut self) {
        while self.all.iter().any(|agent| agent.result.is_none()) {
            self.go_on();
        }
        assert_eq!(self.kills_left, 0, "the work was over before all kills");
    }

    /// What came of the runs that were started
    pub fn results(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.all[..RUNS].iter().map(|agent| (&*agent.name, agent.result.as_ref().unwrap()))
    }

    /// Says again all that was acknowledged; gives what was said of it then and now
    pub fn repeat(&mut self) -> Vec<(Acknowledged, Value)> {
        let mut asked = HashMap::new();
        for before in std::mem::take(&mut self.acknowledged) {
            let Call { tool, arguments } = &before.call;
            let id = self.servers.call(self.chance.below(2), tool, arguments);
            asked.insert(id, before);
        }
        let mut both = Vec::new();
        while !asked.is_empty() {
            let Heard::Reply(id, now) = self.servers.hear() else { continue };
            both.push((asked.remove(&id).expect("it was asked"), now));
        }
        both
    }

    fn join(&mut self, name: String, parent: Option<usize>, call: Call) {
        self.all.push(Agent { name, parent, open_children: 0, call, result: None });
        self.ask(self.all.len() - 1);
    }

    /// Calls one of the servers, whichever it is
    fn ask(&mut self, at: usize) {
        let Call { tool, arguments } = &self.all[at].call;
        let id = self.servers.call(self.chance.below(2), tool, arguments);
        self.asked.insert(id, at);
    }

    /// Waits for something to come of any call, and does what comes next
    fn go_on(&mut self) {
        match self.servers.hear() {
            Heard::Reply(id, reply) => {
                let at = self.asked.remove(&id).expect("somebody asked");
                self.hear(at, &reply);
            }
            Heard::Cut(calls) => {
                for id in calls {
                    let at = self.asked.remove(&id).expect("somebody asked");
                    self.ask(at);
                }
            }
        }
    }

    fn hear(&mut self, at: usize, reply: &Value) {
        let call = &self.all[at].call;
        let acknowledges = call.tool != "get_next_step";
        if acknowledges {
            self.acknowledged.push(Acknowledged { call: call.clone(), reply: reply.clone() });
        }
        // Before or after the next call has left.
        let before = self.chance.below(2) == 0;
        if acknowledges && before {
            self.count();
        }
        self.follow(at, reply);
        if acknowledges && !before {
            self.count();
        }
    }

    /// Does what a reply asks for
    fn follow(&mut self, at: usize, reply: &Value) {
        let step = &reply["step"];
        match reply["status"].as_str().unwrap() {
            "running" => self.look(at, &reply["run_id"]),
            "waiting" if step["type"] == "foreach" => self.delegate(at, step),
            "waiting" => {
                let result = self.answer(at, step);
                let (run_id, step_id) = (&step["run_id"], &step["step_id"]);
                let arguments = json!({"run_id": run_id, "step_id": step_id, "result": result});
                self.all[at].call = Call { tool: "submit_result", arguments };
                self.ask(at);
            }
            "completed" => self.end(at, reply),
            _ => panic!("a run has not ended well: {reply}"),
        }
    }

    fn look(&mut self, at: usize, run_id: &Value) {
        let arguments = json!({"run_id": run_id, "wait_seconds": 20});
        self.all[at].call = Call { tool: "get_next_step", arguments };
        self.ask(at);
    }

    /// Each child gets an agent; the last to end has the parent's look again
    fn delegate(&mut self, at: usize, step: &Value) {
        let children = step["children"].as_array().unwrap();
        self.all[at].open_children = children.len();
        self.all[at].call.arguments = json!({"run_id": step["run_id"]});
        for child in children {
            let arguments = json!({"run_id": child["run_id"]});
            let name = child["item"]["name"].as_str().unwrap().to_owned();
            self.join(name, Some(at), Call { tool: "get_next_step", arguments });
        }
    }

    fn end(&mut self, at: usize, reply: &Value) {
        self.all[at].result = Some(reply["result"].clone());
        let Some(parent) = self.all[at].parent else { return };
        self.all[parent].open_children -= 1;
        if self.all[parent].open_children == 0 {
            let run_id = self.all[parent].call.arguments["run_id"].clone();
            self.look(parent, &run_id);
        }
    }

    fn answer(&mut self, at: usize, step: &Value) -> Value {
        let name = &self.all[at].name;
        match step["step_id"].as_str().unwrap() {
            "split" => (0..CHILDREN)
                .map(|n| json!({"name": format!("{name}/{n}"), "delay": self.chance.below(DELAY)}))
                .collect(),
            "look" => json!(seen(name)),
            "judge" => json!(judged(name)),
            "approve" => json!({"confirmed": true}),
            other => panic!("nobody knows what `{other}` is"),
        }
    }

    /// Counts an acknowledgement, and kills a server if it is time
    fn count(&mut self) {
        if self.kills_left == 0 {
            return;
        }
        self.until_kill -= 1;
        if self.until_kill == 0 {
            self.servers.kill(self.chance.below(2));
            self.kills_left -= 1;
            self.draw();
        }
    }

    /// Draws when the next kill comes: they are spread over the work, and none is left at its end
    fn draw(&mut self) {
        let answers = ANSWERS - self.acknowledged.len();
        let Some(mean) = answers.checked_div(self.kills_left) else { return };
        let latest = 1 + answers - self.kills_left;
        self.until_kill = (1 + self.chance.below(2 * mean - 1)).min(latest);
    }
}

/// What an agent says of a place that it has looked into
pub fn seen(name: &str) -> String {
    format!("seen {name}")
}

/// What it thinks of the place
pub fn judged(name: &str) -> String {
    format!("judged {name}")
}
