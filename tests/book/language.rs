//! The chapter on the language, made from the compiler's own tables and the step types' manual pages.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use workflow_compiler::builtins::{Example, FILTERS, FUNCTIONS, MEMBERS, METHODS, TESTS};
use workflow_compiler::catalog::{self, Entry};
use workflow_compiler::steps::{COMMON, RESULT, TYPES, failure};
use workflow_compiler::syntax::decode::Key;
use workflow_compiler::syntax::functions::FUNCTION_KEYS;
use workflow_compiler::syntax::schema::{
    ARRAY_KEYS, NUMBER_KEYS, OBJECT_KEYS, SCHEMA_KEYS, STRING_KEYS,
};
use workflow_compiler::syntax::workflow::{TASK_KEYS, WORKFLOW_KEYS};

use crate::pages::hold;
use crate::scratch::ROOT;

#[test]
fn the_page_of_the_steps_is_that_of_the_step_types() {
    let mut page = String::from("# Steps\n\n| type | |\n|---|---|\n");
    for step in TYPES {
        writeln!(page, "| [`{0}`](#{0}) | {1} |", step.name, step.summary).unwrap();
    }
    page.push_str("\n## Keys of every step\n\n");
    keys(&mut page, COMMON);
    page.push_str("\nA step that has a result can have\n\n");
    keys(&mut page, RESULT);
    page.push_str("\nHow a step may fail: [below](#timeout-retry-on_error).\n");
    for step in TYPES {
        let file = match step.name {
            "return" => "return_",
            name => name,
        };
        writeln!(page, "\n{}", manual(file)).unwrap();
        if !step.keys.is_empty() {
            keys(&mut page, step.keys);
        }
    }
    writeln!(page, "\n{}", manual("failure")).unwrap();
    keys(&mut page, failure::KEYS);
    page.push_str("\nOf `retry`:\n\n");
    keys(&mut page, failure::RETRY);
    hold("language/steps.md", &page);
}

#[test]
fn the_page_of_the_keys_is_that_of_the_tables() {
    let mut page = String::from(
        "# Keys of files\n\nEvery key that a file can have, as the compiler knows them; those of steps are \
         [with the steps](steps.md). A key that begins with `x-` is your own. `workflowc schema` prints the \
         same for editors, as JSON Schema.\n",
    );
    let tables: [(&str, &[&[Key]]); 7] = [
        ("A workflow: `workflows/*.yaml`", &[WORKFLOW_KEYS, TASK_KEYS]),
        ("An inline task", &[TASK_KEYS]),
        ("An agent function: each in `workflows/functions.yaml`", &[FUNCTION_KEYS]),
        ("A type: of an input, an `output`, a parameter", &[SCHEMA_KEYS]),
        ("What a text is validated by", &[STRING_KEYS]),
        ("What a number or an integer is validated by", &[NUMBER_KEYS]),
        ("What a list and an object are validated by", &[ARRAY_KEYS, OBJECT_KEYS]),
    ];
    for (title, tables) in tables {
        writeln!(page, "\n## {title}\n").unwrap();
        keys(&mut page, &tables.concat());
    }
    hold("language/keys.md", &page);
}

#[test]
fn the_page_of_what_can_be_called_is_that_of_the_catalogue() {
    let mut page = String::from(
        "# Filters, tests, functions, methods\n\nWhat stands in `{{ … }}` is Jinja2's grammar with \
         [Jinja2's meaning](jinja2.md). `T` is the type of what something is called on, or of its items; a \
         type with `?` may be null. Each example is compiled and run by the tests. Functions of your own: \
         [agent functions](README.md) and [host functions](../embedding.md#functions-in-rust).\n",
    );
    let filters = FILTERS.iter().flat_map(|filter| {
        std::iter::once(filter.name)
            .chain(filter.aliases.iter().copied())
            .map(|n| (n, filter.example))
    });
    let tests = TESTS.iter().flat_map(|test| {
        std::iter::once(test.name).chain(test.aliases.iter().copied()).map(|n| (n, test.example))
    });
    page.push_str("\n## Filters\n\n`{{ value | filter }}`\n\n");
    entries(&mut page, &catalog::filters(), &filters.collect::<Vec<_>>(), " | ");
    page.push_str("\n## Tests\n\n`{{ value is test }}`, `{{ value is not test }}`\n\n");
    entries(&mut page, &catalog::tests(), &tests.collect::<Vec<_>>(), " is ");
    page.push_str("\n## Functions\n\n");
    let functions: Vec<_> = FUNCTIONS.iter().map(|each| (each.name, each.example)).collect();
    entries(&mut page, &catalog::own_functions(), &functions, "");
    page.push_str("\n## Methods\n\n`{{ value.method() }}`\n\n");
    let methods: Vec<_> = METHODS.iter().map(|each| (each.name, each.example)).collect();
    entries(&mut page, &catalog::methods(), &methods, ".");
    let members: Vec<_> = MEMBERS.iter().map(|(name, _)| format!("`{name}`")).collect();
    writeln!(page, "\nA time has the fields {}, each an integer.", members.join(", ")).unwrap();
    hold("language/calls.md", &page);
}

/// The manual page of a step type: the doc of its module, a level down
fn manual(module: &str) -> String {
    let file =
        Path::new(ROOT).join("workflow-compiler/src/steps").join(module).with_extension("rs");
    let source = fs::read_to_string(file).unwrap();
    let doc = source.lines().map_while(|line| line.strip_prefix("//!"));
    let lines = doc.map(|line| line.strip_prefix(' ').unwrap_or(line));
    let mut page = String::new();
    for line in lines {
        let deeper = if line.starts_with("# ") { "#" } else { "" };
        writeln!(page, "{deeper}{line}").unwrap();
    }
    page
}

fn keys(page: &mut String, keys: &[Key]) {
    page.push_str("| key | takes | |\n|---|---|---|\n");
    for key in keys {
        let must = if key.required { ", must be there" } else { "" };
        let takes = key.takes.describe();
        writeln!(page, "| `{}` | {takes}{must} | {} |", key.name, cell(key.doc)).unwrap();
    }
}

/// A table of what can be called; an example is shown as `value, way, call` with what it gives
fn entries(page: &mut String, entries: &[Entry], examples: &[(&str, Example)], way: &str) {
    page.push_str("| | does | example |\n|---|---|---|\n");
    for entry in entries {
        let example = examples.iter().find(|(name, _)| *name == entry.name).map(|(_, each)| each);
        let shown = example.map(|example| {
            let whole = match way {
                "" => example.call.to_owned(),
                way => format!("{}{way}{}", example.of, example.call),
            };
            format!("{} gives {}", code(&whole), code(example.gives))
        });
        let (signature, shown) = (code(&entry.signature), shown.unwrap_or_default());
        writeln!(page, "| {signature} | {} | {shown} |", cell(&entry.description)).unwrap();
    }
}

/// A text as code in a cell, whatever is in it
fn code(text: &str) -> String {
    let text = text.replace('\n', "⏎");
    let ticks = if text.contains('`') { "``" } else { "`" };
    let pad = if text.is_empty() || text.starts_with([' ', '`']) || text.ends_with([' ', '`']) {
        " "
    } else {
        ""
    };
    cell(&format!("{ticks}{pad}{text}{pad}{ticks}"))
}

/// A text in a cell of a table
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
