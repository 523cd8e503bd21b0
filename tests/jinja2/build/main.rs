//! Makes workflows of the table, one step a row: once with inputs of the types that their values
//! have, once with inputs of which nothing is known. What does not compile is left out of the
//! workflows and told to the test.

mod row;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use row::{Mode, Row};
use serde_json::{Map, Value, json};
use workflow_compiler::codegen::{self, Options};
use workflow_compiler::diagnostic::Severity;
use workflow_compiler::{Compilation, Input, compile};

/// The most rows of a workflow: rustc takes long functions ill
const ROWS: usize = 60;

/// Rows whose inputs agree
struct Group {
    name: String,
    context: Map<String, Value>,
    types: Map<String, Value>,
    rows: Vec<Row>,
}

fn main() {
    for file in ["table.jsonl", "build"] {
        println!("cargo::rerun-if-changed={file}");
    }
    let mut refused = BTreeMap::new();
    let mut files = Vec::new();
    let mut places = Map::new();
    for group in &groups(Row::table()) {
        for mode in Mode::ALL {
            let text = compiling(group, mode, &mut refused);
            for row in &group.rows {
                places.insert(row.id.clone(), json!(group.name));
            }
            files.push((format!("{}-{}.yaml", group.name, mode.name()).into(), text));
        }
    }
    let compiled = compile(&Input { files, ..Input::default() });
    assert_eq!(
        compiled.errors(),
        0,
        "rows that compile apart compile together: {:?}",
        compiled.diagnostics
    );
    let programs = &compiled.programs;
    let options = Options { mode: codegen::Mode::Expanded, functions: "crate", programs };
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    let write = |name: &str, text: String| {
        std::fs::write(Path::new(&out).join(name), text).expect("OUT_DIR can be written to");
    };
    write("workflows.rs", codegen::file(programs, &options));
    write("places.json", json!({"groups": places, "refused": refused}).to_string());
}

/// Rows of one subject whose inputs have the same values
fn groups(rows: Vec<Row>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        let subject = row.id.rsplit_once('-').map_or("", |(subject, _)| subject).to_owned();
        let agrees = |group: &&mut Group| {
            let same = |(name, value): (&String, &Value)| {
                group.context.get(name).is_none_or(|other| other == value)
            };
            group.name.starts_with(&subject)
                && group.rows.len() < ROWS
                && row.types == group.types
                && row.context.iter().all(same)
        };
        match groups.iter_mut().find(agrees) {
            Some(group) => {
                group.context.extend(row.context.clone());
                group.rows.push(row);
            }
            None => groups.push(Group {
                name: format!("{subject}-{}", groups.len()),
                context: row.context.clone(),
                types: row.types.clone(),
                rows: vec![row],
            }),
        }
    }
    groups
}

/// The workflow of those rows that compile; of the others the first diagnostic is noted
fn compiling(group: &Group, mode: Mode, refused: &mut BTreeMap<String, Value>) -> String {
    let (text, _) = workflow(group, mode, &group.rows);
    let compiled =
        compile(&Input { files: vec![("rows.yaml".into(), text.clone())], ..Input::default() });
    let wrong = errors(&compiled);
    if wrong.is_empty() {
        return text;
    }
    let (_, first) = workflow(group, mode, &[]);
    let mut rows = Vec::new();
    for (at, row) in group.rows.iter().enumerate() {
        match wrong.get(&(first + at)) {
            Some(found) => {
                refused.insert(format!("{} {}", row.id, mode.name()), json!(found));
            }
            None => rows.push(row.clone()),
        }
    }
    assert!(rows.len() < group.rows.len(), "{wrong:?} stands at no row of\n{text}");
    workflow(group, mode, &rows).0
}

/// The first error of each line: its code and its message
fn errors(compiled: &Compilation) -> BTreeMap<usize, (&'static str, String)> {
    let errors = compiled.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    let mut wrong = BTreeMap::new();
    for found in errors {
        let line = compiled.sources.position(found.span).line;
        wrong.entry(line).or_insert_with(|| (found.code.as_str(), found.message.clone()));
    }
    wrong
}

/// A workflow that returns the value of the row that it is asked for; and the line of its first row
fn workflow(group: &Group, mode: Mode, rows: &[Row]) -> (String, usize) {
    let mut inputs = Map::new();
    inputs.insert("row".into(), json!({"type": "string", "required": true}));
    for (name, value) in &group.context {
        let schema = match (mode, group.types.get(name)) {
            (Mode::Any, _) => json!({"type": "any"}),
            (Mode::Typed, Some(schema)) => schema.clone(),
            (Mode::Typed, None) => schema(value),
        };
        inputs.insert(name.clone(), schema);
    }
    let mut text = format!(
        "name: {}-{}\nversion: 1.0.0\ninputs: {}\nsteps:\n",
        group.name,
        mode.name(),
        Value::from(inputs)
    );
    for row in rows {
        let step = json!({"id": row.id, "type": "return", "when": format!("inputs.row == '{}'", row.id), "value": row.source()});
        let _ = writeln!(text, "  - {step}");
    }
    if rows.is_empty() {
        text += "  - { id: none, type: return }\n";
    }
    (text, 5)
}

/// The type of a value, in the words of a workflow file
fn schema(value: &Value) -> Value {
    let mut schema = match value {
        // What is null is a text that is not given.
        Value::Null => return json!({"type": "string"}),
        Value::Bool(_) => json!({"type": "boolean"}),
        Value::Number(number) if number.is_i64() => json!({"type": "integer"}),
        Value::Number(_) => json!({"type": "number"}),
        Value::String(_) => json!({"type": "string"}),
        Value::Array(items) => {
            let mut types: Vec<Value> = items.iter().map(schema_of_part).collect();
            types.dedup();
            match types.as_slice() {
                [item] => json!({"type": "array", "item_type": item}),
                _ => json!({"type": "array"}),
            }
        }
        Value::Object(fields) if fields.is_empty() => json!({"type": "object"}),
        Value::Object(fields) => {
            let properties: Map<_, _> =
                fields.iter().map(|(name, value)| (name.clone(), schema_of_part(value))).collect();
            json!({"type": "object", "properties": properties})
        }
    };
    schema["required"] = json!(true);
    schema
}

fn schema_of_part(value: &Value) -> Value {
    let mut schema = schema(value);
    schema.as_object_mut().and_then(|schema| schema.shift_remove("required"));
    schema
}
