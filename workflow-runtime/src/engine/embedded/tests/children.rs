//! Child runs: who may run when, what their ends make of the parent.

use super::*;
use crate::machine::Status;

fn fan(items: Value) -> Value {
    json!({"items": items, "agent": "@task"})
}

#[tokio::test]
async fn a_parent_lists_its_children_and_gets_their_results_in_item_order() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let parent = start(engine, "test:fan", fan(json!(["a", "b"]))).await;
    let run = parent.run_id.clone();
    let step = parent.step.as_ref().unwrap();
    assert_eq!((step.kind.as_str(), &step.fields["agent"]), ("foreach", &json!("@task")));
    assert!(step.fields["sub_agent_prompt"].as_str().unwrap().contains("get_next_step"));
    let [a, b] = &children(&parent)[..] else { panic!("{parent:?}") };
    assert_eq!((&a.item, a.status.as_str()), (&json!("a"), "waiting"));
    assert_eq!(a.run_id, format!("{run}.each.0"));

    let first = engine.next(&b.run_id).await.unwrap();
    assert_eq!(first.step.as_ref().unwrap().run_id, b.run_id);
    assert_eq!(children(&engine.next(&run).await.unwrap())[1].status, "running");
    let done = answer_step(engine, &first, json!("B")).await;
    assert_eq!((done.status, done.run_id.as_str()), (Status::Completed, b.run_id.as_str()));
    assert_eq!(done.result, Some(json!([1, 2, "b", "B"])));
    assert_eq!(children(&engine.next(&run).await.unwrap()).len(), 1);

    answer(engine, &a.run_id, "work", json!("A")).await;
    let parent = engine.next(&run).await.unwrap();
    assert_eq!(parent.result, Some(json!([[0, 2, "a", "A"], [1, 2, "b", "B"]])));
    assert_eq!(answer(engine, &b.run_id, "work", json!("B")).await, done);
    bench.assert_folds();
}

#[tokio::test]
async fn without_an_agent_the_parent_hands_out_one_step_after_the_other() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let first = start(engine, "test:fan", json!({"items": ["a", "b"]})).await;
    let run = first.run_id.clone();
    let step = first.step.as_ref().unwrap();
    assert_eq!((step.kind.as_str(), &step.run_id), ("prompt", &format!("{run}.each.0")));
    let second = answer_step(engine, &first, json!("A")).await;
    assert_eq!(second.run_id, run);
    assert_eq!(second.step.as_ref().unwrap().run_id, format!("{run}.each.1"));
    assert_eq!(engine.next(&run).await.unwrap(), second);
    let last = answer_step(engine, &second, json!("B")).await;
    assert_eq!((last.run_id, last.status), (run, Status::Completed));
    assert_eq!(last.result, Some(json!([[0, 2, "a", "A"], [1, 2, "b", "B"]])));
    bench.assert_folds();
}

#[tokio::test]
async fn no_more_children_run_at_once_than_the_step_allows() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let inputs = json!({"items": [0, 1, 2, 3, 4], "agent": "@task", "at_once": 2});
    let run = start(engine, "test:fan", inputs).await.run_id;
    let queued = format!("{run}.each.2");
    assert_eq!(refused(try_answer(engine, &queued, "work", json!("x")).await), "not-waiting");
    assert_eq!(engine.next(&queued).await.unwrap().status, Status::Running);
    for (index, left) in [(1, 2), (0, 1), (2, 0), (4, 0), (3, 0)] {
        let parent = engine.next(&run).await.unwrap();
        assert!(children(&parent).len() <= 2);
        answer(engine, &format!("{run}.each.{index}"), "work", json!(index.to_string())).await;
        let parent = engine.next(&run).await.unwrap();
        let remaining =
            parent.step.as_ref().map_or(json!(0), |step| step.fields["remaining"].clone());
        assert_eq!(remaining, left);
    }
    let parent = engine.next(&run).await.unwrap();
    assert_eq!(parent.result.unwrap().as_array().unwrap().len(), 5);
    bench.assert_folds();
}

