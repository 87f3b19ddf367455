//! The access tokens that a session has: its own, and the resource tokens beside it.

use super::access_token::AccessToken;
use crate::flow::client::Client;
use crate::flow::session::value::Session;
use crate::ports::{Clock, Storage};
use crate::protocol::refresh::TokenTarget;
use crate::protocol::time::UnixTime;

/// The token of this target that the session has.
pub(in crate::flow) fn token_of<P>(client: &Client<P>, session: &Session, target: &TokenTarget) -> Option<AccessToken> {
    if target.is_of_login() {
        return Some(AccessToken::of(session));
    }
    client.state.resource_tokens.get(session.login(), target)
}

/// The time when the access token counts as expiring, and the time when it expires.
pub fn expiring_at<P: Storage + Clock>(client: &Client<P>) -> Option<(UnixTime, UnixTime)> {
    AccessToken::of(&*client.session()?).expiring_at()
}
