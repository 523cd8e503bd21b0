//! Subscribed clients hear of runs that move, in both ways of subscribing that the protocol has.

#![expect(deprecated, reason = "the way of subscribing that older clients have")]

use rmcp::ClientHandler;
use rmcp::model::{
    ProtocolVersion, ResourceUpdatedNotificationParam, ServerNotification, SubscribeRequestParams,
    SubscriptionFilter, UnsubscribeRequestParams,
};
use rmcp::service::serve_client_with_lifecycle;
use rmcp::service::{ClientLifecycleMode, NotificationContext, Subscription};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::resources::{engine, run_of, served, submit};
use super::*;

/// How long a test waits for what has to come
const PATIENCE: Duration = Duration::from_secs(30);

/// A client that notes which resources were updated
struct Listening(UnboundedSender<String>);

impl ClientHandler for Listening {
    async fn on_resource_updated(
        &self,
        update: ResourceUpdatedNotificationParam,
        _: NotificationContext<RoleClient>,
    ) {
        self.0.send(update.uri).unwrap();
    }

    async fn on_resource_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.0.send("the list".into()).unwrap();
    }
}

async fn listening(
    engine: Arc<dyn Engine>,
) -> (RunningService<RoleClient, Listening>, UnboundedReceiver<String>) {
    let (ours, theirs) = tokio::io::duplex(1 << 20);
    let server = Server::new(engine);
    tokio::spawn(async move { server.serve(ours).await.unwrap().waiting().await });
    let (updates, heard) = unbounded_channel();
    (serve_client(Listening(updates), theirs).await.unwrap(), heard)
}

/// A client of the era in which no connection has a state
async fn modern(engine: Arc<dyn Engine>) -> Client {
    let (ours, theirs) = tokio::io::duplex(1 << 20);
    let server = Server::new(engine);
    tokio::spawn(async move { server.serve(ours).await.unwrap().waiting().await });
    let preferred_versions = vec![ProtocolVersion::V_2026_07_28];
    let lifecycle = ClientLifecycleMode::Discover { preferred_versions };
    serve_client_with_lifecycle((), theirs, lifecycle).await.unwrap()
}

async fn heard(updates: &mut UnboundedReceiver<String>) -> String {
    tokio::time::timeout(PATIENCE, updates.recv()).await.unwrap().unwrap()
}

