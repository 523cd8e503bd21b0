//! `docs/library.md` tells of the workflows what they say of themselves.
//!
//! `UPDATE_GOLDEN=1 cargo test -p workflow-library --test docs` writes that part of it anew.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use workflow_compiler::diagnostic::render::render;
use workflow_compiler::{Input, compile};
use workflow_runtime::machine::Info;

const BEGIN: &str = "<!-- What follows is written by a test, from the workflows. -->\n";
const END: &str = "<!-- Written by hand again. -->\n";

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The table of all workflows, then the inputs of each
fn written() -> String {
    let registry = workflow_library::registry();
    let infos: Vec<&Info> = registry.workflows().map(|program| program.info()).collect();
    let mut text =
        String::from("\n| workflow | what it is for | inputs | tags |\n|---|---|---|---|\n");
    for info in &infos {
        let (name, what) = (info.name, info.description);
        let (inputs, tags) = (names(info), info.tags.join(", "));
        writeln!(text, "| [`{name}`](#{}) | {what} | {inputs} | {tags} |", anchor(name)).unwrap();
    }
    for info in infos {
        write!(text, "\n### {}\n\n{}.\n\n{}", info.name, info.description, inputs(info)).unwrap();
    }
    text.push('\n');
    text
}

/// As GitHub makes it from a heading
fn anchor(name: &str) -> String {
    name.replace(':', "")
}

fn schema(info: &Info) -> Value {
    serde_json::from_str(info.input_schema).unwrap()
}

fn is_required(schema: &Value, name: &str) -> bool {
    schema["required"].as_array().unwrap().iter().any(|required| required == name)
}

/// The inputs in a line, those that must be given in bold
fn names(info: &Info) -> String {
    let schema = schema(info);
    let names = schema["properties"].as_object().unwrap().keys();
    let names = names.map(|name| match is_required(&schema, name) {
        true => format!("**{name}**"),
        false => name.clone(),
    });
    names.collect::<Vec<_>>().join(", ")
}

fn inputs(info: &Info) -> String {
    let schema = schema(info);
    let mut table =
        String::from("| input | type | unless given | what it is |\n|---|---|---|---|\n");
    for (name, input) in schema["properties"].as_object().unwrap() {
        let (_, ty) = info.inputs.iter().find(|(input, _)| input == name).unwrap();
        let default = match (is_required(&schema, name), input.get("default")) {
            (true, _) => "must be given".to_owned(),
            (false, Some(default)) => format!("`{default}`"),
            (false, None) => String::new(),
        };
        let what = input["description"].as_str().unwrap_or_default();
        writeln!(table, "| `{name}` | `{ty}` | {default} | {what} |").unwrap();
    }
    table
}

#[test]
fn the_page_tells_what_the_workflows_say() {
    let path = here("../docs/library.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (head, rest) = page.split_once(BEGIN).expect("the page says where it begins");
    let (found, tail) = rest.split_once(END).expect("the page says where it ends");
    let expected = written();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, format!("{head}{BEGIN}{expected}{END}{tail}")).unwrap();
        return;
    }
    assert_eq!(found, expected, "UPDATE_GOLDEN=1 writes it anew");
}

#[test]
fn nothing_is_to_be_said_about_the_workflows() {
    let compiled = compile(&Input::folder(here("workflows")));
    let shown = render(&compiled.diagnostics, &compiled.sources, false);
    assert!(shown.is_empty(), "warnings count, too:\n{shown}");
}

#[test]
fn each_says_what_it_is_for_what_it_takes_and_what_it_is_found_by() {
    for program in workflow_library::registry().workflows() {
        let info = program.info();
        let name = info.name;
        assert!(name.starts_with("team:"), "{name} would take a name that others may want");
        assert!(!info.description.is_empty() && !info.description.ends_with('.'), "{name}");
        assert!(info.tags.len() >= 2, "{name}");
        for (input, schema) in schema(info)["properties"].as_object().unwrap() {
            let words = schema["description"].as_str().unwrap_or_default();
            assert!(words.len() > 10, "{name}: input `{input}` says nothing");
        }
    }
}
