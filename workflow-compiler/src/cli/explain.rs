//! `workflowc explain`.

use std::io;

use super::{Failure, Outcome};
use crate::diagnostic::Code;
use crate::syntax::decode::closest;

/// Prints the page of a code
pub(super) fn explain(code: &str, out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    let name = code.trim().trim_start_matches("error[").trim_start_matches("warning[");
    let name = name.trim_end_matches(']');
    let Some(known) = Code::ALL.iter().find(|known| known.as_str() == name) else {
        let meant = closest(name, Code::ALL.iter().map(|known| known.as_str()));
        let help = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "`workflowc explain` lists all codes".to_owned(),
        };
        return Err(Failure::Usage(format!("there is no code `{code}`"), help));
    };
    out.write_all(known.page().as_bytes())?;
    Ok(Outcome::Clean)
}

/// Prints every code with what it means, a line each
pub(super) fn list(out: &mut dyn io::Write) -> Result<Outcome, Failure> {
    let mut codes = Code::ALL.to_vec();
    codes.sort_by_key(|code| code.as_str());
    let width = codes.iter().map(|code| code.as_str().len()).max().unwrap_or_default();
    for code in codes {
        writeln!(out, "{:width$}  {}", code.as_str(), code.summary())?;
    }
    Ok(Outcome::Clean)
}