async fn updated(subscription: &mut Subscription) -> String {
    let next = tokio::time::timeout(PATIENCE, subscription.next()).await.unwrap();
    match next.unwrap().unwrap() {
        ServerNotification::ResourceUpdatedNotification(update) => update.params.uri,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_subscriber_hears_of_moves_by_this_server_and_by_others() {
    let folder = tempfile::tempdir().unwrap();
    let other = served(&folder).await;
    let (client, mut updates) = listening(Arc::new(engine(&folder))).await;
    let run = run_of(&other, json!([{"ask": "a?"}, {"ask": "b?"}, {"ask": "c?"}])).await;
    let still = run_of(&other, json!([{"ask": "a?"}])).await;
    let uri = format!("run://{run}");
    for uri in [&uri, &format!("run://{still}")] {
        client.subscribe(SubscribeRequestParams::new(uri)).await.unwrap();
    }
    let answer = json!({"run_id": run, "step_id": "s0", "result": "x"});
    let answer = CallToolRequestParams::new("submit_result")
        .with_arguments(answer.as_object().cloned().unwrap());
    client.call_tool(answer).await.unwrap();
    assert_eq!(heard(&mut updates).await, uri);
    submit(&other, &run, "s1", json!("x")).await;
    assert_eq!(heard(&mut updates).await, uri);

    client.unsubscribe(UnsubscribeRequestParams::new(&uri)).await.unwrap();
    submit(&other, &run, "s2", json!("x")).await;
    submit(&other, &still, "s0", json!("x")).await;
    // The one that it is still subscribed to; nothing more of the first.
    assert_eq!(heard(&mut updates).await, format!("run://{still}"));
    assert!(updates.try_recv().is_err());
}

#[tokio::test]
async fn a_parents_subscriber_hears_of_its_children() {
    let folder = tempfile::tempdir().unwrap();
    let other = served(&folder).await;
    let (client, mut updates) = listening(Arc::new(engine(&folder))).await;
    let each = json!([{"each": [[{"ask": "a?"}], [{"ask": "b?"}]], "agent": "@task"}]);
    let run = run_of(&other, each).await;
    let uri = format!("run://{run}/journal");
    client.subscribe(SubscribeRequestParams::new(&uri)).await.unwrap();
    submit(&other, &format!("{run}.s0.1"), "s0", json!("x")).await;
    assert_eq!(heard(&mut updates).await, uri);
}

#[tokio::test]
async fn what_cannot_be_subscribed_to_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let client = served(&folder).await;
    for uri in ["run://nobody", "workflow://nothing", "http://localhost/"] {
        let refused = client.subscribe(SubscribeRequestParams::new(uri)).await.unwrap_err();
        assert_eq!(refusal(refused).0, ErrorCode::RESOURCE_NOT_FOUND, "{uri}");
    }
    client.subscribe(SubscribeRequestParams::new("workflow://test:plan")).await.unwrap();
    client.unsubscribe(UnsubscribeRequestParams::new("run://nobody")).await.unwrap();
}

#[tokio::test]
async fn a_modern_subscription_is_one_request_for_as_long_as_it_lasts() {
    let folder = tempfile::tempdir().unwrap();
    let other = served(&folder).await;
    let client = modern(Arc::new(engine(&folder))).await;
    let run = run_of(&other, json!([{"ask": "a?"}, {"ask": "b?"}])).await;
    let uri = format!("run://{run}");
    let wanted = SubscriptionFilter::builder()
        .resource_subscriptions([uri.as_str(), "workflow://test:plan", "elsewhere://x"])
        .tools_list_changed()
        .build();
    let mut subscription = client.listen(wanted).await.unwrap();
    // What can change, and no more.
    let accepted = SubscriptionFilter::builder().resource_subscription(&uri).build();
    assert_eq!(subscription.acknowledged(), &accepted);
    assert_eq!(updated(&mut subscription).await, uri);
    for step in ["s0", "s1"] {
        submit(&other, &run, step, json!("x")).await;
        assert_eq!(updated(&mut subscription).await, uri);
    }
    subscription.cancel().await.unwrap();
    // The connection is as good as before.
    client.list_all_resources().await.unwrap();
}

#[tokio::test]
async fn who_has_read_the_list_hears_of_runs_that_are_started() {
    let folder = tempfile::tempdir().unwrap();
    let other = served(&folder).await;
    let (client, mut updates) = listening(Arc::new(engine(&folder))).await;
    for _ in 0..2 {
        client.list_all_resources().await.unwrap();
        let run = run_of(&other, json!([{"ask": "a?"}])).await;
        assert_eq!(heard(&mut updates).await, "the list");
        let listed = client.list_all_resources().await.unwrap();
        assert!(listed.iter().any(|resource| resource.name == run));
    }

    let modern = modern(Arc::new(engine(&folder))).await;
    let wanted = SubscriptionFilter::builder().resources_list_changed().build();
    let mut subscription = modern.listen(wanted.clone()).await.unwrap();
    assert_eq!(subscription.acknowledged(), &wanted);
    for run in 0..2 {
        if run > 0 {
            run_of(&other, json!([{"ask": "a?"}])).await;
        }
        let next = tokio::time::timeout(PATIENCE, subscription.next()).await.unwrap();
        let next = next.unwrap().unwrap();
        assert!(matches!(next, ServerNotification::ResourceListChangedNotification(_)), "{next:?}");
    }
}

#[tokio::test]
async fn what_is_not_found_has_the_code_of_its_era() {
    let folder = tempfile::tempdir().unwrap();
    let client = modern(Arc::new(engine(&folder))).await;
    let request = rmcp::model::ReadResourceRequestParams::new("run://nobody");
    let refused = client.read_resource(request).await.unwrap_err();
    assert_eq!(refusal(refused).0, ErrorCode::INVALID_PARAMS);
}
