//! The Python client drives the server. What each script checks, it says at its head.

use crate::python::run;

#[test]
fn planning_with_five_sub_agents_at_once() {
    run("planning.py");
}

#[test]
fn rejected_and_unneeded_approvals() {
    run("approval.py");
}

#[test]
fn refused_calls_leave_the_run_where_it_was() {
    run("errors.py");
}

#[test]
fn killed_after_every_reply() {
    run("crashes.py");
}

#[test]
fn two_processes_on_one_store() {
    run("processes.py");
}
