//! Steps that run other workflows, and tasks of the file.

use super::{braces, word};
use crate::flow::{Child, Flow, Variable};
use crate::marks::Mark;
use crate::ty::Ty;
use crate::workflow;
use crate::yaml::Node;

/// Another workflow as a step
pub(super) fn composed(flow: &mut Flow<'_>) -> Option<Node> {
    let may_prompt = flow.may_prompt;
    let all = flow.children.iter().filter(|child| may_prompt || !child.prompts);
    let all: Vec<_> = all.collect();
    if all.is_empty() {
        return None;
    }
    let child = flow.random.pick(&all).clone();
    flow.prompts |= child.prompts;
    Some(flow.step("workflow", Some(child.gives), true, |flow| {
        let mut inputs = Vec::new();
        if let (Some(name), Some(takes)) = (child.input, &child.takes) {
            inputs.push((name, flow.value(takes)));
        }
        if flow.random.percent(30) {
            inputs.push(("flag", flow.value(&Ty::Bool)));
        }
        vec![("workflow", Node::text(child.name)), ("inputs", Node::map(inputs))]
    }))
}

pub(super) fn foreach(flow: &mut Flow<'_>) -> Option<Node> {
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
fn inline_task(flow: &mut Flow<'_>) -> Child {
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
        has_defaults: flow.has_defaults,
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
    let task = workflow::body(&mut inside, input.map(|name| (name, takes.clone())).as_ref());
    let (prompts, named) = (inside.prompts, inside.named);
    flow.named = named;
    flow.tasks.push((name.clone(), Node::Map(task)));
    Child { name, takes: Some(takes), input, gives, prompts }
}
