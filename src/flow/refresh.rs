//! Access tokens with a life: the one at hand while it is good, else a refresh, once for any number of callers in any number of
//! tabs.
//!
//! A refresh token that is rotated works once, so everything here is about not losing its successor: refreshes of a client run
//! one after the other, go on when their callers have lost interest, tell the other tabs that hold the same token, and keep
//! the answer even where storage is full. A rotated refresh token is stored as soon as it arrives, before the rest of its answer is
//! judged. Only the provider's definitive no, or a verified id_token about another person, ends a session.

use std::pin::pin;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::{Either, select};

use super::events::{Event, LogoutReason};
use super::held::Held;
use super::provider::Provider;
use super::session::{Session, signed_out};
use super::single_flight::Flight;
use crate::error::{Code, Error, Phase, in_phase};
use crate::ports::{Background, Clock, Http, SignatureVerifier, Storage, StorageError, Tabs};
use crate::protocol::http::HttpResponse;
use crate::protocol::id_token::{Expectations, IdTokenClaims};
use crate::protocol::metadata::ServerMetadata;
use crate::protocol::refresh::{self, Audience, TokenOptions};
use crate::protocol::secret::Secret;
use crate::protocol::token::{self, IdTokenRule, Token, TokenResponse};

pub struct Refreshing {
    audience: Audience,
    flight: Flight<Token>,
}

enum Turn<L> {
    /// Another tab, or an earlier refresh, has brought the token.
    NotNeeded(Token),
    Ours {
        session: Session,
        epoch: u32,
        lock: L,
    },
}

/// Why nothing of an answer is believed.
struct Refused {
    error: Error,
    /// The provider's definitive no, or a person who is not the session's.
    ends_session: bool,
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        // Only an id_token whose signature, issuer and audience are right can be about another person.
        let ends_session = error.code == Code::SubjectMismatch;
        Self { error, ends_session }
    }
}

