//! What is wrong with a program as a whole: one file a check, one line in [`ALL`]. The checks look
//! at the lowered program, so that they hold for every step type.

mod children;
mod constant;
mod depth;
mod mends;
mod needs;
mod paths;
mod reach;
mod results;
mod shell;
mod tools;
mod unread;

pub(crate) use children::{forks, parents};
pub use mends::declare_item;
pub use needs::report_unlisted;
pub use paths::report_unassigned;

use crate::diagnostic::Diagnostics;
use crate::ir::ProgramId;
use crate::types::{Checked, World};

/// A check of one program
pub type Check = fn(World<'_>, &Checked, ProgramId, &mut Diagnostics);

/// Every check
pub const ALL: &[Check] = &[
    needs::unknown,
    needs::unused,
    reach::unreachable_steps,
    children::prompts,
    children::recursion,
    depth::too_deep,
    results::dropped,
    unread::never_read,
    constant::conditions,
    tools::calls,
    shell::injection,
];
