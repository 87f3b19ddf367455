//! `userinfo()`: the claims of the provider about the person who signed in, which must be about that person.

use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, select};

use crate::error::{Code, Error, Phase, in_phase};
use crate::flow::client::Client;
use crate::flow::op::metadata::server_metadata;
use crate::flow::op::moved::{Place, send_to};
use crate::flow::op::verify::verify_signature;
use crate::flow::session::value::Session;
use crate::flow::tokens::api;
use crate::ports::{HttpError, Platform};
use crate::protocol::id_token::ClaimError;
use crate::protocol::jose::VerifiedJws;
use crate::protocol::json::Object;
use crate::protocol::metadata::{ServerMetadata, Signed};
use crate::protocol::userinfo::{self, Answer, Expectations, UserinfoError};

/// Asks for `requestTimeout` at most, a renewal of the token included.
pub async fn userinfo<P: Platform>(client: &Rc<Client<P>>) -> Result<Object, Error> {
    let patience = client.platform.pause(client.options.request_timeout.saturating_mul(1000));
    match select(pin!(ask(client)), pin!(patience)).await {
        Either::Left((claims, _)) => claims,
        Either::Right(_) => Err(Error::http(HttpError::Timeout, Phase::Userinfo, "userinfo endpoint")),
    }
}

async fn ask<P: Platform>(client: &Rc<Client<P>>) -> Result<Object, Error> {
    let mut metadata = server_metadata(client, false).await?;
    metadata.userinfo_endpoint().map_err(in_phase(Phase::Userinfo))?;
    let borrowed = api::borrow_token(client).await?;
    // The session that the token came from fixes the person of the answer.
    let session = borrowed.session.as_deref();
    if let Some(session) = session {
        client.check_provider(session, &metadata).map_err(in_phase(Phase::Userinfo))?;
    }
    let (mut token, mut is_last) = (borrowed.token.clone(), false);
    let answer = loop {
        let endpoint = metadata.userinfo_endpoint().map_err(in_phase(Phase::Userinfo))?;
        let mut request = userinfo::request(endpoint, token.credential());
        let (place, timeout) = (Place::Endpoint(ServerMetadata::userinfo_endpoint), client.options.request_timeout);
        let answer = send_to(client, &mut metadata, place, &mut request, timeout).await;
        let (answer, _) = answer.map_err(|fault| Error::http(fault, Phase::Userinfo, "userinfo endpoint"))?;
        if is_last || !api::is_worth_a_new_token(answer.status, answer.challenge.as_deref()) {
            break answer;
        }
        let Some(other) = api::token_instead_of(client, &borrowed).await else { break answer };
        (token, is_last) = (other, true);
    };
    let claims = match userinfo::response(&answer).map_err(|error| refused(client, error))? {
        Answer::Claims(claims) => claims,
        Answer::Jwt(jwt) => {
            let jws = verify_signature(client, &jwt, &metadata, Signed::Userinfo).await;
            validate(client, jws.map_err(in_phase(Phase::Userinfo))?, &metadata, session)?
        }
    };
    // Claims about a person who signed out meanwhile are not handed out, even if another person has signed in.
    if session.map(Session::login) != client.session().as_deref().map(Session::login) {
        let message = "The person whom this was asked about is not signed in any more.";
        return Err(Error::new(Code::MissingToken, Phase::Userinfo, message));
    }
    // A plain OAuth 2.0 provider has not named the person, so the claims cannot contradict the session.
    if let Some(sub) = session.and_then(Session::sub) {
        userinfo::check_subject(&claims, sub).map_err(claim)?;
    }
    Ok(claims)
}

/// The refresh after a refusal may have ended the session, and then another scope does not help.
fn refused<P: Platform>(client: &Client<P>, error: UserinfoError) -> Error {
    let error = Error::from(error);
    let has_ended = client.functions.fetch_token.is_none() && client.session().is_none();
    if error.code == Code::UserinfoRefused && has_ended {
        return error.with_remedy("The session has ended: the provider refused to renew its token. Start a new login.");
    }
    error
}

fn validate<P: Platform>(
    client: &Client<P>,
    jws: VerifiedJws,
    metadata: &ServerMetadata,
    session: Option<&Session>,
) -> Result<Object, Error> {
    let expected = Expectations {
        // The check uses the issuer of the login: with a template, the metadata names another one.
        issuer: session.and_then(Session::issuer).or(metadata.issuer()),
        client_id: &client.config.client_id,
        now: client.platform.now(),
        clock_tolerance: client.options.clock_tolerance,
    };
    userinfo::validate_signed(jws, &expected).map_err(claim)
}

fn claim(error: ClaimError) -> Error {
    Error::claim(&error, "userinfo response", Phase::Userinfo)
}
