//! The callback: from a response in the address bar to a session. This file is the story; each step's rules are in the
//! `protocol/` file that bears its name.
//!
//! When this begins, the transaction has been taken from storage and the address bar is clean (see [`crate::flow::callback::entry`]).
//! Nothing is stored before everything holds, and then it is stored in one write.

use std::rc::Rc;

use futures_util::future::{Either, LocalBoxFuture, select};

use crate::error::{Code, Error, Phase, in_phase};
use crate::flow::callback::outcome::already_ended;
use crate::flow::client::Client;
use crate::flow::events::Event;
use crate::flow::op::jwks::prepare_to_verify;
use crate::flow::op::metadata::server_metadata;
use crate::flow::op::moved::{Place, send_to};
use crate::flow::op::verify::{expectations, verify_id_token};
use crate::flow::session::changes;
use crate::flow::session::value::{LoginId, NewLogin, Session};
use crate::flow::tokens::revoke;
use crate::ports::{HttpError, Platform};
use crate::protocol::authorization_response::{CodeGrant, RedirectResponse, ResponseError};
use crate::protocol::http::{HttpRequest, HttpResponse};
use crate::protocol::id_token::Expectations;
use crate::protocol::jose::JwkSet;
use crate::protocol::metadata::ServerMetadata;
use crate::protocol::secret::Secret;
use crate::protocol::time::UnixTime;
use crate::protocol::token::{self, IdTokenRule, TokenResponse};
use crate::protocol::transaction::LoginTransaction;

/// When a response was taken up, and for which login. A sign-out after it ends the login.
pub(in crate::flow) struct Arrival {
    at: UnixTime,
    login: LoginId,
}

impl Arrival {
    pub fn now<P: Platform>(client: &Client<P>, state: &str) -> Self {
        let login = LoginId::of(state);
        client.state.logins.begin(login.clone());
        Self { at: client.platform.now(), login }
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
    let (answer, _keys) =
        send_beside_keys(client, &mut metadata, &mut request, grant.transaction().nonce.is_some()).await;
    let answer = answer.map_err(|fault| Error::http(fault, Phase::Token, "token endpoint"))?;
    let answer = client.functions.apply_token_response(answer)?;
    let scope = &grant.transaction().scope;
    let response = token::response(&answer, client.platform.now(), scope, IdTokenRule::of_login(scope))?;

    // The id_token: its signature, then every claim. Only then is there a session.
    let session = validate(client, response, &grant, &metadata, arrival).await?;
    if !grant.is_from(session.issuer()) {
        return Err(ResponseError::IssuerMismatch.into());
    }
    begin_session(client, session, &grant.transaction().state)
}

fn begin_session<P: Platform>(client: &Rc<Client<P>>, session: Session, state: &Secret) -> Result<LoginId, Error> {
    let (platform, session) = (&*client.platform, Rc::new(session));
    // The person may have left while the answer was on its way, here or in another tab: then the session is nobody's, and the
    // provider may forget it.
    let is_under_way = client.state.logins.finish(session.login()) && !client.is_replaced.get();
    if !is_under_way
        || client.recorded_responses.is_ended(platform, state.expose())
        || client.sessions.tombstones.has_end_of(platform, &session, Some(platform.now()))
    {
        revoke::give_back(client, session);
        return Err(already_ended());
    }
    let (before, login) = (client.session(), session.login().clone());
    if let Err(fault) = client.sessions.save(platform, &session) {
        revoke::give_back(client, session);
        return Err(fault.into());
    }
    client.sessions.tombstones.remove_future_ends(platform, &session, platform.now());
    // Tokens of other targets belong to the session that is replaced.
    client.state.resource_tokens.clear();
    client.told.replace(Some(session.clone()));
    if let Some(change) = before.and_then(|before| changes::user_change(&before, &session)) {
        client.emit(change);
    }
    // A listener that heard of the other person may have signed them out.
    if client.sessions.is_signed_in(&login) {
        changes::emit(client, Event::Login(session));
    }
    Ok(login)
}

/// The settings may have changed while the person was away; a code is sent only to the provider that issued it.
fn check_still_the_same<P: Platform>(
    client: &Client<P>,
    grant: &CodeGrant,
    metadata: &ServerMetadata,
) -> Result<(), Error> {
    let transaction = grant.transaction();
    // Without an issuer it is the place of the settings that tells one provider from another.
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

/// The answer, and what goes on fetching keys: as long as somebody holds it, whoever verifies joins it instead of asking anew.
/// Whether the keys came is asked later, by whoever needs them; a refused token request does not wait for them.
async fn send_beside_keys<P: Platform>(
    client: &Rc<Client<P>>,
    metadata: &mut Rc<ServerMetadata>,
    request: &mut HttpRequest,
    needs_keys: bool,
) -> (Result<HttpResponse, HttpError>, Option<LocalBoxFuture<'static, Result<Rc<JwkSet>, Error>>>) {
    let place = Place::Endpoint(ServerMetadata::token_endpoint);
    let token = send_to(client, metadata, place, request, client.options.request_timeout);
    let (answer, keys) = if needs_keys {
        match select(token, prepare_to_verify(client)).await {
            Either::Left((answer, keys)) => (answer, Some(keys)),
            Either::Right((_, token)) => (token.await, None),
        }
    } else {
        (token.await, None)
    };
    (answer.map(|(answer, _)| answer), keys)
}

async fn validate<P: Platform>(
    client: &Rc<Client<P>>,
    response: TokenResponse,
    grant: &CodeGrant,
    metadata: &ServerMetadata,
    arrival: Arrival,
) -> Result<Session, Error> {
    let transaction = grant.transaction();
    let of = NewLogin { login: arrival.login, client_id: &client.config.client_id, at: arrival.at };
    // `token::response` gives an id_token exactly when openid was asked for.
    let Some(id_token) = &response.id_token else {
        return Ok(Session::begin(of, response, None, metadata.issuer(), client.platform.now()));
    };
    let issuer = metadata.required_issuer()?;
    let expected = Expectations {
        nonce: transaction.nonce.as_ref(),
        max_age: transaction.max_age,
        essential_acr: transaction.essential_acr.as_deref(),
        access_token: Some(response.token.access_token.expose()),
        ..expectations(client, issuer)
    };
    let claims =
        verify_id_token(client, id_token.expose(), metadata, &expected).await.map_err(in_phase(Phase::IdToken))?;
    Ok(Session::begin(of, response, Some(claims), None, client.platform.now()))
}
