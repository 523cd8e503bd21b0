//! The memory in a store's own file.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use serde_json::{Map, Value};

use super::{Item, Request, Which, plain, result};

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
    Ok(match Request::parse(tool, parameters)? {
        Request::Save { key, value } => save(db, key, value, now)?,
        Request::Get { key } => result::got(stored(db, key)?.as_deref())?,
        Request::Add { category, content } => add(db, category, content, now)?,
        Request::Search { query, category, limit } => {
            result::items(&search(db, query, category, limit)?)
        }
        Request::List { prefix, category, limit } => {
            result::items(&list(db, prefix, category, limit)?)
        }
        Request::Delete(which) => result::deleted(delete(db, &which)? > 0),
    })
}

fn save(db: &Connection, key: &str, value: &Value, now: Timestamp) -> rusqlite::Result<Value> {
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
    Ok(result::saved(key, known.is_none()))
}

fn stored(db: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("SELECT value FROM memory WHERE key = ?")?
        .query_row([key], |row| row.get(0))
        .optional()
}

fn add(
    db: &Connection,
    category: &str,
    content: &Value,
    now: Timestamp,
) -> rusqlite::Result<Value> {
    db.prepare_cached(
        "INSERT INTO memory (category, content, value, created_at) VALUES (?, ?, ?, ?)",
    )?
    .execute(params![category, plain(content), content.to_string(), now.as_microsecond()])?;
    Ok(result::added(db.last_insert_rowid()))
}

fn search(
    db: &Connection,
    query: &str,
    category: Option<&str>,
    limit: i64,
) -> rusqlite::Result<Vec<Item>> {
    let query = match_any(query);
    if query.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = db.prepare_cached(
        "SELECT m.id, m.key, m.category, m.content, m.created_at
         FROM memory_text t JOIN memory m ON m.id = t.rowid
         WHERE memory_text MATCH :query AND (:category IS NULL OR m.category = :category)
         ORDER BY t.rank, m.id LIMIT :limit",
    )?;
    statement
        .query_map(named_params! {":query": query, ":category": category, ":limit": limit}, item)?
        .collect()
}

fn list(
    db: &Connection,
    prefix: Option<&str>,
    category: Option<&str>,
    limit: i64,
) -> rusqlite::Result<Vec<Item>> {
    let mut statement = db.prepare_cached(
        "SELECT id, key, category, content, created_at FROM memory
         WHERE (:prefix IS NULL OR substr(key, 1, length(:prefix)) = :prefix)
           AND (:category IS NULL OR category = :category)
         ORDER BY id DESC LIMIT :limit",
    )?;
    statement
        .query_map(named_params! {":prefix": prefix, ":category": category, ":limit": limit}, item)?
        .collect()
}

fn delete(db: &Connection, which: &Which<'_>) -> rusqlite::Result<usize> {
    match which {
        Which::Key(key) => db.prepare_cached("DELETE FROM memory WHERE key = ?")?.execute([key]),
        Which::Id(id) => db.prepare_cached("DELETE FROM memory WHERE id = ?")?.execute([id]),
    }
}

fn item(row: &Row<'_>) -> rusqlite::Result<Item> {
    Ok(Item {
        id: row.get(0)?,
        key: row.get(1)?,
        category: row.get(2)?,
        content: row.get(3)?,
        created_at: row.get(4)?,
    })
}

/// Any of the words, whatever signs they hold that mean something in a search expression
fn match_any(query: &str) -> String {
    query
        .split_whitespace()
        .map(|word| format!("\"{}\"", word.replace('"', "\"\"")))
        .collect::<Vec<_>>()
        .join(" OR ")
}
