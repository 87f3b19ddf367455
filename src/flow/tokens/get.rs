//! `getAccessToken` and `refreshToken`: the access token at hand while it is good, else a refresh.

use std::rc::Rc;

use super::access_token::AccessToken;
use super::{at_hand, fetch_token, refresh};
use crate::error::{Code, Error};
use crate::flow::client::Client;
use crate::flow::session::errors::{expired, no_refresh_token};
use crate::flow::session::value::Session;
use crate::ports::Platform;
use crate::protocol::json::Object;
use crate::protocol::token::Token;
use crate::settings::params::TokenOptions;

/// The session whose access token is good as it is, for a caller without options: nothing has to be waited for.
pub fn good_session<P: Platform>(client: &Client<P>) -> Option<Rc<Session>> {
    let session = client.session().filter(|_| client.functions.fetch_token.is_none())?;
    AccessToken::of(&session).is_good(client.platform.now(), None).then_some(session)
}

/// A token that is good for long enough.
pub async fn access_token<P: Platform>(client: &Rc<Client<P>>, options: &TokenOptions) -> Result<Rc<Token>, Error> {
    if client.functions.fetch_token.is_some() {
        return fetch_token::shared(client).await;
    }
    let session = client.session_at_hand()?;
    let held = at_hand::token_of(client, &session, &options.target);
    let now = client.platform.now();
    let is_usable = |held: &AccessToken| !options.force && !held.is_expired(now);
    if let Some(good) = held.as_ref().filter(|held| is_usable(held) && held.is_good(now, options.min_validity)) {
        return Ok(good.token.clone());
    }
    // Good enough for now, if a refresh fails and the caller does not insist.
    let usable = held.clone().filter(is_usable);
    if session.token().refresh_token.is_none() {
        let is_expired = held.is_some_and(|held| held.is_expired(now));
        return usable.map(|held| held.token).ok_or_else(|| if is_expired { expired() } else { no_refresh_token() });
    }
    let stale = held.map(|held| held.token.access_token.clone());
    let error = match refresh::start(client, options.target.clone(), stale).await {
        Ok(token) => return Ok(token),
        Err(error) => error,
    };
    // That took a while: the token may have expired meanwhile, or its person have left.
    let is_still_theirs =
        || client.session().is_some_and(|now| now.token().access_token == session.token().access_token);
    match usable.filter(|held| !held.is_expired(client.platform.now()) && is_still_theirs()) {
        Some(usable) if options.min_validity.is_none() && (error.retryable || error.code == Code::TokenExpired) => {
            Ok(usable.token)
        }
        _ => Err(error),
    }
}

/// `refreshToken`: the token as the page sees it, with the claims of the session that it belongs to.
pub async fn refresh_token<P: Platform>(client: &Rc<Client<P>>, options: &TokenOptions) -> Result<Object, Error> {
    let token = access_token(client, options).await?;
    let session = client.session();
    Ok(token.to_json(session.as_ref().and_then(|session| session.claims())))
}
