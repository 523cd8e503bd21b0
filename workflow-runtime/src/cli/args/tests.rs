//! Command lines as people write them.

use clap::CommandFactory;

use super::*;
use crate::machine::Limit;

fn parse(line: &str) -> Result<Args, clap::Error> {
    let words = ["workflow-server"].into_iter().chain(line.split_whitespace());
    Args::read(words.map(OsString::from))
}

#[test]
fn the_definition_is_sound() {
    Args::command().debug_assert();
}

#[test]
fn nothing_means_serve_and_options_may_stand_anywhere() {
    let nothing = parse("").unwrap();
    assert!(matches!(nothing.command, Some(Command::Serve(_))));
    let before = parse("--store a.sqlite serve --transport stdio").unwrap();
    let after = parse("serve --store a.sqlite").unwrap();
    for args in [before, after] {
        assert!(matches!(args.command, Some(Command::Serve(_))));
        assert_eq!(args.options.store, Some(PathBuf::from("a.sqlite")));
    }
    for line in ["--max-steps 9 serve", "serve --max-steps 9"] {
        let limits = parse(line).unwrap().options.limits.0;
        assert_eq!(limits.get(Limit::Steps), 9, "{line}");
    }
}

#[test]
fn run_takes_inputs_with_equals_signs_in_their_values() {
    let args = parse("run plan --input a=b=c -i n=3 --answers x.yaml").unwrap();
    let Some(Command::Run(run)) = args.command else { panic!("not run") };
    assert_eq!(run.workflow.as_deref(), Some("plan"));
    assert_eq!(run.inputs, [("a".into(), "b=c".into()), ("n".into(), "3".into())]);
    assert_eq!(run.answers, Some(PathBuf::from("x.yaml")));
}

#[test]
fn runs_are_listed_by_how_they_stand() {
    let args = parse("runs list --status quarantined --workflow plan --json").unwrap();
    let Some(Command::Runs(Runs::List(list))) = args.command else { panic!("not runs list") };
    assert_eq!((list.status, list.json), (Some(Status::Quarantined), true));
}

#[test]
fn wrong_lines_are_usage_errors() {
    for line in [
        "runs",
        "runs list --status happy",
        "runs cancel",
        "run",
        "run plan --input novalue",
        "run plan --resume run-1",
        "serve --transport pigeon",
        "serve --transport http --addr 8484",
        "serve --engine steam",
        "--max-concurrent-workflows 0",
        "serve --max-steps 99999999999",
        "doctor --phase before",
        "doctor --production --phase never",
        "dance",
    ] {
        assert_eq!(parse(line).unwrap_err().exit_code(), 2, "{line}");
    }
}

#[test]
fn the_checklist_can_be_gone_through_in_parts_and_knows_how_the_server_is_set() {
    let line = "doctor --production --phase before,after --transport http --addr 127.0.0.1:9";
    let Some(Command::Doctor(doctor)) = parse(line).unwrap().command else { panic!("not doctor") };
    assert_eq!(doctor.phases, [Phase::Before, Phase::After]);
    assert_eq!(doctor.serve.http.addr.port(), 9);
    assert_eq!(doctor.definitions(), None);
}

#[test]
fn resume_needs_no_workflow() {
    let Some(Command::Run(run)) = parse("run --resume run-1").unwrap().command else {
        panic!("not run")
    };
    assert_eq!(run.resume.as_deref(), Some("run-1"));
}
