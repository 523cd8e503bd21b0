//! `workflowc schema`: a foreign validator, on files that a foreign parser has read, takes what
//! the compiler takes, and refuses what it says is misspelt.

use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::Value;
use workflow_compiler::diagnostic::Code;
use workflow_compiler::{Input, compile, editor_schema};

/// Mistakes that a schema can see
const SEEN: [Code; 4] =
    [Code::UnknownKey, Code::MissingKey, Code::UnknownStepType, Code::WrongTypeOfKey];
/// Mistakes that a schema may see
const MAYBE_SEEN: [Code; 10] = [
    Code::InvalidDuration,
    Code::YamlSyntax,
    Code::Limit,
    Code::DuplicateKey,
    Code::InvalidName,
    Code::InvalidVersion,
    Code::InvalidAgent,
    Code::InvalidDefault,
    Code::InvalidPattern,
    Code::TemplateSyntax,
];
/// Right by the schema, which does not compare one key with another
const TOO_FINE: &[&str] = &["wrong-type-of-key/tool.yaml", "wrong-type-of-key/single-brace.yaml"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::options().build(schema).unwrap()
}

fn yaml_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(yaml_below(&path));
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// A file without the marks of the tests
fn read(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    text.split_inclusive('\n').filter(|line| !line.starts_with('#')).collect()
}

fn errors(validator: &Validator, text: &str) -> Option<Vec<String>> {
    let value: Value = serde_saphyr::from_str(text).ok()?;
    Some(
        validator
            .iter_errors(&value)
            .map(|each| format!("{each}\n{}", each.instance_path()))
            .collect(),
    )
}

#[test]
fn a_schema_is_a_schema() {
    for schema in [editor_schema::workflow(), editor_schema::functions()] {
        jsonschema::meta::validate(&schema).unwrap();
    }
}

#[test]
fn workflows_of_the_repository_fit() {
    let (workflow, functions) =
        (validator(&editor_schema::workflow()), validator(&editor_schema::functions()));
    let folders = ["workflows", "examples/own-crate/workflows", "workflow-compiler/tests/codegen"];
    for path in folders.iter().flat_map(|folder| yaml_below(&root().join(folder))) {
        let is_functions = path.file_stem().is_some_and(|stem| stem == "functions");
        let found = errors(if is_functions { &functions } else { &workflow }, &read(&path));
        assert_eq!(found, Some(Vec::new()), "{}", path.display());
    }
}

#[test]
fn the_schema_and_the_compiler_agree_on_the_corpus() {
    let (workflow, functions) =
        (validator(&editor_schema::workflow()), validator(&editor_schema::functions()));
    let (mut right, mut wrong) = (0, 0);
    let mut report = Vec::new();
    for path in yaml_below(&root().join("tests/diagnostics")) {
        let text = read(&path);
        let is_functions = path.file_stem().is_some_and(|stem| stem == "functions");
        let Some(found) = errors(if is_functions { &functions } else { &workflow }, &text) else {
            continue;
        };
        let name = path.file_name().unwrap();
        let input = Input { files: vec![(name.into(), text)], ..Input::default() };
        let codes: Vec<Code> = compile(&input).diagnostics.iter().map(|each| each.code).collect();
        let case =
            path.strip_prefix(root().join("tests/diagnostics")).unwrap().display().to_string();
        if codes.iter().any(|code| SEEN.contains(code)) {
            wrong += 1;
            if found.is_empty() && !TOO_FINE.contains(&case.as_str()) {
                report.push(format!("{case}: the schema sees nothing of {codes:?}"));
            }
        } else if !codes.iter().any(|code| MAYBE_SEEN.contains(code)) {
            right += 1;
            if !found.is_empty() {
                report.push(format!("{case}: {found:#?}"));
            }
        }
    }
    assert!(report.is_empty(), "{}", report.join("\n"));
    assert!(right > 50 && wrong > 10, "{right} right, {wrong} wrong");
}

#[test]
fn editors_find_words_for_everything() {
    let schema = editor_schema::workflow();
    let step = &schema["$defs"]["step"];
    let prompt = &schema["$defs"]["step-prompt"];
    assert_eq!(prompt["properties"]["message"]["description"], "what is asked");
    assert!(prompt["properties"]["kind"]["enum"].as_array().unwrap().contains(&"confirm".into()));
    let snippets = step["defaultSnippets"].as_array().unwrap();
    let prompt = snippets.iter().find(|each| each["label"] == "prompt").unwrap();
    assert_eq!(prompt["body"], serde_json::json!({"id": "$1", "type": "prompt", "message": "$2"}));
    let types = step["properties"]["type"]["oneOf"].as_array().unwrap();
    assert!(types.iter().any(|each| each["const"] == "foreach" && each["description"].is_string()));
}

#[test]
fn keys_of_ones_own_merges_and_nulls_are_fine() {
    let text = "x-waits: &waits { timeout: 5 }\nname: a\nversion: 1.0.0\ndescription:\ninputs:\n  \
                a: string\n  b: { type: array, item_type: { type: object, properties: { c: any } }, \
                validation: { min_items: 1 } }\nsteps:\n  - { <<: *waits, id: 1, type: delegate, \
                instructions: x, agent: null, needs_state: [a, 1] }\n";
    let validator = validator(&editor_schema::workflow());
    assert_eq!(errors(&validator, text), Some(Vec::new()));
    for (wrong, with) in [
        ("x-waits", "y-waits"),
        ("item_type", "itemtype"),
        ("c: any", "c: anything"),
        ("min_items: 1", "min_length: 1"),
        ("instructions", "instruction"),
        ("agent: null", "agent: task"),
        ("timeout: 5", "timeout: 0"),
        ("type: delegate", "type: deleg"),
        ("version: 1.0.0", "version: 1.0"),
        ("name: a", "name: A B"),
    ] {
        let text = text.replace(wrong, with);
        assert_ne!(errors(&validator, &text), Some(Vec::new()), "{text}");
    }
}
