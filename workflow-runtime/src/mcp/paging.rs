//! Cuts a reply that is too large for one message into pages.
//!
//! A client cuts or refuses a large reply, so none is larger than 64 KiB of text. What is large in
//! a reply is taken out of it and dealt to pages in reading order; what is small stands on every
//! page. Joining the pages' pieces of a field gives the field.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::engine::EngineError;
use crate::reply::Reply;

/// How much of the large fields stands on a page, in bytes as JSON text
///
/// A field stands in a message twice, in the structured reply and in the text beside it: 64 KiB
/// hold twice this, twice [`SMALL`], and the words around them.
const PAGE: usize = 20 * 1024;

/// How much may stand on every page besides, in bytes as JSON text
const SMALL: usize = 4 * 1024;

/// The least room that is worth a piece of text, in bytes
const SLIVER: usize = 256;

/// A reply, or a page of one
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PagedReply {
    /// The reply, of which a page's part of the large fields is kept
    #[serde(flatten)]
    pub reply: Reply,
    /// Which page of how many, where the reply does not fit on one
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Page>,
}

/// Which part of a large reply this is
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Page {
    /// The page, from 1
    pub number: usize,
    /// How many pages there are; `page` of `get_next_step` asks for another
    pub pages: usize,
    /// The fields that go over the pages; their pieces are joined with nothing in between
    pub cut: Vec<Cut>,
}

/// A field that goes over the pages
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cut {
    /// Where it stands: `step.message`, `result`
    pub field: String,
    /// Whether the pieces are pieces of its JSON text
    pub json: bool,
}

/// A place of a reply that can hold a large value
#[derive(Clone, Debug, PartialEq, Eq)]
enum Field {
    Step(String),
    Schema,
    Result,
    Error,
}

/// A value on its way to the pages
enum Content {
    Text(String),
    List(Vec<Value>),
}

/// The page of a reply with the number given, from 1; fails if there is no such page
pub fn page(mut reply: Reply, number: usize) -> Result<PagedReply, EngineError> {
    let large = large_fields(&reply);
    let cut = large.iter().map(|field| cut_of(&reply, field)).collect();
    let contents = large.into_iter().map(|field| {
        let content = content(take(&mut reply, &field), &field);
        (field, content)
    });
    let mut pages = deal(contents.collect());
    let count = pages.len().max(1);
    if number == 0 || number > count {
        return Err(no_such_page(number, count));
    }
    if pages.is_empty() {
        return Ok(PagedReply { reply, page: None });
    }
    for (field, piece) in pages.swap_remove(number - 1) {
        put(&mut reply, &field, piece);
    }
    Ok(PagedReply { reply, page: Some(Page { number, pages: count, cut }) })
}

/// How many bytes a value takes in a message's text: as JSON text, within a JSON string
pub(crate) fn weight(value: &Value) -> usize {
    match value {
        Value::String(text) => escaped(text),
        other => escaped(&other.to_string()),
    }
}

/// Where to cut a text so that the front takes up `room` bytes within a JSON string, or less
pub(crate) fn fitting(text: &str, room: usize) -> usize {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += escaped_char(c);
        if used > room {
            return at;
        }
    }
    text.len()
}

fn escaped(text: &str) -> usize {
    text.chars().map(escaped_char).sum::<usize>() + 2
}

fn escaped_char(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' => 2,
        c if c.is_ascii_control() => 6,
        c => c.len_utf8(),
    }
}

/// What has to be taken out so that a page holds the rest; nothing if all fits
fn large_fields(reply: &Reply) -> Vec<Field> {
    let all = weights(reply);
    let mut rest: usize = all.iter().map(|(_, weight)| weight).sum();
    if rest <= PAGE {
        return Vec::new();
    }
    let mut by_weight: Vec<_> = all.iter().collect();
    by_weight.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    let mut large = Vec::new();
    for (field, weight) in by_weight {
        if rest <= SMALL {
            break;
        }
        rest -= weight;
        large.push(field);
    }
    all.iter().map(|(field, _)| field).filter(|field| large.contains(field)).cloned().collect()
}

fn weights(reply: &Reply) -> Vec<(Field, usize)> {
    let mut weights = Vec::new();
    if let Some(step) = &reply.step {
        for (key, value) in &step.fields {
            weights.push((Field::Step(key.clone()), weight(value)));
        }
        weights.push((Field::Schema, weight(&step.result_schema)));
    }
    if let Some(result) = &reply.result {
        weights.push((Field::Result, weight(result)));
    }
    if let Some(error) = &reply.error {
        weights.push((Field::Error, escaped(&error.message)));
    }
    weights
}

