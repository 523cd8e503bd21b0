//! The step types: one file each, one line in [`TYPES`].
//!
//! A step type is a name, a table of its own keys, and how it lowers. Its manual page is its
//! module's doc.

mod condition;
mod delegate;
pub mod failure;
mod foreach;
mod goto;
mod mcp_call;
mod prompt;
mod return_;
mod set_state;
mod shell;
mod wait;
mod workflow;

use std::collections::HashMap;

use serde_json::json;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Edit};
use crate::ir::{AnswerType, Given, Lowering, Step, TempId};
use crate::source::{Span, Spanned};
use crate::syntax::decode::{
    Fields, Key, NameKind, Reread, Table, Takes, Value, check_name, closest,
};
use crate::syntax::schema;
use crate::template::Parsed;
use crate::template::ast::{Expr, ExprKind};
use crate::types::Ty;
use crate::yaml::{Document, NodeId, Plain};

/// A step type
#[derive(Debug)]
pub struct StepType {
    /// What stands behind `type:`
    pub name: &'static str,
    /// One line for the manual
    pub summary: &'static str,
    /// Its own keys
    pub keys: &'static [Key],
    /// How a second key of one name may be meant
    pub rereads: &'static [Reread],
    /// Whether it has a result that `output_to` can take
    pub has_result: bool,
    /// Lowers a step of it; gives the kept result, if it has one
    pub lower: fn(&mut Lowering<'_>, &Fields<'_>) -> Option<TempId>,
}

impl StepType {
    /// The tables of the keys that a step of this type can have
    pub fn tables(&self) -> Vec<&'static [Key]> {
        let result: &[Key] = if self.has_result { RESULT } else { &[] };
        vec![COMMON, failure::KEYS, self.keys, result]
    }
}

/// Every step type there is
pub const TYPES: &[&StepType] = &[
    &prompt::TYPE,
    &shell::TYPE,
    &mcp_call::TYPE,
    &delegate::TYPE,
    &wait::TYPE,
    &foreach::TYPE,
    &workflow::TYPE,
    &condition::TYPE,
    &set_state::TYPE,
    &goto::TYPE,
    &return_::TYPE,
];

/// The keys of every step
pub const COMMON: &[Key] = &[
    Key::required("id", Takes::Name, "names the step; unique in its workflow"),
    Key::required("type", Takes::Text, "the step type"),
    Key::optional("description", Takes::Text, "words for a reader"),
    Key::optional("needs_state", Takes::Names, "the state fields that the step may read"),
    Key::optional("when", Takes::Expression, "the step is skipped unless this is true"),
];

/// The key of steps that have a result
pub const RESULT: &[Key] =
    &[Key::optional("output_to", Takes::Name, "the state field that takes the result")];

/// The keys that any step may have, for those who write them elsewhere
pub const OF_A_STEP: &[(&str, &[Key])] =
    &[("a step", COMMON), ("a step", failure::KEYS), ("a step", RESULT)];

/// The key that says what a step's result is
const OUTPUT: Key = Key::optional("output", Takes::Schema, "the type of the result");

/// Lowers a list of steps in its order
pub fn lower_list(lowering: &mut Lowering<'_>, list: NodeId) {
    let doc = lowering.doc;
    for &node in doc.sequence(list).unwrap_or_default() {
        lower_step(lowering, node);
        if lowering.at_top_level() {
            lowering.program.top_level_steps += 1;
        }
    }
}

fn lower_step(lowering: &mut Lowering<'_>, node: NodeId) {
    let doc = lowering.doc;
    let Some((step_type, judged)) = step_type(lowering, node) else { return };
    let what = format!("a `{}` step", step_type.name);
    let keys = step_type.tables();
    let table = Table { rereads: step_type.rereads, ..Table::new(&what, &keys) };
    // The keys of a step whose type was only guessed at are not told what they should be.
    let mut nothing_new = Diagnostics::default();
    let fields =
        table.read(doc, node, if judged { lowering.diagnostics } else { &mut nothing_new });
    begin(lowering, &fields, step_type.name);
    lowering.patience = failure::patience(lowering, &fields);
    let on_error = failure::on_error(lowering, &fields);
    if let Some(on_error) = &on_error {
        lowering.guard(on_error);
    }
    let run = |lowering: &mut Lowering<'_>| {
        let output_to = field_name(lowering, &fields, "output_to");
        let mut result = (step_type.lower)(lowering, &fields);
        if !judged {
            // What a guessed type gives was not said by anybody.
            let unknown = lowering.broken(fields.head());
            result = Some(lowering.keep("unknown", unknown, None));
        }
        if let (Some(field), Some(result)) = (output_to, result) {
            lowering.write(&field, result);
        }
    };
    if fields.has("when") {
        let test = expression(lowering, &fields, "when");
        lowering.gate(test, run);
    } else {
        run(lowering);
    }
    if let Some(on_error) = on_error {
        lowering.end_guard(on_error);
    }
}

