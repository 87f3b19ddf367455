//! An OpenID provider that does everything right, checks every request as the certification suite does, signs for real, and
//! can be told to lie in any of its answers.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use aws_lc_rs::digest::{SHA256, digest};
use oidc_client_wasm::protocol::http::{HttpRequest, HttpResponse};
use oidc_client_wasm::protocol::json::{Value, json};
use url::Url;

use super::back_channel::Issued;
use super::keys::{ALGORITHMS, SigningKey, base64url};
use super::lie::Lie;
use super::secrets::Secrets;

pub const CLIENT_ID: &str = "spa";
pub const REDIRECT_URI: &str = "https://app.example/callback";
pub const POST_LOGOUT_URI: &str = "https://app.example/bye";

pub struct FakeProvider {
    pub issuer: String,
    pub(super) clock: Rc<Cell<i64>>,
    pub(super) secrets: Rc<Secrets>,
    serial: Cell<u32>,
    /// Logins by their code.
    pub(super) grants: RefCell<HashMap<String, Grant>>,
    /// Access and refresh tokens.
    pub(super) issued: RefCell<HashMap<String, Issued>>,
    /// Codes and refresh tokens as they arrived, whatever came of it.
    pub(super) redeemed: RefCell<Vec<String>>,
    /// Everything that has to be fresh in each login: states, nonces, challenges, verifiers.
    pub(super) seen: RefCell<HashSet<String>>,
    pub id_tokens: RefCell<Vec<String>>,
    /// Who signs in next.
    pub sub: RefCell<String>,
    pub key: RefCell<SigningKey>,
    pub published: RefCell<Vec<Value>>,
    /// Whether a wrong code or verifier is a failure of the test (as in the suite) or is refused with `invalid_grant`.
    pub is_suite: Cell<bool>,
    /// Plain OAuth 2.0: no `openid`, no id_token.
    pub is_plain_oauth: Cell<bool>,
    /// Refresh tokens for everybody; otherwise only for who asks for `offline_access`.
    pub is_generous: Cell<bool>,
    /// Whether a refresh token works once and brings its successor, or works again and again.
    pub rotates: Cell<bool>,
    /// Paths that it has moved below `/v2`, and what it answers at the old place.
    pub moved: RefCell<Vec<&'static str>>,
    pub gone: Cell<u16>,
    /// Whether a refresh token that comes twice ends everything of its login, or is refused and no more.
    pub detects_reuse: Cell<bool>,
    pub refreshes_id_tokens: Cell<bool>,
    pub signs_userinfo: Cell<bool>,
    /// A value that it wants of this public client all the same.
    pub wanted_secret: RefCell<Option<String>>,
    /// Seconds that an access token lives.
    pub lifetime: Cell<i64>,

    pub metadata: Lie<Value>,
    pub jwks: Lie<Value>,
    pub response: Lie<Vec<(String, String)>>,
    pub token: Lie<Value>,
    pub header: Lie<Value>,
    pub claims: Lie<Value>,
    /// Header and payload of a token, as octets, just before they are signed.
    pub signed: Lie<(Vec<u8>, Vec<u8>)>,
    pub id_token: Lie<String>,
    pub userinfo: Lie<Value>,
    /// The answers as they go over the wire, with the path they answer.
    pub wire: Lie<(String, HttpResponse)>,
}

/// What the provider knows of a code.
pub(super) struct Grant {
    pub client_id: String,
    pub redirect_uri: String,
    pub code_challenge: String,
    pub nonce: Option<String>,
    pub scope: String,
    pub max_age: Option<String>,
    pub acr_values: Option<String>,
    pub sub: String,
    pub auth_time: i64,
    pub is_used: bool,
    /// Its tokens are worth nothing any more.
    pub is_revoked: bool,
}

impl FakeProvider {
    pub fn new(issuer: &str, clock: Rc<Cell<i64>>, secrets: Rc<Secrets>) -> Self {
        let key = SigningKey::new("RS256", 0, Some("key-0"));
        Self {
            issuer: issuer.to_owned(),
            clock,
            secrets,
            serial: Cell::new(0),
            grants: RefCell::default(),
            issued: RefCell::default(),
            redeemed: RefCell::default(),
            seen: RefCell::default(),
            id_tokens: RefCell::default(),
            sub: RefCell::new("alice".into()),
            published: RefCell::new(vec![key.jwk()]),
            key: RefCell::new(key),
            is_suite: Cell::new(true),
            is_plain_oauth: Cell::new(false),
            is_generous: Cell::new(true),
            rotates: Cell::new(true),
            moved: RefCell::default(),
            gone: Cell::new(404),
            detects_reuse: Cell::new(true),
            refreshes_id_tokens: Cell::new(true),
            signs_userinfo: Cell::new(false),
            wanted_secret: RefCell::default(),
            lifetime: Cell::new(3600),
            metadata: Lie::default(),
            jwks: Lie::default(),
            response: Lie::default(),
            token: Lie::default(),
            header: Lie::default(),
            claims: Lie::default(),
            signed: Lie::default(),
            id_token: Lie::default(),
            userinfo: Lie::default(),
            wire: Lie::default(),
        }
    }

