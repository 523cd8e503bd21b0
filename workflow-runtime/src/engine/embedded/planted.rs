//! Mistakes that the tests plant in the engine, to see that the simulation finds them.
//!
//! Each has one place in the engine, the one where somebody could make it. Outside of tests
//! [`planted`] is never true, and the compiler leaves nothing of it.

/// A mistake
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bug {
    /// A commit that failed is told as done
    FailedCommitTold,
    /// What a command did before it was refused stays
    RefusedHalfKept,
    /// What is due is left to the ticker, though the run is asked for
    DueOverlooked,
    /// The timers of a step stay when the run moves on
    TimersKept,
    /// A further attempt has no deadline
    AttemptUnlimited,
    /// A timer is applied to whatever the run waits for by now
    TimerOfAnotherStep,
    /// An attempt that is resting may be answered
    PauseOverlooked,
    /// The parent goes on before its last child has ended
    JoinedEarly,
    /// The next child does not begin when one has ended
    SiblingForgotten,
    /// One child more begins than may be under way at once
    OneTooMany,
    /// What is called off takes its children with it, but not theirs
    GrandchildrenKept,
    /// A run that has ended counts as unfinished
    EndUncounted,
    /// A server reads the store as it was when it first looked
    StaleReads,
    /// An answer goes to the latest hand-out of its step, whichever it was meant for
    HandOutsConfused,
    /// A repeated answer is told what comes next by now
    ReplyOfToday,
    /// The key of a start is not kept
    KeyForgotten,
    /// A tool is called twice
    CalledTwice,
    /// The row does not say that its run has ended
    StatusLate,
    /// A damaged journal is taken as it is
    ChecksumUnread,
    /// A run that is kept decoded is taken for what the store holds
    KeptTrusted,
    /// Where children are tried again, the results of their siblings are gone
    SiblingsDiscarded,
    /// A call that must not be made twice is made again after its maker has died
    OnceRepeated,
    /// The calls of processes that live are taken over
    LivingRobbed,
    /// The row of a call stays when its run waits for another
    CallKept,
    /// The outcome of a call goes to whatever its run waits for by now
    CallOfAnother,
    /// A run goes on under whatever build there is of its workflow
    AnyBuildWillDo,
    /// That a run goes on under another build is not written down
    UpgradeUnwritten,
    /// A run that no build fitted when its children had ended is not looked at again
    JoinForgotten,
    /// Children that no build fitted when it was their turn do not begin later
    BeginForgotten,
    /// A run that is taken up again does not count as unfinished
    RetryUncounted,
    /// A parent does not know that it waits for a child once more
    ReopenedUncounted,
}

/// Whether a mistake has been planted
#[cfg(not(test))]
pub(super) const fn planted(_: Bug) -> bool {
    false
}

#[cfg(test)]
pub(super) use in_tests::{ALL, planted, with};

#[cfg(test)]
mod in_tests {
    use std::cell::Cell;

    use super::Bug;

    thread_local! {
        static PLANTED: Cell<Option<Bug>> = const { Cell::new(None) };
    }

    pub(in super::super) const ALL: [Bug; 31] = [
        Bug::FailedCommitTold,
        Bug::RefusedHalfKept,
        Bug::DueOverlooked,
        Bug::TimersKept,
        Bug::AttemptUnlimited,
        Bug::TimerOfAnotherStep,
        Bug::PauseOverlooked,
        Bug::JoinedEarly,
        Bug::SiblingForgotten,
        Bug::OneTooMany,
        Bug::GrandchildrenKept,
        Bug::EndUncounted,
        Bug::StaleReads,
        Bug::HandOutsConfused,
        Bug::ReplyOfToday,
        Bug::KeyForgotten,
        Bug::CalledTwice,
        Bug::StatusLate,
        Bug::ChecksumUnread,
        Bug::KeptTrusted,
        Bug::SiblingsDiscarded,
        Bug::OnceRepeated,
        Bug::LivingRobbed,
        Bug::CallKept,
        Bug::CallOfAnother,
        Bug::AnyBuildWillDo,
        Bug::UpgradeUnwritten,
        Bug::JoinForgotten,
        Bug::BeginForgotten,
        Bug::RetryUncounted,
        Bug::ReopenedUncounted,
    ];

    /// Whether a mistake has been planted in this thread
    pub(in super::super) fn planted(bug: Bug) -> bool {
        PLANTED.get() == Some(bug)
    }

    /// Does something with a mistake in the engine, as far as it runs on this thread
    pub(in super::super) fn with<T>(bug: Bug, work: impl FnOnce() -> T) -> T {
        PLANTED.set(Some(bug));
        let done = work();
        PLANTED.set(None);
        done
    }
}
