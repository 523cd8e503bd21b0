//! A checklist as it is told.

use std::fmt::Write as _;
use std::io::Write;
use std::process::ExitCode;

use serde::Serialize;

use super::super::failure::Failure;
use super::super::runs;
use crate::engine::{Check, Phase, Verdict};

/// A checklist gone through
#[derive(Serialize)]
struct Checklist<'a> {
    /// That of the worst check
    verdict: Verdict,
    checks: &'a [Check],
}

/// Tells how each check has ended; fails if one has failed
pub(super) fn print(
    checks: &[Check],
    json: bool,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    let verdict = checks.iter().map(|check| check.verdict).max().unwrap_or(Verdict::Ok);
    let list = Checklist { verdict, checks };
    runs::print(out, json, &list, || text(checks))?;
    Ok(if verdict == Verdict::Fail { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn text(checks: &[Check]) -> String {
    let mut text = String::new();
    let width = checks.iter().map(|check| check.name.len()).max().unwrap_or(0);
    for phases in checks.chunk_by(|one, next| one.phase == next.phase) {
        let phase = phases.first().map_or("", |check| word_of_phase(check.phase));
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(text, "{phase}");
        for Check { name, verdict, found, to_do, .. } in phases {
            let _ = writeln!(text, "  {:<4}  {name:<width$}  {found}", word_of_verdict(*verdict));
            if let Some(to_do) = to_do {
                let _ = writeln!(text, "        to do: {to_do}");
            }
        }
    }
    let of = |verdict| checks.iter().filter(|check| check.verdict == verdict).count();
    let (well, look, failed) = (of(Verdict::Ok), of(Verdict::Warn), of(Verdict::Fail));
    let _ = writeln!(text, "{well} ok, {look} to look at, {failed} failed");
    text
}

/// The word for a part of the checklist, as `--phase` takes it
pub(in crate::cli) const fn word_of_phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Before => "before",
        Phase::During => "during",
        Phase::After => "after",
    }
}

const fn word_of_verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "ok",
        Verdict::Warn => "warn",
        Verdict::Fail => "fail",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(checks: &[Check], json: bool) -> (ExitCode, String) {
        let mut out = Vec::new();
        let code = print(checks, json, &mut out).unwrap();
        (code, String::from_utf8(out).unwrap())
    }

    #[test]
    fn each_check_is_a_line_under_its_phase_and_one_that_failed_fails_all() {
        let well = [
            Check::ok(Phase::Before, "build", "a release"),
            Check::warn(Phase::After, "backup", "9 days old", "make one"),
        ];
        let (code, said) = told(&well, false);
        assert_eq!(code, ExitCode::SUCCESS);
        assert_eq!(
            said,
            "before\n  ok    build   a release\nafter\n  warn  backup  9 days old\n        \
             to do: make one\n1 ok, 1 to look at, 0 failed\n"
        );
        let failed = [Check::fail(Phase::During, "token", "none", "set one")];
        let (code, said) = told(&failed, true);
        assert_eq!(code, ExitCode::FAILURE);
        let said: serde_json::Value = serde_json::from_str(&said).unwrap();
        let check = serde_json::json!({
            "phase": "during", "name": "token", "verdict": "fail", "found": "none", "to_do": "set one",
        });
        assert_eq!(said, serde_json::json!({"verdict": "fail", "checks": [check]}));
    }
}
