//! An access token and the time for which it is good.

use std::rc::Rc;

use crate::flow::session::lifetime::MAX_SETBACK;
use crate::flow::session::value::Session;
use crate::protocol::time::UnixTime;
use crate::protocol::token::Token;

/// Seconds that a token must still be good for unless the caller says otherwise.
const MIN_VALIDITY: u32 = 30;
/// Seconds before the end at which a token counts as expiring.
const EXPIRING: u32 = 60;
/// Seconds after its arrival before which no token is renewed by itself: a provider may state any life.
const MIN_AGE: u32 = 10;

/// An access token and the time it came.
#[derive(Clone)]
pub(in crate::flow) struct AccessToken {
    pub token: Rc<Token>,
    pub obtained_at: UnixTime,
}

impl AccessToken {
    pub fn of(session: &Session) -> Self {
        Self { token: session.token().clone(), obtained_at: session.obtained_at() }
    }

    fn seconds_left(&self, now: UnixTime) -> Option<i64> {
        self.token.expires_at.map(|at| at.since(now))
    }

    pub fn is_expired(&self, now: UnixTime) -> bool {
        self.seconds_left(now).is_some_and(|left| left <= 0)
    }

    /// The default is at most half the token's life, so that short-lived tokens are used at all.
    pub fn is_good(&self, now: UnixTime, min_validity: Option<u32>) -> bool {
        let wanted = min_validity.unwrap_or_else(|| self.within_half_life(MIN_VALIDITY));
        // A token without an expiry is good until an API refuses it.
        self.seconds_left(now).is_none_or(|left| left > 0 && left >= i64::from(wanted) && !self.is_of_future(now))
    }

    /// Whether the clock was set back after the token came: how long the token still lives is not known then.
    fn is_of_future(&self, now: UnixTime) -> bool {
        self.obtained_at.since(now) > MAX_SETBACK
    }

    /// The time when the token is renewed by itself: before it counts as expiring, and earlier by half as much again for the largest
    /// `chance`, so that many tabs do not wake at one instant.
    pub fn renewal_at(&self, now: UnixTime, chance: u8) -> Option<UnixTime> {
        let (expiring_at, expires_at) = self.expiring_at()?;
        if self.is_of_future(now) {
            return Some(now);
        }
        let earlier = expires_at.since(expiring_at) * i64::from(chance) / 510;
        Some(UnixTime(expiring_at.0.saturating_sub(earlier)).max(self.obtained_at.plus(MIN_AGE)))
    }

    /// The time when the token counts as expiring, and the time when it expires.
    pub fn expiring_at(&self) -> Option<(UnixTime, UnixTime)> {
        let expires_at = self.token.expires_at?;
        Some((UnixTime(expires_at.0.saturating_sub(i64::from(self.within_half_life(EXPIRING)))), expires_at))
    }

    fn within_half_life(&self, seconds: u32) -> u32 {
        let half = self.token.expires_at.map_or(i64::MAX, |at| at.since(self.obtained_at).max(0) / 2);
        u32::try_from(half).unwrap_or(u32::MAX).min(seconds)
    }
}
