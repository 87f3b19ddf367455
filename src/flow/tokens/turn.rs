//! The turn to redeem a refresh token: one tab after the other, by a lock of the browser or, where the page has no locks, by a lease. After
//! the wait, this tab looks for the tokens that other tabs have brought meanwhile.

use std::rc::Rc;

use super::at_hand;
use super::lease::{self, Lease};
use crate::error::{Code, Error, Phase};
use crate::flow::client::Client;
use crate::flow::session::errors::no_refresh_token;
use crate::flow::session::tabs;
use crate::flow::session::value::Session;
use crate::ports::Platform;
use crate::protocol::refresh::TokenTarget;
use crate::protocol::secret::Secret;
use crate::protocol::token::Token;

pub(in crate::flow) enum Turn<P: Platform> {
    /// Another tab, or an earlier refresh, has brought the token.
    NotNeeded(Rc<Token>),
    Ours(Rc<Session>, Hold<P>),
}

/// Keeps the other tabs waiting until it is dropped: by a lock, by a lease, or by neither where the browser offers neither.
pub(in crate::flow) struct Hold<P: Platform> {
    lock: Option<P::Held>,
    _lease: Option<Rc<Lease<P>>>,
}

impl<P: Platform> Hold<P> {
    /// Lets the next tab have its turn. After a rotation, the next tab first gets time to hear of it, and so does a tab with the same stored
    /// session, which may still read the one before. A tab that gets a lease looks for a
    /// tombstone of the rotation.
    pub fn end(self, client: &Client<P>, is_rotated: bool) {
        if let Some(lock) = self.lock.filter(|_| is_rotated || client.sessions.is_shared()) {
            client.platform.unlock_soon(lock);
        }
    }
}

/// Waits until no other tab redeems the refresh token at hand, and looks for the tokens that other tabs have brought meanwhile.
pub(in crate::flow) async fn wait<P: Platform>(
    client: &Rc<Client<P>>,
    target: &TokenTarget,
    stale: Option<&Secret>,
) -> Result<Turn<P>, Error> {
    let platform = &*client.platform;
    let mut before = refreshable(client)?;
    // Another tab may need this long: it asks for metadata, for tokens, and for the keys of an id_token.
    let patience = client.options.request_timeout.saturating_mul(3).saturating_add(5);
    loop {
        let lock = platform.lock(&tabs::lock_name(client, &before), patience).await;
        let lease = if lock.is_none() { lease::wait(client, patience).await } else { None };
        let hold = Hold { lock, _lease: lease };
        let session = refreshable(client)?;
        // Another tab, or the refresh before this one, may have brought the token.
        if let Some(token) = newer_token(client, &session, target, stale) {
            return Ok(Turn::NotNeeded(token));
        }
        let is_as_before = !session.has_other_refresh_token(&before);
        if is_as_before && !client.sessions.is_spent(platform, &session) {
            return Ok(Turn::Ours(session, hold));
        }
        drop(hold);
        if is_as_before && !tabs::ask_for_successor(client, &session).await {
            return Err(spent_elsewhere());
        }
        // The refresh token was rotated meanwhile, and the lock was that of the old one.
        before = refreshable(client)?;
    }
}

/// The session, if it has a refresh token.
fn refreshable<P: Platform>(client: &Client<P>) -> Result<Rc<Session>, Error> {
    let session = client.session_at_hand()?;
    if session.token().refresh_token.is_some() { Ok(session) } else { Err(no_refresh_token()) }
}

/// A token of the target that is newer than `stale`, if the session has one by now.
pub(in crate::flow) fn newer_token<P: Platform>(
    client: &Client<P>,
    session: &Session,
    target: &TokenTarget,
    stale: Option<&Secret>,
) -> Option<Rc<Token>> {
    let held = at_hand::token_of(client, session, target)?;
    let is_newer = Some(&held.token.access_token) != stale && !held.is_expired(client.platform.now());
    is_newer.then_some(held.token)
}

fn spent_elsewhere() -> Error {
    let message = "Another tab has used the refresh token that this copy of its session holds, and is not there to share the new one.";
    Error::new(Code::TokenExpired, Phase::Refresh, message)
}
