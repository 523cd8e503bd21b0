//! The laws that the whole of the code keeps, as ARCHITECTURE.md numbers them: for each a test
//! that fails if it is broken. What a law promises in detail is tested where it is kept.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use serde_json::{Value, json};
use workflow_compiler::codegen::{self, Mode};
use workflow_compiler::{Compilation, Input, compile, steps};
use workflow_runtime::engine::embedded::{Embedded, Options};
use workflow_runtime::engine::{Engine, StartRequest, Submission};
use workflow_runtime::machine::{
    Answer, AnsweredBy, Env, Event, Place, Program, Snapshot, Start, Status,
};

/// What a run can wait for, by the words that the wire has for it
const ACTIONS: &[&str] = &["prompt", "shell", "mcp_call", "delegate", "wait", "foreach", "call"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn compiled(files: &[(&str, &str)]) -> Compilation {
    let files = files.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect();
    compile(&Input { files, ..Input::default() })
}

fn shipped() -> Compilation {
    // Tests run in the folder of their package, as build scripts do.
    let compiled = compile(&Input::folder("workflows").functions("src/functions.rs"));
    assert_eq!(compiled.errors(), 0, "{:#?}", compiled.diagnostics);
    compiled
}

#[test]
fn law_1_all_mistakes_are_told_each_at_its_place_in_the_yaml() {
    let tea = "\
name: tea
version: 1.0.0
initial_state: { sort: null }
steps:
  - id: ask
    type: prompt
    mesage: Which?
    message: |
      Which tea? We have:
        green, {{ state.blakc }} and {{ sort | uppper }}
  - { id: ask, type: return }
";
    let milk = "name: milk\nversion: one\nsteps:\n  - { id: pour, type: pourr }\n";
    let compiled = compiled(&[("milk.yaml", milk), ("tea.yaml", tea)]);
    let found: BTreeSet<_> = compiled
        .diagnostics
        .iter()
        .map(|found| {
            let at = compiled.sources.position(found.span);
            let path = compiled.sources.path(found.span.file).display().to_string();
            (path, at.line, at.column, found.code.as_str(), compiled.sources.text(found.span))
        })
        .collect();
    let expected = [
        ("milk.yaml", 2, 10, "invalid-version", "one"),
        ("milk.yaml", 4, 23, "unknown-step-type", "pourr"),
        ("tea.yaml", 7, 5, "unknown-key", "mesage"),
        ("tea.yaml", 10, 25, "unknown-state", "blakc"),
        ("tea.yaml", 10, 41, "unknown-variable", "sort"),
        ("tea.yaml", 10, 48, "unknown-filter", "uppper"),
        ("tea.yaml", 11, 11, "duplicate-step-id", "ask"),
    ];
    let expected = expected
        .map(|(path, line, column, code, text)| (path.to_owned(), line, column, code, text));
    assert_eq!(found, BTreeSet::from(expected));
}

/// Files below a folder or the file itself, tests left out
fn sources(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let of_tests = |path: &PathBuf| {
        matches!(path.file_stem().unwrap().to_str().unwrap(), "tests" | "sample" | "fake")
    };
    entries.filter(|path| !of_tests(path)).flat_map(|path| sources(&path)).collect()
}

/// The tokens of a file as text, one each, what stands under `#[cfg(test)]` left out
fn tokens(path: &Path) -> Vec<String> {
    let mut file = syn::parse_file(&std::fs::read_to_string(path).unwrap()).unwrap();
    file.items.retain(|item| match item {
        syn::Item::Mod(module) => !module.attrs.iter().any(|attr| attr.path().is_ident("cfg")),
        _ => true,
    });
    let mut found = Vec::new();
    flatten(file.into_token_stream(), &mut found);
    found
}

fn flatten(tokens: TokenStream, found: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => flatten(group.stream(), found),
            other => found.push(other.to_string()),
        }
    }
}

#[test]
fn law_2_only_the_steps_of_the_compiler_know_step_types() {
    let types: BTreeSet<_> = steps::TYPES.iter().map(|step_type| step_type.name).collect();
    let quoted = |words: BTreeSet<&str>| -> BTreeSet<String> {
        words.into_iter().map(|word| format!("{word:?}")).collect()
    };
    // Code generation knows not even the words of the actions; `return` is one of Rust's keywords,
    // and `wait` a variable of generated code.
    let rusts = |word: &&str| ["return", "wait"].contains(word);
    let of_codegen = quoted(types.iter().copied().filter(|word| !rusts(word)).collect());
    // `workflow` is what the runtime calls what it runs.
    let mut beyond = &types - &ACTIONS.iter().copied().collect();
    beyond.remove("workflow");
    let of_runtime = quoted(beyond);
    assert!(of_runtime.len() >= 3, "{of_runtime:?}");
    for (folder, words) in
        [("workflow-compiler/src/codegen", of_codegen), ("workflow-runtime/src", of_runtime)]
    {
        for path in sources(&root().join(folder)) {
            let tokens = tokens(&path);
            let named: Vec<_> = tokens.iter().filter(|token| words.contains(*token)).collect();
            assert!(named.is_empty(), "{} names {named:?}", path.display());
            let looks = tokens.iter().any(|token| token == "StepType");
            assert!(!looks, "{} looks into the step types", path.display());
        }
    }
    let files = sources(&root().join("workflow-compiler/src/steps"));
    assert_eq!(files.len(), types.len() + 2, "one file a step type, `mod.rs` and `failure.rs`");
}

