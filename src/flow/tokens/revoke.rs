//! `revokeToken`: asks the provider to forget a token (RFC 7009), then forgets it here.

use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use crate::error::{Code, Error, Phase, in_phase};
use crate::flow::client::Client;
use crate::flow::op::metadata::server_metadata;
use crate::flow::op::moved::{Place, send_to};
use crate::flow::session::value::Session;
use crate::ports::Platform;
use crate::protocol::http::HttpRequest;
use crate::protocol::metadata::ServerMetadata;
use crate::protocol::revocation::{self, TokenKind};
use crate::protocol::secret::Secret;

/// Seconds that a logout waits for the revocation: a slow provider must not make the logout slow.
const PATIENCE: u32 = 3;

pub async fn revoke_token<P: Platform>(client: &Rc<Client<P>>, kind: Option<TokenKind>) -> Result<(), Error> {
    let before = client.session_at_hand()?;
    let kind = kind.unwrap_or(most_telling(&before));
    token(&before, kind)?;
    ask_to_revoke(client, before.clone(), kind, None).await?;
    // Only the revoked token is removed: a refresh may have brought another token meanwhile. The login itself goes on.
    let Some(session) = client.session() else { return Ok(()) };
    if token(&session, kind).ok() != token(&before, kind).ok() {
        return Ok(());
    }
    let changed = match kind {
        TokenKind::RefreshToken => session.without_refresh_token(),
        TokenKind::AccessToken => session.with_expired_access_token(client.platform.now()),
    };
    Ok(client.sessions.keep(&*client.platform, &changed, &session)?)
}

/// Revokes the tokens of a session that a logout has ended. The caller does not wait for the result.
pub(in crate::flow) fn revoke_left_behind<P: Platform>(
    client: &Rc<Client<P>>,
    session: Rc<Session>,
) -> LocalBoxFuture<'static, ()> {
    let kind = most_telling(&session);
    ask_to_revoke(client, session, kind, Some(PATIENCE)).map(drop).boxed_local()
}

/// Revokes tokens that belong to no session, or no longer belong to one, while the caller goes on.
pub(in crate::flow) fn give_back<P: Platform>(client: &Rc<Client<P>>, orphan: Rc<Session>) {
    client.platform.spawn(revoke_left_behind(client, orphan));
}

fn ask_to_revoke<P: Platform>(
    client: &Rc<Client<P>>,
    session: Rc<Session>,
    kind: TokenKind,
    patience: Option<u32>,
) -> LocalBoxFuture<'static, Result<(), Error>> {
    let client = client.clone();
    async move {
        let mut metadata = server_metadata(&client, false).await?;
        let mut request = request(&client, &session, kind, &metadata).map_err(in_phase(Phase::Token))?;
        let timeout = client.options.request_timeout;
        let (place, timeout) = match patience {
            // A logout does not wait for metadata.
            Some(patience) => (Place::AsKnown, patience.min(timeout)),
            None => (Place::Endpoint(ServerMetadata::revocation_endpoint), timeout),
        };
        let answer = send_to(&client, &mut metadata, place, &mut request, timeout).await;
        let (answer, _) = answer.map_err(|fault| Error::http(fault, Phase::Token, "revocation endpoint"))?;
        revocation::response(&answer).map_err(Error::revocation)
    }
    .boxed_local()
}

fn request<P>(
    client: &Client<P>,
    session: &Session,
    kind: TokenKind,
    metadata: &ServerMetadata,
) -> Result<HttpRequest, Error> {
    client.check_provider(session, metadata)?;
    Ok(revocation::request(metadata.revocation_endpoint()?, &client.config, token(session, kind)?, kind))
}

/// The refresh token, else the access token: by RFC 7009 section 2.1, access tokens end with their refresh token.
fn most_telling(session: &Session) -> TokenKind {
    if session.token().refresh_token.is_some() { TokenKind::RefreshToken } else { TokenKind::AccessToken }
}

fn token(session: &Session, kind: TokenKind) -> Result<&Secret, Error> {
    let token = match kind {
        TokenKind::RefreshToken => session.token().refresh_token.as_ref(),
        TokenKind::AccessToken => Some(&session.token().access_token),
    };
    token.ok_or_else(|| Error::new(Code::MissingToken, Phase::Token, "There is no token of this kind."))
}
