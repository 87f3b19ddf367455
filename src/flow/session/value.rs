//! The session: who is signed in, in this tab. One record per client in sessionStorage, written whole or not at all, and only
//! after every check; read back without the network.

use serde_json::{Value, json};

use crate::error::{Code, Error, Phase};
use crate::flow::client::{Client, required_issuer};
use crate::flow::events::Event;
use crate::flow::records::Slot;
use crate::ports::{Clock, Storage, StorageError};
use crate::protocol::id_token::{IdTokenClaims, Restoring};
use crate::protocol::json::Object;
use crate::protocol::metadata::ServerMetadata;
use crate::protocol::record::Members;
use crate::protocol::secret::{Secret, fingerprint};
use crate::protocol::time::UnixTime;
use crate::protocol::token::{Token, TokenResponse};

const VERSION: u8 = 2;

#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    token: Token,
    /// `None` for a plain OAuth 2.0 provider.
    claims: Option<IdTokenClaims>,
    issuer: Option<String>,
    times: Times,
    /// Whether the access token came with the id_token, which may vouch for it.
    is_bound: bool,
    /// Fingerprints of the refresh tokens that this session has used up, the latest last: another copy of it may hold one.
    replaced: Vec<String>,
}

/// A session that storage did not take. It counts as long as there stands what it could not replace: another page of this tab
/// may have stored a later one.
pub(in crate::flow) struct Unsaved {
    session: Session,
    over: Value,
}

/// As many refreshes may a copy sleep through and still be handed the tokens.
const MAX_REPLACED: usize = 16;

/// By this device's clock.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Times {
    logged_in_at: UnixTime,
    /// When the access token came; a later one comes with each refresh.
    obtained_at: UnixTime,
}

impl Session {
    /// Signed in with OpenID Connect: the claims prove that the id_token was verified.
    pub fn with_identity(response: TokenResponse, claims: IdTokenClaims, now: UnixTime) -> Self {
        let issuer = claims.as_object().get("iss").and_then(Value::as_str).map(String::from);
        let token = Token { id_token: response.id_token, ..response.token };
        let times = Times { logged_in_at: now, obtained_at: now };
        Self { token, claims: Some(claims), issuer, times, is_bound: true, replaced: Vec::new() }
    }

    /// Signed in with plain OAuth 2.0: there is a token, and nobody claims whose.
    pub fn without_identity(response: TokenResponse, issuer: Option<&str>, now: UnixTime) -> Self {
        let times = Times { logged_in_at: now, obtained_at: now };
        let token = Token { id_token: None, ..response.token };
        Self { token, claims: None, issuer: issuer.map(String::from), times, is_bound: false, replaced: Vec::new() }
    }

    /// The same login after a refresh. What the answer does not repeat is kept: the refresh token where none was rotated, the
    /// id_token with its claims (the hint of a later logout) where no new one was verified, the provider's own members.
    pub fn refreshed(&self, response: TokenResponse, claims: Option<IdTokenClaims>, now: UnixTime) -> Self {
        let (new, old) = (response.token, self.token.clone());
        let is_bound = claims.is_some();
        let (id_token, claims) = match claims {
            Some(claims) => (response.id_token, Some(claims)),
            None => (old.id_token, self.claims.clone()),
        };
        let mut extra = old.extra;
        // The old token's life is not the new one's.
        extra.0.remove("expires_in");
        extra.0.extend(new.extra.0);
        let refresh_token = new.refresh_token.or(old.refresh_token);
        let scope = new.scope.or(old.scope);
        let token = Token { refresh_token, scope, id_token, extra, ..new };
        let times = Times { obtained_at: now, ..self.times };
        Self { token, claims, times, is_bound, ..self.clone() }.succeeding(self)
    }

    /// By the time at which the provider's answer arrived: what came after it came after the login.
    pub fn logged_in(self, at: UnixTime) -> Self {
        Self { times: Times { logged_in_at: at, ..self.times }, ..self }
    }

    fn succeeding(self, before: &Self) -> Self {
        let mut replaced = before.replaced.clone();
        let spent =
            before.token.refresh_token.as_ref().filter(|token| self.token.refresh_token.as_ref() != Some(token));
        replaced.extend(spent.map(|token| fingerprint(token.expose())));
        let surplus = replaced.len().saturating_sub(MAX_REPLACED);
        replaced.drain(..surplus);
        Self { replaced, ..self }
    }

    /// Whether it once held the refresh token of this fingerprint.
    pub fn has_replaced(&self, fingerprint: &str) -> bool {
        self.replaced.iter().any(|replaced| replaced == fingerprint)
    }

