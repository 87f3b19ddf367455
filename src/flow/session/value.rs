//! The session: the person who is signed in in this tab, their tokens, and the login that it began with.

use std::rc::Rc;

use crate::protocol::front_channel_logout::provider_session;
use crate::protocol::id_token::IdTokenClaims;
use crate::protocol::json::{MAX_MEMBERS, Object, Value, json};
use crate::protocol::secret::{Secret, fingerprint};
use crate::protocol::time::UnixTime;
use crate::protocol::token::{Extra, Token, TokenResponse};

/// The number of refreshes that a copy of the session may sleep through and still be handed the tokens.
const MAX_REPLACED: usize = 16;

/// Tells one login from every other: the fingerprint of its `state`, which is random. The copies of a session in duplicated tabs share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginId(String);

impl LoginId {
    pub fn of(state: &str) -> Self {
        Self(fingerprint(state))
    }

    pub(in crate::flow) fn restored(id: String) -> Self {
        Self(id)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    pub(super) login: LoginId,
    pub(super) token: Rc<Token>,
    /// `None` for a plain OAuth 2.0 provider.
    pub(super) claims: Option<Rc<IdTokenClaims>>,
    pub(super) issuer: Option<String>,
    /// The fingerprint of the person: the issuer, the client id and the subject. Where the provider names no subject, the login stands
    /// for the person.
    pub(super) subject: String,
    /// The fingerprint of the session at the provider, where the id_token has a `sid`.
    pub(super) provider_session: Option<String>,
    /// The state of the session at the provider when the login began, as the response named it.
    pub(in crate::flow) session_state: Option<Rc<str>>,
    pub(super) times: Times,
    /// Whether the access token came with the id_token, which may vouch for it.
    pub(super) is_bound: bool,
    /// Fingerprints of the refresh tokens that this session has used up, the latest last: another copy of it may hold one.
    pub(super) replaced: Vec<String>,
    /// Whether a worker has the tokens, and the session their handles.
    pub is_in_worker: bool,
}

/// A token of a session as a page sees it: the contract's `Token`, without the handles of a worker.
pub fn to_json(session: &Session, token: &Token) -> Object {
    let mut shown = token.to_json(session.claims());
    if session.is_in_worker {
        shown.retain(|name, _| name != "access_token" && name != "refresh_token");
    }
    shown
}

/// Times by the clock of this device.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Times {
    /// When the provider's answer to the login arrived. A logout in another tab after it ends the session.
    pub logged_in_at: UnixTime,
    /// When the access token came. Each refresh sets it.
    pub obtained_at: UnixTime,
    /// When the session ends, as the provider has stated it last.
    pub ends_at: Option<UnixTime>,
}

/// Seconds by which the clock of this device may be ahead of the provider's, and an end that the provider states still comes at its instant.
const MAX_AHEAD: i64 = 900;

/// The end of the session that an id_token states (IPSIE SL1 OpenID Connect Profile), by the clock of this device. The id_token says when
/// the provider issued it by its own clock, and it was issued just now.
fn stated_end(claims: Option<&IdTokenClaims>, now: UnixTime) -> Option<UnixTime> {
    let date = |name: &str| UnixTime::from_numeric_date(claims?.as_object().get(name)?);
    let ahead = now.since(date("iat")?).min(MAX_AHEAD);
    Some(UnixTime(date("session_expiry")?.0 + ahead))
}

/// The login that a new session begins with.
pub struct NewLogin<'a> {
    pub login: LoginId,
    pub client_id: &'a str,
    /// When the provider's answer to the login arrived.
    pub at: UnixTime,
    pub session_state: Option<&'a str>,
    pub is_in_worker: bool,
}

impl Session {
    /// Begins a session. With OpenID Connect there are claims, which prove that the id_token was verified. With plain OAuth 2.0 there is
    /// only a token, and the provider has not named the person.
    pub fn begin(
        of: NewLogin,
        response: TokenResponse,
        claims: Option<IdTokenClaims>,
        issuer: Option<&str>,
        now: UnixTime,
    ) -> Self {
        let NewLogin { login, client_id, at, session_state, is_in_worker } = of;
        let claimed = claims.as_ref().map(|claims| claims.as_object().get("iss").and_then(Value::as_str));
        let issuer = claimed.unwrap_or(issuer).map(String::from);
        let is_bound = claims.is_some();
        let token = Token { id_token: response.id_token.filter(|_| is_bound), ..response.token };
        let times = Times { logged_in_at: at, obtained_at: now, ends_at: stated_end(claims.as_ref(), now) };
        let session = Self::assemble(login, client_id, token, claims, issuer, times, is_bound);
        Self { session_state: session_state.map(Rc::from), is_in_worker, ..session }
    }

    pub(super) fn assemble(
        login: LoginId,
        client_id: &str,
        token: Token,
        claims: Option<IdTokenClaims>,
        issuer: Option<String>,
        times: Times,
        is_bound: bool,
    ) -> Self {
        let claims = claims.map(Rc::new);
        let token = Rc::new(token);
        let (subject, replaced) = (String::new(), Vec::new());
        let mut session = Self {
            login,
            token,
            claims,
            issuer,
            subject,
            provider_session: None,
            session_state: None,
            times,
            is_bound,
            replaced,
            is_in_worker: false,
        };
        let sub = session.sub();
        let login = sub.is_none().then_some(session.login.as_str());
        session.subject = fingerprint(&json!([session.issuer, client_id, sub, login]).to_text());
        session.name_provider_session();
        session
    }

