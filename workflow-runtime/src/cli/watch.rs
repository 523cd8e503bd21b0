//! `runs watch`: how a run gets on, a line each time that it has moved.

use std::io::Write;
use std::process::ExitCode;

use serde_json::json;

use super::failure::Failure;
use super::paint::{self, ASIDE, painted};
use crate::engine::{Engine, Standing};
use crate::words;

/// Tells how a run stands, and again whenever it has moved, until it has ended
///
/// What changes nothing of what is told is no line.
pub(crate) async fn watch(
    engine: &dyn Engine,
    run_id: &str,
    json: bool,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    let mut standing = engine.standing(run_id).await?;
    let mut told = String::new();
    loop {
        let line = if json { as_json(run_id, &standing) } else { words(&standing) };
        if line != told {
            let written = writeln!(out, "{line}").and_then(|()| out.flush());
            written.map_err(|error| Failure::writing(&error))?;
            told = line;
        }
        if standing.status.ended() {
            return Ok(ExitCode::SUCCESS);
        }
        standing = engine.watch(run_id, standing).await?;
    }
}

fn words(standing: &Standing) -> String {
    let (done, total) = (standing.progress.done, standing.progress.total);
    let words = painted(paint::status(standing.status), &words::progress(standing));
    format!("{} {words}", painted(ASIDE, &format!("[{done}/{total}]")))
}

/// A line of JSON
fn as_json(run_id: &str, standing: &Standing) -> String {
    let (ended, children) = standing.children.unzip();
    json!({
        "run_id": run_id,
        "status": standing.status,
        "position": standing.position,
        "progress": standing.progress,
        "children": children,
        "children_ended": ended,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::engine::embedded::{Embedded, Options};
    use crate::engine::{StartRequest, Submission};
    use crate::machine::{Answer, AnsweredBy, sample};

    /// Writes what is told to whoever does what comes next
    struct Lines(std::sync::mpsc::Sender<String>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let text = anstream::adapter::strip_str(&text).to_string();
            self.0.send(text).map(|()| bytes.len()).map_err(std::io::Error::other)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_run_is_told_of_until_it_has_ended() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::new(folder.path().join("runs.sqlite"));
        let engine = Arc::new(Embedded::open(sample::registry(), options).unwrap());
        let steps = json!([{"ask": "a"}, {"each": [[{"ask": "b"}]], "agent": "@task"}]);
        let inputs = serde_json::Map::from_iter([("steps".to_owned(), steps)]);
        let workflow = "test:script".to_owned();
        let request = StartRequest { workflow, inputs, idempotency_key: None };
        let run = engine.start(request).await.unwrap().run_id;
        let (sender, lines) = std::sync::mpsc::channel();
        let (watched, watcher) = (run.clone(), engine.clone());
        let watching = tokio::spawn(async move {
            watch(watcher.as_ref(), &watched, false, &mut Lines(sender)).await
        });
        let mut told = String::new();
        for (run_id, until) in [(run.clone(), "at s0"), (format!("{run}.s1.0"), "at s1")] {
            while !told.contains(until) {
                told += &lines.recv().unwrap();
            }
            let (answer, by) = (Answer::Result(json!("yes")), AnsweredBy::Agent);
            let submission = Submission { run_id, step_id: "s0".to_owned(), answer, by };
            engine.submit(submission).await.unwrap();
        }
        watching.await.unwrap().unwrap();
        told.extend(lines.iter());
        let last = told.trim_end().lines().last().unwrap();
        assert!(last.ends_with("completed"), "{told}");
        assert!(told.starts_with("[0/9] ") && told.contains("0 of 1 child runs done"), "{told}");

        let mut out = Vec::new();
        watch(engine.as_ref(), &run, true, &mut out).await.unwrap();
        let line: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!((&line["status"], &line["run_id"]), (&json!("completed"), &json!(run)));
        let error = watch(engine.as_ref(), "nobody", false, &mut Vec::new()).await.unwrap_err();
        assert!(error.to_string().contains("nobody"), "{error}");
    }
}
