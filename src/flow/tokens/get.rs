//! `getAccessToken` and `refreshToken`: the access token at hand while it is good, else a refresh.

use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use super::access_token::AccessToken;
use super::{at_hand, fetch_token, refresh};
use crate::error::{Code, Error, Phase};
use crate::flow::client::Client;
use crate::flow::session::errors::{expired, no_refresh_token};
use crate::flow::session::value::{self, Session};
use crate::flow::single_flight::Flight;
use crate::ports::Platform;
use crate::protocol::json::Object;
use crate::protocol::token::Token;
use crate::settings::params::TokenOptions;

/// The session that a caller without options gets the access token of, unless the application brings the token itself or a worker has it.
pub fn session_of_token<P: Platform>(client: &Client<P>) -> Option<Rc<Session>> {
    let is_elsewhere = client.functions.fetch_token.is_some() || client.options.is_in_worker();
    if is_elsewhere { None } else { client.session() }
}

/// Whether the access token is good as it is, for a caller without options.
pub fn is_good<P: Platform>(client: &Client<P>, session: &Session) -> bool {
    AccessToken::of(session).is_good(client.platform.now(), None)
}

/// A token that is good for long enough. The work begins with the call: a listener that asks for a token while it is told of one shares the
/// refresh that brought it.
pub fn access_token<P: Platform>(
    client: &Rc<Client<P>>,
    options: &TokenOptions,
) -> LocalBoxFuture<'static, Result<Rc<Token>, Error>> {
    if let Some(fetch_token) = &client.functions.fetch_token {
        return fetch_token::start(client, fetch_token).boxed_local();
    }
    let (client, begun) = (client.clone(), begin(client, options));
    async move {
        match begun? {
            Begun::Done(token) => Ok(token),
            Begun::Asking(flight, usable) => {
                let asked = refresh::awaited(&client, flight).await;
                asked.or_else(|error| usable.and_then(|usable| usable.instead(&client, &error)).ok_or(error))
            }
        }
    }
    .boxed_local()
}

enum Begun {
    Done(Rc<Token>),
    /// A new token is on its way. If the request for it fails, the token at hand may still be usable.
    Asking(Flight<Rc<Token>>, Option<Usable>),
}

fn begin<P: Platform>(client: &Rc<Client<P>>, options: &TokenOptions) -> Result<Begun, Error> {
    let session = client.session_at_hand()?;
    let held = at_hand::token_of(client, &session, &options.target);
    let now = client.platform.now();
    let is_expired = held.as_ref().is_some_and(|held| held.is_expired(now));
    let usable = held.as_ref().filter(|_| !options.force && !is_expired);
    if let Some(good) = usable.filter(|held| held.is_good(now, options.min_validity)) {
        return Ok(Begun::Done(good.token.clone()));
    }
    if session.token().refresh_token.is_none() {
        let usable = usable.map(|held| Begun::Done(held.token.clone()));
        return usable.ok_or_else(|| if is_expired { expired() } else { no_refresh_token() });
    }
    // The token at hand serves if the refresh fails and the caller does not insist on a new one.
    let usable = usable.filter(|_| options.min_validity.is_none()).map(|held| Usable { held: held.clone(), session });
    let stale = held.map(|held| held.token.access_token.clone());
    Ok(Begun::Asking(refresh::start(client, &options.target, stale), usable))
}

/// A token whose remaining life is shorter than the caller asked for.
struct Usable {
    held: AccessToken,
    session: Rc<Session>,
}

impl Usable {
    /// The token at hand instead of the one that the refresh did not bring. During the refresh, the token may have expired or its person
    /// may have signed out.
    fn instead<P: Platform>(self, client: &Client<P>, error: &Error) -> Option<Rc<Token>> {
        let is_passing = error.retryable || error.code == Code::TokenExpired;
        let is_usable = is_passing && !self.held.is_expired(client.platform.now());
        let now = client.session().filter(|_| is_usable)?;
        (now.token().access_token == self.session.token().access_token).then_some(self.held.token)
    }
}

/// `refreshToken`: the token as the page sees it, with the claims of the session that it belongs to.
pub fn refresh_token<P: Platform>(
    client: &Rc<Client<P>>,
    options: &TokenOptions,
) -> impl Future<Output = Result<Object, Error>> + use<P> {
    let (client, asked) = (client.clone(), access_token(client, options));
    async move {
        let token = asked.await?;
        Ok(client.session().map_or_else(|| token.to_json(None), |session| value::to_json(&session, &token)))
    }
}

/// Whether a page may be given an access token as text: a worker gives none away.
pub fn check_readable<P>(client: &Client<P>) -> Result<(), Error> {
    if client.options.is_in_worker() {
        let message = "The access token is in a worker, which gives it to no script.";
        return Err(Error::new(Code::ConfigInvalid, Phase::Token, message)
            .with_remedy("Send requests with client.fetch(), or use another tokenStorage."));
    }
    Ok(())
}
