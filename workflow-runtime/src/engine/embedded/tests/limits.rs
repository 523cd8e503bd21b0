//! The limits of runs: each is reached, and who reaches it is told which.

use super::*;
use crate::machine::{RunError, Status};

fn told(reply: &Reply) -> &RunError {
    assert_eq!(reply.status, Status::Failed, "{reply:?}");
    reply.error.as_ref().unwrap()
}

/// A script of so many levels of child runs
fn nested(levels: usize) -> Value {
    match levels {
        0 => json!([]),
        _ => json!([{"each": [nested(levels - 1)]}]),
    }
}

#[tokio::test]
async fn children_are_nested_five_deep_and_no_deeper() {
    let bench = Bench::new();
    assert_eq!(script(&bench.engine, nested(5)).await.status, Status::Completed);
    let reply = script(&bench.engine, nested(6)).await;
    let error = told(&reply);
    assert!(error.message.contains("nested more than 5 deep"), "{error:?}");
    bench.assert_folds();
}

#[tokio::test]
async fn a_step_has_ten_thousand_children_and_no_more() {
    let bench = Bench::new();
    let items: Vec<usize> = (0..10_001).collect();
    let reply = start(&bench.engine, "test:fan", json!({"items": items})).await;
    let error = told(&reply);
    assert_eq!(error.code, "too-many-children");
    assert!(error.message.contains("10001 items, 10000 is the limit"), "{error:?}");
    assert!(error.help.as_ref().unwrap().contains("batch"), "{error:?}");
}

#[tokio::test]
async fn a_hundred_children_are_under_way_at_once_and_no_more() {
    let bench = Bench::new();
    let items: Vec<usize> = (0..130).collect();
    let inputs = json!({"items": items, "agent": "@task", "at_once": 500});
    let reply = start(&bench.engine, "test:fan", inputs).await;
    assert_eq!(children(&reply).len(), 100);
    assert_eq!(reply.step.unwrap().fields["remaining"], 30);
}
