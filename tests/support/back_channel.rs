//! What the provider answers to who brings a code or a token: the token, userinfo and revocation endpoints.

use std::collections::HashMap;

use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};
use oidc_client_wasm::protocol::http::{HttpRequest, HttpResponse, Method};
use oidc_client_wasm::protocol::json::{Value, json};

use super::keys::base64url;
use super::network::bearer;
use super::provider::{FakeProvider, Grant, json_answer};

/// What the provider knows of a token that it gave out.
pub(super) struct Issued {
    /// Of the login that it came from.
    code: String,
    is_refresh_token: bool,
    /// A refresh token that was replaced, an access token that was revoked.
    is_spent: bool,
    expires_at: i64,
}

type Form = HashMap<String, String>;

#[track_caller]
fn read_form(request: &HttpRequest) -> Form {
    assert_eq!(request.method, Method::Post);
    let form = request.form.as_deref().unwrap_or_default();
    let mut fields = Form::new();
    for (name, value) in form_urlencoded::parse(form.as_bytes()).into_owned() {
        let earlier = fields.insert(name.clone(), value);
        assert!(earlier.is_none() || name == "resource", "{name} stands twice");
    }
    fields
}

impl FakeProvider {
    /// Forgets every login, as an operator may: no token of before works any more.
    pub fn forget_everybody(&self) {
        self.grants.borrow_mut().values_mut().for_each(|grant| grant.is_revoked = true);
    }

    /// Whether an access or refresh token works.
    pub fn honours(&self, token: &str) -> bool {
        let issued = self.issued.borrow();
        let Some(known) = issued.get(token) else { return false };
        let is_live = known.is_refresh_token || self.now() < known.expires_at;
        !known.is_spent && is_live && !self.grants.borrow()[&known.code].is_revoked
    }

    /// How often a code or a refresh token has arrived.
    pub fn redemptions(&self, secret: &str) -> usize {
        self.redeemed.borrow().iter().filter(|redeemed| *redeemed == secret).count()
    }

    /// How many refresh tokens work.
    pub fn live_refresh_tokens(&self) -> usize {
        let tokens: Vec<String> = self.issued.borrow().keys().cloned().collect();
        tokens.iter().filter(|token| self.issued.borrow()[*token].is_refresh_token && self.honours(token)).count()
    }

    // ------------------------------------------------------------ the token endpoint

    pub(super) fn answer_token_request(&self, request: &HttpRequest) -> HttpResponse {
        let form = read_form(request);
        assert_eq!(form.get("client_secret"), self.wanted_secret.borrow().as_ref(), "a client_secret");
        let redeems = form.get("code").or_else(|| form.get("refresh_token"));
        self.redeemed.borrow_mut().extend(redeems.cloned());
        let answer = match form["grant_type"].as_str() {
            "authorization_code" => self.check_token_request(&form).map(|code| self.token_response(&code, None)),
            "refresh_token" => self.check_refresh_request(&form).map(|code| self.token_response(&code, Some(&form))),
            other => panic!("the grant_type {other}"),
        };
        match answer {
            Ok(token) => json_answer(200, &token),
            Err(why) => {
                assert!(!self.is_suite.get(), "{why}");
                json_answer(400, &json!({ "error": "invalid_grant", "error_description": why }))
            }
        }
    }

