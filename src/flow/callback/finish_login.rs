//! The callback: from a response in the address bar to a session. This file is the story; each step's rules are in the
//! `protocol/` file that bears its name.
//!
//! When this begins, the transaction has been taken from storage and the address bar is clean (see [`crate::flow::callback::entry`]). The
//! session is stored only after every check has passed, in one write.

use std::rc::Rc;

use futures_util::FutureExt;

use crate::error::{Code, Error, Phase, in_phase};
use crate::flow::callback::outcome::already_ended;
use crate::flow::client::Client;
use crate::flow::events::{Event, LoginReason};
use crate::flow::op::jwks::prepare_to_verify;
use crate::flow::op::metadata::server_metadata;
use crate::flow::op::moved::{Place, send_to};
use crate::flow::op::verify::{expectations, validate_claims, verify_signature};
use crate::flow::op::worker;
use crate::flow::session::store::Identity;
use crate::flow::session::value::{LoginId, NewLogin, Session};
use crate::flow::session::{changes, sharing, tabs};
use crate::flow::state::State;
use crate::flow::tokens::revoke;
use crate::ports::Platform;
use crate::protocol::authorization_response::{CodeGrant, RedirectResponse, ResponseError};
use crate::protocol::id_token::Expectations;
use crate::protocol::metadata::{ServerMetadata, Signed};
use crate::protocol::secret::Secret;
use crate::protocol::time::UnixTime;
use crate::protocol::token::{self, IdTokenRule, TokenResponse};
use crate::protocol::transaction::{LoginTransaction, Way};

/// The time when the work on a response began, and its login. A later sign-out ends the login. However the work ends, the login is under way
/// no more.
pub(in crate::flow) struct Arrival {
    at: UnixTime,
    login: LoginId,
    state: Rc<State>,
}

impl Drop for Arrival {
    fn drop(&mut self) {
        self.state.logins.finish(&self.login);
    }
}

impl Arrival {
    pub fn now<P: Platform>(client: &Client<P>, state: &str) -> Self {
        let login = LoginId::of(state);
        client.state.logins.begin(login.clone());
        Self { at: client.platform.now(), login, state: client.state.clone() }
    }
}

pub(in crate::flow) async fn finish_login<P: Platform>(
    client: &Rc<Client<P>>,
    response: RedirectResponse,
    transaction: LoginTransaction,
    arrival: Arrival,
) -> Result<LoginId, Error> {
    // Issuer, error, code: the response against its own transaction.
    let grant = response.accept(transaction)?;
    let mut metadata = server_metadata(client, false).await?;
    check_still_the_same(client, &grant, &metadata)?;

    // The code for a token, with the keys on their way at the same time: one round trip.
    let request = token::code_request(metadata.token_endpoint()?, &client.config, &grant);
    let mut request = client.functions.apply_token_request(request)?;
    request.places = worker::places(client, &metadata);
    if grant.transaction().nonce.is_some() {
        begin_to_fetch_keys(client);
    }
    let place = Place::Endpoint(ServerMetadata::token_endpoint);
    let sent = send_to(client, &mut metadata, place, &mut request, client.options.request_timeout).await;
    let (answer, _) = sent.map_err(|fault| Error::http(fault, Phase::Token, "token endpoint"))?;
    let answer = client.functions.apply_token_response(answer)?;
    let scope = &grant.transaction().scope;
    let response = token::response(&answer, client.platform.now(), scope, IdTokenRule::of_login(scope))?;

    // The id_token: its signature, then every claim. Only then is there a session.
    let claims = match &response.id_token {
        // `token::response` gives an id_token exactly when openid was asked for.
        None => None,
        Some(id_token) => {
            let issuer = metadata.required_issuer()?;
            let expected = expected(client, issuer, &grant, &response);
            let jws = verify_signature(client, id_token.expose(), &metadata, Signed::IdToken).await;
            let claims = jws.and_then(|jws| validate_claims(client, jws, &metadata, &expected));
            Some(claims.map_err(in_phase(Phase::IdToken))?)
        }
    };
    let is_in_worker = client.options.is_in_worker();
    let of = NewLogin {
        login: arrival.login.clone(),
        client_id: &client.config.client_id,
        at: arrival.at,
        session_state: grant.session_state(),
        is_in_worker,
    };
    let session = Session::begin(of, response, claims, metadata.issuer(), client.platform.now());
    if !grant.is_from(session.issuer()) {
        return Err(ResponseError::IssuerMismatch.into());
    }
    begin_session(client, session, &grant.transaction().state)
}