#[tokio::test]
async fn one_after_the_other_means_one() {
    let bench = Bench::new();
    let inputs = json!({"items": ["a", "b", "c"], "agent": "@task", "at_once": 1});
    let parent = start(&bench.engine, "test:fan", inputs).await;
    assert_eq!(children(&parent).len(), 1);
    assert_eq!(parent.step.as_ref().unwrap().fields["remaining"], 2);
}

#[tokio::test]
async fn a_failed_child_waits_for_its_siblings_before_the_step_fails() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let run = start(engine, "test:fan", fan(json!(["a", "bad", "c"]))).await.run_id;
    let child = engine.next(&format!("{run}.each.1")).await.unwrap();
    assert_eq!((child.status, failure(&child)), (Status::Failed, "bad-item"));
    answer(engine, &format!("{run}.each.0"), "work", json!("A")).await;
    assert_eq!(engine.next(&run).await.unwrap().status, Status::Waiting);
    answer(engine, &format!("{run}.each.2"), "work", json!("C")).await;
    let parent = engine.next(&run).await.unwrap();
    assert_eq!((parent.status, failure(&parent)), (Status::Failed, "children-failed"));
    let message = &parent.error.as_ref().unwrap().message;
    assert!(message.contains("1 of 3") && message.contains("the item is bad"), "{message}");
    // The siblings' results are kept.
    let sibling = engine.next(&format!("{run}.each.2")).await.unwrap();
    assert_eq!(sibling.result, Some(json!([2, 3, "c", "C"])));
    bench.assert_folds();
}

#[tokio::test]
async fn a_failed_child_may_leave_a_null() {
    let bench = Bench::new();
    let inputs = json!({"items": ["auto", "bad", "auto"], "keep": true});
    let reply = start(&bench.engine, "test:fan", inputs).await;
    assert_eq!(reply.result, Some(json!(["by itself", null, "by itself"])));
}

#[tokio::test]
async fn an_empty_list_and_children_without_waits_need_nobody() {
    let bench = Bench::new();
    let reply = start(&bench.engine, "test:fan", fan(json!([]))).await;
    assert_eq!(reply.result, Some(json!([])));
    let items: Vec<&str> = vec!["auto"; 250];
    let reply = start(&bench.engine, "test:fan", fan(json!(items))).await;
    assert_eq!(reply.result.unwrap().as_array().unwrap().len(), 250);
    bench.assert_folds();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_children_at_once_all_count() {
    let bench = Bench::new();
    let items: Vec<usize> = (0..100).collect();
    let inputs = json!({"items": items, "agent": "@task", "at_once": 100});
    let parent = start(&bench.engine, "test:fan", inputs).await;
    let run = parent.run_id.clone();
    assert_eq!(children(&parent).len(), 100);
    let engine = Arc::new(bench.engine);
    let agents: Vec<_> = children(&parent)
        .into_iter()
        .map(|child| {
            let engine = engine.clone();
            tokio::spawn(async move {
                let reply = engine.next(&child.run_id).await.unwrap();
                answer_step(&engine, &reply, json!(format!("did {}", child.index))).await
            })
        })
        .collect();
    for agent in agents {
        assert_eq!(agent.await.unwrap().status, Status::Completed);
    }
    let results = engine.next(&run).await.unwrap().result.unwrap();
    assert_eq!(results[99], json!([99, 100, 99, "did 99"]));
    assert_eq!(results.as_array().unwrap().len(), 100);
}

#[tokio::test]
async fn children_are_not_answered_through_their_parent() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let run = start(engine, "test:fan", fan(json!(["a"]))).await.run_id;
    assert_eq!(refused(try_answer(engine, &run, "each", json!([1])).await), "not-answerable");
    assert_eq!(refused(try_answer(engine, &run, "work", json!("A")).await), "not-pending");
}