/// Begins a step with what its common keys say
fn begin(lowering: &mut Lowering<'_>, fields: &Fields<'_>, kind: &'static str) {
    let id = fields.name("id", lowering.diagnostics);
    if let Some(id) = &id {
        check_name(NameKind::Step, "a step id", id, lowering.diagnostics);
    }
    let id = id.unwrap_or_else(|| {
        Spanned::new(format!("step-{}", lowering.program.steps.len() + 1), fields.head())
    });
    let needs = fields.names("needs_state", lowering.diagnostics);
    let step = Step {
        id,
        kind,
        node: fields.node,
        lists_all: fields.has("needs_state") && needs.is_none(),
        needs: needs.unwrap_or_default(),
        needs_node: fields.get("needs_state").map(|value| value.node),
        top: lowering.top(),
        lists: Vec::new(),
        entry: 0,
    };
    lowering.begin_step(step);
}

/// A key that names a state field to be written
fn field_name(
    lowering: &mut Lowering<'_>,
    fields: &Fields<'_>,
    key: &'static str,
) -> Option<Spanned<String>> {
    let name = fields.name(key, lowering.diagnostics)?;
    check_name(NameKind::Field, "a state field", &name, lowering.diagnostics);
    Some(name)
}

/// The step's type, and whether it is said rather than guessed
///
/// A type that is not there or not known is reported, and the step is read as what was most likely
/// meant, so that nobody is told that its writes and reads are missing.
fn step_type(lowering: &mut Lowering<'_>, node: NodeId) -> Option<(&'static StepType, bool)> {
    let doc = lowering.doc;
    let is_word = |word: &NodeId| doc.scalar(*word).is_some_and(|it| it.plain() != Plain::Null);
    let Some(word) = doc.get(node, "type").filter(is_word) else {
        return untyped(lowering, node);
    };
    let name = doc.scalar(word).map(|scalar| scalar.text.as_str()).unwrap_or_default();
    if let Some(known) = known_type(name) {
        return Some((known, true));
    }
    let mistake = unknown_type(name, doc.span(word));
    lowering.report(mistake);
    let near = closest(name, TYPES.iter().map(|step_type| step_type.name));
    // A step whose result is kept is of a type that has one.
    let fits = |near: &&StepType| near.has_result || doc.get(node, "output_to").is_none();
    let near = near.and_then(known_type).filter(fits);
    let meant = near.or_else(|| type_of_keys(doc, node));
    if meant.is_none() {
        let mut nothing_new = Diagnostics::default();
        let fields = Table::new("a step", &[COMMON, failure::KEYS, RESULT]).read(
            doc,
            node,
            &mut nothing_new,
        );
        lower_broken(lowering, &fields);
    }
    meant.map(|meant| (meant, false))
}

/// The type of a step that does not say it where it should
///
/// Which keys such a step has is not known: nothing is said of those that no step has, but for one
/// that was to be `type`.
fn untyped(lowering: &mut Lowering<'_>, node: NodeId) -> Option<(&'static StepType, bool)> {
    let doc = lowering.doc;
    let all = TYPES.iter().flat_map(|step_type| step_type.keys);
    let optional: Vec<Key> = all.map(|key| Key { required: false, ..*key }).collect();
    let keys = [COMMON, failure::KEYS, &optional, RESULT];
    let table = Table { is_open: true, ..Table::new("a step", &keys) };
    let mut found = Diagnostics::default();
    let fields = table.read(doc, node, &mut found);
    let given = fields.get("type");
    let word = given.as_ref().and_then(|value| doc.scalar(value.node));
    if let Some(known) = word.and_then(|word| known_type(&word.text)) {
        // Only the key is misspelt; the table of the type tells of it.
        return Some((known, true));
    }
    let misspelt = fields.key_span("type");
    let tells = |it: &Diagnostic| it.code != Code::UnknownKey || Some(it.span) == misspelt;
    lowering.diagnostics.extend(found.into_sorted().into_iter().filter(tells));
    if let Some(value) = given.filter(|value| doc.scalar(value.node).is_none()) {
        value.text(lowering.diagnostics);
    }
    let meant = type_of_keys(doc, node);
    if meant.is_none() {
        lower_broken(lowering, &fields);
    }
    meant.map(|meant| (meant, false))
}

fn known_type(name: &str) -> Option<&'static StepType> {
    TYPES.iter().find(|step_type| step_type.name == name).copied()
}

/// The only type of whose own keys some are there, and all that must be
fn type_of_keys(doc: &Document, node: NodeId) -> Option<&'static StepType> {
    let has = |key: &Key| doc.get(node, key.name).is_some();
    let fits = |step_type: &&&StepType| {
        let mut required = step_type.keys.iter().filter(|key| key.required);
        step_type.keys.iter().any(has) && required.all(has)
    };
    let mut all = TYPES.iter().filter(fits);
    let only = all.next()?;
    all.next().is_none().then_some(*only)
}

