//! Everything that a page does to the world outside, one effect at a time, so that any single one can fail, or be the last thing its
//! tab did.

use std::cell::Cell;

/// What a page asks of its browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Read,
    Write,
    Remove,
    Keys,
    /// A request leaves, and what answers it arrives.
    Request,
    Answer,
    Random,
    Verify,
    Now,
    Lock,
    Pause,
    Announce,
    Tombstone,
    Bury,
    Address,
}

use Effect::*;

/// What may go wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The tab is gone, in the middle of whatever it was doing.
    Killed,
    /// Whoever waited loses interest; the page lives on. Only waiting can be given up.
    Abandoned,
    /// A request that reaches nobody.
    Lost,
    /// A request that was acted on, and whose answer is lost.
    Unanswered,
    /// The same, noticed by its time limit.
    TimedOut,
    /// An answer of which half arrives.
    Truncated,
    /// The browser lets nobody at sessionStorage.
    Blocked,
    /// sessionStorage takes no more.
    Full,
    /// localStorage can be neither read nor written.
    NoTombstones,
    NoRandom,
    NoVerifier,
    /// The device's clock is set by this many seconds.
    Clock(i64),
    /// The device sleeps for this many seconds.
    Asleep(i64),
}

impl Kind {
    fn concerns(self, effect: Effect) -> bool {
        match self {
            // Merely looking changes nothing: a tab that dies at it might as well die at what comes next.
            Self::Killed => !matches!(effect, Now | Read | Keys | Tombstone | Random),
            Self::Abandoned => false,
            Self::Lost => effect == Request,
            Self::Unanswered | Self::TimedOut | Self::Truncated => effect == Answer,
            Self::Blocked => matches!(effect, Read | Write | Remove | Keys),
            Self::Full => effect == Write,
            Self::NoTombstones => matches!(effect, Tombstone | Bury),
            Self::NoRandom => effect == Random,
            Self::NoVerifier => effect == Verify,
            Self::Clock(_) => effect == Now,
            Self::Asleep(_) => matches!(effect, Request | Answer | Lock | Pause | Verify),
        }
    }

    /// Whether a server may have acted on a request whose answer was never put to use. One that arrives when its id_token has
    /// expired, or seems to, is rejected, which is as good as lost.
    pub fn may_lose_an_answer(self) -> bool {
        use Kind::*;
        matches!(self, Killed | Unanswered | TimedOut | Truncated | Clock(_) | Asleep(_))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    pub kind: Kind,
    /// The effect that fails, counted from 0 among those that the fault concerns.
    pub at: usize,
    /// Every later one fails, too.
    pub and_after: bool,
}

/// The payload of the unwinding by which a tab dies: no code of a page runs after it.
pub struct TabDied;

/// What the pages of one tab do, and the fault they will meet.
#[derive(Default)]
pub struct Effects {
    fault: Cell<Option<Fault>>,
    struck: Cell<Option<Effect>>,
    met: Cell<usize>,
}

impl Effects {
    /// From now on, counted anew.
    pub fn inject(&self, fault: Fault) {
        self.fault.set(Some(fault));
        self.struck.set(None);
        self.met.set(0);
    }

    /// Everything works again. Whether the fault was met at all.
    pub fn recover(&self) -> bool {
        self.fault.set(None);
        self.struck.get().is_some()
    }

    /// What is wrong with this one, if anything.
    pub fn meet(&self, effect: Effect) -> Option<Kind> {
        let fault = self.fault.get().filter(|fault| fault.kind.concerns(effect))?;
        let index = self.met.replace(self.met.get() + 1);
        let is_hit = index == fault.at || fault.and_after && index > fault.at;
        if !is_hit {
            return None;
        }
        self.struck.set(Some(effect));
        if fault.kind == Kind::Killed {
            // Not `panic!`: nothing is wrong, so nothing is printed.
            std::panic::resume_unwind(Box::new(TabDied));
        }
        Some(fault.kind)
    }
}

/// Runs a round with a fault of this kind at the first effect that it concerns, the second, and so on, until the round needs
/// fewer of them. The round tells whether its fault struck. Gives the number of effects.
pub fn at_every(kind: Kind, and_after: bool, mut round: impl FnMut(Fault) -> bool) -> usize {
    let struck = |at: &usize| {
        assert!(*at < 1000, "the scenario never ends");
        round(Fault { kind, at: *at, and_after })
    };
    (0..).take_while(struck).count()
}

/// The faults of storage alone. Gives the number of its operations.
pub fn at_every_fault(mut round: impl FnMut(Fault) -> bool) -> usize {
    at_every(Kind::Full, false, &mut round);
    at_every(Kind::Full, true, &mut round);
    at_every(Kind::Blocked, true, &mut round);
    at_every(Kind::Blocked, false, &mut round)
}
