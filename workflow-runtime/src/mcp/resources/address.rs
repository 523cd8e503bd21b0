//! The addresses of resources: `workflow://NAME`, `run://ID` and what lies below them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use rmcp::ErrorData;
use serde_json::json;

/// What stands in an address as it is; a colon does not, because clients take what follows one for
/// a port
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A resource
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::mcp) enum Resource {
    /// A workflow's YAML, with its diagram
    Workflow(String),
    /// A workflow's diagram
    Diagram(String),
    /// How a run stands, with its state
    Run(String),
    /// A run's journal
    Journal(String),
    /// A hand-out of a run, with what came of it
    Step(String, String),
}

/// A resource, and which part of it
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::mcp) struct Address {
    pub(in crate::mcp) resource: Resource,
    /// Which page, from 1
    pub(in crate::mcp) page: usize,
    /// Behind which event of a journal
    pub(in crate::mcp) after: u64,
}

/// The templates of all addresses, each with its variables
pub(in crate::mcp) const TEMPLATES: [Template; 5] = [
    Template {
        uri: "workflow://{name}{?page}",
        name: "workflow",
        title: "A workflow",
        about: "The YAML of a workflow, and its steps as a Mermaid flowchart. Large ones in pages.",
        mime_type: YAML,
        variables: &["name", "page"],
    },
    Template {
        uri: "workflow://{name}/diagram{?page}",
        name: "workflow-diagram",
        title: "A workflow's diagram",
        about: "The steps of a workflow as a Mermaid flowchart.",
        mime_type: MERMAID,
        variables: &["name", "page"],
    },
    Template {
        uri: "run://{run_id}",
        name: "run",
        title: "A run",
        about: "How a run stands: status, progress, what it waits for, child runs, error, state. \
                Long values are shortened.",
        mime_type: JSON,
        variables: &["run_id"],
    },
    Template {
        uri: "run://{run_id}/journal{?after}",
        name: "run-journal",
        title: "A run's journal",
        about: "All that has happened in a run, a line of JSON for each event. Long values are \
                shortened; the last line of a page names the next.",
        mime_type: JSON_LINES,
        variables: &["run_id", "after"],
    },
    Template {
        uri: "run://{run_id}/steps/{step_id}{?page}",
        name: "run-step",
        title: "A step of a run",
        about: "A step as it was handed out, and its answer, in full: large values in pages.",
        mime_type: JSON,
        variables: &["run_id", "step_id", "page"],
    },
];

pub(super) const YAML: &str = "application/yaml";
pub(super) const MERMAID: &str = "text/vnd.mermaid";
pub(super) const JSON: &str = "application/json";
pub(super) const JSON_LINES: &str = "application/jsonl";

/// What addresses look like
pub(in crate::mcp) struct Template {
    /// As RFC 6570 has it
    pub(in crate::mcp) uri: &'static str,
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) about: &'static str,
    pub(super) mime_type: &'static str,
    pub(in crate::mcp) variables: &'static [&'static str],
}

impl Resource {
    /// Its address
    pub(in crate::mcp) fn uri(&self) -> String {
        match self {
            Self::Workflow(name) => format!("workflow://{}", escaped(name)),
            Self::Diagram(name) => format!("workflow://{}/diagram", escaped(name)),
            Self::Run(run) => format!("run://{}", escaped(run)),
            Self::Journal(run) => format!("run://{}/journal", escaped(run)),
            Self::Step(run, step) => format!("run://{}/steps/{}", escaped(run), escaped(step)),
        }
    }

    /// The run that it tells of
    pub(in crate::mcp) fn run_id(&self) -> Option<&str> {
        match self {
            Self::Workflow(_) | Self::Diagram(_) => None,
            Self::Run(run) | Self::Journal(run) | Self::Step(run, _) => Some(run),
        }
    }
}

impl Address {
    /// Reads an address; names need not be escaped
    ///
    /// Fails with "resource not found" where it is none of ours, and for a wrong page with "invalid
    /// parameters".
    pub(in crate::mcp) fn parse(uri: &str) -> Result<Self, ErrorData> {
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let resource = resource(path).ok_or_else(|| not_found(uri, "there is no such resource"))?;
        let mut address = Self { resource, page: 1, after: 0 };
        for part in query.split('&').filter(|part| !part.is_empty()) {
            address.set(uri, part)?;
        }
        Ok(address)
    }