    /// The same session after its refresh token was redeemed and replaced: of that answer it keeps what the next refresh needs.
    pub fn with_refresh_token(&self, refresh_token: Secret) -> Self {
        let refresh_token = Some(refresh_token);
        Self { token: Token { refresh_token, ..self.token.clone() }, ..self.clone() }.succeeding(self)
    }

    /// The same session after the provider was asked to forget one of its tokens.
    pub fn without_refresh_token(&self) -> Self {
        Self { token: Token { refresh_token: None, ..self.token.clone() }, ..self.clone() }
    }

    pub fn with_expired_access_token(&self, now: UnixTime) -> Self {
        Self { token: Token { expires_at: Some(now), ..self.token.clone() }, ..self.clone() }
    }

    pub fn token(&self) -> &Token {
        &self.token
    }

    pub fn claims(&self) -> Option<&Object> {
        self.claims.as_ref().map(IdTokenClaims::as_object)
    }

    pub fn sub(&self) -> Option<&str> {
        self.claims()?.get("sub")?.as_str()
    }

    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    pub fn id_token(&self) -> Option<&Secret> {
        self.token.id_token.as_ref()
    }

    pub fn logged_in_at(&self) -> UnixTime {
        self.times.logged_in_at
    }

    pub fn obtained_at(&self) -> UnixTime {
        self.times.obtained_at
    }
}

impl<P: Storage> Client<P> {
    pub fn save_session(&self, session: &Session) -> Result<(), StorageError> {
        let written = self.records.write(&*self.platform, Slot::Session, &self.session_record(session));
        if written.is_ok() {
            self.state.unsaved.replace(None);
        }
        written
    }

    /// For a refresh: its answer may be the only copy of a rotated refresh token, so where storage takes no more it is kept by
    /// this page. `before` is the session that it follows.
    pub(in crate::flow) fn keep_session(&self, session: &Session, before: &Session) -> Result<(), StorageError> {
        let saved = self.save_session(session);
        if saved.is_err() {
            let unsaved = self.state.unsaved.take();
            // What lies there may be of other settings than those of today, or of another page.
            let over = self.stored_record().ok().flatten().or(unsaved.map(|unsaved| unsaved.over));
            let over = over.unwrap_or_else(|| self.session_record(before));
            self.state.unsaved.replace(Some(Unsaved { session: session.clone(), over }));
        }
        saved
    }

    /// A session as it lies in storage, and as tabs hand it to each other.
    pub(in crate::flow) fn session_record(&self, session: &Session) -> Value {
        json!({
            "v": VERSION,
            "client_id": self.config.client_id,
            "issuer": session.issuer,
            "place": self.config.place(),
            "token": session.token.to_record(),
            "claims": session.claims(),
            // For `oidc-client-wasm/hint`, which looks for the tombstone of this session and has no SHA-256.
            "subject_fingerprint": self.subject_fingerprint(session),
            "logged_in_at": session.times.logged_in_at.0,
            "obtained_at": session.times.obtained_at.0,
            "bound": session.is_bound,
            "replaced": session.replaced,
        })
    }

    /// The one way to a session that takes no verified token: this tab's own record of one, or one that another tab of this
    /// origin handed over. Version, client, issuer, shape and whose claims they are is checked again; what does not fit is no
    /// session.
    pub(in crate::flow) fn restore_session(&self, record: &Value) -> Option<Session> {
        let record = Members::of(record).filter(|record| record.is_version(VERSION))?;
        let issuer = record.optional("issuer", Members::text)?;
        let place = record.optional("place", Members::text)?;
        if record.text("client_id")? != self.config.client_id || !self.is_of(issuer.as_deref(), place.as_deref()) {
            return None;
        }
        let token = Token::from_record(Members::of(record.get("token")?)?)?;
        let is_bound = record.flag("bound")?;
        // An identity and the id_token that proved it come together or not at all.
        let claims = match (record.optional("claims", Members::object)?, &issuer, &token.id_token) {
            (Some(stored), Some(issuer), Some(id_token)) => {
                let expected = Restoring {
                    issuer,
                    client_id: &self.config.client_id,
                    trusted_audiences: &self.config.trusted_audiences,
                    algorithms: &self.config.id_token_signing_algs,
                    access_token: is_bound.then(|| token.access_token.expose()),
                };
                Some(IdTokenClaims::restored(&stored, id_token, &expected)?)
            }
            (None, _, None) => None,
            _ => return None,
        };
        let (logged_in_at, obtained_at) = (record.date("logged_in_at")?, record.date("obtained_at")?);
        let replaced = record.words("replaced")?;
        Some(Session { token, claims, issuer, times: Times { logged_in_at, obtained_at }, is_bound, replaced })
    }

