//! The Python client drives the server. What each script checks, it says at its head.

use crate::{engine, python};

fn run(script: &str, transport: &str) {
    python::run(script, transport, &engine::of_scripts());
}

#[test]
fn planning_with_five_sub_agents_at_once() {
    run("planning.py", "stdio");
}

#[test]
fn rejected_and_unneeded_approvals() {
    run("approval.py", "stdio");
}

#[test]
fn refused_calls_leave_the_run_where_it_was() {
    run("errors.py", "stdio");
}

#[test]
fn killed_after_every_reply() {
    run("crashes.py", "stdio");
}

#[test]
fn two_processes_on_one_store() {
    run("processes.py", "stdio");
}

#[test]
fn planning_over_http() {
    run("planning.py", "http");
}

#[test]
fn refused_calls_over_http() {
    run("errors.py", "http");
}

#[test]
fn killed_after_every_reply_over_http() {
    run("crashes.py", "http");
}

#[test]
fn two_processes_on_one_store_over_http() {
    run("processes.py", "http");
}

#[test]
fn prompts_resources_completions_subscriptions_and_progress() {
    run("offers.py", "stdio");
}

#[test]
fn prompts_resources_completions_subscriptions_and_progress_over_http() {
    run("offers.py", "http");
}
