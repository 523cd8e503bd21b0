//! `memory.*` in `PostgreSQL`, shared by all servers and workers of a fleet.
//!
//! The tools, their words and their results are those of the embedded engine; what differs is where
//! things are kept. A worker may die after a call has been made and before Temporal knows, and the
//! call is then made again: so each is remembered under its run and step, in the transaction that
//! makes it.

mod connections;
mod failure;
mod tables;
#[cfg(test)]
mod tests;
mod words;

use jiff::Timestamp;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio_postgres::types::Type;
use tokio_postgres::{Row, Transaction};

use crate::connectors::memory::{Item, Request, Which, plain, result};
use crate::engine::EngineError;

use connections::Connections;
use failure::Failure;
use words::{any_of, kept, shown, vector};

/// What a fleet remembers; a clone shares the connections
#[derive(Clone, Debug)]
pub(super) struct Memory {
    connections: Connections,
}

/// Why a call failed
#[derive(Debug, thiserror::Error)]
pub(super) enum MemoryError {
    /// The call itself is wrong
    #[error("{0}")]
    Refused(String),
    /// The database failed; nothing was changed, and the call can be made again
    #[error(transparent)]
    Store(EngineError),
}

/// One step's call
struct Call<'a> {
    run_id: &'a str,
    step_id: &'a str,
    request: Request<'a>,
    /// When it is made, in microseconds since 1970
    now: i64,
}

impl Memory {
    /// Connects to a database by its URL, and makes the tables where there are none
    pub(super) async fn connect(url: &str) -> Result<Self, EngineError> {
        let connections = Connections::to(url)?;
        let made = async {
            let mut connection = connections.take().await?;
            tables::make(&mut connection).await?;
            connection.give_back();
            Ok(())
        };
        match made.await {
            Ok(()) => Ok(Self { connections }),
            Err(failure) => Err(connections.told(failure)),
        }
    }

