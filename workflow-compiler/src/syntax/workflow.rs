//! The top of a workflow file; steps stay nodes until their types' modules read them.

use semver::Version;

use super::decode::{Entry, Fields, Key, NameKind, Table, Takes, check_name, check_version};
use super::schema::{self, Schema};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Span, Spanned};
use crate::steps::OF_A_STEP;
use crate::yaml::{Document, NodeId};

/// A workflow file, its steps not yet read
#[derive(Debug)]
pub struct Workflow {
    /// `planning:interactive`; the file's stem where it has no name, which was reported
    pub name: Spanned<String>,
    /// Its version; `None` where there is none that can be read, which was reported
    pub version: Option<Version>,
    /// The words it is found by, in the order written
    pub tags: Vec<String>,
    /// The file
    pub file: FileId,
    /// The file's name without its ending, which names the workflow as well
    pub stem: String,
    /// What a run does
    pub body: Task,
    /// The inline tasks, in the order written
    pub tasks: Vec<(Spanned<String>, Task)>,
    /// Whether `tasks` are there, or were meant by another key, and could not be read
    pub tasks_unread: bool,
    /// The file's tree
    pub doc: Document,
}

/// What a run does: that of a workflow, or of an inline task
#[derive(Debug)]
pub struct Task {
    /// The author's words, may be empty
    pub description: String,
    /// The declared inputs, in the order written
    pub inputs: Vec<(Spanned<String>, Schema)>,
    /// The fields of `initial_state`, in the order written
    pub initial_state: Vec<Entry>,
    /// Whether `inputs` are there, or were meant by another key, and could not be read
    pub inputs_unread: bool,
    /// Whether `initial_state` is
    pub state_unread: bool,
    /// Where `initial_state` or, without it, the workflow or task begins
    pub state_span: Span,
    /// What `return` must give
    pub output: Option<Schema>,
    /// The list of steps, which has at least one; `None` where it is missing, which was reported
    pub steps: Option<NodeId>,
}

/// The keys that only a workflow has
pub const WORKFLOW_KEYS: &[Key] = &[
    Key::required("name", Takes::Name, "what it is started by, such as `planning:interactive`"),
    Key::required("version", Takes::Text, "`major.minor.patch`"),
    Key::optional("tags", Takes::Names, "words by which a list is narrowed: `[release, approval]`"),
    Key::optional("tasks", Takes::Mapping, "inline tasks for `foreach`, by name"),
];

/// The keys that a workflow and an inline task have
pub const TASK_KEYS: &[Key] = &[
    Key::optional("description", Takes::Text, "what it is for"),
    Key::optional("inputs", Takes::Mapping, "what a run is started with: name and type of each"),
    Key::optional("initial_state", Takes::Mapping, "state fields and what they begin with"),
    Key::optional("output", Takes::Schema, "the type of what `return` gives"),
    Key::required("steps", Takes::Steps, "what is done, in order"),
];

/// Keys that begin so are the author's own
pub const FREE_PREFIX: &str = "x-";

/// Reads the top of a workflow file; `None` if it is no mapping at all
///
/// Everything that can be read is; mistakes are reported.
pub fn decode(
    doc: Document,
    file: FileId,
    stem: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Workflow> {
    let keys = [WORKFLOW_KEYS, TASK_KEYS];
    let table = Table {
        free_prefix: Some(FREE_PREFIX),
        elsewhere: OF_A_STEP,
        ..Table::new("a workflow", &keys)
    };
    let fields = table.read(&doc, doc.root, diagnostics);
    doc.mapping(doc.root)?;
    let start = Span::new(file, 0..0);
    let name = named(&fields, stem, start, diagnostics);
    let version = version(&fields, diagnostics);
    let tags = tags(&fields, diagnostics);
    let body = task(&fields, diagnostics);
    let tasks = tasks(&fields, diagnostics);
    let tasks_unread = fields.has("tasks") && tasks.is_none();
    let tasks = tasks.unwrap_or_default();
    let stem = stem.to_owned();
    Some(Workflow { name, version, tags, file, stem, body, tasks, tasks_unread, doc })
}

fn named(
    fields: &Fields<'_>,
    stem: &str,
    start: Span,
    diagnostics: &mut Diagnostics,
) -> Spanned<String> {
    let Some(name) = fields.name("name", diagnostics) else {
        return Spanned::new(stem.to_owned(), start);
    };
    check_name(NameKind::Workflow, "a workflow name", &name, diagnostics);
    name
}

fn version(fields: &Fields<'_>, diagnostics: &mut Diagnostics) -> Option<Version> {
    // `1.0` is a number to YAML: it is told that it lacks a part, not that it lacks quotes.
    let text = fields.name("version", diagnostics)?;
    check_version(&text, diagnostics)
}

fn tags(fields: &Fields<'_>, diagnostics: &mut Diagnostics) -> Vec<String> {
    let mut tags: Vec<Spanned<String>> = Vec::new();
    for tag in fields.names("tags", diagnostics).unwrap_or_default() {
        check_name(NameKind::Tag, "a tag", &tag, diagnostics);
        match tags.iter().find(|first| first.value == tag.value) {
            Some(first) => diagnostics.push(
                Diagnostic::new(
                    Code::DuplicateName,
                    tag.span,
                    format!("the tag `{}` stands twice", tag.value),
                )
                .label("the second one")
                .also(first.span, "the first one")
                .help("take one of them off the list"),
            ),
            None => tags.push(tag),
        }
    }
    tags.into_iter().map(|tag| tag.value).collect()
}

fn tasks(
    fields: &Fields<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<(Spanned<String>, Task)>> {
    let pairs = fields.mapping("tasks", diagnostics)?;
    let mut tasks = Vec::with_capacity(pairs.len());
    for (name, value) in pairs {
        check_name(NameKind::Workflow, "a task name", &name, diagnostics);
        let fields = Fields::read(value.doc, value.node, &[TASK_KEYS], "a task", diagnostics);
        tasks.push((name, task(&fields, diagnostics)));
    }
    Some(tasks)
}

fn task(fields: &Fields<'_>, diagnostics: &mut Diagnostics) -> Task {
    let description = fields.text("description", diagnostics).map(|text| text.value);
    let inputs = inputs(fields, diagnostics);
    let initial_state = fields.entries("initial_state", diagnostics);
    let state_unread = fields.has("initial_state") && initial_state.is_none();
    let initial_state = initial_state.unwrap_or_default();
    for field in &initial_state {
        check_name(NameKind::Field, "a state field", &field.name, diagnostics);
    }
    Task {
        description: description.unwrap_or_default(),
        inputs_unread: fields.has("inputs") && inputs.is_none(),
        inputs: inputs.unwrap_or_default(),
        initial_state,
        state_unread,
        state_span: fields.key_span("initial_state").unwrap_or_else(|| fields.head()),
        output: match fields.get("output") {
            Some(output) => Some(schema::decode(&output, diagnostics)),
            None => fields.key_span("output").map(Schema::unknown),
        },
        steps: fields.steps("steps", diagnostics),
    }
}

fn inputs(
    fields: &Fields<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<(Spanned<String>, Schema)>> {
    let pairs = fields.mapping("inputs", diagnostics)?;
    let mut inputs = Vec::with_capacity(pairs.len());
    for (name, value) in pairs {
        check_name(NameKind::Field, "an input name", &name, diagnostics);
        inputs.push((name, schema::decode(&value, diagnostics)));
    }
    Some(inputs)
}

#[cfg(test)]
mod tests;
