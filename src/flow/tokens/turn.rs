//! Whose turn it is to redeem a refresh token: one tab after the other, by a lock of the browser or, where the page has none, by a lease.
//! And what other tabs have brought meanwhile.

use std::future::Future;
use std::rc::Rc;

use crate::error::{Code, Error, Phase};
use crate::flow::client::Client;
use crate::flow::session::value::Session;
use crate::flow::tokens::lease::Lease;
use crate::ports::Platform;
use crate::protocol::refresh::TokenTarget;
use crate::protocol::secret::Secret;
use crate::protocol::token::Token;

pub(in crate::flow) enum Turn<P: Platform> {
    /// Another tab, or an earlier refresh, has brought the token.
    NotNeeded(Token),
    Ours(Session, Hold<P>),
}

/// What keeps the other tabs back.
pub(in crate::flow) enum Hold<P: Platform> {
    Lock(P::Held),
    /// `None` where this browser has no means for it.
    Lease(Option<Lease<P>>),
}

impl<P: Platform> Hold<P> {
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        match self {
            Self::Lease(Some(lease)) => lease.during(work).await,
            _ => work.await,
        }
    }

    /// Lets the next tab have its turn: after a rotation, when that tab has had time to hear of it. Who gets a lease looks for a notice of
    /// the rotation.
    pub fn end(self, platform: &P, is_rotated: bool) {
        if let Self::Lock(lock) = self
            && is_rotated
        {
            platform.unlock_soon(lock);
        }
    }
}

impl<P: Platform> Client<P> {
    /// Waits until no other tab redeems the refresh token at hand, and looks what they have brought meanwhile.
    pub(in crate::flow) async fn wait_for_turn(
        self: &Rc<Self>,
        audience: &TokenTarget,
        stale: Option<&Secret>,
    ) -> Result<Turn<P>, Error> {
        let (_, mut refresh_token) = self.refreshable()?;
        // As long as another tab may rightly take: for metadata, tokens, and the keys of an id_token among them.
        let patience = self.options.request_timeout.saturating_mul(3).saturating_add(5);
        loop {
            let hold = match self.platform.lock(&self.lock_name(&refresh_token), patience).await {
                Some(lock) => Hold::Lock(lock),
                None => Hold::Lease(self.lease(patience).await),
            };
            let epoch = self.state.epoch.get();
            let (session, current) = self.refreshable()?;
            // Another tab, or the refresh before this one, may have brought what is wanted.
            if let Some(token) = self.newer_token(&session, audience, stale) {
                return Ok(Turn::NotNeeded(token));
            }
            if current == refresh_token && !self.is_spent(&refresh_token) {
                return Ok(Turn::Ours(session, hold));
            }
            drop(hold);
            if current == refresh_token && !self.ask_for_successor(&session, epoch).await {
                return Err(spent_elsewhere());
            }
            // It was rotated meanwhile, and the lock was of the old one.
            (_, refresh_token) = self.refreshable()?;
        }
    }

    pub(in crate::flow) fn refreshable(&self) -> Result<(Session, Secret), Error> {
        let session = self.session_at_hand()?;
        let refresh_token = session.token().refresh_token.clone().ok_or_else(no_refresh_token)?;
        Ok((session, refresh_token))
    }

    /// The session of the same person by now, which another tab may have refreshed.
    pub(in crate::flow) fn successor(&self, session: &Session) -> Option<Session> {
        self.session().filter(|now| self.subject_fingerprint(now) == self.subject_fingerprint(session))
    }

    pub(in crate::flow) fn newer_token(
        &self,
        session: &Session,
        audience: &TokenTarget,
        stale: Option<&Secret>,
    ) -> Option<Token> {
        let held = self.held(session, audience)?;
        let is_newer = Some(&held.token.access_token) != stale && !held.is_expired(self.platform.now());
        is_newer.then_some(held.token)
    }
}

pub(in crate::flow) fn no_refresh_token() -> Error {
    // OIDC Core section 11: a provider ignores offline_access without the prompt, unless other conditions allow it.
    Error::new(Code::MissingToken, Phase::Refresh, "The provider gave no refresh token.").with_remedy(
        "Start a login with the scope that the client demands for a refresh token, often offline_access. Some providers give \
         one for offline_access only with prompt: \"consent\" (OpenID Connect Core 1.0, section 11).",
    )
}

fn spent_elsewhere() -> Error {
    let message = "Another tab has used the refresh token that this copy of its session holds, and is not there to share the new one.";
    Error::new(Code::TokenExpired, Phase::Refresh, message)
}