impl<P: Http + Storage + Clock + SignatureVerifier + Tabs + Background + 'static> Provider<P> {
    /// `getAccessToken`: a token that is good for long enough.
    pub async fn access_token(self: &Rc<Self>, options: &TokenOptions) -> Result<Token, Error> {
        if let Some(fetch_token) = &self.functions.fetch_token {
            let this = self.clone();
            return self.state.fetching.run(fetch_token, || async move { this.token_from_elsewhere().await }).await;
        }
        let session = self.session_at_hand()?;
        let held = self.held(&session, &options.audience);
        let now = self.platform.now();
        let good = held.clone().filter(|held| !options.force && held.is_good(now, options.min_validity));
        if let Some(good) = good {
            return Ok(good.token);
        }
        // Good enough for now, if nothing better can be had and nobody insists.
        let usable = held.clone().filter(|held| !options.force && !held.is_expired(now));
        if session.token().refresh_token.is_none() {
            let is_expired = held.is_some_and(|held| held.is_expired(now));
            return usable
                .map(|held| held.token)
                .ok_or_else(|| if is_expired { expired() } else { no_refresh_token() });
        }
        let stale = held.map(|held| held.token.access_token);
        let error = match self.refresh(options.audience.clone(), stale).await {
            Ok(token) => return Ok(token),
            Err(error) => error,
        };
        // That took a while: the token may have expired meanwhile, or its person have left.
        let is_still_theirs =
            || self.session().is_some_and(|now| now.token().access_token == session.token().access_token);
        match usable.filter(|held| !held.is_expired(self.platform.now()) && is_still_theirs()) {
            Some(usable) if options.min_validity.is_none() && (error.retryable || error.code == Code::TokenExpired) => {
                Ok(usable.token)
            }
            _ => Err(error),
        }
    }

    /// Replaces the access token `stale`; callers that arrive meanwhile share the answer.
    pub(super) fn refresh(self: &Rc<Self>, audience: Audience, stale: Option<Secret>) -> Flight<Token> {
        let mut refreshing = self.state.refreshing.borrow_mut();
        if let Some(same) = refreshing.as_ref().filter(|r| r.audience == audience && r.flight.peek().is_none()) {
            return same.flight.clone();
        }
        let before = refreshing.take().map(|refreshing| refreshing.flight);
        let (this, wanted) = (self.clone(), audience.clone());
        let work = async move {
            if let Some(before) = before {
                // Only its end matters: two requests with one refresh token at a time would look like theft.
                let _ = before.await;
            }
            this.refresh_now(&wanted, stale).await.map_err(|error| {
                let error = error.of_client(&this.name);
                // Nobody is to be alarmed about a person who left while a refresh was under way.
                if error.code != Code::MissingToken {
                    this.tell(Event::Error(error.clone()));
                }
                error
            })
        };
        let flight = work.boxed_local().shared();
        *refreshing = Some(Refreshing { audience, flight: flight.clone() });
        drop(refreshing);
        self.platform.go_on(flight.clone().map(drop).boxed_local());
        flight
    }

    async fn refresh_now(self: &Rc<Self>, audience: &Audience, stale: Option<Secret>) -> Result<Token, Error> {
        let (session, epoch, lock) = match self.wait_for_turn(audience, stale.as_ref()).await? {
            Turn::NotNeeded(token) => return Ok(token),
            Turn::Ours { session, epoch, lock } => (session, epoch, lock),
        };
        let metadata = self.server_metadata(false).await?;
        let answer = self.redeem(&session, audience, &metadata).await?;
        let bent = self.bend_token_response(answer.clone());
        // The provider has rotated the refresh token, whatever stands beside the new one and whatever comes of the rest of the answer.
        let replaced = session.token().refresh_token.as_ref();
        let rotated =
            self.rotated_refresh_token(&answer, bent.as_ref().ok()).filter(|rotated| Some(rotated) != replaced);
        let is_rotated = rotated.is_some();
        let kept = rotated.map_or_else(|| session.clone(), |rotated| session.with_refresh_token(rotated));
        let mut stored = Ok(());
        if is_rotated && !self.has_moved_on(&session, epoch) {
            self.pin_replaced(&session, &kept);
            stored = self.keep_session(&kept, &session);
        }
        let judged = self.judge_answer(&session, audience, &metadata, bent).await;
        // The person may have left, or somebody else come, while the answer was on its way: then it is nobody's, and the provider
        // may forget it. Another tab may also have been faster, where the browser has no locks.
        if self.has_moved_on(&kept, epoch) {
            let successor = self.session().filter(|now| self.who(now) == self.who(&session));
            let held = successor.and_then(|now| self.held(&now, audience));
            if let Some(held) = held.filter(|held| Some(&held.token.access_token) != stale.as_ref()) {
                return Ok(held.token);
            }
            if is_rotated || judged.is_ok() {
                self.give_back(kept);
            }
            return Err(judged.map_or_else(|refused| refused.error, |_| signed_out()));
        }
        let result = match judged {
            Ok((response, claims)) => Ok(self.take_over(&session, &kept, response, claims, audience)),
            Err(Refused { error, ends_session }) => {
                if ends_session {
                    self.end_refused_session();
                    if error.code == Code::SubjectMismatch {
                        self.give_back(kept);
                    }
                } else if is_rotated {
                    self.tell_storage_fault(stored);
                    self.announce_refreshed(&session, &kept);
                }
                Err(error)
            }
        };
        // Who waits for the lock must hear of a rotation first.
        if is_rotated {
            self.platform.unlock_soon(lock);
        }
        result
    }

    /// Waits until no other tab redeems the refresh token at hand, and looks what they have brought meanwhile.
    async fn wait_for_turn(&self, audience: &Audience, stale: Option<&Secret>) -> Result<Turn<P::Lock>, Error> {
        let (_, mut refresh_token) = self.refreshable()?;
        // As long as another tab may rightly take: for metadata, tokens, and the keys of an id_token among them.
        let patience = self.options.request_timeout.saturating_mul(3).saturating_add(5);
        loop {
            let lock = self.platform.lock(&self.lock_name(&refresh_token), patience).await;
            let epoch = self.state.epoch.get();
            let (session, current) = self.refreshable()?;
            // Another tab, or the refresh before this one, may have brought what is wanted.
            if let Some(held) = self.held(&session, audience)
                && Some(&held.token.access_token) != stale
                && !held.is_expired(self.platform.now())
            {
                return Ok(Turn::NotNeeded(held.token));
            }
            if current == refresh_token && !self.is_spent(&refresh_token) {
                return Ok(Turn::Ours { session, epoch, lock });
            }
            drop(lock);
            if current == refresh_token && !self.ask_for_successor(&session, epoch).await {
                return Err(spent_elsewhere());
            }
            // It was rotated meanwhile, and the lock was of the old one.
            (_, refresh_token) = self.refreshable()?;
        }
    }

    fn refreshable(&self) -> Result<(Session, Secret), Error> {
        let session = self.session_at_hand()?;
        let refresh_token = session.token().refresh_token.clone().ok_or_else(no_refresh_token)?;
        Ok((session, refresh_token))
    }

    async fn redeem(
        self: &Rc<Self>,
        session: &Session,
        audience: &Audience,
        metadata: &ServerMetadata,
    ) -> Result<HttpResponse, Error> {
        let refresh_token = session.token().refresh_token.as_ref().ok_or_else(no_refresh_token)?;
        self.check_provider(session, metadata).map_err(in_phase(Phase::Refresh))?;
        let endpoint = match &self.config.refresh_token_url {
            Some(url) => url,
            None => metadata.token_endpoint()?,
        };
        let request = self.bend_token_request(refresh::request(endpoint, &self.config, refresh_token, audience))?;
        let answer = self.platform.send(&request, self.options.request_timeout).await;
        answer.map_err(|fault| Error::http(fault, Phase::Refresh, "token endpoint"))
    }

    /// Judges an answer whose rotated refresh token is safe already.
    async fn judge_answer(
        self: &Rc<Self>,
        session: &Session,
        audience: &Audience,
        metadata: &ServerMetadata,
        answer: Result<HttpResponse, Error>,
    ) -> Result<(TokenResponse, Option<IdTokenClaims>), Refused> {
        let of_login =
            || session.token().scope.iter().flat_map(|scope| scope.split_ascii_whitespace()).map(String::from);
        let asked = if audience.scope.is_empty() { of_login().collect() } else { audience.scope.clone() };
        let rule = if session.claims().is_some() { IdTokenRule::Optional } else { IdTokenRule::Dropped };
        let response = token::response(&answer?, self.platform.now(), &asked, rule).map_err(|error| {
            let ends_session = refresh::is_final(&error);
            Refused { error: Error::refresh(error), ends_session }
        })?;
        let claims = self.judge_refreshed(session, &response, metadata).await?;
        Ok((response, claims))
    }

    /// OIDC Core section 12.2: an id_token that comes with a refresh is verified like the first, and is about the same login.
    async fn judge_refreshed(
        self: &Rc<Self>,
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
        let expected = Expectations { access_token, sub: session.sub(), ..self.expectations(issuer) };
        let claims = match self.believe_id_token(id_token.expose(), metadata, &expected).await {
            // Keys, or a verifier, that cannot be had right now. The token endpoint, which TLS authenticates, might as well have
            // answered without an id_token; to drop its answer would lose a rotated refresh token.
            Err(error) if error.retryable || error.code == Code::CryptoUnavailable => return Ok(None),
            claims => claims.map_err(in_phase(Phase::Refresh))?,
        };
        refresh::check_same_login(&claims, original).map_err(in_phase(Phase::Refresh))?;
        Ok(Some(claims))
    }

    /// Stores what was believed, then tells: this page's listeners, and the tabs that hold the replaced refresh token.
    fn take_over(
        &self,
        session: &Session,
        kept: &Session,
        response: TokenResponse,
        claims: Option<IdTokenClaims>,
        audience: &Audience,
    ) -> Token {
        let now = self.platform.now();
        let is_of_login = audience.is_of_login();
        let refreshed = if is_of_login { kept.refreshed(response.clone(), claims, now) } else { kept.clone() };
        self.tell_storage_fault(self.keep_session(&refreshed, kept));
        self.announce_refreshed(session, &refreshed);
        if !is_of_login {
            let token = Token { id_token: refreshed.id_token().cloned(), ..response.token };
            self.hold_beside(session, audience, Held { token: token.clone(), obtained_at: now });
            return token;
        }
        let token = refreshed.token().clone();
        let access_token = session.token().access_token.clone();
        let refresh_token = session.token().refresh_token.clone();
        self.tell(Event::TokenUpdate { session: refreshed, refresh_token, access_token });
        token
    }

    fn tell_storage_fault(&self, stored: Result<(), StorageError>) {
        if let Err(fault) = stored {
            self.tell(Event::Error(Error::from(fault).of_client(&self.name)));
        }
    }

    fn end_refused_session(&self) {
        if self.clear_session().is_ok() {
            self.tell(Event::Logout(LogoutReason::RefreshRejected));
        }
    }

    /// `fetchToken` of the settings; this client keeps nothing of it.
    async fn token_from_elsewhere(&self) -> Result<Token, Error> {
        let Some(fetch_token) = &self.functions.fetch_token else { return Err(signed_out()) };
        // All callers wait for this one call, and the app's promise may be one that nobody settles.
        let patience = self.options.request_timeout.saturating_mul(1000);
        let given = match select(fetch_token(&self.name), pin!(self.platform.pause(patience))).await {
            Either::Left((given, _)) => given?,
            Either::Right(_) => return Err(no_answer()),
        };
        if given.is_null() {
            return Err(signed_out());
        }
        let now = self.platform.now();
        let token = token::given(given, now).map_err(|error| Error::from(error).in_phase(Phase::Token))?;
        if token.expires_at.is_some_and(|at| at <= now) { Err(expired()) } else { Ok(token) }
    }
}

fn no_refresh_token() -> Error {
    Error::new(Code::MissingToken, Phase::Refresh, "The provider gave no refresh token.")
}

fn no_answer() -> Error {
    Error::new(Code::Timeout, Phase::Token, "The function fetchToken of the settings gave no token in time.")
}

fn spent_elsewhere() -> Error {
    let message = "Another tab has used the refresh token that this copy of its session holds, and is not there to share the new one.";
    Error::new(Code::TokenExpired, Phase::Refresh, message)
}

fn expired() -> Error {
    Error::new(
        Code::TokenExpired,
        Phase::Token,
        "The access token has expired, and there is no refresh token to renew it.",
    )
}