#[tokio::test]
async fn cancelling_a_parent_cancels_what_is_under_way_and_what_is_queued() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let inputs = json!({"items": ["a", "auto", "c"], "agent": "@task", "at_once": 1});
    let run = start(engine, "test:fan", inputs).await.run_id;
    engine.cancel(&run, None).await.unwrap();
    for index in 0..3 {
        let child = engine.next(&format!("{run}.each.{index}")).await.unwrap();
        assert_eq!(child.status, Status::Cancelled);
    }
    assert_eq!(engine.next(&run).await.unwrap().status, Status::Cancelled);
    bench.assert_folds();
}

#[tokio::test]
async fn a_cancelled_child_counts_as_failed() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let run = start(engine, "test:fan", fan(json!(["a", "auto"]))).await.run_id;
    engine.cancel(&format!("{run}.each.0"), Some("lost".to_owned())).await.unwrap();
    let parent = engine.next(&run).await.unwrap();
    assert_eq!(failure(&parent), "children-failed");
    assert!(parent.error.unwrap().message.contains("lost"));
    bench.assert_folds();
}

#[tokio::test]
async fn children_of_children_end_at_a_depth() {
    let bench = Bench::new();
    let reply = start(&bench.engine, "test:deep", json!({})).await;
    assert_eq!(failure(&reply), "children-failed");
    let depth: i64 =
        bench.store().query_row("SELECT max(depth) FROM runs", [], |row| row.get(0)).unwrap();
    assert_eq!(depth, 5);
    bench.assert_folds();
}

#[tokio::test]
async fn a_status_names_children_and_parent() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let inputs = json!({"items": ["a", "b"], "agent": "@task", "at_once": 1});
    let run = start(engine, "test:fan", inputs).await.run_id;
    let status = engine.status(&run).await.unwrap();
    let told: Vec<&str> = status.children.iter().map(|child| child.status.as_str()).collect();
    assert_eq!(told, ["waiting", "queued"]);
    assert_eq!(status.pending[0].step_id, "each");
    let child = engine.status(&status.children[0].run_id).await.unwrap();
    assert_eq!(child.parent.as_deref(), Some(run.as_str()));
}

#[tokio::test]
async fn the_children_that_failed_are_named_with_their_reasons() {
    let bench = Bench::new();
    let items = json!(["bad", "auto", "bad", "bad", "bad"]);
    let reply = start(&bench.engine, "test:fan", json!({"items": items})).await;
    let run = &reply.run_id;
    let expected = format!(
        "4 of 5 children failed: item 0 (`{run}.each.0`): the item is bad; item 2 \
         (`{run}.each.2`): the item is bad; item 3 (`{run}.each.3`): the item is bad; and 1 more"
    );
    assert_eq!(reply.error.as_ref().unwrap().message, expected);
    let reply = start(&bench.engine, "test:fan", json!({"items": ["bad"]})).await;
    let expected = format!("child run `{}.each.0` failed: the item is bad", reply.run_id);
    assert_eq!(reply.error.as_ref().unwrap().message, expected);
}

#[tokio::test]
async fn a_queued_child_that_is_called_off_makes_no_room_for_another() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let inputs = json!({"items": ["a", "b", "c", "d"], "agent": "@task", "at_once": 1});
    let run = start(engine, "test:fan", inputs).await.run_id;
    engine.cancel(&format!("{run}.each.2"), None).await.unwrap();
    let status = engine.status(&run).await.unwrap();
    let statuses: Vec<&str> = status.children.iter().map(|child| child.status.as_str()).collect();
    assert_eq!(statuses, ["waiting", "queued", "cancelled", "queued"]);
    answer(engine, &format!("{run}.each.0"), "work", json!("A")).await;
    let status = engine.status(&run).await.unwrap();
    let statuses: Vec<&str> = status.children.iter().map(|child| child.status.as_str()).collect();
    assert_eq!(statuses, ["completed", "waiting", "cancelled", "queued"]);
    bench.assert_folds();
}
