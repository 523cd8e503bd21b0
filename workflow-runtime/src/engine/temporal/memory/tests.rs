//! Against a real `PostgreSQL`.

use std::sync::Arc;

use rusqlite::Connection;
use serde_json::json;
use workflow_cluster::{Postgres, Wire, postgres};

use super::*;
use crate::connectors::memory::{self, MemoryError as InFile};
use crate::engine::embedded::{Embedded, Options};
use crate::registry::Registry;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

/// A memory in a database of its own
async fn fresh(name: &str) -> Memory {
    Memory::connect(&postgres().database(name)).await.unwrap()
}

async fn call(memory: &Memory, step_id: &str, tool: &str, parameters: Value) -> Value {
    memory.call("run", step_id, tool, parameters.as_object().unwrap(), at(0)).await.unwrap()
}

/// Calls whose replies tell how one store differs from another
fn calls() -> Vec<(&'static str, Value)> {
    let long = "long ".repeat(1_000);
    let deep = json!({"plan": [1, 2.5, "three", null, {"z": 1, "a": "ü\u{0}"}]});
    vec![
        ("memory.get", json!({"key": "plan"})),
        ("memory.save", json!({"key": "plan", "value": deep})),
        ("memory.get", json!({"key": "plan"})),
        ("memory.save", json!({"key": "plan", "value": "the second one"})),
        ("memory.get", json!({"key": "plan"})),
        ("memory.save", json!({"key": long, "value": null})),
        ("memory.get", json!({"key": long})),
        ("memory.save", json!({"key": "a\\b\u{0}c", "value": 1})),
        ("memory.get", json!({"key": "a\\b\u{0}c"})),
        ("memory.list", json!({"prefix": "a\\"})),
        ("memory.list", json!({"prefix": "a_"})),
        ("memory.add", json!({"category": "tea", "content": "green leaves from Uji"})),
        ("memory.add", json!({"category": "milk", "content": "green? no, a well-known WHITE"})),
        ("memory.add", json!({"category": "tea", "content": {"kind": "Crème brûlée, v2.0"}})),
        (
            "memory.add",
            json!({"category": "tea", "content": "known well: https://example.org/a_b"}),
        ),
        ("memory.search", json!({"query": "leaves \"AND (-"})),
        ("memory.search", json!({"query": "green", "category": "milk"})),
        ("memory.search", json!({"query": "GREEN leaves"})),
        ("memory.search", json!({"query": "well-known"})),
        ("memory.search", json!({"query": "creme"})),
        ("memory.search", json!({"query": "BRÛLÉE"})),
        ("memory.search", json!({"query": "example"})),
        ("memory.search", json!({"query": "2"})),
        ("memory.search", json!({"query": "second plan"})),
        ("memory.search", json!({"query": "tea green", "limit": 1})),
        ("memory.search", json!({"query": "milk-green"})),
        ("memory.search", json!({"query": "  "})),
        ("memory.search", json!({"query": "' | ! & :* \\ '' <->"})),
        ("memory.search", json!({"query": "nothing of the kind"})),
        ("memory.list", json!({})),
        ("memory.list", json!({"category": "tea", "limit": 2})),
        ("memory.list", json!({"limit": 0})),
        ("memory.list", json!({"limit": -5})),
        ("memory.delete", json!({"key": "plan"})),
        ("memory.delete", json!({"key": "plan"})),
        ("memory.delete", json!({"id": 4})),
        ("memory.delete", json!({"id": 4_000_000_000_i64})),
        ("memory.search", json!({"query": "second leaves"})),
        ("memory.save", json!({"key": "plan", "value": true})),
        ("memory.list", json!({"prefix": ""})),
        // What is refused.
        ("memory.save", json!({"key": "k"})),
        ("memory.save", json!({"key": 7, "value": 1})),
        ("memory.get", json!({"key": "k", "colour": "red"})),
        ("memory.list", json!({"limit": "few"})),
        ("memory.delete", json!({})),
        ("memory.delete", json!({"key": "k", "id": 1})),
        ("memory.forget", json!({})),
    ]
}

#[tokio::test]
async fn every_call_gives_what_it_gives_in_a_store_of_its_own() {
    let shared = fresh("same").await;
    let folder = tempfile::tempdir().unwrap();
    let file = store(&folder);
    for (number, (tool, parameters)) in calls().into_iter().enumerate() {
        let (parameters, now) = (parameters.as_object().unwrap(), at(number.try_into().unwrap()));
        let here = shared.call("run", &number.to_string(), tool, parameters, now).await;
        let there = memory::call(&file, tool, parameters, now);
        match (here, there) {
            (Ok(here), Ok(there)) => assert_eq!(here, there, "{tool} {parameters:?}"),
            (Err(MemoryError::Refused(here)), Err(InFile::Refused(there))) => {
                assert_eq!(here, there);
            }
            (here, there) => panic!("{tool} {parameters:?}: {here:?}, in a file {there:?}"),
        }
    }
}

/// A store of the embedded engine
fn store(folder: &tempfile::TempDir) -> Connection {
    let path = folder.path().join("runs.sqlite");
    drop(Embedded::open(Arc::new(Registry::default()), Options::new(&path)).unwrap());
    Connection::open(path).unwrap()
}

