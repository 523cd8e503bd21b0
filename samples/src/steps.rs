//! Steps. A step type is a function in [`STEPS`] that makes a step of it.

use std::collections::BTreeSet;

use crate::flow::{Flow, Variable};
use crate::marks::{self, Mark};
use crate::ty::Ty;
use crate::yaml::Node;

/// Makes a step; nothing where it cannot stand here
type Maker = fn(&mut Flow<'_>) -> Option<Node>;

/// Every step type, with how often it comes
const STEPS: &[(usize, Maker)] = &[
    (6, prompt),
    (4, confirm),
    (5, mcp_call),
    (2, memory),
    (3, delegate),
    (8, set_state),
    (4, condition),
    (3, foreach),
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
        if self.random.percent(10) {
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
        let all = all.into_iter().map(|(key, value)| (Mark::Key.on(key), value));
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

fn prompt(flow: &mut Flow<'_>) -> Option<Node> {
    flow.may_prompt.then(|| {
        flow.prompts = true;
        flow.step("prompt", Some(Ty::Text), true, |flow| {
            let mut keys = vec![("message", flow.message())];
            if flow.random.percent(40) {
                keys.push(("kind", word("text")));
            }
            keys
        })
    })
}

fn confirm(flow: &mut Flow<'_>) -> Option<Node> {
    flow.may_prompt.then(|| {
        flow.prompts = true;
        let gives = Ty::Object(vec![("confirmed", Ty::Bool)]);
        flow.step("prompt", Some(gives), true, |flow| {
            vec![("kind", word("confirm")), ("message", flow.message())]
        })
    })
}

fn mcp_call(flow: &mut Flow<'_>) -> Option<Node> {
    Some(flow.step("mcp_call", Some(Ty::Any), true, |flow| {
        let tool = flow.random.pick(&["web.search", "files.read", "plain_tool"]);
        let mut keys = vec![("tool", Node::text(tool))];
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
    Some(flow.step("delegate", Some(Ty::Text), true, |flow| {
        let mut keys = vec![("instructions", flow.message())];
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

fn foreach(flow: &mut Flow<'_>) -> Option<Node> {
    let child = if flow.may_have_tasks && flow.budget > 0 && flow.random.percent(60) {
        inline_task(flow)
    } else {
        let may_prompt = flow.may_prompt;
        let all: Vec<_> =
            flow.children.iter().filter(|child| may_prompt || !child.prompts).collect();
        if all.is_empty() {
            return None;
        }
        flow.random.pick(&all).clone()
    };
    let with_agent = !child.prompts && flow.random.percent(60);
    flow.prompts |= child.prompts && !with_agent;
    let keep = flow.random.percent(25);
    let gives = if keep { Ty::maybe(child.gives.clone()) } else { child.gives.clone() };
    let item = child.takes.clone().unwrap_or(Ty::Text);
    Some(flow.step("foreach", Some(Ty::list(gives)), true, |flow| {
        flow.may_ask = true;
        let depth = flow.depth;
        let items = flow.expr(&Ty::list(item), depth);
        flow.may_ask = false;
        let items = if flow.random.percent(30) { Node::loose(items) } else { braces(&items) };
        let mut keys = vec![("items", items), ("task", Node::text(Mark::Task.on(&child.name)))];
        if with_agent {
            keys.push(flow.agent());
        }
        match flow.random.below(4) {
            0 => keys.push(("sequential", Node::raw(flow.random.percent(50)))),
            1 => keys.push(("concurrency", Node::raw(1 + flow.random.below(5)))),
            _ => {}
        }
        if keep {
            keys.push(("on_child_error", word("keep")));
        } else if flow.random.percent(20) {
            keys.push(("on_child_error", word("fail")));
        }
        keys
    }))
}

/// A task of this file
fn inline_task(flow: &mut Flow<'_>) -> crate::flow::Child {
    let takes = Ty::random(flow.random, 1).without_words();
    let gives = Ty::random(flow.random, 1).without_words();
    let name = flow.name("task").replace("__", "_");
    let may_prompt = flow.may_prompt && flow.random.percent(50);
    let budget = 1 + flow.random.below(flow.budget.min(4));
    flow.budget -= budget.min(flow.budget);
    let mut inside = Flow {
        random: &mut *flow.random,
        functions: flow.functions,
        children: &[],
        variables: Vec::new(),
        fields: Vec::new(),
        tasks: Vec::new(),
        earlier: Vec::new(),
        may_have_tasks: false,
        may_ask: false,
        may_prompt,
        prompts: false,
        returns: gives.clone(),
        budget,
        named: flow.named,
        depth: flow.depth,
    };
    let place =
        [("index", Ty::Int), ("total", Ty::Int), ("is_first", Ty::Bool), ("is_last", Ty::Bool)];
    let place = place.into_iter().chain([("item", takes.clone())]);
    inside.variables.extend(place.map(|(name, ty)| Variable { text: name.to_owned(), ty }));
    let input = inside.random.pick(&[None, None, Some("item"), Some("thing")]);
    let task = crate::workflow::body(&mut inside, input.map(|name| (name, takes.clone())).as_ref());
    let (prompts, named) = (inside.prompts, inside.named);
    flow.named = named;
    flow.tasks.push((name.clone(), Node::Map(task)));
    crate::flow::Child { name, takes: Some(takes), gives, prompts }
}

impl Flow<'_> {
    /// The step that ends the run
    pub(crate) fn last(&mut self, returns: &Ty) -> Node {
        let value = self.value(returns);
        let id = self.name("done");
        self.put_together(&id, "return", vec![("value", value)])
    }
}
