//! The workflows: what they are, and a form to start each.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::Value;
use uuid::Uuid;

use super::Page;
use super::fields::{self, Control, Field};
use super::form::{Form, Sent};
use super::trouble::Trouble;
use super::view::{Frame, html, in_query, run_at, workflow_at};
use super::visitor::Visitor;
use crate::engine::StartRequest;
use crate::machine::Info;
use crate::schema::InputSchema;

#[derive(Template)]
#[template(path = "page/workflows.html")]
struct List<'a> {
    frame: Frame<'a>,
    workflows: Vec<Entry>,
}

/// A workflow in the list
struct Entry {
    info: &'static Info,
    address: String,
}

#[derive(Template)]
#[template(path = "page/workflow.html")]
struct Workflow<'a> {
    frame: Frame<'a>,
    info: &'static Info,
    address: String,
    runs: String,
    fields: Vec<Field>,
    versions: Vec<&'static str>,
    lines: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "page/start.html")]
struct Start<'a> {
    frame: Frame<'a>,
    info: &'static Info,
    address: String,
    fields: Vec<Field>,
    /// What is wrong, and belongs to no field
    errors: Vec<String>,
    /// The same form starts one run, however often it is sent
    key: String,
}

impl Start<'_> {
    /// How many fields something is wrong with
    fn wrong(&self) -> usize {
        self.fields.iter().filter(|field| !field.errors.is_empty()).count()
    }
}

/// The list
pub(super) async fn list(State(page): State<Arc<Page>>, visitor: Visitor) -> Response {
    let workflows = page.engine.registry().workflows().map(|program| program.info());
    let workflows = workflows.map(|info| Entry { info, address: workflow_at(info.name) }).collect();
    let frame = Frame::new("Workflows", "workflows", &visitor);
    html(StatusCode::OK, &List { frame, workflows })
}

/// A workflow
pub(super) async fn show(
    State(page): State<Arc<Page>>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Response {
    let info = match page.workflow(&name) {
        Ok(info) => info,
        Err(trouble) => return trouble.show(&visitor),
    };
    let versions = page.engine.registry().versions(info.name).iter().rev();
    let workflow = Workflow {
        frame: Frame::new(info.name, "workflows", &visitor),
        address: workflow_at(info.name),
        runs: format!("/runs?workflow={}", in_query(info.name)),
        fields: fields::fields(&schema(info)),
        versions: versions.map(|program| program.info().version).collect(),
        lines: info.source.lines().collect(),
        info,
    };
    html(StatusCode::OK, &workflow)
}

/// The form that starts a workflow
pub(super) async fn ask(
    State(page): State<Arc<Page>>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Response {
    match page.workflow(&name) {
        Ok(info) => {
            let (fields, key) = (fields::fields(&schema(info)), Uuid::new_v4().to_string());
            form(StatusCode::OK, info, &visitor, fields, Vec::new(), key)
        }
        Err(trouble) => trouble.show(&visitor),
    }
}

/// Starts a workflow, or says what is wrong with the inputs
pub(super) async fn start(
    State(page): State<Arc<Page>>,
    Path(name): Path<String>,
    Sent { form: sent, visitor }: Sent,
) -> Response {
    let info = match page.workflow(&name) {
        Ok(info) => info,
        Err(trouble) => return trouble.show(&visitor),
    };
    let schema = schema(info);
    let key = key(&sent);
    let mut fields = fields::filled(&schema, &sent);
    let inputs = fields::inputs(&mut fields, &schema);
    let errors = match InputSchema::parse(info.input_schema) {
        Ok(rules) => fields::blame(&mut fields, rules.violations(inputs.clone())),
        Err(error) => vec![error],
    };
    if !errors.is_empty() || fields.iter().any(|field| !field.errors.is_empty()) {
        return form(StatusCode::UNPROCESSABLE_ENTITY, info, &visitor, fields, errors, key);
    }
    let idempotency_key = Some(format!("page-{key}"));
    let request = StartRequest { workflow: info.name.to_owned(), inputs, idempotency_key };
    match page.engine.start(request).await {
        Ok(reply) => {
            Redirect::to(&format!("{}?done=started", run_at(&reply.run_id))).into_response()
        }
        Err(error) => {
            let errors = vec![format!("{}; {}", error.message, error.help)];
            form(StatusCode::CONFLICT, info, &visitor, fields, errors, key)
        }
    }
}

impl Page {
    fn workflow(&self, name: &str) -> Result<&'static Info, Trouble> {
        let registry = self.engine.registry();
        let program = registry.get(name).filter(|program| !program.info().inline_task);
        let info = program.map(|program| program.info());
        info.ok_or_else(|| Trouble::no_workflow(name, registry.suggest(name)))
    }
}

fn form(
    status: StatusCode,
    info: &'static Info,
    visitor: &Visitor,
    fields: Vec<Field>,
    errors: Vec<String>,
    key: String,
) -> Response {
    let title = format!("Start {}", info.name);
    let frame = Frame::new(&title, "workflows", visitor);
    let address = workflow_at(info.name);
    html(status, &Start { frame, info, address, fields, errors, key })
}

/// The key of a form, as long as it is one of ours
fn key(form: &Form) -> String {
    let key = form.get("key").and_then(|key| key.parse::<Uuid>().ok());
    key.unwrap_or_else(Uuid::new_v4).to_string()
}

fn schema(info: &Info) -> Value {
    serde_json::from_str(info.input_schema).unwrap_or_default()
}