    /// What this tab remembers, whatever other tabs did meanwhile.
    pub(in crate::flow) fn own_session(&self) -> Option<Session> {
        self.read_session().ok()?
    }

    pub(in crate::flow) fn read_session(&self) -> Result<Option<Session>, StorageError> {
        let stored = self.stored_record();
        if let Some(unsaved) = self.state.unsaved.borrow().as_ref()
            && stored.as_ref().map_or(true, |stored| stored.as_ref() == Some(&unsaved.over))
        {
            // Settings that were overwritten meanwhile may not accept it any more.
            return Ok(self.restore_session(&self.session_record(&unsaved.session)));
        }
        Ok(stored?.as_ref().and_then(|record| self.restore_session(record)))
    }

    /// A record that is no session of this client does not stay: nobody would ever read it. Whoever listens is told once, the
    /// person is signed out either way.
    pub(in crate::flow) fn drop_unfit_session(&self) {
        let is_unfit = matches!(self.read_session(), Ok(None)) && matches!(self.stored_record(), Ok(Some(_)));
        if is_unfit && self.clear_session().is_ok() {
            let message = "The stored session is not one that this client wrote, and was dropped.";
            let error = Error::new(Code::InvalidSession, Phase::Storage, message);
            self.emit(Event::Error(error.of_client(&self.name)));
        }
    }

    fn stored_record(&self) -> Result<Option<Value>, StorageError> {
        self.records.read(&*self.platform, Slot::Session, |record| Some(record.clone()))
    }

    pub fn clear_session(&self) -> Result<(), StorageError> {
        self.state.epoch.update(|epoch| epoch.wrapping_add(1));
        self.state.unsaved.replace(None);
        self.state.beside.borrow_mut().clear();
        self.records.remove(&*self.platform, Slot::Session)
    }

    /// Whether a session of this issuer, which began at this place, is one of the provider that the settings name. Its tokens
    /// must not follow the settings to another one.
    fn is_of(&self, issuer: Option<&str>, place: Option<&str>) -> bool {
        match required_issuer(&self.config, &self.functions) {
            Some(required) => issuer == Some(required),
            None => place == self.config.place(),
        }
    }

    /// The same of the metadata, once it is known: nothing of a session is sent to another provider than its own.
    pub(in crate::flow) fn check_provider(&self, session: &Session, metadata: &ServerMetadata) -> Result<(), Error> {
        let is_its = match (&self.functions.expected_issuer, session.claims()) {
            (Some(expected_issuer), Some(claims)) => {
                let expected = expected_issuer(metadata.issuer().unwrap_or_default(), claims);
                expected.is_ok_and(|expected| session.issuer() == Some(expected.as_str()))
            }
            _ => session.issuer() == metadata.issuer(),
        };
        let message = "The provider's metadata names another issuer than the one that this session began at.";
        is_its.then_some(()).ok_or_else(|| Error::new(Code::IssuerMismatch, Phase::Metadata, message))
    }
}

impl<P: Storage + Clock> Client<P> {
    /// Whether a session that was read in the given epoch is gone by now, or has another refresh token. Storage that cannot be
    /// read tells of neither: then what this page has done itself, and the notices, decide.
    pub(in crate::flow) fn has_moved_on(&self, session: &Session, epoch: u32) -> bool {
        let is_the_same =
            |now: Option<Session>| now.is_some_and(|now| now.token.refresh_token == session.token.refresh_token);
        self.state.epoch.get() != epoch
            || self.was_ended_elsewhere(session)
            || self.read_session().is_ok_and(|now| !is_the_same(now))
    }

    /// Who is signed in. A session that ended in another tab has ended here, too, even if this tab slept through it.
    pub fn session(&self) -> Option<Session> {
        self.own_session().filter(|session| !self.was_ended_elsewhere(session))
    }

    /// The same for a verb that is nothing without one.
    pub(in crate::flow) fn session_at_hand(&self) -> Result<Session, Error> {
        self.session().ok_or_else(|| {
            self.drop_unfit_session();
            signed_out()
        })
    }
}

pub(in crate::flow) fn signed_out() -> Error {
    Error::new(Code::MissingToken, Phase::Token, "Nobody is signed in.")
}