    /// The same login after a refresh. The values that the answer does not repeat are kept: a refresh token that was not rotated, the
    /// id_token with its claims (the hint of a later logout) where no new one was verified, the provider's own members.
    pub fn refreshed(&self, response: TokenResponse, claims: Option<IdTokenClaims>, now: UnixTime) -> Self {
        let TokenResponse { token: mut new, id_token } = response;
        let (old, mut session) = (&*self.token, self.clone());
        session.is_bound = claims.is_some();
        session.times.obtained_at = now;
        if let Some(claims) = claims {
            new.id_token = id_token;
            // An id_token without the claim does not take an earlier end away, and neither does the id_token of before, which was not issued now.
            let issued = |claims: &IdTokenClaims| claims.as_object().get("iat").cloned();
            if session.claims.as_deref().and_then(issued) != issued(&claims) {
                session.times.ends_at = stated_end(Some(&claims), now).or(session.times.ends_at);
            }
            session.claims = Some(Rc::new(claims));
            session.name_provider_session();
        } else {
            new.id_token = old.id_token.clone();
        }
        // A provider that sends other members each time would make a record that cannot be read.
        if old.extra.0.len() + new.extra.0.len() <= MAX_MEMBERS {
            let extra = std::mem::replace(&mut new.extra, old.extra.clone());
            // The life of the old token says nothing about the new one.
            new.extra.0.remove("expires_in");
            new.extra.0.extend(extra.0);
        }
        new.scope = new.scope.or_else(|| old.scope.clone());
        new.refresh_token = new.refresh_token.or_else(|| old.refresh_token.clone());
        session.token = Rc::new(new);
        session.count_replaced(self);
        session
    }

    fn name_provider_session(&mut self) {
        let sid = self.claims().and_then(|claims| claims.get("sid")?.as_str());
        let named = self.issuer().zip(sid).map(|(issuer, sid)| provider_session(issuer, sid));
        self.provider_session = named;
    }

    /// The refresh token of the session before counts as used up, if this one has another.
    fn count_replaced(&mut self, before: &Self) {
        if let Some(spent) = &before.token.refresh_token
            && self.has_other_refresh_token(before)
        {
            self.replaced.push(fingerprint(spent.expose()));
            let surplus = self.replaced.len().saturating_sub(MAX_REPLACED);
            self.replaced.drain(..surplus);
        }
    }

    /// Whether the access token is another one than that of a session before it. A refresh token alone changes without an event.
    pub fn has_new_access_token(&self, before: &Self) -> bool {
        self.token.access_token != before.token.access_token || self.times.obtained_at != before.times.obtained_at
    }

    /// Whether the session once held the refresh token of this fingerprint.
    pub fn has_replaced(&self, fingerprint: &str) -> bool {
        self.replaced.iter().any(|replaced| replaced == fingerprint)
    }

    pub fn has_other_refresh_token(&self, other: &Self) -> bool {
        self.token.refresh_token != other.token.refresh_token
    }

    /// Whether both sessions have the same login and the same refresh token.
    pub fn is_as(&self, other: &Self) -> bool {
        self.login == other.login && !self.has_other_refresh_token(other)
    }

    /// The same session after its refresh token was redeemed and replaced. It takes only the new refresh token of the answer.
    pub fn with_refresh_token(&self, refresh_token: Secret) -> Self {
        let mut session = self.with_token(|token| token.refresh_token = Some(refresh_token));
        session.count_replaced(self);
        session
    }

    /// The same session after the provider was asked to forget one of its tokens.
    pub fn without_refresh_token(&self) -> Self {
        self.with_token(|token| token.refresh_token = None)
    }

    pub fn with_expired_access_token(&self, now: UnixTime) -> Self {
        self.with_token(|token| token.expires_at = Some(now))
    }

    /// The identity of the session: its id_token and claims. `placeholder` stands for the access token.
    pub(super) fn without_tokens(&self, placeholder: &str) -> Self {
        let token = Token {
            access_token: Secret::new(placeholder),
            token_type: self.token.token_type.clone(),
            expires_at: None,
            scope: None,
            refresh_token: None,
            id_token: self.token.id_token.clone(),
            extra: Extra::default(),
        };
        let times = Times { obtained_at: self.times.logged_in_at, ..self.times };
        Self { token: Rc::new(token), is_bound: false, replaced: Vec::new(), times, ..self.clone() }
    }

    fn with_token(&self, change: impl FnOnce(&mut Token)) -> Self {
        let mut session = self.clone();
        change(Rc::make_mut(&mut session.token));
        session
    }

    pub fn login(&self) -> &LoginId {
        &self.login
    }

    pub fn token(&self) -> &Rc<Token> {
        &self.token
    }

    pub fn claims(&self) -> Option<&Object> {
        self.claims.as_ref().map(|claims| claims.as_object())
    }

    pub fn sub(&self) -> Option<&str> {
        self.claims()?.get("sub")?.as_str()
    }

    /// The fingerprint of the person.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Whether a tombstone of this fingerprint is about this session: about its person, or about its session at the provider.
    pub fn is_named(&self, fingerprint: &str) -> bool {
        self.subject == fingerprint || self.provider_session() == Some(fingerprint)
    }

    pub fn provider_session(&self) -> Option<&str> {
        self.provider_session.as_deref()
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
