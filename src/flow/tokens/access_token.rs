//! Access tokens at hand: the session's own and those beside it, and how long each is good for.

use crate::flow::client::Client;
use crate::flow::events::Event;
use crate::flow::session::value::Session;
use crate::ports::{Clock, Storage};
use crate::protocol::refresh::TokenTarget;
use crate::protocol::time::UnixTime;
use crate::protocol::token::Token;

/// Seconds that a token must still be good for unless the caller says otherwise.
const MIN_VALIDITY: u32 = 30;
/// Seconds before the end at which a token counts as expiring.
const EXPIRING: u32 = 60;
/// Tokens beside the session's own that a page holds at most.
const MAX_BESIDE: usize = 16;

/// A token of another scope or resource than the login's.
pub struct ResourceToken {
    audience: TokenTarget,
    held: AccessToken,
    /// The login that it came of: whose, and when.
    login: (String, UnixTime),
}

/// An access token and the time it came.
#[derive(Clone)]
pub(in crate::flow) struct AccessToken {
    pub token: Token,
    pub obtained_at: UnixTime,
}

impl AccessToken {
    fn of(session: &Session) -> Self {
        Self { token: session.token().clone(), obtained_at: session.obtained_at() }
    }

    fn seconds_left(&self, now: UnixTime) -> Option<i64> {
        self.token.expires_at.map(|at| at.since(now))
    }

    pub fn is_expired(&self, now: UnixTime) -> bool {
        self.seconds_left(now).is_some_and(|left| left <= 0)
    }

    /// A default is cut to half the token's life, so that short-lived tokens are used at all.
    pub fn is_good(&self, now: UnixTime, min_validity: Option<u32>) -> bool {
        let wanted = min_validity.unwrap_or_else(|| self.within_half_life(MIN_VALIDITY));
        // What says nothing of its end is good until an API says otherwise.
        self.seconds_left(now).is_none_or(|left| left > 0 && left >= i64::from(wanted))
    }

    fn within_half_life(&self, seconds: u32) -> u32 {
        let half = self.token.expires_at.map_or(i64::MAX, |at| at.since(self.obtained_at).max(0) / 2);
        u32::try_from(half).unwrap_or(u32::MAX).min(seconds)
    }
}

impl<P: Storage + Clock> Client<P> {
    pub(in crate::flow) fn held(&self, session: &Session, audience: &TokenTarget) -> Option<AccessToken> {
        if audience.is_of_login() {
            return Some(AccessToken::of(session));
        }
        let (beside, login) = (self.state.beside.borrow(), self.login_of(session));
        let mut of_login = beside.iter().filter(|beside| beside.login == login);
        of_login.find(|beside| beside.audience == *audience).map(|beside| beside.held.clone())
    }

    fn login_of(&self, session: &Session) -> (String, UnixTime) {
        (self.subject_fingerprint(session), session.logged_in_at())
    }

    /// A login, or that there is none, which is still so.
    pub(in crate::flow) fn is_same_login(&self, before: Option<&Session>, now: Option<&Session>) -> bool {
        before.map(|session| self.login_of(session)) == now.map(|session| self.login_of(session))
    }

    pub(in crate::flow) fn keep_resource_token(&self, session: &Session, audience: &TokenTarget, held: AccessToken) {
        let mut beside = self.state.beside.borrow_mut();
        beside.retain(|other| other.audience != *audience);
        if beside.len() >= MAX_BESIDE {
            beside.remove(0);
        }
        beside.push(ResourceToken { audience: audience.clone(), held, login: self.login_of(session) });
    }

    /// When the access token counts as expiring, and when it expires.
    pub fn expiring_at(&self) -> Option<(UnixTime, UnixTime)> {
        let held = AccessToken::of(&self.session()?);
        let expires_at = held.token.expires_at?;
        Some((UnixTime(expires_at.0.saturating_sub(i64::from(held.within_half_life(EXPIRING)))), expires_at))
    }

    /// Tells that a token is expiring, if it is still the one at hand.
    pub fn emit_expiring(&self, expires_at: UnixTime) {
        if self.expiring_at().is_some_and(|(_, at)| at == expires_at) {
            self.emit(Event::Expiring(expires_at));
        }
    }
}
