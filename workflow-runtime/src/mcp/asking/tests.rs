//! A user whom rmcp's client asks, in both eras, on the engine that a user has.

use std::sync::Arc;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ClientCapabilities, ClientConfig,
    ElicitRequestParams, ElicitResult, ElicitationAction, ErrorData, Implementation,
    InputRequiredResult, ProtocolVersion,
};
use rmcp::service::{
    ClientLifecycleMode, ClientServiceExt, RequestContext, RoleClient, RunningService,
};
use rmcp::{ClientHandler, ServiceExt};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::*;
use crate::engine::embedded::{Embedded, Options};
use crate::machine::sample;

/// A client whose user is the test
struct User {
    questions: Option<mpsc::UnboundedSender<Shown>>,
}

/// A form that the client shows
struct Shown {
    message: String,
    form: Value,
    reaction: oneshot::Sender<Result<ElicitResult, ErrorData>>,
    cx: RequestContext<RoleClient>,
}

impl Shown {
    fn react(self, reaction: ElicitResult) {
        self.reaction.send(Ok(reaction)).unwrap();
    }

    fn accept(self, content: Value) {
        self.react(accepted(content));
    }
}

fn accepted(content: Value) -> ElicitResult {
    ElicitResult::new(ElicitationAction::Accept).with_content(content)
}

impl ClientHandler for User {
    fn get_info(&self) -> ClientConfig {
        let can = match self.questions {
            Some(_) => ClientCapabilities::builder().enable_elicitation().build(),
            None => ClientCapabilities::default(),
        };
        ClientConfig::new(can, Implementation::new("test", "1"))
    }

