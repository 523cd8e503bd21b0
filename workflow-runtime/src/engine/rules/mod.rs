//! What all engines go by: how runs move and how they are told, free of where they are kept.

pub(super) mod answers;
pub(super) mod builds;
pub(super) mod calling;
pub(super) mod children;
pub(super) mod failure;
pub(super) mod noted;
pub(super) mod starts;
pub(super) mod telling;
pub(super) mod time;
