//! Workflows as prompts, and what their arguments may be.

use rmcp::model::{ArgumentInfo, CompleteRequestParams, GetPromptRequestParams, PromptReference};
use rmcp::model::{ErrorCode, PaginatedRequestParams, Prompt, Reference};
use serde_json::{Value, json};

use super::{Client, connect, connect_to, refusal};
use crate::machine::Info;
use crate::mcp::fake::{DEMO, Fake};

/// A workflow with inputs of all sorts
const FORM: Info = Info {
    name: "demo:form",
    description: "Fills in a form\n",
    file: "form.yaml",
    input_schema: r#"{"type": "object", "required": ["title"], "additionalProperties": false,
        "properties": {
            "title": {"type": "string", "description": "What it is called"},
            "tone": {"type": "string", "enum": ["plain", "polite"], "default": "plain"},
            "copies": {"type": "integer", "minimum": 1, "default": 1, "description": "How many"},
            "draft": {"type": "boolean"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "note": {"type": "string"}}}"#,
    ..DEMO
};

async fn form() -> Client {
    connect_to(Fake::of(&[&DEMO, &FORM], vec![])).await
}

async fn get(client: &Client, name: &str, arguments: Value) -> Result<String, (ErrorCode, String)> {
    let arguments = arguments.as_object().cloned().unwrap();
    let request = GetPromptRequestParams::new(name).with_arguments(arguments);
    let result = client.get_prompt(request).await.map_err(refusal)?;
    Ok(result.messages[0].content.as_text().unwrap().text.clone())
}

async fn complete(client: &Client, prompt: &str, argument: &str, typed: &str) -> Vec<String> {
    let reference = Reference::Prompt(PromptReference::new(prompt));
    let argument = ArgumentInfo::new(argument, typed);
    let result = client.complete(CompleteRequestParams::new(reference, argument)).await.unwrap();
    result.completion.values
}

#[tokio::test]
async fn each_workflow_is_a_prompt_and_its_inputs_the_arguments() {
    let client = form().await;
    let prompts = client.list_all_prompts().await.unwrap();
    let names: Vec<&str> = prompts.iter().map(|prompt| prompt.name.as_str()).collect();
    assert_eq!(names, ["demo:form", "demo:plan"]);
    assert_eq!(prompts[0].description.as_deref(), Some("Fills in a form"));
    let argument = |prompt: &Prompt, name: &str| {
        let arguments = prompt.arguments.as_ref().unwrap();
        let found = arguments.iter().find(|argument| argument.name == name).unwrap();
        (found.required, found.description.clone().unwrap_or_default())
    };
    assert_eq!(argument(&prompts[0], "title"), (Some(true), "What it is called".into()));
    assert_eq!(
        argument(&prompts[0], "copies"),
        (Some(false), "How many (integer, default 1)".into())
    );
    assert_eq!(argument(&prompts[0], "tags"), (Some(false), "array".into()));
    assert_eq!(prompts[1].arguments.as_ref().unwrap().len(), 2);
}

#[tokio::test]
async fn a_prompt_tells_the_agent_to_start_its_workflow() {
    let client = connect(vec![]).await;
    let text = get(&client, "demo:plan", json!({"task": "a \"small\" one", "limit": "5"})).await;
    assert_eq!(
        text.unwrap(),
        "Run the workflow `demo:plan`. Start it:\n\
         start_workflow(workflow=\"demo:plan\", inputs={\"task\":\"a \\\"small\\\" one\",\"limit\":5})\n\
         Then do what each reply says, one step at a time and exactly, and hand in its result with \
         submit_result, until the status is completed, failed or cancelled. What a prompt asks, I \
         answer, not you. At the end, tell me the result."
    );
}