    async fn create_elicitation(
        &self,
        request: ElicitRequestParams,
        cx: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        let ElicitRequestParams::FormElicitationParams { message, requested_schema, .. } = request
        else {
            panic!("not a form: {request:?}")
        };
        let form = serde_json::to_value(requested_schema).unwrap();
        let (reaction, reacts) = oneshot::channel();
        let shown = Shown { message, form, reaction, cx };
        self.questions.as_ref().unwrap().send(shown).unwrap();
        reacts.await.unwrap_or_else(|_| Ok(ElicitResult::new(ElicitationAction::Cancel)))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Era {
    Legacy,
    Modern,
}

const ERAS: [Era; 2] = [Era::Legacy, Era::Modern];

type Client = Arc<RunningService<RoleClient, User>>;

/// A server on a store, and a client of it
struct Bench {
    client: Client,
    questions: mpsc::UnboundedReceiver<Shown>,
    engine: Arc<Embedded>,
    folder: Arc<TempDir>,
}

/// How a server's patience is set for a test that wants to see its end
const SHORT: Duration = Duration::from_millis(50);

impl Bench {
    async fn new(era: Era) -> Self {
        Self::on(era, Arc::new(tempfile::tempdir().unwrap()), PATIENCE).await
    }

    async fn on(era: Era, folder: Arc<TempDir>, patience: Duration) -> Self {
        let options = Options::new(folder.path().join("runs.sqlite"));
        let engine = Arc::new(Embedded::open(sample::registry(), options).unwrap());
        let (sender, questions) = mpsc::unbounded_channel();
        let client = connect(era, engine.clone(), patience, Some(sender)).await;
        Self { client, questions, engine, folder }
    }

    async fn start(&self, steps: Value) -> Value {
        let start = json!({"workflow": "test:script", "inputs": {"steps": steps}});
        let result = call(&self.client, "start_workflow", start).await;
        result.structured_content.unwrap()
    }

    /// The next step, in a task of its own
    fn next(&self, run_id: &str) -> JoinHandle<CallToolResult> {
        let client = self.client.clone();
        let arguments = json!({"run_id": run_id});
        tokio::spawn(async move { call(&client, "get_next_step", arguments).await })
    }

    async fn next_reply(&self, run_id: &str) -> Value {
        self.next(run_id).await.unwrap().structured_content.unwrap()
    }

    async fn shown(&mut self) -> Shown {
        let shown = tokio::time::timeout(Duration::from_secs(20), self.questions.recv());
        shown.await.expect("the user is asked").unwrap()
    }

    /// Who gave the answers of a run
    fn answered_by(&self, run_id: &str) -> Vec<Value> {
        let db = rusqlite::Connection::open(self.folder.path().join("runs.sqlite")).unwrap();
        let mut answers = db
            .prepare("SELECT data FROM journal WHERE run_id = ? AND kind = 'answered' ORDER BY seq")
            .unwrap();
        let answers = answers.query_map([run_id], |row| row.get::<_, Vec<u8>>(0)).unwrap();
        let by = |data: Vec<u8>| {
            let event: Value = serde_json::from_slice(&data).unwrap();
            event["by"].clone()
        };
        answers.map(|data| by(data.unwrap())).collect()
    }
}

async fn connect(
    era: Era,
    engine: Arc<Embedded>,
    patience: Duration,
    questions: Option<mpsc::UnboundedSender<Shown>>,
) -> Client {
    let mut server = Server::new(engine);
    server.asker.patience = patience;
    connect_to(server, era, questions).await
}

async fn connect_to(
    server: Server,
    era: Era,
    questions: Option<mpsc::UnboundedSender<Shown>>,
) -> Client {
    let (ours, theirs) = tokio::io::duplex(1 << 20);
    tokio::spawn(async move { server.serve(ours).await.unwrap().waiting().await });
    let lifecycle = match era {
        Era::Legacy => ClientLifecycleMode::Initialize,
        Era::Modern => ClientLifecycleMode::Discover {
            preferred_versions: vec![ProtocolVersion::V_2026_07_28],
        },
    };
    Arc::new(User { questions }.serve_with_lifecycle(theirs, lifecycle).await.unwrap())
}

fn request(tool: &'static str, arguments: &Value) -> CallToolRequestParams {
    CallToolRequestParams::new(tool).with_arguments(arguments.as_object().cloned().unwrap())
}

async fn call(client: &Client, tool: &'static str, arguments: Value) -> CallToolResult {
    client.call_tool(request(tool, &arguments)).await.unwrap()
}

fn text(result: &CallToolResult) -> &str {
    &result.content[0].as_text().unwrap().text
}

fn how(reply: &Value) -> &str {
    reply["step"]["to_do"].as_str().unwrap()
}

fn id(reply: &Value) -> String {
    reply["run_id"].as_str().unwrap().to_owned()
}

fn sign() -> Value {
    json!([{"ask": "sign?", "user_only": true}, {"ask": "then?"}])
}

#[tokio::test]
async fn the_user_answers_and_the_agent_cannot() {
    for era in ERAS {
        let mut bench = Bench::new(era).await;
        let first = bench.start(sign()).await;
        let run = id(&first);
        assert!(how(&first).contains(&format!("get_next_step(run_id=\"{run}\")")), "{first}");
        let forged = json!({"run_id": run, "step_id": "s0", "result": "signed"});
        let refused = call(&bench.client, "submit_result", forged).await;
        assert_eq!(refused.is_error, Some(true));
        assert_eq!(refused.structured_content.as_ref().unwrap()["code"], "user-only");
        assert!(text(&refused).contains("their client asks them"), "{}", text(&refused));

        let next = bench.next(&run);
        let shown = bench.shown().await;
        assert_eq!(shown.message, "sign?");
        assert_eq!(shown.form["properties"]["answer"]["type"], "string");
        shown.accept(json!({"answer": "signed"}));
        let next = next.await.unwrap();
        let next = next.structured_content.unwrap();
        assert_eq!(
            (&next["step"]["message"], &next["status"]),
            (&json!("then?"), &json!("waiting"))
        );
        assert_eq!(bench.answered_by(&run), ["user_by_elicitation"], "{era:?}");
        let status = call(&bench.client, "get_workflow_status", json!({"run_id": run})).await;
        let said = "`s0` was answered by the user in a form of their client, ";
        assert!(text(&status).contains(said), "{}", text(&status));
        let answers = &status.structured_content.unwrap()["user_answers"];
        assert_eq!((&answers[0]["step_id"], &answers[1]), (&json!("s0"), &Value::Null));
    }
}

#[tokio::test]
async fn a_question_that_is_not_answered_answers_nothing_and_is_asked_again() {
    for era in ERAS {
        let mut bench = Bench::new(era).await;
        let run = id(&bench.start(sign()).await);
        for (reaction, word) in [
            (ElicitationAction::Decline, "declined to answer"),
            (ElicitationAction::Cancel, "closed the question"),
        ] {
            let next = bench.next(&run);
            bench.shown().await.react(ElicitResult::new(reaction));
            let next = next.await.unwrap();
            assert!(text(&next).contains(word), "{}", text(&next));
            let reply = next.structured_content.unwrap();
            assert_eq!(reply["step"]["step_id"], "s0");
            assert!(how(&reply).contains(word) && how(&reply).contains("get_next_step"), "{reply}");
        }
        let next = bench.next(&run);
        bench.shown().await.accept(json!({"answer": "signed"}));
        assert_eq!(next.await.unwrap().structured_content.unwrap()["step"]["step_id"], "s1");
    }
}

#[tokio::test]
async fn a_wrong_answer_asks_again_but_not_for_ever() {
    for era in ERAS {
        let mut bench = Bench::new(era).await;
        let run = id(&bench.start(sign()).await);
        let next = bench.next(&run);
        bench.shown().await.accept(json!({"answer": 7}));
        let again = bench.shown().await;
        assert!(again.message.starts_with("Your last answer was not taken: "), "{}", again.message);
        assert!(again.message.contains("expected a string"), "{}", again.message);
        again.accept(json!({"answer": "signed"}));
        assert_eq!(next.await.unwrap().structured_content.unwrap()["step"]["step_id"], "s1");

        let run = id(&bench.start(sign()).await);
        let next = bench.next(&run);
        for _ in 0..TRIES {
            bench.shown().await.react(ElicitResult::new(ElicitationAction::Accept));
        }
        let reply = next.await.unwrap().structured_content.unwrap();
        assert_eq!(reply["step"]["step_id"], "s0");
        assert!(how(&reply).contains("was not taken"), "{reply}");
        assert!(bench.questions.try_recv().is_err());
    }
}

#[tokio::test]
async fn questions_follow_one_another() {
    for era in ERAS {
        let mut bench = Bench::new(era).await;
        let steps = json!([{"ask": "one", "user_only": true}, {"ask": "two", "user_only": true}]);
        let run = id(&bench.start(steps).await);
        let next = bench.next(&run);
        for message in ["one", "two"] {
            let shown = bench.shown().await;
            assert_eq!(shown.message, message);
            shown.accept(json!({"answer": message}));
        }
        let reply = next.await.unwrap().structured_content.unwrap();
        assert_eq!(reply["result"], json!(["one", "two"]), "{era:?}");
    }
}

#[tokio::test]
async fn a_client_that_cannot_ask_is_told_of_the_terminal() {
    for era in ERAS {
        let bench = Bench::new(era).await;
        let run = id(&bench.start(sign()).await);
        let mute = connect(era, bench.engine.clone(), PATIENCE, None).await;
        let reply = call(&mute, "get_next_step", json!({"run_id": run})).await;
        let terminal = format!("workflow-server run --resume {run} --user-only");
        assert!(text(&reply).contains(&terminal), "{}", text(&reply));
        assert!(how(&reply.structured_content.unwrap()).contains(&terminal));
        let forged = json!({"run_id": run, "step_id": "s0", "result": "signed"});
        let refused = call(&mute, "submit_result", forged).await;
        assert!(text(&refused).contains(&terminal), "{}", text(&refused));
    }
}

#[tokio::test]
async fn a_server_that_takes_no_forms_shows_none() {
    for era in ERAS {
        let bench = Bench::new(era).await;
        let run = id(&bench.start(sign()).await);
        let state = match era {
            Era::Modern => asked(&bench.client, next_call(&run)).await.request_state,
            Era::Legacy => None,
        };
        let (sender, mut questions) = mpsc::unbounded_channel();
        let server = Server::new(bench.engine.clone()).without_elicitation();
        let client = connect_to(server, era, Some(sender)).await;
        let call = with_answer(next_call(&run), state.as_deref());
        let reply = client.call_tool(call).await.unwrap();
        assert!(text(&reply).contains("in a terminal of theirs"), "{}", text(&reply));
        assert!(questions.try_recv().is_err());
        assert_eq!(bench.answered_by(&run).len(), 0);
    }
}

#[tokio::test]
async fn a_client_that_fails_to_ask_says_why() {
    let mut bench = Bench::new(Era::Legacy).await;
    let run = id(&bench.start(sign()).await);
    let next = bench.next(&run);
    let error = ErrorData::internal_error("no screen", None);
    bench.shown().await.reaction.send(Err(error)).unwrap();
    let reply = next.await.unwrap().structured_content.unwrap();
    assert!(how(&reply).contains("no screen") && how(&reply).contains("--user-only"), "{reply}");
}

#[tokio::test]
async fn a_form_outlives_the_calls_and_all_calls_share_it() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let mut bench = Bench::on(Era::Legacy, folder, SHORT).await;
    let run = id(&bench.start(sign()).await);
    let (one, other) = (bench.next(&run), bench.next(&run));
    for call in [one, other] {
        let reply = call.await.unwrap().structured_content.unwrap();
        assert!(how(&reply).contains("is asking them"), "{reply}");
    }
    let shown = bench.shown().await;
    let reply = bench.next_reply(&run).await;
    assert!(how(&reply).contains("is asking them"), "{reply}");
    assert!(bench.questions.try_recv().is_err(), "one form is enough");
    shown.accept(json!({"answer": "signed"}));
    let wait = json!({"run_id": run, "wait_seconds": 20});
    let reply = call(&bench.client, "get_next_step", wait).await.structured_content.unwrap();
    assert_eq!(reply["step"]["step_id"], "s1");
}

#[tokio::test]
async fn what_was_declined_between_calls_is_told_once() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let mut bench = Bench::on(Era::Legacy, folder, SHORT).await;
    let run = id(&bench.start(sign()).await);
    bench.next_reply(&run).await;
    bench.shown().await.react(ElicitResult::new(ElicitationAction::Decline));
    let mut reply = bench.next_reply(&run).await;
    while how(&reply).contains("is asking them") {
        reply = bench.next_reply(&run).await;
    }
    assert!(how(&reply).contains("declined to answer"), "{reply}");
    let next = bench.next(&run);
    bench.shown().await.accept(json!({"answer": "signed"}));
    next.await.unwrap();
    // The answer may take longer than the call that asked has waited.
    let mut calls = 0;
    while bench.answered_by(&run).is_empty() && calls < 100 {
        bench.next_reply(&run).await;
        calls += 1;
    }
    assert_eq!(bench.answered_by(&run), ["user_by_elicitation"]);
}

