//! The built server asks the user of the Python client, in both eras of the protocol. What each
//! script checks, it says at its head.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

#[path = "../../e2e/python.rs"]
mod python;
#[path = "../../e2e/venv.rs"]
mod venv;

/// The server's binary
const SERVER: &str = env!("CARGO_BIN_EXE_asking-server");

/// Where the scripts are
const SCRIPTS: &str = "../python";

mod answers {
    /// The users answer, each as its script says
    pub fn example() -> serde_json::Value {
        serde_json::json!({})
    }
}

#[test]
fn only_the_user_can_answer() {
    python::run("elicitation.py", "stdio", &[]);
}

#[test]
fn a_crash_between_question_and_answer() {
    python::run("elicitation_crash.py", "stdio", &[]);
}

#[test]
fn only_the_user_can_answer_over_http() {
    python::run("elicitation.py", "http", &[]);
}

#[test]
fn a_crash_between_question_and_answer_over_http() {
    python::run("elicitation_crash.py", "http", &[]);
}