fn cut_of(reply: &Reply, field: &Field) -> Cut {
    let (name, value) = match field {
        Field::Step(key) => {
            let value = reply.step.as_ref().and_then(|step| step.fields.get(key));
            (format!("step.{key}"), value)
        }
        Field::Schema => {
            let value = reply.step.as_ref().map(|step| &step.result_schema);
            ("step.result_schema".to_owned(), value)
        }
        Field::Result => ("result".to_owned(), reply.result.as_ref()),
        Field::Error => ("error.message".to_owned(), None),
    };
    let json = value.is_some_and(|value| !value.is_string() && !is_list(field, value));
    Cut { field: name, json }
}

fn take(reply: &mut Reply, field: &Field) -> Value {
    let taken = match field {
        Field::Step(key) => reply.step.as_mut().and_then(|step| step.fields.shift_remove(key)),
        Field::Schema => reply.step.as_mut().map(|step| step.result_schema.take()),
        Field::Result => reply.result.take(),
        Field::Error => {
            reply.error.as_mut().map(|error| Value::String(std::mem::take(&mut error.message)))
        }
    };
    taken.unwrap_or_default()
}

fn put(reply: &mut Reply, field: &Field, piece: Value) {
    match (field, &mut reply.step, &mut reply.error) {
        (Field::Step(key), Some(step), _) => {
            step.fields.insert(key.clone(), piece);
        }
        (Field::Schema, Some(step), _) => step.result_schema = piece,
        (Field::Error, _, Some(error)) => {
            piece.as_str().unwrap_or("").clone_into(&mut error.message);
        }
        (Field::Result, ..) => reply.result = Some(piece),
        (Field::Step(_) | Field::Schema | Field::Error, ..) => {}
    }
}

/// Whether a field is cut between its elements: a list of children stays one
fn is_list(field: &Field, value: &Value) -> bool {
    matches!(field, Field::Step(key) if key == "children") && value.is_array()
}

fn content(value: Value, field: &Field) -> Content {
    let list = is_list(field, &value);
    match value {
        Value::Array(elements) if list => {
            Content::List(elements.into_iter().map(shorten_item).collect())
        }
        Value::String(text) => Content::Text(text),
        other => Content::Text(other.to_string()),
    }
}

/// A child's entry names its item; the child itself gets it in full
fn shorten_item(mut child: Value) -> Value {
    if let Some(item) = child.get_mut("item")
        && weight(item) > SLIVER * 4
    {
        *item = Value::String(beginning(item, SLIVER));
    }
    child
}

/// The beginning of a value's text, marked as such
pub(crate) fn beginning(value: &Value, room: usize) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let end = fitting(&text, room);
    if end == text.len() { text } else { format!("{}…", &text[..end]) }
}

type Pieces = Vec<(Field, Value)>;

/// Deals values to pages, each as full as it can be
fn deal(contents: Vec<(Field, Content)>) -> Vec<Pieces> {
    let mut pages: Vec<Pieces> = Vec::new();
    let mut room = 0;
    for (field, content) in contents {
        match content {
            Content::Text(text) => deal_text(&field, &text, &mut pages, &mut room),
            Content::List(elements) => deal_list(&field, elements, &mut pages, &mut room),
        }
    }
    pages
}

fn deal_text(field: &Field, mut text: &str, pages: &mut Vec<Pieces>, room: &mut usize) {
    while !text.is_empty() {
        if *room < SLIVER {
            pages.push(Vec::new());
            *room = PAGE;
        }
        let (piece, rest) = text.split_at(fitting(text, *room));
        *room = room.saturating_sub(escaped(piece));
        if !rest.is_empty() {
            *room = 0;
        }
        if let Some(page) = pages.last_mut() {
            page.push((field.clone(), Value::String(piece.to_owned())));
        }
        text = rest;
    }
}

fn deal_list(field: &Field, elements: Vec<Value>, pages: &mut Vec<Pieces>, room: &mut usize) {
    let mut piece = Vec::new();
    for element in elements {
        let needed = weight(&element) + 1;
        if needed > *room {
            if let (Some(page), false) = (pages.last_mut(), piece.is_empty()) {
                page.push((field.clone(), Value::Array(std::mem::take(&mut piece))));
            }
            pages.push(Vec::new());
            *room = PAGE;
        }
        *room = room.saturating_sub(needed);
        piece.push(element);
    }
    if let (Some(page), false) = (pages.last_mut(), piece.is_empty()) {
        page.push((field.clone(), Value::Array(piece)));
    }
}