#[tokio::test]
async fn a_form_is_taken_back_when_the_run_moves_without_it() {
    let mut bench = Bench::new(Era::Legacy).await;
    let run = id(&bench.start(sign()).await);
    let next = bench.next(&run);
    let shown = bench.shown().await;
    let answer = Answer::Result(json!("signed"));
    let (run_id, step_id, by) = (run.clone(), "s0".to_owned(), AnsweredBy::User);
    bench.engine.submit(Submission { run_id, step_id, answer, by }).await.unwrap();
    assert_eq!(next.await.unwrap().structured_content.unwrap()["step"]["step_id"], "s1");
    shown.cx.ct.cancelled().await;
    assert_eq!(bench.answered_by(&run), ["user"]);
}

#[tokio::test]
async fn a_form_is_taken_back_when_its_call_is_called_off() {
    let mut bench = Bench::new(Era::Legacy).await;
    let run = id(&bench.start(sign()).await);
    let next = bench.next(&run);
    let shown = bench.shown().await;
    next.abort();
    shown.cx.ct.cancelled().await;
    let next = bench.next(&run);
    bench.shown().await.accept(json!({"answer": "signed"}));
    assert_eq!(next.await.unwrap().structured_content.unwrap()["step"]["step_id"], "s1");
}

/// A call and the question that it comes back with
async fn asked(client: &Client, call: CallToolRequestParams) -> InputRequiredResult {
    match client.call_tool_once(call).await.unwrap() {
        CallToolResponse::InputRequired(question) => question,
        other => panic!("nobody is asked: {other:?}"),
    }
}