fn begin_session<P: Platform>(client: &Rc<Client<P>>, session: Session, state: &Secret) -> Result<LoginId, Error> {
    let platform = &*client.platform;
    // The person may have signed out while the answer was on its way, here or in another tab. Then the session is not stored, and the
    // provider is asked to revoke its tokens.
    let is_under_way = client.state.logins.finish(session.login()) && !client.is_replaced.get();
    let before = client.session();
    // A login that shows nothing gives the session new tokens, and no other person. Where the tokens went with an earlier page, the identity
    // of the tab says who the person is.
    let identity = client.sessions.identity(platform);
    let known = before.as_deref().or(identity.as_ref().map(Identity::session));
    let known = known.filter(|_| Way::of(state.expose()) == Way::Silent);
    let is_other_person = known.is_some_and(|known| known.sub() != session.sub() || known.issuer() != session.issuer());
    let session = Rc::new(match known.filter(|_| !is_other_person) {
        Some(known) => client.sessions.follow(platform, session, known),
        None => session,
    });
    let has_ended = !is_under_way
        || client.recorded_responses.is_ended(platform, state.expose())
        || client.sessions.tombstones.has_end_of(platform, &session, Some(platform.now()));
    let login = session.login().clone();
    let saved = match () {
        () if has_ended => Err(already_ended()),
        () if is_other_person => Err(another_person()),
        () => client.sessions.save(platform, &session).map_err(Error::from),
    };
    if let Err(error) = saved {
        revoke::give_back(client, session);
        return Err(error);
    }
    client.sessions.tombstones.remove_future_ends(platform, &session, platform.now());
    tabs::record_login(client, &session);
    client.sessions.tombstones.forget_spent(platform, &session);
    sharing::forget_sign_out(client);
    // Tokens of other targets belong to the session that is replaced.
    client.state.resource_tokens.clear();
    changes::replace_told(client, Some(session.clone()));
    if let Some(change) = before.and_then(|before| changes::user_change(&before, &session)) {
        client.emit(change);
    }
    // A listener that was told of the other person may have signed that person out.
    if client.sessions.is_signed_in(&login) {
        // With the session in memory, a login changes nothing in other tabs until their next page load asks (docs/storage.md).
        if !client.sessions.is_in_memory() {
            sharing::announce(client, &session);
        }
        changes::emit(client, Event::Login(session, LoginReason::Response));
    }
    Ok(login)
}

fn another_person() -> Error {
    let message = "Another person is signed in at the provider than in this tab.";
    Error::new(Code::SubjectMismatch, Phase::IdToken, message)
}

/// The settings may have changed while the person was away; a code is sent only to the provider that issued it.
fn check_still_the_same<P: Platform>(
    client: &Client<P>,
    grant: &CodeGrant,
    metadata: &ServerMetadata,
) -> Result<(), Error> {
    let transaction = grant.transaction();
    // Without an issuer, the place in the settings tells one provider from another.
    let is_same_provider = match (&transaction.issuer, metadata.issuer()) {
        (None, None) => transaction.place.as_deref() == client.config.place(),
        (then, now) => then.as_deref() == now,
    };
    if !is_same_provider || transaction.client_id != client.config.client_id {
        let message = "The settings name another provider or client than when this login began.";
        return Err(Error::new(Code::IssuerMismatch, Phase::Callback, message));
    }
    Ok(())
}

/// The verification joins this request instead of sending its own, and learns there whether the keys came. A refused token request does not
/// wait for them.
fn begin_to_fetch_keys<P: Platform>(client: &Rc<Client<P>>) {
    client.platform.spawn(prepare_to_verify(client).map(drop).boxed_local());
}

fn expected<'a, P: Platform>(
    client: &'a Client<P>,
    issuer: &'a str,
    grant: &'a CodeGrant,
    response: &'a TokenResponse,
) -> Expectations<'a> {
    let transaction = grant.transaction();
    Expectations {
        nonce: transaction.nonce.as_ref(),
        max_age: transaction.max_age,
        essential_acr: transaction.essential_acr.as_deref(),
        access_token: Some(response.token.access_token.expose()),
        ..expectations(client, issuer)
    }
}
