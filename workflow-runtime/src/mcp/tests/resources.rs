//! Workflows and runs as resources, on the engine that a user has.

use rmcp::model::{
    ArgumentInfo, CompleteRequestParams, CompletionContext, PaginatedRequestParams,
    ReadResourceRequestParams, Reference, ResourceContents, ResourceTemplateReference,
};
use tempfile::TempDir;

use super::*;
use crate::engine::embedded::{Embedded, Options};
use crate::machine::sample;
use crate::mcp::fake::DEMO;

/// A server of the sample workflows, whose store lies in the folder
pub(super) async fn served(folder: &TempDir) -> Client {
    connect_to(Arc::new(engine(folder))).await
}

pub(super) fn engine(folder: &TempDir) -> Embedded {
    let options = Options::new(folder.path().join("runs.sqlite"));
    Embedded::open(sample::registry(), options).unwrap()
}

/// Starts a run of these steps; gives its id
pub(super) async fn run_of(client: &Client, steps: Value) -> String {
    let start = json!({"workflow": "test:script", "inputs": {"steps": steps}});
    let started = call(client, "start_workflow", start).await;
    structured(&started)["run_id"].as_str().unwrap().to_owned()
}

/// Submits the result of a step
pub(super) async fn submit(client: &Client, run: &str, step: &str, result: Value) {
    let answer = json!({"run_id": run, "step_id": step, "result": result});
    let taken = call(client, "submit_result", answer).await;
    assert_eq!(taken.is_error, Some(false), "{}", text_of(&taken));
}

/// What a resource holds: each content's address, MIME type and text
async fn read(
    client: &Client,
    uri: &str,
) -> Result<Vec<(String, String, String)>, (ErrorCode, String)> {
    let result =
        client.read_resource(ReadResourceRequestParams::new(uri)).await.map_err(refusal)?;
    let whole = serde_json::to_string(&result).unwrap();
    assert!(whole.len() <= 64 * 1024, "{uri}: {} bytes", whole.len());
    let contents = result.contents.into_iter().map(|content| match content {
        ResourceContents::TextResourceContents { uri, mime_type, text, .. } => {
            (uri, mime_type.unwrap(), text)
        }
        other => panic!("{other:?}"),
    });
    Ok(contents.collect())
}

/// The only content of a resource that is JSON
async fn read_json(client: &Client, uri: &str) -> Value {
    let [(shown, mime_type, text)] = read(client, uri).await.unwrap().try_into().unwrap();
    assert_eq!((shown.as_str(), mime_type.as_str()), (uri, "application/json"));
    serde_json::from_str(&text).unwrap()
}

/// A journal, page by page
async fn journal(client: &Client, run: &str) -> Vec<Value> {
    let (mut lines, mut uri) = (Vec::new(), format!("run://{run}/journal"));
    loop {
        let [(shown, mime_type, text)] = read(client, &uri).await.unwrap().try_into().unwrap();
        assert_eq!((shown, mime_type.as_str()), (uri, "application/jsonl"));
        lines.extend(text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()));
        match lines.last().and_then(|line| line["next"].as_str()) {
            Some(next) => uri = next.to_owned(),
            None => return lines,
        }
        lines.pop();
    }
}

#[tokio::test]
async fn workflows_and_then_runs_are_listed_by_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let client = served(&folder).await;
    let mut runs = Vec::new();
    for _ in 0..70 {
        runs.push(run_of(&client, json!([{"ask": "well?"}])).await);
    }
    let all = client.list_all_resources().await.unwrap();
    let (workflows, listed): (Vec<_>, Vec<_>) =
        all.iter().partition(|resource| resource.uri.starts_with("workflow://"));
    let plan = workflows.iter().find(|workflow| workflow.name == "test:plan").unwrap();
    assert_eq!(plan.uri, "workflow://test%3Aplan");
    assert_eq!(plan.mime_type.as_deref(), Some("application/yaml"));
    assert!(workflows.iter().all(|workflow| !workflow.name.contains('/')), "no inline tasks");
    let ids: Vec<&str> = listed.iter().map(|run| run.name.as_str()).collect();
    assert_eq!(ids, runs.iter().rev().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(listed[0].uri, format!("run://{}", listed[0].name));
    assert_eq!(listed[0].title.as_deref(), Some("test:script, waiting at s0"));
    let modified = listed[0].annotations.as_ref().unwrap().last_modified.as_ref().unwrap();
    assert!(modified.contains('T'), "{modified}");

    let mut request = PaginatedRequestParams::default();
    request.cursor = Some("x".into());
    let (code, message) = refusal(client.list_resources(Some(request)).await.unwrap_err());
    assert_eq!(code, ErrorCode::INVALID_PARAMS);
    assert!(message.contains("`x` is no cursor of this list"), "{message}");
}

