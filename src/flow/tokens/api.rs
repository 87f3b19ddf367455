//! Requests to APIs: the origins that may see the access token, and the second try after an API has refused it. The browser sends the
//! request itself: bodies, streams and forms pass by untouched.

use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use crate::error::{Cause, Code, Error, Phase};
use crate::flow::abort::{aborted, unless_aborted};
use crate::flow::client::Client;
use crate::flow::op::metadata::server_metadata;
use crate::flow::session::errors::signed_out;
use crate::flow::session::value::Session;
use crate::flow::tokens::{get, refresh};
use crate::ports::{ApiAnswer, ApiRequest, Platform, Signal, Unsent};
use crate::protocol::challenge::Challenge;
use crate::protocol::metadata::ServerMetadata;
use crate::protocol::refresh::TokenTarget;
use crate::protocol::token::Token;
use crate::protocol::uri::Uri;
use crate::settings::params::TokenOptions;

/// `fetch`: sends the request with the access token. If the API says that the token is not valid, the request is sent once more
/// with another token of the same person.
pub async fn fetch<P: Platform, R: ApiRequest>(
    client: Rc<Client<P>>,
    request: R,
    signal: Option<impl Signal>,
) -> Result<R::Answer, Error> {
    let (terms, signal) = (request.terms(), signal.as_ref());
    if !terms.withhold_token && terms.is_no_cors {
        return Err(unusable("The mode \"no-cors\" lets no access token pass: use \"cors\", or withholdToken."));
    }
    let mut borrowed = match terms.withhold_token {
        true => None,
        false => Some(unless_aborted(signal, Phase::Request, token_for(&client, &terms.origin)).await?),
    };
    let mut token = borrowed.as_ref().map(|borrowed| borrowed.token.clone());
    loop {
        let credential = token.map(|token| token.credential());
        let answer = request.send(credential.as_ref()).await.map_err(|unsent| unanswered(unsent, signal))?;
        let challenge = || answer.challenge();
        let Some(rejected) = borrowed.take().filter(|_| is_worth_a_new_token(answer.status(), challenge().as_deref()))
        else {
            return Ok(answer);
        };
        // A token is asked for even where the request cannot be repeated: the next request will need it.
        let renewed = token_instead_of(&client, &rejected).map(Ok);
        token = unless_aborted(signal, Phase::Request, renewed).await?;
        if token.is_none() || !request.is_repeatable() {
            return Ok(answer);
        }
        answer.discard();
    }
}

/// The token for a request to this origin (as a browser's URL parser writes it). Origins are compared whole, never by prefix:
/// `https://api.example.com.evil.test` begins like an allowed origin.
pub async fn token_for<P: Platform>(client: &Rc<Client<P>>, origin: &str) -> Result<Borrowed, Error> {
    // The metadata is fetched for this only if no setting allows the origin.
    if !client.config.api_origins.iter().any(|allowed| allowed == origin) {
        let metadata = server_metadata(client, false).await?;
        if !is_of_userinfo(client, &metadata, origin) {
            let message =
                "The access token is not sent to this origin: it is neither in apiOrigins nor that of apiBaseUrl.";
            return Err(Error::new(Code::OriginNotAllowed, Phase::Request, message));
        }
    }
    borrow_token(client).await
}

fn is_of_userinfo<P: Platform>(client: &Client<P>, metadata: &ServerMetadata, origin: &str) -> bool {
    let endpoint = metadata.userinfo_endpoint().ok().and_then(|url| Uri::parse(url).ok());
    let is_its = client.session().is_none_or(|session| client.check_provider(&session, metadata).is_ok());
    is_its && endpoint.is_some_and(|uri| uri.web_origin() == origin)
}

/// A token for one request, and the second try that may follow.
pub(in crate::flow) fn borrow_token<P: Platform>(
    client: &Rc<Client<P>>,
) -> LocalBoxFuture<'_, Result<Borrowed, Error>> {
    async move {
        let before = client.session();
        let token = get::access_token(client, &TokenOptions::default()).await?;
        // The session may have changed meanwhile. A token from `fetchToken` goes with the current session. Any other token belongs to the
        // login that it was asked for, and is refused if that login has ended.
        let session = client.session();
        if client.functions.fetch_token.is_none()
            && before.as_deref().map(Session::login) != session.as_deref().map(Session::login)
        {
            return Err(signed_out());
        }
        Ok(Borrowed { token, session })
    }
    .boxed_local()
}

/// RFC 6750 section 3.1: `invalid_token` means that another token may do. The API would repeat any other refusal.
pub fn is_worth_a_new_token(status: u16, challenge: Option<&str>) -> bool {
    status == 401 && challenge.and_then(Challenge::parse).is_some_and(|challenge| challenge.is_invalid_token())
}

/// A token of the same person that is not the rejected one; `None` if there is no such token, and then the caller gets the API's own
/// answer.
pub fn token_instead_of<'a, P: Platform>(
    client: &'a Rc<Client<P>>,
    rejected: &'a Borrowed,
) -> LocalBoxFuture<'a, Option<Rc<Token>>> {
    async move {
        let spent = &rejected.token.access_token;
        if client.functions.fetch_token.is_none() {
            let session = client.session()?;
            if session.token().access_token == *spent {
                session.token().refresh_token.as_ref()?;
                let flight = refresh::start(client, &TokenTarget::default(), Some(spent.clone()));
                refresh::awaited(client, flight).await.ok()?;
            }
        }
        let renewed = borrow_token(client).await.ok()?;
        // Another person may have signed in meanwhile: the request of one person is not repeated in the name of another.
        let is_theirs = subject(&renewed) == subject(rejected);
        (renewed.token.access_token != *spent && is_theirs).then_some(renewed.token)
    }
    .boxed_local()
}

fn subject(borrowed: &Borrowed) -> Option<&str> {
    borrowed.session.as_ref().map(|session| session.subject())
}

/// A token, and the session that it belongs to, if any.
pub struct Borrowed {
    pub token: Rc<Token>,
    pub(in crate::flow) session: Option<Rc<Session>>,
}

/// The error of a request that has no answer. A request that the caller has aborted fails by that.
fn unanswered(unsent: Unsent, signal: Option<&impl Signal>) -> Error {
    match (unsent, signal.and_then(Signal::reason)) {
        (Unsent::Unanswered(_), Some(reason)) => aborted(reason, Phase::Request),
        (Unsent::Unanswered(thrown), None) => {
            Error::new(Code::Network, Phase::Request, "The API could not be reached.").caused_by(Cause(thrown))
        }
        (unsent, _) => unsent.into(),
    }
}

/// The error of a request that was not sent, or could not even be built.
impl From<Unsent> for Error {
    fn from(unsent: Unsent) -> Self {
        match unsent {
            Unsent::Elsewhere => unusable("The URL cannot be read."),
            Unsent::Refused(thrown) | Unsent::Unanswered(thrown) => {
                unusable("The browser refuses this request.").caused_by(Cause(thrown))
            }
        }
    }
}

/// The error of a request that cannot be sent as the app wrote it.
pub fn unusable(message: &str) -> Error {
    Error::new(Code::ConfigInvalid, Phase::Request, message)
}