#[tokio::test]
async fn texts_become_what_the_inputs_are() {
    let client = form().await;
    let given =
        json!({"title": "7", "copies": "2", "draft": "true", "tags": "[\"a\"]", "note": ""});
    let text = get(&client, "demo:form", given).await.unwrap();
    let inputs = r#"inputs={"title":"7","copies":2,"draft":true,"tags":["a"],"note":""})"#;
    assert!(text.contains(inputs), "{text}");
    // What a form leaves empty is not given, where it could not be a value.
    let given = json!({"title": "7", "copies": "", "draft": "", "tags": ""});
    let text = get(&client, "demo:form", given).await.unwrap();
    assert!(text.contains(r#"inputs={"title":"7"})"#), "{text}");
}

#[tokio::test]
async fn wrong_arguments_of_a_prompt_are_told() {
    let client = form().await;
    let large = json!({"title": "x".repeat(60_000)});
    let cases = [
        ("demo:form", json!({}), "`title` is missing"),
        ("demo:form", json!({"title": "a", "copies": "few"}), "expected an integer"),
        ("demo:form", json!({"title": "a", "copies": "0"}), "expected 1 or more"),
        ("demo:form", json!({"title": "a", "tone": "rude"}), "expected one of"),
        ("demo:form", json!({"title": "a", "tagz": "[]"}), "did you mean `tags`"),
        ("demo:form", json!({"titel": "a"}), "`demo:form` takes title (string), tone? (string)"),
        ("demo:from", json!({}), "there is no prompt `demo:from`, did you mean `demo:form`"),
        ("demo:form", large, "too large for a prompt"),
    ];
    for (name, arguments, said) in cases {
        let (code, message) = get(&client, name, arguments).await.unwrap_err();
        assert_eq!(code, ErrorCode::INVALID_PARAMS);
        assert!(message.contains(said), "`{said}` is not in {message}");
    }
}

#[tokio::test]
async fn arguments_are_completed() {
    let client = form().await;
    assert_eq!(complete(&client, "demo:form", "tone", "").await, ["plain", "polite"]);
    assert_eq!(complete(&client, "demo:form", "tone", "PO").await, ["polite"]);
    assert_eq!(complete(&client, "demo:form", "tone", "lain").await, ["plain"]);
    assert_eq!(complete(&client, "demo:form", "draft", "t").await, ["true"]);
    assert_eq!(complete(&client, "demo:form", "copies", "").await, ["1"]);
    assert_eq!(complete(&client, "demo:form", "title", "a").await, [""; 0]);
    let reference = Reference::Prompt(PromptReference::new("demo:form"));
    let argument = ArgumentInfo::new("tune", "");
    let request = CompleteRequestParams::new(reference, argument);
    let (code, message) = refusal(client.complete(request).await.unwrap_err());
    assert_eq!(code, ErrorCode::INVALID_PARAMS);
    assert!(message.contains("no argument `tune`, did you mean `tone`"), "{message}");
}

#[tokio::test]
async fn many_prompts_come_by_the_page() {
    let infos: Vec<&'static Info> = (0..120)
        .map(|at| {
            let name: &'static str = format!("many:{at:03}").leak();
            let description: &'static str = "long ".repeat(400).leak();
            &*Box::leak(Box::new(Info { name, description, ..DEMO }))
        })
        .collect();
    let client = connect_to(Fake::of(&infos, vec![])).await;
    let all = client.list_all_prompts().await.unwrap();
    let names: Vec<&str> = all.iter().map(|prompt| prompt.name.as_str()).collect();
    assert_eq!(names, infos.iter().map(|info| info.name).collect::<Vec<_>>());
    let first = client.list_prompts(None).await.unwrap();
    assert!(first.prompts.len() < 120);
    assert!(serde_json::to_string(&first).unwrap().len() <= 64 * 1024);

    let mut request = PaginatedRequestParams::default();
    request.cursor = Some("page two".into());
    let refused = client.list_prompts(Some(request.clone())).await.unwrap_err();
    let (code, message) = refusal(refused);
    assert_eq!(code, ErrorCode::INVALID_PARAMS);
    assert!(message.contains("`page two` is no cursor of this list"), "{message}");
    let refused = client.list_tools(Some(request)).await.unwrap_err();
    assert_eq!(refusal(refused).0, ErrorCode::INVALID_PARAMS);
}
