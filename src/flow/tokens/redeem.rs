//! One redemption of a refresh token: the request, the validation of the answer, and the storage of the result.

use std::rc::Rc;

use super::access_token::AccessToken;
use crate::error::{Code, Error, Phase, in_phase};
use crate::flow::client::Client;
use crate::flow::events::Event;
use crate::flow::op::metadata::server_metadata;
use crate::flow::op::moved::{Place, send_to};
use crate::flow::op::verify::{expectations, validate_claims, verify_signature};
use crate::flow::session::errors::{no_refresh_token, signed_out};
use crate::flow::session::value::Session;
use crate::flow::session::{changes, tabs};
use crate::ports::{Platform, StorageError};
use crate::protocol::http::{HttpRequest, HttpResponse};
use crate::protocol::id_token::{Expectations, IdTokenClaims};
use crate::protocol::jose::VerifiedJws;
use crate::protocol::json::Object;
use crate::protocol::metadata::{ServerMetadata, Signed};
use crate::protocol::refresh::{self, TokenTarget};
use crate::protocol::token::{self, IdTokenRule, Token, TokenError, TokenResponse};

/// The result of a redemption so far. It counts even if the rest of the answer is refused.
pub(super) struct Brought {
    /// The session with the new refresh token, or the unchanged session if none came.
    pub kept: Rc<Session>,
    pub is_rotated: bool,
    /// Whether the provider gave tokens that must be revoked if the session is gone.
    pub has_tokens: bool,
    pub stored: Result<(), StorageError>,
}

impl Brought {
    pub fn nothing(session: &Rc<Session>) -> Self {
        Self { kept: session.clone(), is_rotated: false, has_tokens: false, stored: Ok(()) }
    }
}

/// The failure of a redemption.
pub(super) struct Refused {
    pub error: Error,
    /// The provider refused the refresh token for good, or the answer is about another person than the session.
    pub ends_session: bool,
}

impl Refused {
    /// Whether the provider refused the refresh token for good.
    pub fn is_no(&self) -> bool {
        self.ends_session && self.error.code == Code::RefreshRefused
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        // Only an id_token whose signature, issuer and audience are right can be about another person.
        let ends_session = error.code == Code::SubjectMismatch;
        Self { error, ends_session }
    }
}

pub(super) async fn refresh_token<P: Platform>(
    client: &Rc<Client<P>>,
    session: &Rc<Session>,
    target: &TokenTarget,
    brought: &mut Brought,
) -> Result<Rc<Token>, Refused> {
    let mut metadata = server_metadata(client, false).await?;
    let (mut request, place) = request(client, session, target, &metadata)?;
    let answer = send_to(client, &mut metadata, place, &mut request, client.options.request_timeout).await;
    // Where the endpoint is gone, a refusal in the answer is not final as long as the endpoint may have moved.
    let (answer, is_final) = answer.map_err(|fault| Error::http(fault, Phase::Refresh, "token endpoint"))?;
    let answer = take(client, session, brought, answer)?;
    let response = validate(client, session, target, &answer, is_final)?;
    let claims = match (&response.id_token, session.issuer(), session.claims()) {
        (Some(id_token), Some(issuer), Some(original)) => {
            // The check uses the time when the answer came, because the keys may take long.
            let expected = Expectations {
                // A nonce, if present, is compared with the original.
                access_token: Some(response.token.access_token.expose()),
                sub: session.sub(),
                ..expectations(client, issuer)
            };
            let verified = verify_signature(client, id_token.expose(), &metadata, Signed::IdToken).await;
            validate_id_token(client, original, &metadata, &expected, verified).map_err(in_phase(Phase::Refresh))?
        }
        _ => None,
    };
    brought.has_tokens = true;
    // The person may have signed out, or another person signed in, while the answer was on its way.
    if client.sessions.has_moved_on(&*client.platform, &brought.kept) {
        return Err(signed_out().into());
    }
    Ok(commit(client, session, &brought.kept, response, claims, target))
}

/// The request, and its destination.
fn request<P: Platform>(
    client: &Client<P>,
    session: &Session,
    target: &TokenTarget,
    metadata: &ServerMetadata,
) -> Result<(HttpRequest, Place), Error> {
    let refresh_token = session.token().refresh_token.as_ref().ok_or_else(no_refresh_token)?;
    client.check_provider(session, metadata).map_err(in_phase(Phase::Refresh))?;
    let (endpoint, place) = match &client.config.refresh_token_url {
        Some(url) => (&**url, Place::Fixed),
        None => (metadata.token_endpoint()?, Place::Endpoint(ServerMetadata::token_endpoint)),
    };
    let request = refresh::request(endpoint, &client.config, refresh_token, target);
    Ok((client.functions.apply_token_request(request)?, place))
}

