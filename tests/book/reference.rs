//! The reference of MCP and of the commands, made from what the programs say of themselves.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::SERVER;
use crate::client::Client;
use crate::pages::hold;
use crate::session::workflowc;

#[test]
fn the_page_of_the_tools_is_what_the_server_lists() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Command::new(SERVER);
    let mut client =
        Client::of(server.args(["serve", "--store"]).arg(folder.path().join("runs.sqlite")));
    let mut list = |method: &str, of: &str| {
        let id = client.request(method, &json!({}));
        let listed = client.result(id);
        listed[of].as_array().unwrap().clone()
    };
    let tools = list("tools/list", "tools");
    let templates = list("resources/templates/list", "resourceTemplates");
    let mut page = String::from(
        "# Tools, prompts and resources\n\nWhat the server lists, word for word; how it all behaves is on \
         [the page before](mcp.md). A type with `?` may be null.\n\n## Tools\n",
    );
    for each in &tools {
        tool(&mut page, each);
    }
    page.push_str("\n## Types\n\nWhat the tables above name.\n");
    for (name, schema) in &definitions(&tools) {
        definition(&mut page, name, schema);
    }
    page.push_str("\n## Resources\n\n| address | type | |\n|---|---|---|\n");
    for each in &templates {
        let (uri, mime) = (text(&each["uriTemplate"]), text(&each["mimeType"]));
        writeln!(page, "| `{uri}` | `{mime}` | {} |", text(&each["description"])).unwrap();
    }
    page.push_str(
        "\n## Prompts\n\nOne for each workflow, of the same name; its inputs are the arguments.\n",
    );
    hold("mcp-tools.md", &page);
}

