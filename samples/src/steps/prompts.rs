//! Prompts, of every kind.

use super::{braces, word};
use crate::flow::Flow;
use crate::ty::{Ty, WORDS};
use crate::yaml::Node;

pub(super) fn prompt(flow: &mut Flow<'_>) -> Option<Node> {
    flow.may_prompt.then(|| {
        flow.prompts = true;
        flow.step("prompt", Some(Ty::Text), true, |flow| {
            let mut keys = vec![("message", flow.message())];
            if flow.random.percent(40) {
                keys.push(("kind", word("text")));
            }
            if flow.random.percent(15) {
                keys.push(("validation", Node::map([("min_length", Node::raw(1))])));
            }
            keys.extend(answerer(flow));
            keys
        })
    })
}

pub(super) fn confirm(flow: &mut Flow<'_>) -> Option<Node> {
    flow.may_prompt.then(|| {
        flow.prompts = true;
        let gives = Ty::Object(vec![("confirmed", Ty::Bool)]);
        flow.step("prompt", Some(gives), true, |flow| {
            let mut keys = vec![("kind", word("confirm")), ("message", flow.message())];
            keys.extend(answerer(flow));
            keys
        })
    })
}

pub(super) fn choice(flow: &mut Flow<'_>) -> Option<Node> {
    flow.may_prompt.then(|| {
        flow.prompts = true;
        // What is stored is a text: the words are known where the answer is read only.
        let gives = Ty::Object(vec![("selected", Ty::Text)]);
        flow.step("prompt", Some(gives), true, |flow| {
            let words = flow.random.pick(WORDS).iter().map(|word| Node::text(*word));
            let mut options: Vec<Node> = words.collect();
            if flow.random.percent(30) {
                let computed = flow.expr(&Ty::Text, 1);
                options.push(braces(&format!("'or ' ~ {computed}")));
            }
            let options = ("options", Node::List(options));
            let mut keys = vec![("kind", word("choice")), options, ("message", flow.message())];
            keys.extend(answerer(flow));
            keys
        })
    })
}

pub(super) fn info(flow: &mut Flow<'_>) -> Option<Node> {
    flow.may_prompt.then(|| {
        flow.prompts = true;
        let gives = Ty::Object(vec![("acknowledged", Ty::Bool)]);
        flow.step("prompt", Some(gives), true, |flow| {
            vec![("kind", word("info")), ("message", flow.message())]
        })
    })
}

/// Who may answer, where the step says so
fn answerer(flow: &mut Flow<'_>) -> Option<(&'static str, Node)> {
    let said = flow.random.percent(20);
    said.then(|| ("answered_by", word(flow.random.pick(&["agent", "user"]))))
}