/// Keeps a rotated refresh token, and reads it from the answer after the app's hook. The provider has rotated the token, so it is kept even
/// if the rest of the answer is refused.
fn take<P: Platform>(
    client: &Client<P>,
    session: &Rc<Session>,
    brought: &mut Brought,
    answer: HttpResponse,
) -> Result<HttpResponse, Error> {
    let platform = &*client.platform;
    let genuine = client.functions.rotated_refresh_token(&answer);
    let hooked = client.functions.apply_token_response(answer);
    let rotated = hooked.as_ref().ok().and_then(token::rotated).or(genuine);
    if let Some(rotated) = rotated.filter(|rotated| Some(rotated) != session.token().refresh_token.as_ref()) {
        brought.kept = Rc::new(session.with_refresh_token(rotated));
        (brought.is_rotated, brought.has_tokens) = (true, true);
        if !client.sessions.has_moved_on(platform, session) {
            tabs::record_replaced(client, session, &brought.kept);
            brought.stored = client.sessions.keep(platform, &brought.kept, session);
        }
    }
    hooked
}

/// Validates an answer whose rotated refresh token is safe already.
fn validate<P: Platform>(
    client: &Client<P>,
    session: &Session,
    target: &TokenTarget,
    answer: &HttpResponse,
    is_final: bool,
) -> Result<TokenResponse, Refused> {
    let mut asked = target.scope.clone();
    if asked.is_empty() {
        let of_login = session.token().scope.as_deref().unwrap_or_default();
        of_login.split_ascii_whitespace().for_each(|scope| asked.push(scope.to_owned()));
    }
    let rule = if session.claims().is_some() { IdTokenRule::Optional } else { IdTokenRule::Dropped };
    token::response(answer, client.platform.now(), &asked, rule).map_err(|error| {
        let ends_session = is_final && refresh::is_final(&error);
        let error = match error {
            TokenError::Status(_) if !is_final => Error::from(error).in_phase(Phase::Refresh),
            error => Error::refresh(error),
        };
        Refused { error, ends_session }
    })
}

/// OIDC Core section 12.2: an id_token that comes with a refresh is verified like the first, and is about the same login.
fn validate_id_token<P: Platform>(
    client: &Client<P>,
    original: &Object,
    metadata: &ServerMetadata,
    expected: &Expectations,
    verified: Result<VerifiedJws, Error>,
) -> Result<Option<IdTokenClaims>, Error> {
    let jws = match verified {
        // The keys or the verifier cannot be had right now. The token endpoint, which TLS authenticates, could have answered without an
        // id_token; to drop its answer would lose a rotated refresh token.
        Err(error) if error.retryable || error.code == Code::CryptoUnavailable => return Ok(None),
        verified => verified?,
    };
    let claims = validate_claims(client, jws, metadata, expected)?;
    refresh::check_same_login(&claims, original)?;
    Ok(Some(claims))
}

/// Stores the validated session, then tells the listeners of this page and the tabs that hold the replaced refresh token.
fn commit<P: Platform>(
    client: &Client<P>,
    session: &Rc<Session>,
    kept: &Rc<Session>,
    response: TokenResponse,
    claims: Option<IdTokenClaims>,
    target: &TokenTarget,
) -> Rc<Token> {
    let now = client.platform.now();
    let (refreshed, token) = if target.is_of_login() {
        let refreshed = Rc::new(kept.refreshed(response, claims, now));
        let token = refreshed.token().clone();
        (refreshed, token)
    } else {
        (kept.clone(), Rc::new(Token { id_token: kept.id_token().cloned(), ..response.token }))
    };
    client.sessions.tombstones.forget_spent(&*client.platform, &refreshed);
    emit_storage_fault(client, client.sessions.keep(&*client.platform, &refreshed, kept));
    tabs::broadcast_refreshed(client, session, &refreshed);
    if target.is_of_login() {
        changes::emit(client, Event::TokenUpdate { session: refreshed, before: session.clone() });
    } else {
        let held = AccessToken { token: token.clone(), obtained_at: now };
        client.state.resource_tokens.keep(session.login(), target, held);
    }
    token
}

pub(super) fn emit_storage_fault<P>(client: &Client<P>, stored: Result<(), StorageError>) {
    if let Err(fault) = stored {
        client.emit(Event::Error(Error::from(fault).of_client(&client.name)));
    }
}
