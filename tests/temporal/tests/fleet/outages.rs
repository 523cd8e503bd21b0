//! Workers, servers and networks that fail: no answer is lost, what fails meanwhile is told, and the
//! run ends as if nothing had been.

use std::thread;
use std::time::{Duration, Instant};

use workflow_cluster::{DevServer, Wire, dev_server};

use crate::fleet::{Count, Fleet, assert_cut_off};

/// How long the first answer after a worker's death may take here, where other tests run beside; by
/// itself it takes three seconds at most
const PATIENCE: Duration = Duration::from_secs(15);

/// How long the network is gone
const CUT: Duration = Duration::from_secs(10);

/// Two workers, of which the one dies in the midst of the run, and then the other: one of them is the
/// one that keeps it in memory
#[test]
fn a_worker_is_killed() {
    let fleet = Fleet::new();
    let mut workers = [fleet.worker(), fleet.worker()];
    let mut client = fleet.server();
    let mut run = Count::start(&mut client, 12);
    for worker in &mut workers {
        run.answer(&mut client);
        run.answer(&mut client);
        worker.end("KILL");
        let since = Instant::now();
        run.answer(&mut client);
        let took = since.elapsed();
        println!("the first answer after a worker's death: {took:.2?}");
        assert!(took < PATIENCE, "{took:?}");
        *worker = fleet.worker();
    }
    run.finish(&mut client);
}

/// The server that the agent talks to dies with an answer on its way
#[test]
fn our_server_is_killed() {
    let fleet = Fleet::new();
    let _worker = fleet.worker();
    let mut client = fleet.server();
    let mut run = Count::start(&mut client, 8);
    for _ in 0..3 {
        run.answer(&mut client);
        client.answer(&run.reply, &run.number());
        client = fleet.server();
        // Whether it was taken before or not, it is taken once.
        run.answer(&mut client);
    }
    run.finish(&mut client);
}

/// Temporal itself is killed, and started anew on its file
#[test]
fn temporal_is_killed() {
    let mut temporal = DevServer::start_durable();
    let fleet = Fleet::on(&temporal.address());
    let _worker = fleet.worker();
    let mut client = fleet.server();
    let mut run = Count::start(&mut client, 8);
    run.answer(&mut client);
    run.answer(&mut client);

    temporal.kill();
    let id = client.answer(&run.reply, &run.number());
    assert_cut_off(&client.result(id));

    temporal.restart();
    let took = run.answer_in_the_end(&mut client);
    println!("the first answer after Temporal's death: {took:.2?}");
    run.finish(&mut client);
}

/// Nothing gets through between Temporal and its fleet for a while, with an answer on its way
#[test]
fn the_network_is_cut() {
    let wire = Wire::to(&dev_server().address());
    let fleet = Fleet::on(wire.address());
    let _worker = fleet.worker();
    let mut client = fleet.server();
    let mut run = Count::start(&mut client, 8);
    run.answer(&mut client);

    let since = Instant::now();
    wire.cut();
    let id = client.answer(&run.reply, &run.number());
    // That it takes a while is the very thing that is tried here.
    thread::sleep(CUT);
    wire.mend();
    let told = client.result(id);
    println!("an answer into a network that is cut is told after {:.2?}", since.elapsed());
    // It may have waited for the network, or have given up.
    if told["isError"] == true {
        assert_cut_off(&told);
    }

    // Whether it was taken or not, it is taken once.
    let took = run.answer_in_the_end(&mut client);
    println!("the first answer with a network again: {took:.2?}");
    run.finish(&mut client);
}