    /// Tells the truth again, and signs with the key it had in the beginning.
    pub fn repent(&self) {
        self.sign_with(SigningKey::new("RS256", 0, Some("key-0")));
        self.metadata.stop();
        self.jwks.stop();
        self.response.stop();
        self.token.stop();
        self.header.stop();
        self.claims.stop();
        self.signed.stop();
        self.id_token.stop();
        self.userinfo.stop();
        self.wire.stop();
    }

    /// Signs with this key from now on, and publishes it alone.
    pub fn sign_with(&self, key: SigningKey) {
        self.published.replace(vec![key.jwk()]);
        self.key.replace(key);
    }

    /// Lies about the answers at a path.
    pub fn change_answer_at(&self, path: &'static str, lie: impl Fn(&mut HttpResponse) + 'static) {
        self.wire.tell(move |(at, answer)| {
            if at == path {
                lie(answer);
            }
        });
    }

    /// Has other answers at a path than the genuine ones.
    pub fn answer_at(&self, path: &'static str, status: u16, body: impl Into<Vec<u8>>) {
        let body = body.into();
        self.change_answer_at(path, move |answer| *answer = HttpResponse::new(status, body.clone()));
    }

    pub fn owns(&self, url: &str) -> bool {
        url.starts_with(&format!("{}/", Url::parse(&self.issuer).expect("an issuer").origin().ascii_serialization()))
    }

    /// The code of the one login there was.
    pub fn only_code(&self) -> String {
        let grants = self.grants.borrow();
        assert_eq!(grants.len(), 1);
        grants.keys().next().expect("a code").clone()
    }

    pub(super) fn now(&self) -> i64 {
        self.clock.get()
    }

    /// A value that nobody else has, of the length that providers give theirs.
    pub(super) fn fresh(&self, kind: &'static str) -> String {
        let serial = self.serial.replace(self.serial.get() + 1);
        let value = base64url(digest(&SHA256, format!("{} {kind} {serial}", self.issuer).as_bytes()).as_ref());
        self.secrets.remember(kind, &value);
        value
    }

    // ------------------------------------------------------------ what it answers by HTTP

    pub fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let path = request.url.strip_prefix(self.issuer.as_str()).unwrap_or(&request.url).to_owned();
        let path = match path.strip_prefix("/v2") {
            Some(path) if self.has_moved(path) => path.to_owned(),
            _ if self.has_moved(&path) => return HttpResponse::new(self.gone.get(), "<h1>Nothing here</h1>"),
            _ => path,
        };
        let answer = match path.as_str() {
            "/.well-known/openid-configuration" => json_answer(200, &self.published_metadata()),
            "/jwks" => {
                let mut jwks = json!({ "keys": *self.published.borrow() });
                self.jwks.apply(&mut jwks);
                json_answer(200, &jwks)
            }
            "/token" => self.answer_token_request(request),
            "/userinfo" => self.answer_userinfo_request(request),
            "/revoke" => self.answer_revocation_request(request),
            _ => json_answer(404, &json!({ "message": "no such page" })),
        };
        let mut answer = (path, answer);
        self.wire.apply(&mut answer);
        answer.1
    }

    fn has_moved(&self, path: &str) -> bool {
        self.moved.borrow().contains(&path)
    }

    pub fn published_metadata(&self) -> Value {
        let at = |path: &str| format!("{}{}{path}", self.issuer, if self.has_moved(path) { "/v2" } else { "" });
        let mut metadata = json!({
            "issuer": self.issuer,
            "authorization_endpoint": at("/auth"),
            "token_endpoint": at("/token"),
            "jwks_uri": at("/jwks"),
            "userinfo_endpoint": at("/userinfo"),
            "revocation_endpoint": at("/revoke"),
            "end_session_endpoint": at("/end"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ALGORITHMS,
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": true,
        });
        self.metadata.apply(&mut metadata);
        metadata
    }
}

pub(super) fn json_answer(status: u16, body: &Value) -> HttpResponse {
    let content_type = Some("application/json; charset=utf-8".into());
    HttpResponse { content_type, ..HttpResponse::new(status, body.to_string()) }
}
