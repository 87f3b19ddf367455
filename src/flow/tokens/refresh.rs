//! Access tokens with a life: the one at hand while it is good, else a refresh, once for any number of callers in any number of
//! tabs.
//!
//! A refresh token that is rotated works once, so everything here is about not losing its successor: refreshes of a client run
//! one after the other, go on when their callers have lost interest, tell the other tabs that hold the same token, and keep
//! the answer even where storage is full. A rotated refresh token is stored as soon as it arrives, before the rest of its answer is
//! judged. Only the provider's definitive no, or a verified id_token about another person, ends a session.

use std::rc::Rc;

use futures_util::FutureExt;

use crate::error::{Code, Error, Phase, in_phase};
use crate::flow::client::Client;
use crate::flow::events::{Event, LogoutReason};
use crate::flow::session::value::{Session, signed_out};
use crate::flow::single_flight::Flight;
use crate::flow::tokens::access_token::AccessToken;
use crate::flow::tokens::turn::{Turn, no_refresh_token};
use crate::ports::{Platform, StorageError};
use crate::protocol::http::HttpResponse;
use crate::protocol::id_token::{Expectations, IdTokenClaims};
use crate::protocol::metadata::ServerMetadata;
use crate::protocol::refresh::{self, TokenTarget};
use crate::protocol::secret::Secret;
use crate::protocol::token::{self, IdTokenRule, Token, TokenError, TokenResponse};
use crate::settings::params::TokenOptions;

pub struct Refreshing {
    audience: TokenTarget,
    flight: Flight<Token>,
}

/// Why nothing of an answer is believed.
struct Refused {
    error: Error,
    /// The provider's definitive no, or a person who is not the session's.
    ends_session: bool,
}

/// A refresh that brought no token, and what it brought all the same.
struct Failed {
    refused: Refused,
    /// The session with the refresh token that came, else as it was.
    kept: Session,
    is_rotated: bool,
    /// Whether the provider gave anything that it should forget if the session is gone.
    has_tokens: bool,
    stored: Result<(), StorageError>,
}

impl Failed {
    /// Before anything came.
    fn before(error: Error, session: &Session) -> Self {
        Self { refused: error.into(), kept: session.clone(), is_rotated: false, has_tokens: false, stored: Ok(()) }
    }

    /// The provider's definitive no to the refresh token.
    fn is_no(&self) -> bool {
        self.refused.ends_session && self.refused.error.code == Code::RefreshRefused
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        // Only an id_token whose signature, issuer and audience are right can be about another person.
        let ends_session = error.code == Code::SubjectMismatch;
        Self { error, ends_session }
    }
}

