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

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use serde_json::{Map, Value, json};

use super::args::Args;

/// Items of a search or a list, unless `limit` says otherwise
const DEFAULT_LIMIT: i64 = 20;

/// Items of a search or a list at most
const MAX_LIMIT: i64 = 1_000;

/// Why a call failed
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    /// The call itself is wrong
    #[error("{0}")]
    Refused(String),
    /// The store failed
    #[error(transparent)]
    Store(#[from] rusqlite::Error),
}

impl From<String> for MemoryError {
    fn from(why: String) -> Self {
        Self::Refused(why)
    }
}

/// Calls a tool inside the transaction at hand
pub fn call(
    db: &Connection,
    tool: &str,
    parameters: &Map<String, Value>,
    now: Timestamp,
) -> Result<Value, MemoryError> {
    let args = Args { tool, parameters };
    match tool {
        "memory.save" => save(db, &args, now),
        "memory.get" => get(db, &args),
        "memory.add" => add(db, &args, now),
        "memory.search" => search(db, &args),
        "memory.list" => list(db, &args),
        "memory.delete" => delete(db, &args),
        _ => Err(MemoryError::Refused(format!(
            "there is no tool `{tool}`; there are `memory.save`, `memory.get`, `memory.add`, \
             `memory.search`, `memory.list` and `memory.delete`"
        ))),
    }
}

fn save(db: &Connection, args: &Args<'_>, now: Timestamp) -> Result<Value, MemoryError> {
    args.only(&["key", "value"])?;
    let (key, value) = (args.text("key")?, args.value("value")?);
    let known: Option<i64> = db
        .prepare_cached("SELECT id FROM memory WHERE key = ?")?
        .query_row([key], |row| row.get(0))
        .optional()?;
    let (content, json) = (plain(value), value.to_string());
    match known {
        Some(id) => db
            .prepare_cached(
                "UPDATE memory SET content = ?, value = ?, created_at = ? WHERE id = ?",
            )?
            .execute(params![content, json, now.as_microsecond(), id])?,
        None => db
            .prepare_cached(
                "INSERT INTO memory (key, content, value, created_at) VALUES (?, ?, ?, ?)",
            )?
            .execute(params![key, content, json, now.as_microsecond()])?,
    };
    Ok(json!({"success": true, "key": key, "created": known.is_none()}))
}

fn get(db: &Connection, args: &Args<'_>) -> Result<Value, MemoryError> {
    args.only(&["key"])?;
    let stored: Option<String> = db
        .prepare_cached("SELECT value FROM memory WHERE key = ?")?
        .query_row([args.text("key")?], |row| row.get(0))
        .optional()?;
    let value = match &stored {
        Some(text) => serde_json::from_str(text).map_err(|error| {
            MemoryError::Refused(format!("the stored value is damaged: {error}"))
        })?,
        None => Value::Null,
    };
    Ok(json!({"success": true, "found": stored.is_some(), "value": value}))
}

fn add(db: &Connection, args: &Args<'_>, now: Timestamp) -> Result<Value, MemoryError> {
    args.only(&["category", "content"])?;
    let (category, content) = (args.text("category")?, args.value("content")?);
    db.prepare_cached(
        "INSERT INTO memory (category, content, value, created_at) VALUES (?, ?, ?, ?)",
    )?
    .execute(params![category, plain(content), content.to_string(), now.as_microsecond()])?;
    Ok(json!({"success": true, "id": db.last_insert_rowid()}))
}

fn search(db: &Connection, args: &Args<'_>) -> Result<Value, MemoryError> {
    args.only(&["query", "category", "limit"])?;
    let query = match_any(args.text("query")?);
    if query.is_empty() {
        return Ok(json!({"success": true, "items": []}));
    }
    let mut statement = db.prepare_cached(
        "SELECT m.id, m.key, m.category, m.content, m.created_at
         FROM memory_text t JOIN memory m ON m.id = t.rowid
         WHERE memory_text MATCH :query AND (:category IS NULL OR m.category = :category)
         ORDER BY t.rank, m.id LIMIT :limit",
    )?;
    let (category, limit) = (args.text_or_none("category")?, limit(args)?);
    let items = statement
        .query_map(named_params! {":query": query, ":category": category, ":limit": limit}, item)?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(json!({"success": true, "items": items}))
}

fn list(db: &Connection, args: &Args<'_>) -> Result<Value, MemoryError> {
    args.only(&["prefix", "category", "limit"])?;
    let mut statement = db.prepare_cached(
        "SELECT id, key, category, content, created_at FROM memory
         WHERE (:prefix IS NULL OR substr(key, 1, length(:prefix)) = :prefix)
           AND (:category IS NULL OR category = :category)
         ORDER BY id DESC LIMIT :limit",
    )?;
    let (prefix, category) = (args.text_or_none("prefix")?, args.text_or_none("category")?);
    let limit = limit(args)?;
    let items = statement
        .query_map(named_params! {":prefix": prefix, ":category": category, ":limit": limit}, item)?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(json!({"success": true, "items": items}))
}

fn delete(db: &Connection, args: &Args<'_>) -> Result<Value, MemoryError> {
    args.only(&["key", "id"])?;
    let deleted = match (args.text_or_none("key")?, args.integer_or_none("id")?) {
        (Some(key), None) => {
            db.prepare_cached("DELETE FROM memory WHERE key = ?")?.execute([key])?
        }
        (None, Some(id)) => db.prepare_cached("DELETE FROM memory WHERE id = ?")?.execute([id])?,
        _ => return Err(args.wrong("needs either `key` or `id`").into()),
    };
    Ok(json!({"success": true, "deleted": deleted > 0}))
}

fn limit(args: &Args<'_>) -> Result<i64, String> {
    args.bounded("limit", DEFAULT_LIMIT, 0..=MAX_LIMIT)
}

fn item(row: &Row<'_>) -> rusqlite::Result<Value> {
    let at = Timestamp::from_microsecond(row.get(4)?).unwrap_or(Timestamp::UNIX_EPOCH);
    Ok(json!({
        "id": row.get::<_, i64>(0)?,
        "key": row.get::<_, Option<String>>(1)?,
        "category": row.get::<_, Option<String>>(2)?,
        "content": row.get::<_, String>(3)?,
        "created_at": at.to_string(),
    }))
}

/// A value as text to read and search: strings as they are, the rest as JSON
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Any of the words, whatever signs they hold that mean something in a search expression
fn match_any(query: &str) -> String {
    query
        .split_whitespace()
        .map(|word| format!("\"{}\"", word.replace('"', "\"\"")))
        .collect::<Vec<_>>()
        .join(" OR ")
}