#[test]
fn law_3_the_same_yaml_gives_the_same_readable_code() {
    let generate = |mode| {
        let programs = shipped().programs;
        let options = codegen::Options { mode, functions: "crate::functions", programs: &programs };
        codegen::file(&programs, &options)
    };
    for mode in [Mode::Readable, Mode::Expanded] {
        let code = generate(mode);
        assert!(code == generate(mode), "{mode:?} code differs from one time to the next");
        syn::parse_file(&code).unwrap();
    }
    let readable = generate(Mode::Readable);
    for part in ["/// `request-approval`, workflows/interactive-planning.yaml:", "#[template("] {
        assert!(readable.contains(part), "no `{part}` in:\n{readable}");
    }
}

/// What an agent would say at a step of the planning workflow
fn answer_to(step: &str) -> Value {
    match step {
        "generate-research-tasks" => json!(["What does it cost?", "Who has done it?"]),
        "research-phase" => {
            let found = |findings| json!({"query": "?", "findings": findings, "sources": []});
            json!([found("little"), found("many")])
        }
        "request-approval" => json!({"confirmed": true}),
        "save-to-memory" => json!({"success": true, "key": "plan", "created": true}),
        step => json!(format!("said at {step}")),
    }
}

/// Drives the planning workflow to its end with nothing but its machine
fn plan(program: &dyn Program) -> Vec<Event> {
    let env = |second| Env::new(jiff::Timestamp::from_second(second).unwrap(), 7);
    let inputs = json!({"task_description": "Move house"}).as_object().unwrap().clone();
    let start = Start { inputs, place: Place::default(), ..Start::default() };
    let mut events = program.begin(start, env(0)).unwrap();
    for second in 1..100 {
        let run = Snapshot::fold(&events).unwrap();
        let Some(pending) = &run.pending else { break };
        let answer = Answer::Result(answer_to(&pending.step));
        events.extend(program.resume(&run, answer, AnsweredBy::Agent, env(second)).unwrap());
    }
    events
}

#[test]
fn law_4_a_machine_is_a_function_of_its_inputs_and_its_events_are_the_whole_run() {
    let registry = workflow_server::registry();
    let program = registry.get("planning:interactive").unwrap();
    let events = plan(&**program);
    assert_eq!(events, plan(&**program));
    let run = Snapshot::fold(&events).unwrap();
    assert_eq!(run.status, Status::Completed, "{:?}", run.error);
    assert_eq!(run.result.unwrap()["plan"], "said at update-plan");
    // What is read back from a journal is what was written.
    let written = serde_json::to_string(&events).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Event>>(&written).unwrap(), events);
}

#[test]
fn law_4_pure_code_reaches_for_no_clock_no_chance_and_nothing_outside() {
    let banned = [
        "SystemTime",
        "Instant",
        "Zoned",
        "fs",
        "net",
        "process",
        "thread",
        "tokio",
        "async",
        "await",
        "sleep",
        "rand",
        "now_v7",
        "new_v4",
        "RandomState",
        "HashMap",
        "HashSet",
    ];
    let calls = [["Timestamp", ":", ":", "now"], ["std", ":", ":", "env"]];
    let pure = ["machine", "data", "ops", "filters", "functions.rs", "generated.rs", "children.rs"];
    for path in
        pure.iter().flat_map(|part| sources(&root().join("workflow-runtime/src").join(part)))
    {
        let tokens = tokens(&path);
        let found: Vec<_> =
            tokens.iter().filter(|token| banned.contains(&token.as_str())).collect();
        assert!(found.is_empty(), "{} uses {found:?}", path.display());
        for call in calls {
            let called = tokens.windows(call.len()).any(|found| found == call);
            assert!(!called, "{} uses {}", path.display(), call.concat());
        }
    }
}