impl<P: Platform> Client<P> {
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
    pub(in crate::flow) fn refresh(self: &Rc<Self>, audience: TokenTarget, stale: Option<Secret>) -> Flight<Token> {
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
                    this.emit(Event::Error(error.clone()));
                }
                error
            })
        };
        let flight = work.boxed_local().shared();
        *refreshing = Some(Refreshing { audience, flight: flight.clone() });
        drop(refreshing);
        self.platform.spawn(flight.clone().map(drop).boxed_local());
        flight
    }

    async fn refresh_now(self: &Rc<Self>, audience: &TokenTarget, stale: Option<Secret>) -> Result<Token, Error> {
        for is_last in [false, false, true] {
            let (session, hold) = match self.wait_for_turn(audience, stale.as_ref()).await? {
                Turn::NotNeeded(token) => return Ok(token),
                Turn::Ours(session, hold) => (session, hold),
            };
            let epoch = self.state.epoch.get();
            let failed = match hold.during(self.refresh_once(&session, epoch, audience)).await {
                Ok((token, is_rotated)) => {
                    hold.end(&self.platform, is_rotated);
                    return Ok(token);
                }
                Err(failed) => failed,
            };
            // Another tab may have been faster all the same, where the browser has no locks: then its tokens are the answer. What it
            // announces may arrive after the provider's no to this tab.
            let replaced = session.token().refresh_token.as_ref();
            if failed.is_no() || !failed.is_rotated && replaced.is_some_and(|token| self.is_spent(token)) {
                self.ask_for_successor(&session, epoch).await;
            }
            let successor = self.successor(&session);
            if let Some(token) = successor.as_ref().and_then(|now| self.newer_token(now, audience, stale.as_ref())) {
                return Ok(token);
            }
            let is_replaced =
                successor.is_some_and(|now| now.token().refresh_token != failed.kept.token().refresh_token);
            if is_replaced && !is_last && (failed.is_no() || failed.has_tokens) {
                // It was about a refresh token that another tab has replaced meanwhile.
                continue;
            }
            hold.end(&self.platform, failed.is_rotated);
            return Err(self.conclude(&session, epoch, failed, is_replaced));
        }
        Err(signed_out())
    }

    async fn refresh_once(
        self: &Rc<Self>,
        session: &Session,
        epoch: u32,
        audience: &TokenTarget,
    ) -> Result<(Token, bool), Failed> {
        let nothing = |error| Failed::before(error, session);
        let mut metadata = self.server_metadata(false).await.map_err(nothing)?;
        let (answer, is_final) = self.redeem(session, audience, &mut metadata).await.map_err(nothing)?;
        let hooked = self.apply_token_response_hook(answer.clone());
        // The provider has rotated the refresh token, whatever stands beside the new one and whatever comes of the rest of the answer.
        let replaced = session.token().refresh_token.as_ref();
        let rotated =
            self.rotated_refresh_token(&answer, hooked.as_ref().ok()).filter(|rotated| Some(rotated) != replaced);
        let is_rotated = rotated.is_some();
        let kept = rotated.map_or_else(|| session.clone(), |rotated| session.with_refresh_token(rotated));
        let mut stored = Ok(());
        if is_rotated && !self.has_moved_on(session, epoch) {
            self.record_replaced(session, &kept);
            stored = self.keep_session(&kept, session);
        }
        let failed =
            |refused: Refused, has_tokens| Failed { refused, kept: kept.clone(), is_rotated, has_tokens, stored };
        match self.validate_answer(session, audience, &metadata, hooked, is_final).await {
            Err(refused) => Err(failed(refused, is_rotated)),
            // The person may have left, or somebody else come, while the answer was on its way.
            Ok(_) if self.has_moved_on(&kept, epoch) => Err(failed(signed_out().into(), true)),
            Ok((response, claims)) => Ok((self.commit(session, &kept, response, claims, audience), is_rotated)),
        }
    }

    /// What a failure leaves to be done.
    fn conclude(self: &Rc<Self>, session: &Session, epoch: u32, failed: Failed, is_replaced: bool) -> Error {
        let Failed { refused: Refused { error, ends_session }, kept, is_rotated, has_tokens, stored } = failed;
        if self.has_moved_on(&kept, epoch) {
            // The tokens that came belong to no session, so they are revoked. Tokens that another tab may have, too, are not.
            if has_tokens && !is_replaced {
                self.give_back(kept);
            }
        } else if ends_session {
            self.end_refused_session();
            if has_tokens || error.code == Code::SubjectMismatch {
                self.give_back(kept);
            }
        } else if is_rotated {
            self.emit_storage_fault(stored);
            self.broadcast_refreshed(session, &kept);
        }
        error
    }

    /// The answer, and whether a no in it is final: where the endpoint is gone, the no is not final as long as the endpoint may have moved.
    async fn redeem(
        self: &Rc<Self>,
        session: &Session,
        audience: &TokenTarget,
        metadata: &mut Rc<ServerMetadata>,
    ) -> Result<(HttpResponse, bool), Error> {
        let refresh_token = session.token().refresh_token.as_ref().ok_or_else(no_refresh_token)?;
        self.check_provider(session, metadata).map_err(in_phase(Phase::Refresh))?;
        let (own, timeout) = (&self.config.refresh_token_url, self.options.request_timeout);
        let endpoint = match own {
            Some(url) => url,
            None => metadata.token_endpoint()?,
        };
        let request =
            self.apply_token_request_hook(refresh::request(endpoint, &self.config, refresh_token, audience))?;
        let answer = match own {
            Some(_) => self.platform.send(&request, timeout).await.map(|answer| (answer, true)),
            None => self.send_to(metadata, ServerMetadata::token_endpoint, &request, timeout).await,
        };
        answer.map_err(|fault| Error::http(fault, Phase::Refresh, "token endpoint"))
    }

    /// Judges an answer whose rotated refresh token is safe already.
    async fn validate_answer(
        self: &Rc<Self>,
        session: &Session,
        audience: &TokenTarget,
        metadata: &ServerMetadata,
        answer: Result<HttpResponse, Error>,
        is_final: bool,
    ) -> Result<(TokenResponse, Option<IdTokenClaims>), Refused> {
        let of_login =
            || session.token().scope.iter().flat_map(|scope| scope.split_ascii_whitespace()).map(String::from);
        let asked = if audience.scope.is_empty() { of_login().collect() } else { audience.scope.clone() };
        let rule = if session.claims().is_some() { IdTokenRule::Optional } else { IdTokenRule::Dropped };
        let response = token::response(&answer?, self.platform.now(), &asked, rule).map_err(|error| {
            let ends_session = is_final && refresh::is_final(&error);
            let error = match error {
                TokenError::Status(_) if !is_final => Error::from(error).in_phase(Phase::Refresh),
                error => Error::refresh(error),
            };
            Refused { error, ends_session }
        })?;
        let claims = self.validate_refreshed_id_token(session, &response, metadata).await?;
        Ok((response, claims))
    }

    /// OIDC Core section 12.2: an id_token that comes with a refresh is verified like the first, and is about the same login.
    async fn validate_refreshed_id_token(
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
        let claims = match self.verify_id_token(id_token.expose(), metadata, &expected).await {
            // Keys, or a verifier, that cannot be had right now. The token endpoint, which TLS authenticates, might as well have
            // answered without an id_token; to drop its answer would lose a rotated refresh token.
            Err(error) if error.retryable || error.code == Code::CryptoUnavailable => return Ok(None),
            claims => claims.map_err(in_phase(Phase::Refresh))?,
        };
        refresh::check_same_login(&claims, original).map_err(in_phase(Phase::Refresh))?;
        Ok(Some(claims))
    }

    /// Stores what was believed, then tells: this page's listeners, and the tabs that hold the replaced refresh token.
    fn commit(
        &self,
        session: &Session,
        kept: &Session,
        response: TokenResponse,
        claims: Option<IdTokenClaims>,
        audience: &TokenTarget,
    ) -> Token {
        let now = self.platform.now();
        let is_of_login = audience.is_of_login();
        let refreshed = if is_of_login { kept.refreshed(response.clone(), claims, now) } else { kept.clone() };
        self.emit_storage_fault(self.keep_session(&refreshed, kept));
        self.broadcast_refreshed(session, &refreshed);
        if !is_of_login {
            let token = Token { id_token: refreshed.id_token().cloned(), ..response.token };
            self.keep_resource_token(session, audience, AccessToken { token: token.clone(), obtained_at: now });
            return token;
        }
        let token = refreshed.token().clone();
        let access_token = session.token().access_token.clone();
        let refresh_token = session.token().refresh_token.clone();
        self.emit_change(Event::TokenUpdate { session: refreshed, refresh_token, access_token });
        token
    }

    fn emit_storage_fault(&self, stored: Result<(), StorageError>) {
        if let Err(fault) = stored {
            self.emit(Event::Error(Error::from(fault).of_client(&self.name)));
        }
    }

    fn end_refused_session(&self) {
        if self.clear_session().is_ok() {
            self.emit_change(Event::Logout(LogoutReason::RefreshRejected));
        }
    }
}

pub(in crate::flow) fn expired() -> Error {
    Error::new(
        Code::TokenExpired,
        Phase::Token,
        "The access token has expired, and there is no refresh token to renew it.",
    )
}
