//! What a run waited for and what came of it, in a few words.

use serde_json::{Map, Value};

use crate::http::page::view::{brief, cut};
use crate::machine::{Action, Answer, Pending, PromptKind};

/// How much of an answer or an input stands in a line, in characters
pub(super) const BRIEF: usize = 160;

/// How much of one of several inputs stands in a line, in characters
const INPUT: usize = 60;

/// What was asked, as far as its answer is told in other words than its JSON
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Prompt(PromptKind),
    Shell,
    Other,
}

impl Asked {
    pub(super) fn by(action: &Action) -> Self {
        match action {
            Action::Prompt { kind, .. } => Self::Prompt(*kind),
            Action::Shell { .. } => Self::Shell,
            _ => Self::Other,
        }
    }

    /// An answer in a line
    pub(super) fn came(self, answer: &Answer) -> String {
        match answer {
            Answer::Result(value) => self.result(value).unwrap_or_else(|| brief(value, BRIEF)),
            Answer::Error(why) => why.clone(),
            Answer::Failed(error) => format!("{}: {}", error.code, error.message),
        }
    }

    /// A result, if it has the fields that its kind has
    fn result(self, value: &Value) -> Option<String> {
        match self {
            Self::Prompt(PromptKind::Confirm) => {
                let word = if value["confirmed"].as_bool()? { "yes" } else { "no" };
                Some(word.to_owned())
            }
            Self::Prompt(PromptKind::Choice) => Some(brief(&value["selected"], BRIEF)),
            Self::Prompt(PromptKind::Info) => Some("read".to_owned()),
            Self::Shell => {
                let code = value["exit_code"].as_i64()?;
                let output = ["stderr", "stdout"].map(|field| brief(&value[field], BRIEF));
                let output = output.into_iter().find(|text| !text.is_empty() && text != "null");
                let output = output.map(|text| format!(": {text}")).unwrap_or_default();
                Some(format!("exit code {code}{output}"))
            }
            Self::Prompt(PromptKind::Text) | Self::Other => None,
        }
    }
}

/// Inputs in a line: `version: 1.4.0 · parts: ["server"]`; nothing if there are none
pub(super) fn given(inputs: &Map<String, Value>) -> Option<String> {
    let parts = inputs.iter().map(|(name, value)| format!("{name}: {}", brief(value, INPUT)));
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| cut(parts.join(" · "), BRIEF))
}

/// What is waited for: `prompt · confirm · user only`
pub(super) fn what(pending: &Pending) -> String {
    let kind = match &pending.action {
        Action::Prompt { kind, user_only, .. } => {
            let kind = match kind {
                PromptKind::Text => "text",
                PromptKind::Confirm => "confirm",
                PromptKind::Choice => "choice",
                PromptKind::Info => "info",
            };
            format!("prompt · {kind}{}", if *user_only { " · user only" } else { "" })
        }
        Action::McpCall { tool, .. } => format!("mcp_call · {tool}"),
        Action::Shell { .. } => "shell".to_owned(),
        Action::Delegate { agent, .. } => with_agent("delegate", agent.as_deref()),
        Action::Call { function, agent, .. } => {
            with_agent(&format!("asks {function}()"), agent.as_deref())
        }
        Action::Wait { .. } => "wait".to_owned(),
        Action::Foreach(fork) => {
            with_agent(&format!("{} child runs", fork.children.len()), fork.agent.as_deref())
        }
    };
    match pending.attempt {
        0 | 1 => kind,
        attempt => format!("{kind} · attempt {attempt}"),
    }
}

fn with_agent(what: &str, agent: Option<&str>) -> String {
    agent.map_or_else(|| what.to_owned(), |agent| format!("{what} · {agent}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn inputs_are_told_in_a_line() {
        let inputs = json!({"name": "Ada\nLovelace", "parts": [1, 2]});
        let told = given(inputs.as_object().unwrap());
        assert_eq!(told.as_deref(), Some("name: Ada Lovelace · parts: [1,2]"));
        assert_eq!(given(&Map::new()), None);
        let long = (0..9).map(|number| (format!("input{number}"), json!("x".repeat(80))));
        assert_eq!(given(&long.collect()).unwrap().chars().count(), BRIEF + 1);
    }

    #[test]
    fn an_answer_is_told_in_the_words_of_its_kind() {
        let came = |asked: Asked, value| asked.came(&Answer::Result(value));
        let prompt = Asked::Prompt;
        assert_eq!(came(prompt(PromptKind::Confirm), json!({"confirmed": true})), "yes");
        assert_eq!(came(prompt(PromptKind::Confirm), json!({"confirmed": false})), "no");
        assert_eq!(came(prompt(PromptKind::Choice), json!({"selected": "blue"})), "blue");
        assert_eq!(came(prompt(PromptKind::Info), json!({"acknowledged": true})), "read");
        assert_eq!(came(prompt(PromptKind::Text), json!("it is")), "it is");
        let shell = |stdout, stderr, code| {
            let value = json!({"stdout": stdout, "stderr": stderr, "exit_code": code});
            came(Asked::Shell, value)
        };
        assert_eq!(shell("", "", 0), "exit code 0");
        assert_eq!(shell("all\nwell\n", "", 0), "exit code 0: all well");
        assert_eq!(shell("some", "no rule\n", 2), "exit code 2: no rule");
        assert_eq!(came(Asked::Shell, json!({"code": 1})), "{\"code\":1}");
        assert_eq!(came(Asked::Other, json!({"confirmed": true})), "{\"confirmed\":true}");
        assert_eq!(Asked::Shell.came(&Answer::Error("no shell".to_owned())), "no shell");
    }
}