/// The journal of a run as another process sees it
fn stored(store: &Path, run_id: &str) -> Vec<Event> {
    let db = rusqlite::Connection::open(store).unwrap();
    let mut journal = db.prepare("SELECT data FROM journal WHERE run_id = ? ORDER BY seq").unwrap();
    let events = journal.query_map([run_id], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    events.map(|data| serde_json::from_slice(&data.unwrap()).unwrap()).collect()
}

#[tokio::test]
async fn law_5_what_a_reply_tells_is_in_the_store_before_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("runs.sqlite");
    let registry = std::sync::Arc::new(workflow_server::registry());
    let engine = Embedded::open(registry, Options::new(&store)).unwrap();
    let inputs = json!({"item": "What does it cost?"}).as_object().unwrap().clone();
    let request = StartRequest {
        workflow: "planning:research_task".into(),
        inputs,
        ..StartRequest::default()
    };
    let mut reply = engine.start(request).await.unwrap();
    let mut answered = BTreeSet::new();
    loop {
        let events = stored(&store, &reply.run_id);
        let snapshot = Snapshot::fold(&events).unwrap();
        assert_eq!(snapshot.status, reply.status);
        assert_eq!(snapshot.result, reply.result);
        let told: BTreeSet<String> = events
            .iter()
            .filter_map(|event| match event {
                Event::Answered { step_id, by: AnsweredBy::Agent, .. } => Some(step_id.clone()),
                _ => None,
            })
            .collect();
        assert_eq!(told, answered);
        let Some(step) = reply.step else { break };
        let result = match step.kind.as_str() {
            "mcp_call" => json!({"sources": ["a shop"]}),
            _ => json!("about 40"),
        };
        answered.insert(step.step_id.clone());
        let (run_id, step_id) = (step.run_id, step.step_id);
        let answer = Answer::Result(result);
        let submission = Submission { run_id, step_id, answer, by: AnsweredBy::Agent };
        reply = engine.submit(submission).await.unwrap();
    }
    assert_eq!(reply.status, Status::Completed, "{:?}", reply.error);
    assert_eq!(answered.len(), 2);
}

#[test]
fn law_6_what_is_written_too_large_or_too_deep_is_refused() {
    let workflow = |steps: &str| format!("name: tea\nversion: 1.0.0\nsteps:\n{steps}");
    let message =
        |text: &str| workflow(&format!("  - {{ id: a, type: prompt, message: \"{text}\" }}\n"));
    let value = |value: &str| workflow(&format!("  - {{ id: a, type: return, value: {value} }}\n"));
    let bomb = (1..9).fold("x-0: &x0 [a, a, a, a, a, a, a, a]\n".to_owned(), |text, n| {
        let aliases = vec![format!("*x{}", n - 1); 8].join(", ");
        format!("{text}x-{n}: &x{n} [{aliases}]\n")
    });
    let rows = [
        ("nesting of the YAML", value(&format!("{}{}", "[".repeat(200), "]".repeat(200)))),
        ("aliases", bomb + &workflow("  - { id: a, type: return }\n")),
        ("size", message(&"x".repeat(2 << 20))),
        (
            "depth of an expression",
            message(&format!("{{{{ {}1{} }}}}", "(".repeat(99), ")".repeat(99))),
        ),
        ("length of an expression", message(&format!("{{{{ 1{} }}}}", " + 1".repeat(999)))),
    ];
    for (what, text) in rows {
        let compiled = compiled(&[("tea.yaml", &text)]);
        let codes: Vec<_> = compiled.diagnostics.iter().map(|found| found.code.as_str()).collect();
        assert_eq!(codes, ["limit"], "{what}");
    }
}

#[test]
fn law_6_a_run_is_bounded_too() {
    let registry = workflow_server::registry();
    let program = registry.get("planning:research_task").unwrap();
    let env = Env::new(jiff::Timestamp::UNIX_EPOCH, 1);
    let start = |item: String| {
        let inputs = json!({ "item": item }).as_object().unwrap().clone();
        Start { inputs, ..Start::default() }
    };
    // The question is kept in the state, of which there may be 1 MiB.
    let run = Snapshot::fold(&program.begin(start("x".repeat(2 << 20)), env).unwrap()).unwrap();
    let error = run.error.expect("a state of 2 MiB is too large");
    assert_eq!(error.code, "state-too-large");
    assert!(error.message.contains("1024 KiB is the limit"), "{}", error.message);
    assert!(error.help.is_some());
    // A message holds 256 KiB.
    let program = registry.get("planning:interactive").unwrap();
    let inputs = json!({"task_description": "x".repeat(300 << 10)}).as_object().unwrap().clone();
    let start = Start { inputs, ..Start::default() };
    let run = Snapshot::fold(&program.begin(start, env).unwrap()).unwrap();
    let error = run.error.expect("a message of 300 KiB is too large");
    assert_eq!(
        (error.code.as_str(), error.step_id.as_deref()),
        ("message-too-large", Some("gather-requirements"))
    );
}

/// All packages that a package is built on, by cargo's own account
fn built_on(package: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges=normal,build", "--prefix=none", "--format={p}"])
        .args(["--package", package])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).unwrap();
    tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn law_7_the_runtime_cannot_evaluate_an_expression() {
    let found = built_on("workflow-runtime");
    assert!(found.contains("rusqlite"), "{found:?}");
    let evaluators = [
        "workflow-compiler",
        "minijinja",
        "tera",
        "handlebars",
        "liquid",
        "upon",
        "rhai",
        "mlua",
        "boa_engine",
        "evalexpr",
        "cel-interpreter",
        "jaq-core",
        "jsonpath-rust",
        "jmespath",
    ];
    for package in evaluators {
        assert!(!found.contains(package), "workflow-runtime depends on {package}");
    }
}
