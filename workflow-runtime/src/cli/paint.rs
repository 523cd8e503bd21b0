//! Colours: how a run stands is seen at a glance.
//!
//! They are written always. [`anstream`] takes them out again where nobody would see them: in a pipe, in a
//! file, with `NO_COLOR`, or on a terminal that has none.

use anstyle::{AnsiColor, Style};

use super::plain::plain;
use crate::machine::Status;

/// What stands above columns
pub(crate) const HEAD: Style = Style::new().bold();

/// What is of less interest
pub(crate) const ASIDE: Style = Style::new().dimmed();

/// What went wrong
pub(crate) const WRONG: Style = AnsiColor::Red.on_default();

/// How a run stands
pub(crate) fn status(status: Status) -> Style {
    match status {
        Status::Completed => AnsiColor::Green.on_default(),
        Status::Failed | Status::Incompatible | Status::Quarantined => WRONG,
        Status::Waiting => AnsiColor::Yellow.on_default(),
        Status::Running => AnsiColor::Cyan.on_default(),
        Status::Cancelled => ASIDE,
    }
}

/// A text in a style, and what comes after it as before
pub(crate) fn painted(style: Style, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{style}{}{style:#}", plain(text)) }
}