    /// Calls a tool for a step of a run: once, however often it is asked for
    pub(super) async fn call(
        &self,
        run_id: &str,
        step_id: &str,
        tool: &str,
        parameters: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<Value, MemoryError> {
        let request = Request::parse(tool, parameters).map_err(MemoryError::Refused)?;
        let call = Call { run_id, step_id, request, now: now.as_microsecond() };
        // Boxed, because it is large, and part of whatever waits for it.
        let made = match Box::pin(self.attempt(&call)).await {
            // The connection had died since it was last used, or dies now: a new one may do. What
            // was committed with nobody told is remembered.
            Err(Failure::Lost(_)) => Box::pin(self.attempt(&call)).await,
            made => made,
        };
        made.map_err(|failure| match failure {
            Failure::Refused(why) => MemoryError::Refused(why),
            failure => MemoryError::Store(self.connections.told(failure)),
        })
    }

    async fn attempt(&self, call: &Call<'_>) -> Result<Value, Failure> {
        self.connections
            .in_time(async {
                let mut connection = self.connections.take().await?;
                let transaction = connection.transaction().await?;
                let result = once(&transaction, call).await?;
                transaction.commit().await?;
                connection.give_back();
                Ok(result)
            })
            .await
    }

    /// What servers seal with that they get back from clients: made once, the same for all
    pub(super) async fn seal_key(&self) -> Result<[u8; 32], EngineError> {
        let read = self.connections.in_time(async {
            let connection = self.connections.take().await?;
            let key = tables::seal_key(&connection).await?;
            connection.give_back();
            Ok(key)
        });
        read.await.map_err(|failure| self.connections.told(failure))
    }

    /// How many things are remembered; fails where the database cannot be reached
    pub(super) async fn health(&self) -> Result<u64, EngineError> {
        let counted = self.connections.in_time(async {
            let connection = self.connections.take().await?;
            let row = connection.query_one("SELECT count(*) FROM workflow_memory", &[]).await?;
            connection.give_back();
            Ok(row.get::<_, i64>(0))
        });
        let rows = counted.await.map_err(|failure| self.connections.told(failure))?;
        Ok(rows.unsigned_abs())
    }

    /// Where it is kept, without secrets: `host:port/database`
    pub(super) fn place(&self) -> &str {
        self.connections.place()
    }
}

/// Makes a call, or finds what it gave when it was made
async fn once(db: &Transaction<'_>, call: &Call<'_>) -> Result<Value, Failure> {
    // Waits for whoever makes the same call right now, in a transaction that has not ended.
    let taken = db
        .execute_typed(
            "INSERT INTO workflow_memory_calls (run_id, step_id, called_at) VALUES ($1, $2, $3)
             ON CONFLICT DO NOTHING",
            &[(&call.run_id, Type::TEXT), (&call.step_id, Type::TEXT), (&call.now, Type::INT8)],
        )
        .await?;
    if taken == 0 {
        let known = db
            .query_typed_one(
                "SELECT result::text FROM workflow_memory_calls WHERE run_id = $1 AND step_id = $2",
                &[(&call.run_id, Type::TEXT), (&call.step_id, Type::TEXT)],
            )
            .await?;
        return Ok(serde_json::from_str(known.get(0))?);
    }
    let result = make(db, &call.request, call.now).await?;
    db.execute_typed(
        "UPDATE workflow_memory_calls SET result = $3::json WHERE run_id = $1 AND step_id = $2",
        &[
            (&call.run_id, Type::TEXT),
            (&call.step_id, Type::TEXT),
            (&result.to_string(), Type::TEXT),
        ],
    )
    .await?;
    tables::forget_old_calls(db, call.now).await?;
    Ok(result)
}

async fn make(db: &Transaction<'_>, request: &Request<'_>, now: i64) -> Result<Value, Failure> {
    Ok(match *request {
        Request::Save { key, value } => result::saved(key, save(db, key, value, now).await?),
        Request::Get { key } => {
            result::got(stored(db, key).await?.as_deref()).map_err(Failure::Refused)?
        }
        Request::Add { category, content } => result::added(add(db, category, content, now).await?),
        Request::Search { query, category, limit } => {
            result::items(&search(db, query, category, limit).await?)
        }
        Request::List { prefix, category, limit } => {
            result::items(&list(db, prefix, category, limit).await?)
        }
        Request::Delete(ref which) => result::deleted(delete(db, which).await? > 0),
    })
}

/// Whether it was not there before
async fn save(db: &Transaction<'_>, key: &str, value: &Value, now: i64) -> Result<bool, Failure> {
    let (sum, json) = (sum(key), value.to_string());
    let words = vector([Some(key), None, Some(&plain(value))]);
    // First without an insertion, which would use up an id.
    let updated = db
        .execute_typed(
            "UPDATE workflow_memory SET value = $2::json, words = $3::tsvector, created_at = $4
             WHERE key_sum = $1",
            &[(&sum, Type::BYTEA), (&json, Type::TEXT), (&words, Type::TEXT), (&now, Type::INT8)],
        )
        .await?;
    if updated > 0 {
        return Ok(false);
    }
    let row = db
        .query_typed_one(
            "INSERT INTO workflow_memory (key, key_sum, value, words, created_at)
             VALUES ($1, $2, $3::json, $4::tsvector, $5)
             ON CONFLICT (key_sum) DO UPDATE SET value = excluded.value, words = excluded.words,
                 created_at = excluded.created_at
             RETURNING xmax = 0",
            &[
                (&kept(key), Type::TEXT),
                (&sum, Type::BYTEA),
                (&json, Type::TEXT),
                (&words, Type::TEXT),
                (&now, Type::INT8),
            ],
        )
        .await?;
    // A row that nobody had before has not been locked by anybody.
    Ok(row.get(0))
}

async fn stored(db: &Transaction<'_>, key: &str) -> Result<Option<String>, Failure> {
    let row = db
        .query_typed_opt(
            "SELECT value::text FROM workflow_memory WHERE key_sum = $1",
            &[(&sum(key), Type::BYTEA)],
        )
        .await?;
    Ok(row.map(|row| row.get(0)))
}

async fn add(
    db: &Transaction<'_>,
    category: &str,
    content: &Value,
    now: i64,
) -> Result<i64, Failure> {
    let words = vector([None, Some(category), Some(&plain(content))]);
    let row = db
        .query_typed_one(
            "INSERT INTO workflow_memory (category, value, words, created_at)
             VALUES ($1, $2::json, $3::tsvector, $4) RETURNING id",
            &[
                (&kept(category), Type::TEXT),
                (&content.to_string(), Type::TEXT),
                (&words, Type::TEXT),
                (&now, Type::INT8),
            ],
        )
        .await?;
    Ok(row.get(0))
}

async fn search(
    db: &Transaction<'_>,
    query: &str,
    category: Option<&str>,
    limit: i64,
) -> Result<Vec<Item>, Failure> {
    let query = any_of(query);
    if query.is_empty() {
        return Ok(Vec::new());
    }
    // Long texts come later than short ones that say as much.
    let rows = db
        .query_typed(
            "SELECT id, key, category, value::text, created_at FROM workflow_memory
             WHERE words @@ $1::tsquery AND ($2 IS NULL OR category = $2)
             ORDER BY ts_rank(words, $1::tsquery, 1) DESC, id LIMIT $3",
            &[(&query, Type::TEXT), (&category.map(kept), Type::TEXT), (&limit, Type::INT8)],
        )
        .await?;
    rows.iter().map(item).collect()
}

async fn list(
    db: &Transaction<'_>,
    prefix: Option<&str>,
    category: Option<&str>,
    limit: i64,
) -> Result<Vec<Item>, Failure> {
    let rows = db
        .query_typed(
            "SELECT id, key, category, value::text, created_at FROM workflow_memory
             WHERE ($1 IS NULL OR starts_with(key, $1)) AND ($2 IS NULL OR category = $2)
             ORDER BY id DESC LIMIT $3",
            &[
                (&prefix.map(kept), Type::TEXT),
                (&category.map(kept), Type::TEXT),
                (&limit, Type::INT8),
            ],
        )
        .await?;
    rows.iter().map(item).collect()
}

async fn delete(db: &Transaction<'_>, which: &Which<'_>) -> Result<u64, Failure> {
    Ok(match which {
        Which::Key(key) => {
            db.execute_typed(
                "DELETE FROM workflow_memory WHERE key_sum = $1",
                &[(&sum(key), Type::BYTEA)],
            )
            .await?
        }
        Which::Id(id) => {
            db.execute_typed("DELETE FROM workflow_memory WHERE id = $1", &[(id, Type::INT8)])
                .await?
        }
    })
}

/// What a key is found by: an index has no room for long texts
fn sum(key: &str) -> Vec<u8> {
    Sha256::digest(key).to_vec()
}

fn item(row: &Row) -> Result<Item, Failure> {
    let value: Value = serde_json::from_str(row.get(3))?;
    Ok(Item {
        id: row.get(0),
        key: row.get::<_, Option<&str>>(1).map(shown),
        category: row.get::<_, Option<&str>>(2).map(shown),
        content: plain(&value),
        created_at: row.get(4),
    })
}
