//! One redemption of a refresh token: the request, what of its answer is validated, and what is stored.

use std::rc::Rc;

use super::access_token::AccessToken;
use crate::error::{Code, Error, Phase, in_phase};
use crate::flow::client::Client;
use crate::flow::events::Event;
use crate::flow::op::metadata::server_metadata;
use crate::flow::op::moved::send_to;
use crate::flow::op::verify::{expectations, verify_id_token};
use crate::flow::session::errors::{no_refresh_token, signed_out};
use crate::flow::session::value::Session;
use crate::flow::session::{changes, tabs};
use crate::ports::{Platform, StorageError};
use crate::protocol::http::HttpResponse;
use crate::protocol::id_token::{Expectations, IdTokenClaims};
use crate::protocol::metadata::ServerMetadata;
use crate::protocol::refresh::{self, TokenTarget};
use crate::protocol::token::{self, IdTokenRule, Token, TokenError, TokenResponse};

/// A refresh that brought no token, and what it brought all the same.
pub(super) struct Failed {
    pub error: Error,
    /// The provider refused the refresh token for good, or the answer is about another person than the session.
    pub ends_session: bool,
    /// The session with the refresh token that came, else as it was.
    pub kept: Rc<Session>,
    pub is_rotated: bool,
    /// Whether the provider gave anything that it should forget if the session is gone.
    pub has_tokens: bool,
    pub stored: Result<(), StorageError>,
}

impl Failed {
    /// Before anything came.
    fn before(error: Error, session: &Rc<Session>) -> Self {
        let kept = session.clone();
        Self { error, ends_session: false, kept, is_rotated: false, has_tokens: false, stored: Ok(()) }
    }

    /// The provider's definitive no to the refresh token.
    pub fn is_no(&self) -> bool {
        self.ends_session && self.error.code == Code::RefreshRefused
    }
}

/// Why an answer is refused, and whether that ends the session.
struct Refused(Error, bool);

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        // Only an id_token whose signature, issuer and audience are right can be about another person.
        let ends_session = error.code == Code::SubjectMismatch;
        Self(error, ends_session)
    }
}

/// The new token, and whether the refresh token was rotated.
pub(super) async fn refresh_token<P: Platform>(
    client: &Rc<Client<P>>,
    session: &Rc<Session>,
    target: &TokenTarget,
) -> Result<(Rc<Token>, bool), Failed> {
    let platform = &*client.platform;
    let nothing = |error| Failed::before(error, session);
    let mut metadata = server_metadata(client, false).await.map_err(nothing)?;
    let (answer, is_final) = request(client, session, target, &mut metadata).await.map_err(nothing)?;
    let hooked = client.functions.apply_token_response(answer.clone());
    // The provider has rotated the refresh token, whatever stands beside the new one and whatever comes of the rest of the answer.
    let rotated = client.functions.rotated_refresh_token(&answer, hooked.as_ref().ok());
    let rotated = rotated.filter(|rotated| Some(rotated) != session.token().refresh_token.as_ref());
    let is_rotated = rotated.is_some();
    let kept = rotated.map_or_else(|| session.clone(), |rotated| Rc::new(session.with_refresh_token(rotated)));
    let mut stored = Ok(());
    if is_rotated && !client.sessions.has_moved_on(platform, session) {
        tabs::record_replaced(client, session, &kept);
        stored = client.sessions.keep(platform, &kept, session);
    }
    let refused = match validate(client, session, target, &metadata, hooked, is_final).await {
        // The person may have signed out, or another person signed in, while the answer was on its way.
        Ok(_) if client.sessions.has_moved_on(platform, &kept) => Failed { has_tokens: true, ..nothing(signed_out()) },
        Ok((response, claims)) => return Ok((commit(client, session, &kept, response, claims, target), is_rotated)),
        Err(Refused(error, ends_session)) => Failed { ends_session, has_tokens: is_rotated, ..nothing(error) },
    };
    Err(Failed { kept, is_rotated, stored, ..refused })
}

