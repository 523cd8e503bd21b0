//! Steps. A step type is a function in [`STEPS`] that makes a step of it.

mod children;
mod prompts;

use std::collections::BTreeSet;

use crate::flow::{Flow, Variable};
use crate::marks::{self, Mark};
use crate::ty::Ty;
use crate::yaml::Node;

/// Makes a step; nothing where it cannot stand here
type Maker = fn(&mut Flow<'_>) -> Option<Node>;

/// Every step type, with how often it comes; a step whose failure is handled is called `try…`
const STEPS: &[(usize, Maker)] = &[
    (6, prompts::prompt),
    (4, prompts::confirm),
    (3, prompts::choice),
    (2, prompts::info),
    (3, shell),
    (2, wait),
    (2, children::composed),
    (2, rescued),
    (5, mcp_call),
    (2, memory),
    (3, delegate),
    (8, set_state),
    (4, condition),
    (3, children::foreach),
    (1, early_return),
    (2, goto),
];

type Keys = Vec<(&'static str, Node)>;

impl Flow<'_> {
    /// Steps until the budget of this list is used up
    pub(crate) fn steps(&mut self, count: usize) -> Vec<Node> {
        let mut steps = Vec::new();
        while steps.len() < count.max(1) && self.budget > 0 {
            let all: usize = STEPS.iter().map(|(weight, _)| weight).sum();
            let mut at = self.random.below(all);
            let chosen = STEPS.iter().find(|(weight, _)| match at.checked_sub(*weight) {
                Some(rest) => {
                    at = rest;
                    false
                }
                None => true,
            });
            let Some((_, maker)) = chosen else { continue };
            self.budget -= 1;
            steps.extend(maker(self));
        }
        if steps.is_empty() {
            steps.extend(set_state(self));
        }
        steps
    }

    /// A list of steps of its own; what is written for the first time in it is known in it only
    fn nested(&mut self, count: usize) -> Vec<Node> {
        let before: Vec<bool> = self.fields.iter().map(|field| field.assigned).collect();
        let earlier = self.earlier.len();
        let mut steps = self.steps(count);
        steps.extend(self.leftovers(before.len()));
        self.earlier.truncate(earlier);
        for (at, field) in self.fields.iter_mut().enumerate() {
            let known = before.get(at).copied().unwrap_or(field.initial.is_some());
            field.assigned = known;
        }
        steps
    }

    /// A step that reads what nobody has read, of the fields from `first` on
    pub(crate) fn leftovers(&mut self, first: usize) -> Option<Node> {
        let unread = |at: &usize| self.fields[*at].assigned && !self.fields[*at].read;
        let unread: Vec<usize> = (first..self.fields.len()).filter(unread).collect();
        if unread.is_empty() {
            return None;
        }
        Some(self.step("mcp_call", None, false, |flow| {
            let reads = unread.iter().map(|at| {
                let name = Mark::State.on(&flow.fields[*at].name);
                Node::loose(format!("{{{{ state.{name} }}}}"))
            });
            let reads = Node::List(reads.collect());
            vec![("tool", Node::text("notes.add")), ("parameters", Node::map([("seen", reads)]))]
        }))
    }

    /// A step of a type, with the field that takes its result
    fn step(
        &mut self,
        kind: &str,
        result: Option<Ty>,
        may_skip: bool,
        keys: impl FnOnce(&mut Self) -> Keys,
    ) -> Node {
        let mut own = Keys::new();
        let skipped = may_skip && self.random.percent(15);
        if skipped {
            let test = self.test();
            own.push(("when", test));
        }
        own.extend(keys(self));
        let skipped = self.failure(&mut own, may_skip) || skipped;
        let taken = kind == "foreach" || self.random.percent(85);
        if let Some(ty) = result.filter(|_| taken) {
            let (field, new) = self.target(&ty, skipped);
            own.push(("output_to", Node::text(self.fields[field].name.clone())));
            self.fields[field].assigned |= new;
        }
        let id = self.name(kind).replace('_', "-");
        self.put_together(&id, kind, own)
    }

    /// What happens where a step that waits fails; whether it may end without a result
    fn failure(&mut self, own: &mut Keys, may_skip: bool) -> bool {
        if self.has_defaults && self.random.percent(25) {
            own.push(("<<", Node::raw("*defaults")));
        } else if self.random.percent(10) {
            own.push(("timeout", Node::raw(self.random.pick(&["30", "0.5", "86400"]))));
        }
        if self.random.percent(8) {
            let attempts = ("max_attempts", Node::raw(1 + self.random.below(4)));
            let seconds = ("backoff_seconds", Node::raw(self.random.pick(&["1", "0.5"])));
            let factor = ("backoff_factor", Node::raw(2));
            let retry = [attempts, seconds, factor].into_iter().take(1 + self.random.below(3));
            own.push(("retry", Node::map(retry)));
        }
        let goes_on = may_skip && self.random.percent(8);
        if goes_on {
            own.push(("on_error", Node::text("continue")));
        } else if self.random.percent(5) {
            own.push(("on_error", Node::text("fail")));
        }
        goes_on
    }

    fn put_together(&mut self, id: &str, kind: &str, own: Keys) -> Node {
        let mut needs = self.reads(&own);
        let mut all = vec![
            ("id", Node::text(Mark::Id.on(id))),
            ("type", Node::text(Mark::StepType.on(kind))),
        ];
        if !needs.is_empty() {
            let first = self.random.below(needs.len());
            needs.rotate_left(first);
            let needs = needs.iter().map(|at| Node::text(Mark::Need.on(&self.fields[*at].name)));
            all.push(("needs_state", Node::List(needs.collect())));
        }
        if self.random.percent(10) {
            all.push(("description", Node::loose("What it does")));
        }
        for (key, value) in own {
            let at = 2 + self.random.below(all.len() - 1);
            // Lists of steps come last, as people write them.
            let at = if matches!(key, "then" | "else") { all.len() } else { at };
            all.insert(at, (key, value));
        }
        self.earlier.push(id.to_owned());
        let all = all.into_iter().map(|(key, value)| match key {
            "<<" => (key.to_owned(), value),
            key => (Mark::Key.on(key), value),
        });
        Node::Map(all.collect()).marked(Mark::Step)
    }

    /// The fields that the keys of a step read, nested steps left out
    fn reads(&mut self, own: &Keys) -> Vec<usize> {
        let own = own.iter().filter(|(key, _)| !matches!(*key, "then" | "else"));
        let texts: Vec<&str> = own.flat_map(|(_, value)| value.texts()).collect();
        let names: BTreeSet<&str> =
            texts.iter().flat_map(|text| marks::pieces(text, Mark::State)).collect();
        let read = |at: &usize| names.contains(&*self.fields[*at].name);
        let read: Vec<usize> = (0..self.fields.len()).filter(read).collect();
        read.iter().for_each(|at| self.fields[*at].read = true);
        read
    }

    /// A condition, with braces or without
    fn test(&mut self) -> Node {
        self.may_ask = true;
        let depth = self.depth;
        let test = self.condition(depth);
        self.may_ask = false;
        if self.random.percent(50) { Node::loose(test) } else { braces(&test) }
    }

    /// A value of that type, where an agent may be asked for parts of it
    pub(crate) fn value(&mut self, ty: &Ty) -> Node {
        let ask = std::mem::replace(&mut self.may_ask, true);
        let value = self.value_of(ty);
        self.may_ask = ask;
        value
    }

    /// A value of that type: written out, or computed
    pub(crate) fn value_of(&mut self, ty: &Ty) -> Node {
        match ty {
            Ty::Object(fields) if self.random.percent(60) => {
                let all = fields.iter().map(|(name, ty)| (*name, self.value_of(ty)));
                Node::map(all.collect::<Vec<_>>())
            }
            Ty::List(item) if self.random.percent(25) => {
                let count = 1 + self.random.below(3);
                Node::List((0..count).map(|_| self.value_of(item)).collect())
            }
            Ty::Text if self.random.percent(30) => {
                let depth = self.depth;
                Node::loose(self.words(depth))
            }
            Ty::Bool | Ty::Int | Ty::Text | Ty::Word(_) if self.random.percent(15) => {
                ty.literal(self.random)
            }
            ty => {
                let depth = self.depth;
                braces(&self.expr(ty, depth))
            }
        }
    }

    fn message(&mut self) -> Node {
        let depth = self.depth;
        Node::loose(self.words(depth))
    }

    /// What a result is, where the step says so
    fn output(&mut self) -> Option<(Ty, Node)> {
        self.random.percent(30).then(|| {
            let ty = Ty::random(self.random, 1).without_words();
            let schema = ty.schema(self.random, Vec::new());
            (ty, schema)
        })
    }

    fn agent(&mut self) -> (&'static str, Node) {
        let agent = self.random.pick(&["@task", "@code-reviewer", "@helper-2"]);
        ("agent", Node::text(Mark::Agent.on(agent)))
    }
}

fn braces(expr: &str) -> Node {
    Node::loose(Mark::Braces.on(&format!("{{{{ {expr} }}}}")))
}

fn word(text: &str) -> Node {
    Node::text(Mark::Word.on(text))
}

fn shell(flow: &mut Flow<'_>) -> Option<Node> {
    let gives = Ty::Object(vec![
        ("stdout", Ty::Text),
        ("stderr", Ty::Text),
        ("exit_code", Ty::Int),
        ("duration", Ty::Number),
    ]);
    Some(flow.step("shell", Some(gives), true, |flow| {
        let mut command =
            flow.random.pick(&["cargo test", "ls -l", "git log --oneline"]).to_owned();
        if flow.random.percent(60) {
            let depth = flow.depth;
            let (word, quote) = (flow.expr(&Ty::Text, depth), Mark::Filter.on("shellquote"));
            let word = Mark::Braces.on(&format!("{{{{ {word} | {quote} }}}}"));
            command = format!("{command} {word}");
        }
        vec![("command", Node::loose(command))]
    }))
}

fn wait(flow: &mut Flow<'_>) -> Option<Node> {
    let gives = Ty::Object(vec![("waited_seconds", Ty::Number)]);
    Some(flow.step("wait", Some(gives), true, |flow| {
        let seconds = if flow.random.percent(60) {
            Node::raw(flow.random.pick(&["1", "0.25", "3600"]))
        } else {
            braces(&format!("({} | abs) % 100", flow.expr(&Ty::Int, 1)))
        };
        let mut keys = vec![("duration_seconds", seconds)];
        if flow.random.percent(50) {
            keys.push(("message", flow.message()));
        }
        keys
    }))
}

/// A step whose failure a later one handles, in a branch of their own: where all goes well, the
/// run ends before the handler
fn rescued(flow: &mut Flow<'_>) -> Option<Node> {
    let test = flow.test();
    let earlier = flow.earlier.len();
    let handler = flow.name("rescue").replace('_', "-");
    let keys =
        vec![("instructions", flow.message()), ("on_error", Node::text(Mark::Target.on(&handler)))];
    let id = flow.name("try").replace('_', "-");
    let tried = flow.put_together(&id, "delegate", keys);
    let returns = flow.returns.clone();
    let done = flow.last(&returns);
    let before = flow.variables.len();
    let error =
        [("step_id", Ty::Text), ("code", Ty::Text), ("message", Ty::Text), ("attempts", Ty::Int)];
    flow.variables.extend(
        error.map(|(name, ty)| Variable { text: format!("error.{}", Mark::Field.on(name)), ty }),
    );
    let keys = vec![("instructions", flow.message())];
    flow.variables.truncate(before);
    let rescue = flow.put_together(&handler, "delegate", keys);
    flow.earlier.truncate(earlier);
    let steps = Node::List(vec![tried, done, rescue]);
    let id = flow.name("decide").replace('_', "-");
    Some(flow.put_together(&id, "condition", vec![("if", test), ("then", steps)]))
}

fn mcp_call(flow: &mut Flow<'_>) -> Option<Node> {
    let declared = flow.output();
    let gives = declared.as_ref().map_or(Ty::Any, |(ty, _)| ty.clone());
    Some(flow.step("mcp_call", Some(gives), true, |flow| {
        let tool = flow.random.pick(&["web.search", "disk.read", "plain_tool"]);
        let mut keys = vec![("tool", Node::text(tool))];
        keys.extend(declared.map(|(_, schema)| ("output", schema)));
        if flow.random.percent(80) {
            let ty = Ty::object(flow.random, 1);
            let Ty::Object(fields) = ty else { return keys };
            let all: Vec<_> = fields.iter().map(|(name, ty)| (*name, flow.value(ty))).collect();
            keys.push(("parameters", Node::map(all)));
        }
        keys
    }))
}

fn memory(flow: &mut Flow<'_>) -> Option<Node> {
    let gives = Ty::Object(vec![("success", Ty::Bool), ("key", Ty::Text), ("created", Ty::Bool)]);
    Some(flow.step("mcp_call", Some(gives), true, |flow| {
        let value = Ty::random(flow.random, 1);
        let all = [("key", flow.value(&Ty::Text)), ("value", flow.value(&value))];
        vec![("tool", Node::text("memory.save")), ("parameters", Node::map(all))]
    }))
}

fn delegate(flow: &mut Flow<'_>) -> Option<Node> {
    let declared = flow.output();
    let gives = declared.as_ref().map_or(Ty::Text, |(ty, _)| ty.clone());
    Some(flow.step("delegate", Some(gives), true, |flow| {
        let mut keys = vec![("instructions", flow.message())];
        keys.extend(declared.map(|(_, schema)| ("output", schema)));
        if flow.random.percent(70) {
            keys.push(flow.agent());
        }
        keys
    }))
}

fn set_state(flow: &mut Flow<'_>) -> Option<Node> {
    let count = 1 + flow.random.below(3);
    let mut written = BTreeSet::new();
    let mut new = Vec::new();
    let skipped = flow.random.percent(15);
    let mut keys = Keys::new();
    if skipped {
        let test = flow.test();
        keys.push(("when", test));
    }
    let mut updates = Vec::new();
    for _ in 0..count {
        let ty = Ty::random(flow.random, 2);
        let value = flow.value(&ty);
        let (field, is_new) = flow.target(&ty, skipped);
        if written.insert(field) {
            updates.push((flow.fields[field].name.clone(), value));
        }
        if is_new {
            new.push(field);
        }
    }
    keys.push(("updates", Node::Map(updates)));
    // All is read from before the step.
    new.into_iter().for_each(|field| flow.fields[field].assigned = true);
    let id = flow.name("set").replace('_', "-");
    Some(flow.put_together(&id, "set_state", keys))
}

fn condition(flow: &mut Flow<'_>) -> Option<Node> {
    if flow.budget == 0 {
        return None;
    }
    let mut keys = vec![("if", flow.test())];
    if flow.random.percent(10) {
        keys.push(("when", flow.test()));
    }
    let count = 1 + flow.random.below(3);
    let then = flow.nested(count);
    keys.push(("then", Node::List(then)));
    if flow.random.percent(50) {
        let count = 1 + flow.random.below(2);
        let otherwise = flow.nested(count);
        keys.push(("else", Node::List(otherwise)));
    }
    let id = flow.name("decide").replace('_', "-");
    Some(flow.put_together(&id, "condition", keys))
}

fn early_return(flow: &mut Flow<'_>) -> Option<Node> {
    let test = flow.test();
    let returns = flow.returns.clone();
    let value = flow.value(&returns);
    let id = flow.name("leave");
    Some(flow.put_together(&id, "return", vec![("when", test), ("value", value)]))
}

/// Back to a step above, in this list or one around it
fn goto(flow: &mut Flow<'_>) -> Option<Node> {
    if flow.earlier.is_empty() {
        return None;
    }
    let mut keys = Keys::new();
    if flow.random.percent(70) {
        keys.push(("when", flow.test()));
    }
    let earlier = flow.earlier.clone();
    let target = flow.random.pick(&earlier);
    keys.push(("target", Node::text(Mark::Target.on(&target))));
    keys.push(("max_iterations", Node::raw(1 + flow.random.below(2))));
    let id = flow.name("again").replace('_', "-");
    Some(flow.put_together(&id, "goto", keys))
}

impl Flow<'_> {
    /// The step that ends the run
    pub(crate) fn last(&mut self, returns: &Ty) -> Node {
        let value = self.value(returns);
        let id = self.name("done");
        self.put_together(&id, "return", vec![("value", value)])
    }
}