#[tokio::test]
async fn a_call_that_is_made_again_gives_the_same_and_adds_nothing() {
    let memory = fresh("once").await;
    let note = json!({"category": "tea", "content": "green leaves"});
    let first = call(&memory, "note", "memory.add", note.clone()).await;
    let search = json!({"query": "green"});
    let found = call(&memory, "search", "memory.search", search.clone()).await;
    let other = call(&memory, "other", "memory.add", note.clone()).await;
    assert_ne!(first, other, "another step is another call");

    let again: Vec<_> = (0..20)
        .map(|_| {
            let (memory, note) = (memory.clone(), note.clone());
            tokio::spawn(async move { call(&memory, "note", "memory.add", note).await })
        })
        .collect();
    for again in again {
        assert_eq!(again.await.unwrap(), first);
    }
    assert_eq!(call(&memory, "search", "memory.search", search).await, found, "as it was then");
    assert_eq!(memory.health().await.unwrap(), 2);
}

#[tokio::test]
async fn a_call_that_many_workers_make_at_once_is_made_once() {
    let url = postgres().database("at_once");
    let workers = (0..6).map(|_| {
        let url = url.clone();
        // Each makes the tables too, if it is the first.
        tokio::spawn(async move {
            let memory = Memory::connect(&url).await.unwrap();
            let note = json!({"category": "c", "content": "x"});
            let noted = call(&memory, "note", "memory.add", note).await;
            (noted, memory.seal_key().await.unwrap())
        })
    });
    let mut given = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        given.push(worker.await.unwrap());
    }
    assert!(given.iter().all(|one| *one == given[0]), "{given:?}");
    assert_ne!(given[0].1, [0; 32]);
    assert_eq!(postgres().ask("at_once", "SELECT count(*) FROM workflow_memory"), "1");
}

#[tokio::test]
async fn old_calls_are_forgotten() {
    let memory = fresh("old").await;
    let get = json!({"key": "k"});
    let get = get.as_object().unwrap();
    let days = |days: i64| at(days * 24 * 60 * 60);
    memory.call("old", "get", "memory.get", get, days(0)).await.unwrap();
    memory.call("young", "get", "memory.get", get, days(80)).await.unwrap();
    memory.call("new", "get", "memory.get", get, days(100)).await.unwrap();
    let runs = postgres().ask("old", "SELECT run_id FROM workflow_memory_calls ORDER BY called_at");
    assert_eq!(runs, "young\nnew");
}

#[tokio::test]
async fn a_lost_connection_is_made_anew() {
    let url = postgres().database("lost");
    let wire = Wire::to(&postgres().address());
    let memory =
        Memory::connect(&url.replace(&postgres().address(), wire.address())).await.unwrap();
    let save = json!({"key": "k", "value": 1});
    call(&memory, "first", "memory.save", save.clone()).await;
    wire.reset();
    assert_eq!(call(&memory, "second", "memory.save", save).await["created"], false);
}

#[tokio::test]
async fn a_server_that_is_gone_is_told_and_found_again() {
    let mut server = Postgres::start();
    let url =
        server.database("gone").replace("postgres://postgres@", "postgres://postgres:secret@");
    let memory = Memory::connect(&url).await.unwrap();
    call(&memory, "first", "memory.save", json!({"key": "k", "value": 1})).await;

    server.kill();
    let save = json!({"key": "k", "value": 2});
    let failed =
        memory.call("run", "second", "memory.save", save.as_object().unwrap(), at(0)).await;
    let Err(MemoryError::Store(error)) = failed else { panic!("{failed:?}") };
    assert_eq!(error.code, "store");
    let place = format!("`{}/gone` cannot be reached", server.address());
    assert!(error.message.contains(&place), "{error}");
    assert!(!format!("{error:?}{memory:?}").contains("secret"), "{error:?}");
    assert_eq!(memory.health().await.unwrap_err().code, "store");
    let error = Memory::connect(&url).await.unwrap_err();
    assert!(error.help.contains("WORKFLOW_DATABASE_URL"), "{error:?}");

    server.restart();
    assert_eq!(call(&memory, "second", "memory.save", save).await["created"], false);
    assert_eq!(memory.health().await.unwrap(), 1);
}

#[tokio::test]
async fn an_encrypted_connection_is_one_to_the_very_server() {
    let (server, authority) = Postgres::start_with_tls();
    let url = server.database("sealed");
    let plain = Memory::connect(&url).await.unwrap_err();
    assert!(plain.message.contains("no encryption"), "{plain}");
    let stranger = Memory::connect(&format!("{url}?sslmode=require")).await.unwrap_err();
    assert!(stranger.message.contains("certificate"), "{stranger}");
    let known = format!("{url}?sslmode=verify-full&sslrootcert={}", authority.display());
    let memory = Memory::connect(&known).await.unwrap();
    let saved = call(&memory, "first", "memory.save", json!({"key": "k", "value": 1})).await;
    assert_eq!(saved["created"], true);
}

#[tokio::test]
async fn tables_of_a_newer_server_are_left_alone() {
    let url = postgres().database("newer");
    Memory::connect(&url).await.unwrap();
    postgres().ask("newer", "UPDATE workflow_tables SET version = 99");
    let error = Memory::connect(&url).await.unwrap_err();
    assert!(error.message.contains("newer server: version 99"), "{error}");
}

#[tokio::test]
async fn a_url_that_cannot_be_used_is_told() {
    for url in ["", "mysql://localhost/x", "postgres://localhost:high/x"] {
        let error = Memory::connect(url).await.unwrap_err();
        assert_eq!(error.code, "store", "{url}");
        assert!(error.help.contains("postgres://USER"), "{url}: {error:?}");
    }
    let url = format!("{}?sslmode=require", postgres().database("plain"));
    let error = Memory::connect(&url).await.unwrap_err();
    assert!(error.message.contains("server does not support TLS"), "{error}");
    let missing = url.replace("require", "verify-full&sslrootcert=/nowhere/ca.pem");
    let error = Memory::connect(&missing).await.unwrap_err();
    assert!(error.message.contains("`sslrootcert=/nowhere/ca.pem`"), "{error}");
}