fn next_call(run: &str) -> CallToolRequestParams {
    request("get_next_step", &json!({"run_id": run}))
}

fn with_answer(call: CallToolRequestParams, state: Option<&str>) -> CallToolRequestParams {
    let answer = serde_json::to_value(accepted(json!({"answer": "signed"}))).unwrap();
    let call = call.with_input_responses([(KEY.to_owned(), answer)].into());
    match state {
        Some(state) => call.with_request_state(state),
        None => call,
    }
}

#[tokio::test]
async fn an_answer_counts_with_the_seal_of_its_own_question_alone() {
    let bench = Bench::new(Era::Modern).await;
    let (run, other) = (id(&bench.start(sign()).await), id(&bench.start(sign()).await));
    let question = asked(&bench.client, next_call(&run)).await;
    let state = question.request_state.unwrap();
    let others = asked(&bench.client, next_call(&other)).await.request_state.unwrap();
    let forged = Seal::new([7; 32]);
    let step = Question { run_id: run.clone(), step_id: "s0".into() };
    let forged = forged.close(&Asked { question: step, refused: 0 }, &run).unwrap();
    for state in [None, Some(""), Some(&*others), Some(&*forged), Some(&state[..state.len() - 1])] {
        asked(&bench.client, with_answer(next_call(&run), state)).await;
    }
    assert_eq!(bench.answered_by(&run).len(), 0);
    // What an agent can say are the arguments.
    let arguments = json!({"run_id": run, "inputResponses": {"answer": {"action": "accept"}}});
    let refused = call(&bench.client, "get_next_step", arguments).await;
    assert_eq!(refused.structured_content.unwrap()["code"], "bad-arguments");
    // With other calls, answers mean nothing.
    let submit = json!({"run_id": run, "step_id": "s0", "result": "signed"});
    let submit = with_answer(request("submit_result", &submit), Some(&state));
    let refused = bench.client.call_tool(submit).await.unwrap();
    assert_eq!(refused.structured_content.unwrap()["code"], "user-only");

    let reply = bench.client.call_tool(with_answer(next_call(&run), Some(&state))).await.unwrap();
    let reply = reply.structured_content.unwrap();
    assert_eq!(reply["step"]["step_id"], "s1");
    // A call that is made again, because its reply was lost, gets the same.
    let again = bench.client.call_tool(with_answer(next_call(&run), Some(&state))).await.unwrap();
    assert_eq!(again.structured_content.unwrap(), reply);
    assert_eq!(bench.answered_by(&run), ["user_by_elicitation"]);
}

#[tokio::test]
async fn an_answer_is_taken_by_another_process_on_the_store() {
    let bench = Bench::new(Era::Modern).await;
    let run = id(&bench.start(sign()).await);
    let state = asked(&bench.client, next_call(&run)).await.request_state.unwrap();
    let other = Bench::on(Era::Modern, bench.folder.clone(), PATIENCE).await;
    drop(bench);
    let call = with_answer(next_call(&run), Some(&state));
    let reply = other.client.call_tool(call).await.unwrap();
    assert_eq!(reply.structured_content.unwrap()["step"]["step_id"], "s1");
}

#[tokio::test]
async fn after_a_crash_the_question_is_asked_anew() {
    for era in ERAS {
        let mut bench = Bench::new(era).await;
        let run = id(&bench.start(sign()).await);
        let next = bench.next(&run);
        let shown = bench.shown().await;
        let mut other = Bench::on(era, bench.folder.clone(), PATIENCE).await;
        drop((next, shown, bench));
        let next = other.next(&run);
        other.shown().await.accept(json!({"answer": "signed"}));
        assert_eq!(next.await.unwrap().structured_content.unwrap()["step"]["step_id"], "s1");
    }
}
