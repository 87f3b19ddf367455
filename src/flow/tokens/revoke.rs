//! `revokeToken`: asks the provider to forget a token (RFC 7009), then forgets it here.

use std::rc::Rc;

use futures_util::FutureExt;

use crate::error::{Code, Error, Phase, in_phase};
use crate::flow::client::Client;
use crate::flow::op::metadata::server_metadata;
use crate::flow::op::moved::{Place, send_to};
use crate::flow::session::value::Session;
use crate::ports::Platform;
use crate::protocol::metadata::ServerMetadata;
use crate::protocol::revocation::{self, TokenKind};
use crate::protocol::secret::Secret;

/// Seconds that a logout waits for the revocation: leaving is not to feel slow because a provider is.
const PATIENCE: u32 = 3;

pub async fn revoke_token<P: Platform>(client: &Rc<Client<P>>, kind: Option<TokenKind>) -> Result<(), Error> {
    let session = client.session_at_hand()?;
    let (token, kind) = pick(&session, kind).ok_or_else(|| missing("There is no token of this kind."))?;
    ask_to_revoke(client, &session, &token, kind, None).await?;
    // Only what was revoked goes: a refresh may have brought another one meanwhile. The login itself goes on.
    let Some(session) = client.session() else { return Ok(()) };
    let changed = match kind {
        TokenKind::RefreshToken if session.token().refresh_token.as_ref() == Some(&token) => {
            session.without_refresh_token()
        }
        TokenKind::AccessToken if session.token().access_token == token => {
            session.with_expired_access_token(client.platform.now())
        }
        _ => return Ok(()),
    };
    Ok(client.sessions.keep(&*client.platform, &changed, &session)?)
}

/// As part of a logout, whose session is gone already: the caller does not wait to hear whether it works.
pub(in crate::flow) async fn revoke_left_behind<P: Platform>(client: &Rc<Client<P>>, session: &Session) {
    if let Some((token, kind)) = pick(session, None) {
        let _ = ask_to_revoke(client, session, &token, kind, Some(PATIENCE)).await;
    }
}

/// The same for tokens that no session came of, or that no session has any more, while the caller goes on.
pub(in crate::flow) fn give_back<P: Platform>(client: &Rc<Client<P>>, orphan: Rc<Session>) {
    let this = client.clone();
    client.platform.spawn(async move { revoke_left_behind(&this, &orphan).await }.boxed_local());
}

async fn ask_to_revoke<P: Platform>(
    client: &Rc<Client<P>>,
    session: &Session,
    token: &Secret,
    kind: TokenKind,
    patience: Option<u32>,
) -> Result<(), Error> {
    let mut metadata = server_metadata(client, false).await?;
    client.check_provider(session, &metadata).map_err(in_phase(Phase::Token))?;
    let endpoint = metadata.revocation_endpoint().map_err(in_phase(Phase::Token))?;
    let mut request = revocation::request(endpoint, &client.config, token, kind);
    let timeout = client.options.request_timeout;
    let (place, timeout) = match patience {
        // A logout does not wait for metadata.
        Some(patience) => (Place::AsKnown, patience.min(timeout)),
        None => (Place::Endpoint(ServerMetadata::revocation_endpoint), timeout),
    };
    let answer = send_to(client, &mut metadata, place, &mut request, timeout).await;
    let (answer, _) = answer.map_err(|fault| Error::http(fault, Phase::Token, "revocation endpoint"))?;
    revocation::response(&answer).map_err(Error::revocation)
}

/// The token of the kind, or the one whose loss ends most: RFC 7009 section 2.1 has access tokens follow their refresh token.
fn pick(session: &Session, kind: Option<TokenKind>) -> Option<(Secret, TokenKind)> {
    let token = session.token();
    let refresh = || Some((token.refresh_token.clone()?, TokenKind::RefreshToken));
    let access = || Some((token.access_token.clone(), TokenKind::AccessToken));
    match kind {
        None => refresh().or_else(access),
        Some(TokenKind::RefreshToken) => refresh(),
        Some(TokenKind::AccessToken) => access(),
    }
}

fn missing(message: &str) -> Error {
    Error::new(Code::MissingToken, Phase::Token, message)
}
