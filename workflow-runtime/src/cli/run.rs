//! `run`: a workflow in this terminal, the person playing the agent.

use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;

use serde_json::Value;

use super::answers::Answers;
use super::args::Run;
use super::drive::Driver;
use super::failure::Failure;
use super::inputs;
use super::terminal::Terminal;
use crate::engine::{Engine, StartRequest};
use crate::machine::Status;
use crate::registry::Registry;
use crate::reply::Reply;

/// Runs a workflow on the process's own streams
pub(crate) async fn run(engine: &dyn Engine, args: &Run) -> Result<ExitCode, Failure> {
    let attended = std::io::stdin().is_terminal();
    let terminal = Terminal::new(std::io::stdin().lock(), std::io::stderr());
    run_with(engine, args, terminal, attended, &mut std::io::stdout()).await
}

/// Runs a workflow: what is said goes to the terminal, the result alone to `result`
///
/// Unless a person is there, a run that others have begun is not given what only the user can
/// answer: that an agent pipes it in is no approval.
async fn run_with<R: BufRead, W: Write>(
    engine: &dyn Engine,
    args: &Run,
    mut terminal: Terminal<R, W>,
    attended: bool,
    result: &mut impl Write,
) -> Result<ExitCode, Failure> {
    let answers = args.answers.as_deref().map(Answers::read).transpose()?;
    let is_user = args.resume.is_none() || (attended && answers.is_none());
    let first = first_reply(engine, args).await?;
    let line = format!("run {} of `{}`", first.run_id, first.workflow);
    terminal.say(&line).map_err(|error| Failure::writing(&error))?;
    let mut driver = Driver::new(engine, first.run_id, terminal, answers);
    if !is_user {
        driver.leave_to_the_user();
    }
    if args.user_only {
        driver.leave_to_the_agent();
    }
    let last = driver.run().await?;
    if args.user_only && !last.status.ended() {
        driver.say("the rest is the agent's")?;
        return Ok(ExitCode::SUCCESS);
    }
    driver.say(status_word(last.status))?;
    if last.status != Status::Completed {
        return Err(ended(&last));
    }
    let value = last.result.unwrap_or(Value::Null);
    let text = serde_json::to_string_pretty(&value).unwrap_or_else(|_| value.to_string());
    writeln!(result, "{text}").map_err(|error| Failure::writing(&error))?;
    Ok(ExitCode::SUCCESS)
}

async fn first_reply(engine: &dyn Engine, args: &Run) -> Result<Reply, Failure> {
    if let Some(run_id) = &args.resume {
        return Ok(engine.next(run_id).await?);
    }
    let name = args.workflow.as_deref().unwrap_or_default();
    let registry = engine.registry();
    let program = registry.get(name).filter(|program| !program.info().inline_task);
    let program = program.ok_or_else(|| unknown(name, registry))?;
    let inputs = inputs::read(&args.inputs, program.info())?;
    let request = StartRequest { workflow: name.to_owned(), inputs, idempotency_key: None };
    Ok(engine.start(request).await?)
}

fn unknown(name: &str, registry: &Registry) -> Failure {
    let failure = Failure::usage(format!("there is no workflow `{name}`"));
    match registry.suggest(name) {
        Some(near) => failure.help(format!("did you mean `{near}`")),
        None => failure.help("`workflow-server list` shows the workflows"),
    }
}

/// How a run that did not complete is told
fn ended(last: &Reply) -> Failure {
    let status = status_word(last.status);
    match &last.error {
        Some(error) => {
            let place = error.step_id.as_ref().map(|id| format!(" at step `{id}`"));
            let place = place.unwrap_or_default();
            Failure::new(format!("the run {status}{place}: {}", error.message))
                .help(error.help.clone().unwrap_or_default())
        }
        None => Failure::new(format!("the run ended as {status}")),
    }
}

fn status_word(status: Status) -> &'static str {
    match status {
        Status::Running => "running",
        Status::Waiting => "waiting",
        Status::Completed => "completed",
        Status::Failed => "failed",
        Status::Cancelled => "cancelled",
        Status::Incompatible => "incompatible",
        Status::Quarantined => "quarantined",
    }
}

#[cfg(test)]
mod tests;