fn no_such_page(number: usize, count: usize) -> EngineError {
    EngineError::new(
        "no-such-page",
        format!("the reply has {count} page{}, page {number} was asked for", plural(count)),
        format!("ask for a page from 1 to {count}"),
    )
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;
    use crate::machine::{RunError, Status};
    use crate::reply::Step;

    fn reply(fields: Value) -> Reply {
        let Value::Object(fields) = fields else { panic!("fields are an object") };
        Reply {
            run_id: "run-1".into(),
            workflow: "demo".into(),
            status: Status::Waiting,
            step: Some(Step {
                step_id: "ask".into(),
                run_id: "run-1".into(),
                kind: "prompt".into(),
                attempt: 1,
                result_schema: json!({"type": "string"}),
                deadline: None,
                fields,
            }),
            progress: None,
            result: None,
            error: None,
            retry_after_ms: None,
        }
    }

    fn pages(reply: &Reply) -> Vec<PagedReply> {
        let first = page(reply.clone(), 1).unwrap();
        let count = first.page.as_ref().map_or(1, |page| page.pages);
        (1..=count).map(|number| page(reply.clone(), number).unwrap()).collect()
    }

    fn field<'a>(page: &'a PagedReply, key: &str) -> Option<&'a Value> {
        page.reply.step.as_ref().unwrap().fields.get(key)
    }

    #[test]
    fn a_small_reply_is_left_alone() {
        let reply = reply(json!({"message": "hello", "kind": "text"}));
        assert_eq!(page(reply.clone(), 1).unwrap(), PagedReply { reply, page: None });
    }

    #[test]
    fn a_long_message_joins_to_itself_and_every_page_names_the_step() {
        let message = "gruß \"quoted\"\n".repeat(6000);
        let pages = pages(&reply(json!({"message": message, "kind": "text"})));
        assert!(pages.len() > 3, "{} pages", pages.len());
        let joined: String =
            pages.iter().map(|p| field(p, "message").unwrap().as_str().unwrap()).collect();
        assert_eq!(joined, message);
        for page in &pages {
            assert!(serde_json::to_string(page).unwrap().len() < 28 * 1024);
            assert_eq!(field(page, "kind"), Some(&json!("text")));
            assert_eq!(
                page.page.as_ref().unwrap().cut,
                [Cut { field: "step.message".into(), json: false }]
            );
        }
    }

    #[test]
    fn two_large_fields_follow_each_other() {
        let (a, b) = ("a".repeat(30_000), "b".repeat(30_000));
        let pages = pages(&reply(json!({"instructions": a, "message": b})));
        let join = |key: &str| -> String {
            pages.iter().filter_map(|p| field(p, key)).map(|v| v.as_str().unwrap()).collect()
        };
        assert_eq!((join("instructions"), join("message")), (a, b));
        assert!(field(&pages[0], "message").is_none());
    }

    #[test]
    fn parameters_come_as_pieces_of_json() {
        let parameters = json!({"text": "x".repeat(50_000), "n": 1});
        let pages = pages(&reply(json!({"tool": "a.b", "parameters": parameters})));
        let joined: String = pages
            .iter()
            .filter_map(|p| field(p, "parameters"))
            .map(|v| v.as_str().unwrap())
            .collect();
        assert_eq!(serde_json::from_str::<Value>(&joined).unwrap(), parameters);
        assert!(pages[0].page.as_ref().unwrap().cut[0].json);
    }

    #[test]
    fn children_are_cut_between_children() {
        let children: Vec<Value> = (0..2000)
            .map(|i| json!({"run_id": format!("run-{i}"), "index": i, "item": i, "status": "queued"}))
            .collect();
        let pages = pages(&reply(json!({"children": children, "remaining": 0})));
        assert!(pages.len() > 1);
        let joined: Vec<Value> = pages
            .iter()
            .flat_map(|p| field(p, "children").unwrap().as_array().unwrap().clone())
            .collect();
        assert_eq!(joined, children);
    }

    #[test]
    fn a_large_result_and_a_large_error_are_paged() {
        let mut reply = reply(Value::Object(Map::new()));
        reply.step = None;
        reply.result = Some(json!(["y".repeat(60_000)]));
        let joined: String = pages(&reply)
            .iter()
            .map(|p| p.reply.result.as_ref().unwrap().as_str().unwrap())
            .collect();
        assert_eq!(serde_json::from_str::<Value>(&joined).unwrap(), reply.result.clone().unwrap());

        reply.result = None;
        let message = "z".repeat(60_000);
        reply.error = Some(RunError {
            code: "c".into(),
            message: message.clone(),
            step_id: None,
            help: None,
        });
        let joined: String =
            pages(&reply).into_iter().map(|p| p.reply.error.unwrap().message).collect();
        assert_eq!(joined, message);
    }

    #[test]
    fn a_page_that_is_not_there_is_refused() {
        let error = page(reply(json!({"message": "hello"})), 2).unwrap_err();
        assert_eq!(error.code, "no-such-page");
        assert_eq!(error.message, "the reply has 1 page, page 2 was asked for");
    }
}
