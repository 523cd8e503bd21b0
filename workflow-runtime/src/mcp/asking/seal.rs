//! What a client sends back with an answer, so that the answer is known to be one to our question.

use std::time::Duration;

use rmcp::model::{RequestStateCodec, SealOptions};
use serde::{Deserialize, Serialize};

use crate::reply::Step;

/// How long a question may stay open until it has to be asked anew
const GOOD_FOR: Duration = Duration::from_hours(24);

/// A hand-out that the user was asked about
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Question {
    /// The run whose step it is
    pub(super) run_id: String,
    /// The hand-out; another attempt or visit is another one
    pub(super) step_id: String,
}

impl Question {
    pub(super) fn of(step: &Step) -> Self {
        Self { run_id: step.run_id.clone(), step_id: step.step_id.clone() }
    }

    /// Whether it is about this step
    pub(super) fn is_about(&self, step: &Step) -> bool {
        self.run_id == step.run_id && self.step_id == step.step_id
    }
}

/// A question as it goes out, and how often it was answered in vain before
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Asked {
    pub(super) question: Question,
    pub(super) refused: u32,
}

/// Seals questions, so that nobody but a server of this store can make or change one
#[derive(Clone, Debug)]
pub(super) struct Seal {
    codec: RequestStateCodec,
}

impl Seal {
    pub(super) fn new(key: [u8; 32]) -> Self {
        // The length that the other constructor would check is in the type.
        Self { codec: RequestStateCodec::new_unchecked(key) }
    }

    /// A sealed question, good for a call that asks about `run_id` alone
    pub(super) fn close(&self, asked: &Asked, run_id: &str) -> Option<String> {
        let call = call(run_id);
        let options = SealOptions::new().associated_data(&call).ttl(GOOD_FOR);
        self.codec.seal_json_with(asked, &options).ok()
    }

    /// The question in a seal; `None` if it is none of ours, too old, or came with another call
    pub(super) fn open(&self, sealed: &str, run_id: &str) -> Option<Asked> {
        let opened = self.codec.open_json_with(sealed, &call(run_id));
        opened.inspect_err(|error| tracing::debug!(%error, "a request state is not taken")).ok()
    }
}

/// The call that a question belongs to
fn call(run_id: &str) -> Vec<u8> {
    format!("get_next_step {run_id}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_opens_for_its_call_and_its_key_alone() {
        let seal = Seal::new([7; 32]);
        let question = Question { run_id: "run-1".into(), step_id: "ask#2".into() };
        let asked = Asked { question, refused: 1 };
        let sealed = seal.close(&asked, "run-1").unwrap();
        assert_eq!(seal.open(&sealed, "run-1"), Some(asked.clone()));
        assert_eq!(Seal::new([7; 32]).open(&sealed, "run-1"), Some(asked), "another process");
        assert_eq!(seal.open(&sealed, "run-2"), None);
        assert_eq!(Seal::new([8; 32]).open(&sealed, "run-1"), None);
        assert_eq!(seal.open("", "run-1"), None);
        for at in (0..sealed.len()).step_by(7) {
            let mut forged = sealed.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(seal.open(&String::from_utf8(forged).unwrap(), "run-1"), None, "{at}");
        }
    }
}