/// The answer, and whether a no in it is final: where the endpoint is gone, the no is not final as long as the endpoint may have moved.
async fn request<P: Platform>(
    client: &Rc<Client<P>>,
    session: &Session,
    target: &TokenTarget,
    metadata: &mut Rc<ServerMetadata>,
) -> Result<(HttpResponse, bool), Error> {
    let refresh_token = session.token().refresh_token.as_ref().ok_or_else(no_refresh_token)?;
    client.check_provider(session, metadata).map_err(in_phase(Phase::Refresh))?;
    let (own, timeout) = (&client.config.refresh_token_url, client.options.request_timeout);
    let endpoint = match own {
        Some(url) => url,
        None => metadata.token_endpoint()?,
    };
    let request =
        client.functions.apply_token_request(refresh::request(endpoint, &client.config, refresh_token, target))?;
    let answer = match own {
        Some(_) => client.platform.send(&request, timeout).await.map(|answer| (answer, true)),
        None => send_to(client, metadata, ServerMetadata::token_endpoint, &request, timeout).await,
    };
    answer.map_err(|fault| Error::http(fault, Phase::Refresh, "token endpoint"))
}

/// Validates an answer whose rotated refresh token is safe already.
async fn validate<P: Platform>(
    client: &Rc<Client<P>>,
    session: &Session,
    target: &TokenTarget,
    metadata: &ServerMetadata,
    answer: Result<HttpResponse, Error>,
    is_final: bool,
) -> Result<(TokenResponse, Option<IdTokenClaims>), Refused> {
    let of_login = || session.token().scope.iter().flat_map(|scope| scope.split_ascii_whitespace()).map(String::from);
    let asked = if target.scope.is_empty() { of_login().collect() } else { target.scope.clone() };
    let rule = if session.claims().is_some() { IdTokenRule::Optional } else { IdTokenRule::Dropped };
    let response = token::response(&answer?, client.platform.now(), &asked, rule).map_err(|error| {
        let ends_session = is_final && refresh::is_final(&error);
        let error = match error {
            TokenError::Status(_) if !is_final => Error::from(error).in_phase(Phase::Refresh),
            error => Error::refresh(error),
        };
        Refused(error, ends_session)
    })?;
    let claims = validate_id_token(client, session, &response, metadata).await?;
    Ok((response, claims))
}

/// OIDC Core section 12.2: an id_token that comes with a refresh is verified like the first, and is about the same login.
async fn validate_id_token<P: Platform>(
    client: &Rc<Client<P>>,
    session: &Session,
    response: &TokenResponse,
    metadata: &ServerMetadata,
) -> Result<Option<IdTokenClaims>, Error> {
    let (Some(id_token), Some(issuer), Some(original)) = (&response.id_token, session.issuer(), session.claims())
    else {
        return Ok(None);
    };
    // The nonce, where there is one, is compared with the original below.
    let access_token = Some(response.token.access_token.expose());
    let expected = Expectations { access_token, sub: session.sub(), ..expectations(client, issuer) };
    let claims = match verify_id_token(client, id_token.expose(), metadata, &expected).await {
        // Keys, or a verifier, that cannot be had right now. The token endpoint, which TLS authenticates, might as well have
        // answered without an id_token; to drop its answer would lose a rotated refresh token.
        Err(error) if error.retryable || error.code == Code::CryptoUnavailable => return Ok(None),
        claims => claims.map_err(in_phase(Phase::Refresh))?,
    };
    refresh::check_same_login(&claims, original).map_err(in_phase(Phase::Refresh))?;
    Ok(Some(claims))
}

/// Stores what was validated, then tells: this page's listeners, and the tabs that hold the replaced refresh token.
fn commit<P: Platform>(
    client: &Client<P>,
    session: &Rc<Session>,
    kept: &Rc<Session>,
    response: TokenResponse,
    claims: Option<IdTokenClaims>,
    target: &TokenTarget,
) -> Rc<Token> {
    let now = client.platform.now();
    let is_of_login = target.is_of_login();
    let beside = (!is_of_login).then(|| Token { id_token: kept.id_token().cloned(), ..response.token.clone() });
    let refreshed = if is_of_login { Rc::new(kept.refreshed(response, claims, now)) } else { kept.clone() };
    emit_storage_fault(client, client.sessions.keep(&*client.platform, &refreshed, kept));
    tabs::broadcast_refreshed(client, session, &refreshed);
    if let Some(token) = beside {
        let token = Rc::new(token);
        let held = AccessToken { token: token.clone(), obtained_at: now };
        client.state.resource_tokens.keep(session.login(), target, held);
        return token;
    }
    let token = refreshed.token().clone();
    changes::emit(client, Event::TokenUpdate { session: refreshed, before: session.clone() });
    token
}

pub(super) fn emit_storage_fault<P>(client: &Client<P>, stored: Result<(), StorageError>) {
    if let Err(fault) = stored {
        client.emit(Event::Error(Error::from(fault).of_client(&client.name)));
    }
}