/// Lowers of a step of no known type that it is there, and writes what nobody complains about to
/// the field that it would write; which fields it writes besides is not known
fn lower_broken(lowering: &mut Lowering<'_>, fields: &Fields<'_>) {
    begin(lowering, fields, "");
    lowering.program.unread.state = true;
    let broken = lowering.broken(fields.head());
    let temp = lowering.keep("broken", broken, None);
    if let Some(field) = field_name(lowering, fields, "output_to") {
        lowering.write(&field, temp);
    }
}

fn unknown_type(name: &str, span: Span) -> Diagnostic {
    let names = TYPES.iter().map(|step_type| step_type.name);
    let mistake = Diagnostic::new(Code::UnknownStepType, span, format!("no step type `{name}`"));
    match closest(name, names.clone()) {
        Some(meant) => mistake
            .help(format!("did you mean `{meant}`?"))
            .fix(format!("write `{meant}`"), vec![Edit { span, text: meant.to_owned() }]),
        None => mistake.help(format!("there are: {}", names.collect::<Vec<_>>().join(", "))),
    }
}

/// Reports steps of one id
pub fn check_ids(lowering: &mut Lowering<'_>) {
    let mut first: HashMap<String, Span> = HashMap::new();
    let mut twice = Vec::new();
    for step in &lowering.program.steps {
        if let Some(span) = first.get(&step.id.value) {
            twice.push((step.id.clone(), *span));
        } else {
            first.insert(step.id.value.clone(), step.id.span);
        }
    }
    for (id, first) in twice {
        lowering.report(
            Diagnostic::new(
                Code::DuplicateStepId,
                id.span,
                format!("two steps are named `{}`", id.value),
            )
            .label("the second one")
            .also(first, "the first one")
            .help("a step's id is unique in its workflow, nested steps included"),
        );
    }
}

/// A text with templates that stands in a list, where no agent can be asked
fn text_of(lowering: &mut Lowering<'_>, value: &Value<'_>) -> Expr {
    let span = value.span();
    let given = value.template(lowering.diagnostics);
    let mut text = parsed(lowering, given, span);
    lowering.refuse_calls(&mut text, "in a message");
    text
}

/// A key's text with templates, where no agent can be asked: a message, instructions
fn message(lowering: &mut Lowering<'_>, fields: &Fields<'_>, key: &'static str) -> Expr {
    let mut words = template(lowering, fields, key);
    lowering.refuse_calls(&mut words, "in a message");
    words
}

/// A key's text with templates
fn template(lowering: &mut Lowering<'_>, fields: &Fields<'_>, key: &'static str) -> Expr {
    let span = fields.value_span(key).unwrap_or_else(|| fields.head());
    let given = fields.template(key, lowering.diagnostics);
    parsed(lowering, given, span)
}

/// A text as an expression; where it does not parse, nothing more is said
fn parsed(lowering: &Lowering<'_>, text: Option<Parsed>, span: Span) -> Expr {
    match text {
        Some(Parsed::Plain(text)) => Expr { kind: ExprKind::Str(text), span },
        Some(Parsed::Value(value)) => value,
        Some(Parsed::Text(template)) => Expr { kind: ExprKind::Template(Box::new(template)), span },
        None => lowering.broken(span),
    }
}

/// The answer that `output` declares
fn output(lowering: &mut Lowering<'_>, fields: &Fields<'_>) -> Option<AnswerType> {
    match fields.get("output") {
        Some(output) => {
            let declared = schema::decode(&output, lowering.diagnostics);
            Some(AnswerType::Known(declared.ty, declared.json))
        }
        // What was perhaps meant to be it could not be read.
        None => fields.has("output").then(|| AnswerType::Known(Ty::Poison, json!({}))),
    }
}

/// A key's expression
fn expression(lowering: &mut Lowering<'_>, fields: &Fields<'_>, key: &'static str) -> Expr {
    let span = fields.value_span(key).unwrap_or_else(|| fields.head());
    fields.expression(key, lowering.diagnostics).unwrap_or_else(|| lowering.broken(span))
}

/// What a step gives child runs by name, under `inputs`; that one is missing is marked there, or at
/// `task`
fn given(lowering: &mut Lowering<'_>, fields: &Fields<'_>, task: Span) -> Given {
    let pairs = fields.mapping("inputs", lowering.diagnostics);
    let unread = fields.has("inputs") && pairs.is_none();
    let mut inputs = Vec::new();
    for (name, value) in pairs.unwrap_or_default() {
        let value = data(lowering, &value);
        inputs.push((name, value));
    }
    Given { inputs, span: fields.key_span("inputs").unwrap_or(task), unread }
}

/// A value with templates in it, the agent's answers put in
fn data(lowering: &mut Lowering<'_>, value: &Value<'_>) -> Expr {
    let expr = value.data(lowering.diagnostics).unwrap_or_else(|| lowering.broken(value.span()));
    lowering.hoist(expr)
}
