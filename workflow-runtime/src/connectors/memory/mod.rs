//! `memory.*`: what runs remember beyond their end, with full-text search.
//!
//! | tool | parameters | result |
//! |---|---|---|
//! | `memory.save` | `key`, `value` | `{success, key, created}` |
//! | `memory.get` | `key` | `{success, found, value}` |
//! | `memory.add` | `category`, `content` | `{success, id}` |
//! | `memory.search` | `query`, `category?`, `limit?` | `{success, items}`, best match first |
//! | `memory.list` | `prefix?`, `category?`, `limit?` | `{success, items}`, newest first |
//! | `memory.delete` | `key` or `id` | `{success, deleted}` |
//!
//! What is asked for, and what is said to it, is here; where it is kept is the engine's matter: in its
//! file ([`call`]), or in a database that several servers share.

mod sqlite;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::args::Args;

pub use sqlite::{MemoryError, call};

/// Items of a search or a list, unless `limit` says otherwise
const DEFAULT_LIMIT: i64 = 20;

/// Items of a search or a list at most
const MAX_LIMIT: i64 = 1_000;

/// A call, its parameters checked
#[derive(Debug)]
pub(crate) enum Request<'a> {
    Save { key: &'a str, value: &'a Value },
    Get { key: &'a str },
    Add { category: &'a str, content: &'a Value },
    Search { query: &'a str, category: Option<&'a str>, limit: i64 },
    List { prefix: Option<&'a str>, category: Option<&'a str>, limit: i64 },
    Delete(Which<'a>),
}

/// What is deleted
#[derive(Debug)]
pub(crate) enum Which<'a> {
    Key(&'a str),
    Id(i64),
}

/// Something remembered, as searches and lists show it
pub(crate) struct Item {
    pub(crate) id: i64,
    pub(crate) key: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) content: String,
    /// Microseconds since 1970
    pub(crate) created_at: i64,
}

impl<'a> Request<'a> {
    /// Reads a call; the error says what is wrong with it
    pub(crate) fn parse(tool: &'a str, parameters: &'a Map<String, Value>) -> Result<Self, String> {
        let args = Args { tool, parameters };
        match tool {
            "memory.save" => {
                args.only(&["key", "value"])?;
                Ok(Self::Save { key: args.text("key")?, value: args.value("value")? })
            }
            "memory.get" => {
                args.only(&["key"])?;
                Ok(Self::Get { key: args.text("key")? })
            }
            "memory.add" => {
                args.only(&["category", "content"])?;
                Ok(Self::Add { category: args.text("category")?, content: args.value("content")? })
            }
            "memory.search" => {
                args.only(&["query", "category", "limit"])?;
                let (query, category) = (args.text("query")?, args.text_or_none("category")?);
                Ok(Self::Search { query, category, limit: limit(&args)? })
            }
            "memory.list" => {
                args.only(&["prefix", "category", "limit"])?;
                let (prefix, category) =
                    (args.text_or_none("prefix")?, args.text_or_none("category")?);
                Ok(Self::List { prefix, category, limit: limit(&args)? })
            }
            "memory.delete" => {
                args.only(&["key", "id"])?;
                match (args.text_or_none("key")?, args.integer_or_none("id")?) {
                    (Some(key), None) => Ok(Self::Delete(Which::Key(key))),
                    (None, Some(id)) => Ok(Self::Delete(Which::Id(id))),
                    _ => Err(args.wrong("needs either `key` or `id`")),
                }
            }
            _ => Err(format!(
                "there is no tool `{tool}`; there are `memory.save`, `memory.get`, `memory.add`, \
                 `memory.search`, `memory.list` and `memory.delete`"
            )),
        }
    }
}

fn limit(args: &Args<'_>) -> Result<i64, String> {
    args.bounded("limit", DEFAULT_LIMIT, 0..=MAX_LIMIT)
}

/// A value as text to read and search: strings as they are, the rest as JSON
pub(crate) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What calls give
pub(crate) mod result {
    use super::{Item, Timestamp, Value, json};

    pub(crate) fn saved(key: &str, created: bool) -> Value {
        json!({"success": true, "key": key, "created": created})
    }

    /// What was saved, from its JSON
    pub(crate) fn got(stored: Option<&str>) -> Result<Value, String> {
        let value = match stored {
            Some(text) => serde_json::from_str(text)
                .map_err(|error| format!("the stored value is damaged: {error}"))?,
            None => Value::Null,
        };
        Ok(json!({"success": true, "found": stored.is_some(), "value": value}))
    }

    pub(crate) fn added(id: i64) -> Value {
        json!({"success": true, "id": id})
    }

    pub(crate) fn items(items: &[Item]) -> Value {
        json!({"success": true, "items": items.iter().map(shown).collect::<Vec<_>>()})
    }

    pub(crate) fn deleted(any: bool) -> Value {
        json!({"success": true, "deleted": any})
    }

    fn shown(item: &Item) -> Value {
        let at = Timestamp::from_microsecond(item.created_at).unwrap_or(Timestamp::UNIX_EPOCH);
        json!({
            "id": item.id,
            "key": item.key,
            "category": item.category,
            "content": item.content,
            "created_at": at.to_string(),
        })
    }
}