#[tokio::test]
async fn a_workflow_is_its_yaml_and_its_diagram() {
    let folder = tempfile::tempdir().unwrap();
    let client = served(&folder).await;
    // Clients that know no escapes write the name as it is.
    for uri in ["workflow://test%3Aplan", "workflow://test:plan"] {
        let [source, diagram] = read(&client, uri).await.unwrap().try_into().unwrap();
        assert_eq!(source.0, "workflow://test%3Aplan");
        assert_eq!(source.1, "application/yaml");
        assert_eq!(source.2, "name: test:plan\nversion: 1.0.0\n");
        assert_eq!(diagram.0, "workflow://test%3Aplan/diagram");
        assert_eq!(diagram.1, "text/vnd.mermaid");
        assert!(diagram.2.starts_with("flowchart TD\n"));
        assert_eq!(read(&client, &diagram.0).await.unwrap(), [diagram]);
    }
}

#[tokio::test]
async fn a_large_workflow_comes_in_pages() {
    let source: &'static str = "# \"quoted\"\n".repeat(10_000).leak();
    let info = Box::leak(Box::new(crate::machine::Info { source, diagram: source, ..DEMO }));
    let client = connect_to(Fake::of(&[info], vec![])).await;
    let (mut joined, mut page) = (String::new(), 1);
    loop {
        let uri = format!("workflow://demo:plan?page={page}");
        let request = ReadResourceRequestParams::new(uri);
        let result = client.read_resource(request).await.unwrap();
        assert!(serde_json::to_string(&result).unwrap().len() <= 64 * 1024);
        let [ResourceContents::TextResourceContents { text, meta, .. }] = &result.contents[..]
        else {
            panic!("{result:?}")
        };
        joined.push_str(text);
        page += 1;
        let meta = meta.as_ref().unwrap();
        match meta.get("next") {
            Some(next) => assert_eq!(next, &format!("workflow://demo%3Aplan?page={page}")),
            None => break,
        }
    }
    assert_eq!(joined, source);
    let (code, message) = read(&client, "workflow://demo:plan?page=99").await.unwrap_err();
    assert_eq!(code, ErrorCode::INVALID_PARAMS);
    assert!(message.contains("has no page 99, its last is "), "{message}");
}

#[tokio::test]
async fn a_run_is_how_it_stands_and_its_state() {
    let folder = tempfile::tempdir().unwrap();
    let client = served(&folder).await;
    let run = run_of(&client, json!([{"ask": "well?"}, {"ask": "and?"}])).await;
    submit(&client, &run, "s0", json!("fine")).await;
    let told = read_json(&client, &format!("run://{run}")).await;
    assert_eq!(told["workflow"], "test:script");
    assert_eq!(told["status"], "waiting");
    assert_eq!(told["position"], "s1");
    assert_eq!(told["pending"][0]["message"], "and?");
    assert_eq!(told["state"]["results"], json!(["fine"]));
}

#[tokio::test]
async fn a_run_of_large_values_and_many_children_is_one_message() {
    let folder = tempfile::tempdir().unwrap();
    let client = served(&folder).await;
    let item = json!([{"ask": "\u{1}\"".repeat(300)}]);
    let children = vec![item; 300];
    let steps = json!([{"delegate": "go"}, {"each": children, "agent": "@task"}]);
    let run = run_of(&client, steps).await;
    submit(&client, &run, "s0", json!("\u{1}\"\\".repeat(40_000))).await;
    let told = read_json(&client, &format!("run://{run}")).await;
    let (shown, left_out) = (told["children"].as_array().unwrap(), &told["children_left_out"]);
    assert_eq!(shown.len() as u64 + left_out.as_u64().unwrap(), 300);
    assert!(told["state"]["results"].as_str().unwrap().ends_with("bytes in all)"));
    assert!(journal(&client, &run).await.len() > 3);
}

