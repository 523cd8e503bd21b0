//! What is done to the store itself: `backup`, `restore`, `runs export`.

use std::fs::File;
use std::io::{BufWriter, StdoutLock, Write};
use std::path::Path;
use std::process::ExitCode;

use super::args::Options;
use super::failure::Failure;
use super::set_up;
use crate::engine::Problem;
use crate::engine::embedded::upkeep::{self, Findings};
use crate::plural::count;

/// Writes a copy of the store to a new file
pub(crate) fn backup(
    options: &Options,
    file: &Path,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    let findings = upkeep::backup(&set_up::store(options)?.path, file)?;
    let text = format!("{} holds {}\n", file.display(), holds(&findings));
    say(out, &(text + &told(&findings.problems)))?;
    Ok(ExitCode::SUCCESS)
}

/// Puts a backup in the place of the store
pub(crate) fn restore(
    options: &Options,
    file: &Path,
    replace: bool,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    let store = set_up::store(options)?.path;
    let restored = upkeep::restore(file, &store, replace)?;
    let mut text = format!("{} holds {}\n", store.display(), holds(&restored.backup));
    if let Some(kept) = &restored.kept {
        text.push_str("what was there is kept as ");
        text.push_str(&kept.display().to_string());
        text.push('\n');
    }
    say(out, &(text + &told(&restored.backup.problems)))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a run out as JSON lines
pub(crate) fn export(
    options: &Options,
    run_id: &str,
    file: Option<&Path>,
) -> Result<ExitCode, Failure> {
    let store = set_up::store(options)?.path;
    let mut out = Output::to(file)?;
    upkeep::export(&store, run_id, &mut out)?;
    out.end()
}

/// Where a run is written out to
pub(super) enum Output<'a> {
    Terminal(BufWriter<StdoutLock<'static>>),
    File(BufWriter<File>, &'a Path),
}

impl<'a> Output<'a> {
    /// A new file, or the terminal
    pub(super) fn to(file: Option<&'a Path>) -> Result<Self, Failure> {
        let Some(path) = file else {
            return Ok(Self::Terminal(BufWriter::new(std::io::stdout().lock())));
        };
        let file = File::create_new(path).map_err(|error| cannot_write(path, &error))?;
        Ok(Self::File(BufWriter::new(file), path))
    }

    /// Says that all is written, once it is on the disk
    pub(super) fn end(mut self) -> Result<ExitCode, Failure> {
        let flushed = self.flush();
        match self {
            Self::Terminal(_) => flushed.map_err(|error| Failure::writing(&error))?,
            Self::File(file, path) => flushed
                .and_then(|()| file.get_ref().sync_all())
                .map_err(|error| cannot_write(path, &error))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Terminal(out) => out.write(bytes),
            Self::File(out, _) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Terminal(out) => out.flush(),
            Self::File(out, _) => out.flush(),
        }
    }
}

fn cannot_write(file: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("`{}` cannot be written: {error}", file.display()))
}

/// What a store holds, in words: `12 runs (3 failed, 9 waiting) with 130 events`
pub(super) fn holds(findings: &Findings) -> String {
    let by_status = findings.by_status.iter().map(|(status, count)| format!("{count} {status}"));
    let by_status = by_status.collect::<Vec<_>>().join(", ");
    let by_status = if by_status.is_empty() { by_status } else { format!(" ({by_status})") };
    let (runs, events) = (count(findings.runs, "run"), count(findings.events, "event"));
    format!("{runs}{by_status} with {events}")
}

/// Problems, and what to do about each
pub(super) fn told(problems: &[Problem]) -> String {
    let lines = problems
        .iter()
        .map(|problem| format!("problem: {}\n  to do: {}\n", problem.message, problem.help));
    lines.collect()
}

fn say(out: &mut impl Write, text: &str) -> Result<(), Failure> {
    let said = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    said.map_err(|error| Failure::writing(&error))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Map, json};
    use tempfile::TempDir;

    use super::*;
    use crate::engine::embedded::Embedded;
    use crate::engine::{Engine, StartRequest, embedded};
    use crate::machine::sample;

    async fn start(folder: &TempDir) -> (Arc<Embedded>, String) {
        let path = folder.path().join("runs.sqlite");
        let engine = Embedded::open(sample::registry(), embedded::Options::new(path)).unwrap();
        let inputs = Map::from_iter([("task".to_owned(), json!("tea"))]);
        let request = StartRequest { workflow: "test:plan".into(), inputs, idempotency_key: None };
        let run_id = engine.start(request).await.unwrap().run_id;
        (Arc::new(engine), run_id)
    }

    fn options(folder: &TempDir, store: &str) -> Options {
        Options { store: Some(folder.path().join(store)), ..Options::default() }
    }

    #[tokio::test]
    async fn a_store_is_backed_up_and_restored_and_a_run_written_out() {
        let folder = tempfile::tempdir().unwrap();
        let store = options(&folder, "runs.sqlite");
        let (_engine, run_id) = start(&folder).await;
        let copy = folder.path().join("copy");
        let mut out = Vec::new();
        backup(&store, &copy, &mut out).unwrap();
        let elsewhere = options(&folder, "elsewhere");
        restore(&elsewhere, &copy, false, &mut out).unwrap();
        let said = String::from_utf8(out).unwrap();
        let holds = "holds 1 run (1 waiting) with 2 events\n";
        assert_eq!(said.matches(holds).count(), 2, "{said}");
        assert!(backup(&store, &copy, &mut Vec::new()).is_err());

        let file = folder.path().join("run.jsonl");
        export(&elsewhere, &run_id, Some(&file)).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        assert_eq!(text.lines().count(), 3);
        assert!(export(&elsewhere, &run_id, Some(&file)).is_err(), "it was overwritten");
    }
}
