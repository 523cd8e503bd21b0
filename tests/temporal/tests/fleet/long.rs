//! A run with more answers than Temporal keeps in one history.

use std::time::Instant;

use workflow_cluster::dev_server;

use crate::fleet::{Count, Fleet};

/// How many answers there are
const ANSWERS: i64 = 3_000;

/// The run goes over to a new history again and again, and whoever answers does not notice
#[test]
fn three_thousand_answers() {
    let fleet = Fleet::new();
    let _worker = fleet.worker();
    let mut client = fleet.server();
    let since = Instant::now();
    let mut run = Count::start(&mut client, ANSWERS);
    let run_id = run.run_id();
    let mut slowest = std::time::Duration::ZERO;
    for _ in 1..ANSWERS {
        let asked = Instant::now();
        run.answer(&mut client);
        slowest = slowest.max(asked.elapsed());
    }
    // What was told in a history that has ended is still known.
    run.finish(&mut client);
    println!("{ANSWERS} answers in {:.0?}, the slowest in {slowest:.2?}", since.elapsed());

    let of_run = format!("WorkflowId = '{run_id}'");
    let counted = dev_server().temporal(&["workflow", "count", "--query", &of_run]);
    let histories: u32 = counted.split_whitespace().find_map(|word| word.parse().ok()).unwrap();
    println!("{histories} histories");
    assert!(histories > 2, "{counted}");
}