#[tokio::test]
async fn a_journal_tells_all_events_once_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let client = served(&folder).await;
    let large = "x".repeat(100_000);
    let steps: Vec<Value> = (0..8).map(|_| json!({"ask": "well?"})).collect();
    let run = run_of(&client, json!(steps)).await;
    for step in 0..8 {
        submit(&client, &run, &format!("s{step}"), json!(large)).await;
    }
    let lines = journal(&client, &run).await;
    let seqs: Vec<u64> = lines.iter().map(|line| line["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>());
    assert_eq!(lines[0]["event"], "started");
    assert_eq!(lines.last().unwrap()["event"], "completed");
    let answers = lines.iter().filter(|line| line["event"] == "answered");
    let answers: Vec<_> = answers.map(|line| line["answer"]["result"].as_str().unwrap()).collect();
    assert_eq!(answers.len(), 8);
    assert!(answers.iter().all(|text| text.ends_with("(100000 bytes in all)")));
    let behind = read(&client, &format!("run://{run}/journal?after=999")).await.unwrap();
    assert_eq!(behind[0].2, "");
}

#[tokio::test]
async fn a_step_has_its_large_values_in_pages() {
    let folder = tempfile::tempdir().unwrap();
    let client = served(&folder).await;
    let (asked, answered) = ("what \"is\" it?\n".repeat(6_000), "it is \"this\"\n".repeat(6_000));
    let run = run_of(&client, json!([{"ask": asked}, {"ask": "and?"}])).await;
    let uri = format!("run://{run}/steps/s0");
    let first = read_json(&client, &uri).await;
    assert_eq!(first["step"]["step_id"], "s0");
    assert!(first.get("answered_by").is_none());
    submit(&client, &run, "s0", json!(answered)).await;

    let (mut message, mut result, mut at) = (String::new(), String::new(), uri.clone());
    loop {
        let page = read_json(&client, &at).await;
        assert_eq!(page["workflow"], "test:script");
        assert_eq!(page["answered_by"], "agent");
        message.push_str(page["step"]["message"].as_str().unwrap_or_default());
        result.push_str(page["result"].as_str().unwrap_or_default());
        match page["next"].as_str() {
            Some(next) => at = next.to_owned(),
            None => break,
        }
    }
    assert_eq!((message, result), (asked, answered));
    let small = read_json(&client, &format!("run://{run}/steps/s1")).await;
    assert_eq!(small["step"]["message"], "and?");
    assert!(small.get("page").is_none());
    let (code, message) = read(&client, &format!("{uri}?page=99")).await.unwrap_err();
    assert_eq!(code, ErrorCode::INVALID_PARAMS);
    assert!(message.contains("page 99 was asked for"), "{message}");
}

#[tokio::test]
async fn a_failed_step_tells_why() {
    let folder = tempfile::tempdir().unwrap();
    let client = served(&folder).await;
    let run = run_of(&client, json!([{"shell": "make"}])).await;
    let error = json!({"run_id": run, "step_id": "s0", "error": "no make"});
    call(&client, "submit_result", error).await;
    let told = read_json(&client, &format!("run://{run}/steps/s0")).await;
    assert_eq!(told["error"]["message"], "no make");
    assert_eq!(told["step"]["command"], "make");
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let folder = tempfile::tempdir().unwrap();
    let client = served(&folder).await;
    let run = run_of(&client, json!([{"ask": "well?"}])).await;
    let cases = [
        ("workflow://test:plam".to_owned(), "did you mean `workflow://test%3Aplan`"),
        ("workflow://nothing/diagram".to_owned(), "there is no workflow `nothing`"),
        ("run://nobody".to_owned(), "there is no run `nobody`"),
        ("run://nobody/journal".to_owned(), "there is no run `nobody`"),
        ("run://nobody/steps/s0".to_owned(), "there is no run `nobody`"),
        (format!("run://{run}/steps/s9"), "the steps that were handed out last are `s0`"),
        ("file:///etc/passwd".to_owned(), "there is no such resource"),
    ];
    for (uri, said) in cases {
        let (code, message) = read(&client, &uri).await.unwrap_err();
        assert_eq!(code, ErrorCode::RESOURCE_NOT_FOUND, "{uri}");
        assert!(message.contains(said), "`{said}` is not in {message}");
    }
}

#[tokio::test]
async fn templates_name_their_variables_which_are_completed() {
    let folder = tempfile::tempdir().unwrap();
    let client = served(&folder).await;
    let run = run_of(&client, json!([{"ask": "well?"}, {"ask": "and?"}])).await;
    submit(&client, &run, "s0", json!("fine")).await;
    let templates = client.list_all_resource_templates().await.unwrap();
    let uris: Vec<&str> = templates.iter().map(|template| template.uri_template.as_str()).collect();
    assert_eq!(uris.len(), 5);
    for template in &templates {
        assert!(template.description.is_some() && template.mime_type.is_some());
    }
    let complete = async |uri: &str, variable: &str, typed: &str, context: Option<&str>| {
        let reference = Reference::Resource(ResourceTemplateReference::new(uri));
        let mut request = CompleteRequestParams::new(reference, ArgumentInfo::new(variable, typed));
        if let Some(run) = context {
            let known = [("run_id".to_owned(), run.to_owned())].into();
            request = request.with_context(CompletionContext::with_arguments(known));
        }
        client.complete(request).await.map(|result| result.completion.values).map_err(refusal)
    };
    let plan = complete("workflow://{name}{?page}", "name", "test:pl", None).await;
    assert_eq!(plan.unwrap(), ["test:plan"]);
    let runs = complete("run://{run_id}", "run_id", &run[..6], None).await.unwrap();
    assert_eq!(runs, std::slice::from_ref(&run));
    let steps = "run://{run_id}/steps/{step_id}";
    assert_eq!(complete(steps, "step_id", "", Some(&run)).await.unwrap(), ["s1", "s0"]);
    assert_eq!(complete(steps, "step_id", "", None).await.unwrap(), [""; 0]);
    let (code, message) = complete("run://{id}", "id", "", None).await.unwrap_err();
    assert_eq!(code, ErrorCode::INVALID_PARAMS);
    assert!(message.contains("no resource template `run://{id}`"), "{message}");
    let (_, message) = complete("run://{run_id}", "step", "", None).await.unwrap_err();
    assert!(message.contains("no variable `step`, only `run_id`"), "{message}");
}