    /// RFC 6749 section 6, and the rules for public clients of RFC 9700 section 4.14: a refresh token that comes a second time
    /// was stolen, so everything of its login ends.
    fn check_refresh_request(&self, form: &Form) -> Result<String, &'static str> {
        let value = |name: &str| form.get(name).map(String::as_str);
        for name in ["client_assertion", "code", "code_verifier", "redirect_uri", "state", "nonce"] {
            assert_eq!(value(name), None, "{name} has no place in a refresh");
        }
        let mut issued = self.issued.borrow_mut();
        let known = issued.get_mut(value("refresh_token").expect("a refresh_token"));
        let known = known.filter(|known| known.is_refresh_token).ok_or("the refresh token was never issued")?;
        let mut grants = self.grants.borrow_mut();
        let grant = grants.get_mut(&known.code).expect("a login");
        if value("client_id") != Some(&grant.client_id) {
            return Err("the refresh token belongs to another client");
        }
        if known.is_spent {
            grant.is_revoked |= self.detects_reuse.get();
            return Err("the refresh token was used before");
        }
        if grant.is_revoked {
            return Err("the login has ended");
        }
        known.is_spent = self.rotates.get();
        Ok(known.code.clone())
    }

    fn token_response(&self, code: &str, refresh: Option<&Form>) -> Value {
        let grants = self.grants.borrow();
        let grant = &grants[code];
        let scope = refresh.and_then(|form| form.get("scope")).unwrap_or(&grant.scope);
        let access_token = self.issue("access token", code);
        let mut token = json!({
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": self.lifetime.get(),
            "scope": scope,
        });
        let is_offline = self.is_generous.get() || grant.scope.split(' ').any(|word| word == "offline_access");
        if is_offline && (refresh.is_none() || self.rotates.get()) {
            token["refresh_token"] = json!(self.issue("refresh token", code));
        }
        if !self.is_plain_oauth.get() && (refresh.is_none() || self.refreshes_id_tokens.get()) {
            let id_token = self.issue_id_token(grant, &access_token, refresh.is_none());
            self.secrets.remember("id_token", &id_token);
            self.id_tokens.borrow_mut().push(id_token.clone());
            token["id_token"] = json!(id_token);
        }
        self.token.apply(&mut token);
        token
    }

    fn issue(&self, kind: &'static str, code: &str) -> String {
        let (token, is_refresh_token) = (self.fresh(kind), kind == "refresh token");
        let expires_at = self.now() + self.lifetime.get();
        let issued = Issued { code: code.to_owned(), is_refresh_token, is_spent: false, expires_at };
        self.issued.borrow_mut().insert(token.clone(), issued);
        token
    }

    /// The suite's baseline: exp = iat + 300; at_hash and auth_time where they apply; a nonce in the first one only (OIDC Core
    /// section 12.2).
    fn issue_id_token(&self, grant: &Grant, access_token: &str, is_first: bool) -> String {
        let algorithm = self.key.borrow().algorithm;
        let hash = match &algorithm[algorithm.len() - 3..] {
            "256" => &SHA256,
            "384" => &SHA384,
            _ => &SHA512,
        };
        let half = digest(hash, access_token.as_bytes());
        let mut claims = json!({
            "iss": self.issuer,
            "sub": grant.sub,
            "aud": grant.client_id,
            "iat": self.now(),
            "exp": self.now() + 300,
            "at_hash": base64url(&half.as_ref()[..half.as_ref().len() / 2]),
            "sid": "session-at-the-provider",
        });
        if is_first {
            claims["nonce"] = json!(grant.nonce);
        }
        if grant.max_age.is_some() {
            claims["auth_time"] = json!(grant.auth_time);
        }
        if let Some(acr) = grant.acr_values.as_ref().and_then(|values| values.split(' ').next()) {
            claims["acr"] = json!(acr);
        }
        self.claims.apply(&mut claims);
        let mut token = self.sign(&claims);
        self.id_token.apply(&mut token);
        token
    }

    /// A JWT of these claims, by the key of the day.
    pub fn sign(&self, claims: &Value) -> String {
        let key = self.key.borrow();
        let mut header = json!({ "alg": key.algorithm, "typ": "JWT", "kid": key.kid });
        if key.kid.is_none() {
            header.as_object_mut().expect("an object").remove("kid");
        }
        self.header.apply(&mut header);
        let mut octets = (header.to_string().into_bytes(), claims.to_string().into_bytes());
        self.signed.apply(&mut octets);
        key.sign_octets(&octets.0, &octets.1)
    }

    // ------------------------------------------------------------ userinfo and revocation

    /// OIDC Core section 5.3, and RFC 6750 section 3 where the token is not good.
    pub(super) fn answer_userinfo_request(&self, request: &HttpRequest) -> HttpResponse {
        assert_eq!(request.method, Method::Get);
        let token = bearer(request).expect("a bearer");
        if !self.honours(token) {
            let challenge = r#"Bearer realm="example", error="invalid_token", error_description="of the provider""#;
            return HttpResponse { challenge: Some(challenge.into()), ..HttpResponse::new(401, "") };
        }
        let code = self.issued.borrow()[token].code.clone();
        let sub = self.grants.borrow()[&code].sub.clone();
        let mut claims = json!({ "sub": sub, "email": format!("{sub}@example.com") });
        if self.signs_userinfo.get() {
            claims["iss"] = json!(self.issuer);
            claims["aud"] = json!(self.grants.borrow()[&code].client_id);
        }
        self.userinfo.apply(&mut claims);
        if !self.signs_userinfo.get() {
            return json_answer(200, &claims);
        }
        let content_type = Some("application/jwt".into());
        HttpResponse { content_type, ..HttpResponse::new(200, self.sign(&claims)) }
    }

    /// RFC 7009 section 2: 200 whether the token was known or not; a refresh token takes its access tokens along.
    pub(super) fn answer_revocation_request(&self, request: &HttpRequest) -> HttpResponse {
        let form = read_form(request);
        let mut names: Vec<&str> = form.keys().map(String::as_str).collect();
        names.retain(|name| *name != "client_secret");
        names.sort_unstable();
        assert_eq!(names, ["client_id", "token", "token_type_hint"]);
        assert_eq!(form.get("client_secret"), self.wanted_secret.borrow().as_ref(), "a client_secret");
        // A token that is worth nothing any more takes nothing along.
        let mut issued = self.issued.borrow_mut();
        if let Some(known) = issued.get_mut(&form["token"]).filter(|known| !known.is_spent) {
            let hint = if known.is_refresh_token { "refresh_token" } else { "access_token" };
            assert_eq!(form["token_type_hint"], hint);
            let mut grants = self.grants.borrow_mut();
            let grant = grants.get_mut(&known.code).expect("a login");
            assert_eq!(form["client_id"], grant.client_id);
            known.is_spent = true;
            grant.is_revoked |= known.is_refresh_token;
        }
        HttpResponse::new(200, "")
    }
}
