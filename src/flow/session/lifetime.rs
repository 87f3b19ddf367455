//! The end that a session has of itself: the lifetime that the options give it, and the end that the provider states in the id_token.

use super::value::Session;
use crate::flow::events::LogoutReason;
use crate::protocol::time::UnixTime;
use crate::settings::options::SessionLifetime;

/// Seconds by which a clock may be set back without an end of the session. A clock that goes back further would make the session longer by
/// a time without bound.
pub const MAX_SETBACK: i64 = 300;

/// When the session ends, and the reason then. `active` is the time when its person last did something.
pub fn end_of(lifetime: SessionLifetime, session: &Session, active: UnixTime) -> Option<(UnixTime, LogoutReason)> {
    let mut end = session.times.ends_at.map(|at| (at, LogoutReason::Expired));
    let after = [
        (lifetime.max, session.logged_in_at(), LogoutReason::Expired),
        (lifetime.idle, active.max(session.logged_in_at()), LogoutReason::Idle),
    ];
    for (seconds, begin, reason) in after {
        if let Some(at) = seconds.map(|seconds| begin.plus(seconds))
            && end.is_none_or(|(earlier, _)| at < earlier)
        {
            end = Some((at, reason));
        }
    }
    end
}

/// Whether a session that ends then has ended by now.
pub fn is_over(session: &Session, active: UnixTime, at: UnixTime, now: UnixTime) -> bool {
    let latest = active.max(session.logged_in_at()).max(session.obtained_at());
    now >= at || latest.since(now) > MAX_SETBACK
}