fn tool(page: &mut String, tool: &Value) {
    let (name, title) = (text(&tool["name"]), text(&tool["title"]));
    writeln!(page, "\n### `{name}`\n\n{title}. {}\n", text(&tool["description"])).unwrap();
    let hints = &tool["annotations"];
    let hints = ["readOnlyHint", "idempotentHint", "destructiveHint", "openWorldHint"]
        .into_iter()
        .filter_map(|hint| Some(format!("`{hint}: {}`", hints[hint].as_bool()?)));
    writeln!(page, "{}\n", hints.collect::<Vec<_>>().join(", ")).unwrap();
    for (title, schema, must) in
        [("Takes", "inputSchema", "must be given"), ("Gives", "outputSchema", "always there")]
    {
        let schema = &tool[schema];
        if schema["properties"].as_object().is_some_and(|fields| !fields.is_empty()) {
            writeln!(page, "{title}\n\n| field | type | |\n|---|---|---|").unwrap();
            fields(page, schema, must);
            page.push('\n');
        }
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
}

/// The types that schemas of tools name
fn definitions(tools: &[Value]) -> BTreeMap<String, Value> {
    let schemas = tools.iter().flat_map(|tool| [&tool["inputSchema"], &tool["outputSchema"]]);
    let defined = schemas.filter_map(|schema| schema["$defs"].as_object()).flatten();
    defined.map(|(name, schema)| (name.clone(), schema.clone())).collect()
}

/// A section for a type
fn definition(page: &mut String, name: &str, schema: &Value) {
    writeln!(page, "\n### {name}\n").unwrap();
    let does = row(text(&schema["description"]));
    if !does.is_empty() {
        writeln!(page, "{does}\n").unwrap();
    }
    if schema["properties"].is_object() {
        page.push_str("| field | type | |\n|---|---|---|\n");
        fields(page, schema, "always there");
        return;
    }
    let cases = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    match cases {
        None => writeln!(page, "{}", kind(schema)).unwrap(),
        Some(cases) => {
            for case in cases {
                let is = match case["const"].as_str() {
                    Some(word) => format!("`\"{word}\"`"),
                    None => kind(case),
                };
                let does = row(text(&case["description"]));
                let colon = if does.is_empty() { "" } else { ": " };
                writeln!(page, "- {is}{colon}{does}").unwrap();
            }
        }
    }
}

/// A row for each property of a schema; `must` is said of those that it requires
fn fields(page: &mut String, schema: &Value, must: &str) {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    for (name, field) in schema["properties"].as_object().unwrap() {
        let is_required = required.contains(&json!(name));
        let must = if is_required { format!(", {must}") } else { String::new() };
        let does = row(text(&field["description"]));
        writeln!(page, "| `{name}` | {}{must} | {does} |", kind(field)).unwrap();
    }
}

/// The type of a schema in a word
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or(reference);
        return format!("[`{name}`](#{})", name.to_lowercase());
    }
    if let Some(one) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        let null = json!({"type": "null"});
        let others: Vec<_> = one.iter().filter(|each| **each != null).map(kind).collect();
        let maybe = if others.len() < one.len() { "?" } else { "" };
        return others.join(" or ") + maybe;
    }
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    }
    match &schema["type"] {
        Value::String(one) if one == "array" => format!("array of {}", kind(&schema["items"])),
        Value::String(one) => one.clone(),
        Value::Array(some) => {
            let others = some.iter().filter(|each| **each != "null").map(text);
            let maybe = if some.contains(&json!("null")) { "?" } else { "" };
            others.collect::<Vec<_>>().join(" or ") + maybe
        }
        _ => "any".to_owned(),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A text in a row of a table
fn row(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

#[test]
#[cfg_attr(feature = "temporal", ignore = "the page has the commands of a build without it")]
fn the_page_of_the_commands_is_what_they_say_of_themselves() {
    let mut page = String::from(
        "# Commands\n\nWhat the two programs say of themselves. A server of your own has the commands of \
         `workflow-server`; built with the feature `temporal` it has `worker` and [what fleets need](temporal.md), \
         too. Options that every command has stand with the first. Where `[env: …]` is named, a variable of the \
         environment sets the same.\n",
    );
    for (name, program) in [("workflow-server", Path::new(SERVER)), ("workflowc", workflowc())] {
        let shared = said(program, &[]);
        section(&mut page, name, &shared);
        for command in commands(&shared) {
            help(&mut page, name, program, &[command], &shared);
        }
    }
    hold("commands.md", &page);
}

/// A section for a command, and one for each of its own
fn help(page: &mut String, name: &str, program: &Path, command: &[String], shared: &str) {
    let said = said(program, command);
    section(page, &format!("{name} {}", command.join(" ")), &own(&said, shared));
    for own in commands(&said) {
        help(page, name, program, &[command, &[own]].concat(), shared);
    }
}

/// What a command says of itself
pub fn said(program: &Path, command: &[String]) -> String {
    let mut program = Command::new(program);
    // A setting would be shown beside its flag.
    let output = program.env_clear().args(command).arg("--help").output().unwrap();
    assert!(output.status.success(), "{command:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn section(page: &mut String, title: &str, said: &str) {
    writeln!(page, "\n## {title}\n\n```text").unwrap();
    for line in said.trim().lines() {
        writeln!(page, "{}", line.trim_end()).unwrap();
    }
    page.push_str("```\n");
}

/// A help without the options that every command has
fn own(said: &str, shared: &str) -> String {
    let (mut kept, mut keeps) = (Vec::new(), true);
    for line in said.lines() {
        if line.trim_start().starts_with('-') {
            keeps = !shared.lines().any(|other| other.trim() == line.trim());
        } else if line.starts_with(|letter: char| !letter.is_whitespace()) {
            keeps = true;
            // A title below which nothing is left
            while kept.last().is_some_and(|last: &&str| last.is_empty()) {
                kept.pop();
            }
            kept.pop_if(|last| last.ends_with(':'));
            kept.push("");
        }
        if keeps {
            kept.push(line);
        }
    }
    while kept.pop_if(|last| last.is_empty() || last.ends_with(':')).is_some() {}
    kept.join("\n")
}

/// The commands that a help lists
pub fn commands(said: &str) -> Vec<String> {
    let lines = said.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| !line.is_empty());
    let named = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    named.filter(|name| !name.is_empty() && *name != "help").map(str::to_owned).collect()
}