    fn set(&mut self, uri: &str, part: &str) -> Result<(), ErrorData> {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let is_journal = matches!(self.resource, Resource::Journal(_));
        let paged = !matches!(self.resource, Resource::Journal(_) | Resource::Run(_));
        let read = match name {
            "page" if paged => {
                value.parse().ok().filter(|page| *page > 0).map(|page| self.page = page)
            }
            "after" if is_journal => value.parse().ok().map(|after| self.after = after),
            _ => None,
        };
        read.ok_or_else(|| {
            let takes = match (is_journal, paged) {
                (true, _) => "takes `after=N`, an event from 0",
                (false, true) => "takes `page=N`, from 1",
                (false, false) => "takes nothing behind a `?`",
            };
            let message = format!("`{}` {takes}, found `{part}`", self.resource.uri());
            ErrorData::invalid_params(message, Some(json!({"uri": uri})))
        })
    }
}

fn resource(path: &str) -> Option<Resource> {
    let (scheme, rest) = path.split_once("://")?;
    let parts = rest.split('/').map(unescaped).collect::<Option<Vec<_>>>()?;
    if parts.iter().any(String::is_empty) {
        return None;
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match (scheme, parts.as_slice()) {
        ("workflow", [name]) => Some(Resource::Workflow((*name).to_owned())),
        ("workflow", [name, "diagram"]) => Some(Resource::Diagram((*name).to_owned())),
        ("run", [run]) => Some(Resource::Run((*run).to_owned())),
        ("run", [run, "journal"]) => Some(Resource::Journal((*run).to_owned())),
        ("run", [run, "steps", step]) => {
            Some(Resource::Step((*run).to_owned(), (*step).to_owned()))
        }
        _ => None,
    }
}

/// What is said about a resource that there is not
pub(super) fn not_found(uri: &str, why: &str) -> ErrorData {
    let shown = crate::mcp::paging::beginning(&uri.into(), 500);
    let message = format!(
        "{why}: `{shown}`; the resources are those of resources/list and resources/templates/list"
    );
    ErrorData::resource_not_found(message, Some(json!({"uri": shown})))
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

fn unescaped(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_resource_and_back() {
        let name = || "planning:interactive".to_owned();
        let run = || "0199.research-phase#2.3".to_owned();
        for (resource, uri) in [
            (Resource::Workflow(name()), "workflow://planning%3Ainteractive"),
            (Resource::Diagram(name()), "workflow://planning%3Ainteractive/diagram"),
            (Resource::Run(run()), "run://0199.research-phase%232.3"),
            (Resource::Journal(run()), "run://0199.research-phase%232.3/journal"),
            (
                Resource::Step(run(), "ask#2".into()),
                "run://0199.research-phase%232.3/steps/ask%232",
            ),
        ] {
            assert_eq!(resource.uri(), uri);
            let address = Address { resource, page: 1, after: 0 };
            assert_eq!(Address::parse(uri), Ok(address.clone()));
            let plain = percent_decode_str(uri).decode_utf8().unwrap();
            assert_eq!(Address::parse(&plain), Ok(address));
        }
    }

    #[test]
    fn parts_are_asked_for_behind_a_question_mark() {
        let page = |uri: &str| Address::parse(uri).map(|address| (address.page, address.after));
        assert_eq!(page("workflow://a?page=3"), Ok((3, 0)));
        assert_eq!(page("run://a/journal?after=7"), Ok((1, 7)));
        for (uri, said) in [
            ("workflow://a?page=0", "takes `page=N`, from 1, found `page=0`"),
            ("run://a/steps/b?page=x", "takes `page=N`, from 1, found `page=x`"),
            ("run://a/journal?page=2", "takes `after=N`, an event from 0, found `page=2`"),
            ("run://a?page=2", "takes nothing behind a `?`, found `page=2`"),
        ] {
            let error = Address::parse(uri).unwrap_err();
            assert_eq!(error.code.0, -32602);
            assert!(error.message.contains(said), "{error}");
        }
    }

    #[test]
    fn what_is_no_resource_is_not_found() {
        for uri in [
            "",
            "run",
            "run://",
            "run:///journal",
            "run://a/state",
            "file:///etc/passwd",
            "workflow://a/b",
            "run://a/steps/",
            "workflow://%ff",
        ] {
            let error = Address::parse(uri).unwrap_err();
            assert_eq!(error.code.0, -32002, "{uri}");
            assert_eq!(error.data, Some(json!({"uri": uri})));
        }
    }
}
