//! The provider's pages: what it says when the browser is sent to it, with the checks that the certification suite makes on
//! every authorization, token and end-session request (`conformance-rp`, section 0).

use std::collections::HashMap;

use aws_lc_rs::digest::{SHA256, digest};
use url::Url;

use super::keys::base64url;
use super::provider::{CLIENT_ID, FakeProvider, Grant, POST_LOGOUT_URI, REDIRECT_URI};
use oidc_client_wasm::protocol::json;

const REGISTERED: [&str; 3] = [REDIRECT_URI, "https://app.example/other", "https://app.example/callback?tenant=a%20b"];

impl FakeProvider {
    /// The person signs in and agrees: where the browser is sent then.
    #[track_caller]
    pub fn authorize(&self, url: &str) -> String {
        let (params, mut response) = self.arrive(url);
        let value = |name: &str| params.get(name).cloned();
        let code = self.fresh("code");
        let grant = Grant {
            client_id: params["client_id"].clone(),
            redirect_uri: params["redirect_uri"].clone(),
            code_challenge: params["code_challenge"].clone(),
            nonce: value("nonce"),
            scope: value("scope").unwrap_or_default(),
            max_age: value("max_age"),
            acr_values: value("acr_values"),
            sub: self.sub.borrow().clone(),
            auth_time: self.now(),
            is_used: false,
            is_revoked: false,
        };
        self.grants.borrow_mut().insert(code.clone(), grant);
        response.insert(0, ("code".into(), code));
        self.send_back(&params, response)
    }

    /// The person or the provider says no.
    #[track_caller]
    pub fn refuse(&self, url: &str, error: &str) -> String {
        let (params, mut response) = self.arrive(url);
        response.insert(0, ("error".into(), error.into()));
        response.push(("error_description".into(), "in the provider's own words".into()));
        self.send_back(&params, response)
    }

    fn send_back(&self, params: &HashMap<String, String>, mut response: Vec<(String, String)>) -> String {
        self.response.apply(&mut response);
        let mut to = Url::parse(&params["redirect_uri"]).expect("a redirect URI");
        if params.get("response_mode").is_some_and(|mode| mode == "fragment") {
            let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(&response).finish();
            to.set_fragment(Some(&encoded));
        } else {
            to.query_pairs_mut().extend_pairs(&response);
        }
        to.into()
    }

    #[track_caller]
    fn arrive(&self, url: &str) -> (HashMap<String, String>, Vec<(String, String)>) {
        let metadata = self.published_metadata();
        let endpoint = metadata["authorization_endpoint"].as_str().expect("an endpoint");
        let (at, _) = url.split_once('?').expect("a query");
        assert_eq!(
            at,
            endpoint.split('?').next().expect("a path"),
            "sent elsewhere than to the authorization endpoint"
        );
        let params = read_params(url);
        self.check_authorization_request(&params);
        let mut response = vec![("state".to_owned(), params["state"].clone())];
        if metadata["authorization_response_iss_parameter_supported"] == true {
            response.push(("iss".into(), self.issuer.clone()));
        }
        (params, response)
    }

    #[track_caller]
    fn check_authorization_request(&self, params: &HashMap<String, String>) {
        let value = |name: &str| params.get(name).map(String::as_str);
        assert_eq!(value("response_type"), Some("code"));
        assert_eq!(value("client_id"), Some(CLIENT_ID));
        assert!(REGISTERED.contains(&value("redirect_uri").unwrap_or_default()), "an unregistered redirect_uri");
        assert_eq!(value("code_challenge_method"), Some("S256"));
        assert_eq!(value("code_challenge").map(str::len), Some(43));
        let is_openid = value("scope").unwrap_or_default().split(' ').any(|word| word == "openid");
        assert_eq!(is_openid, !self.is_plain_oauth.get(), "scope {:?}", value("scope"));
        assert_eq!(value("nonce").is_some(), is_openid);
        for name in ["request", "request_uri", "client_secret", "code_verifier"] {
            assert_eq!(value(name), None, "{name} has no place here");
        }
        assert!(!(value("max_age") == Some("0") && value("prompt") == Some("none")), "max_age=0 with prompt=none");
        if let Some(claims) = value("claims") {
            assert!(json::parse_record(claims.as_bytes()).is_ok_and(|claims| claims.is_object()), "claims: {claims}");
        }
        for name in ["state", "nonce", "code_challenge"] {
            let Some(text) = value(name) else { continue };
            assert!(text.len() >= 43, "{name} has less than 256 bits");
            assert!(self.seen.borrow_mut().insert(text.to_owned()), "{name} was used before");
        }
    }

    /// Judges a token request; `Err` says what a provider would refuse it for.
    pub(super) fn check_token_request(&self, form: &HashMap<String, String>) -> Result<String, &'static str> {
        let value = |name: &str| form.get(name).map(String::as_str);
        for name in ["client_assertion", "state", "nonce"] {
            assert_eq!(value(name), None, "{name} has no place here");
        }
        let verifier = value("code_verifier").expect("a code_verifier");
        assert!(verifier.len() >= 43, "a short code_verifier");
        let code = value("code").expect("a code");
        let mut grants = self.grants.borrow_mut();
        let grant = grants.get_mut(code).ok_or("the code was never issued")?;
        if grant.is_used {
            return Err("the code was redeemed before");
        }
        if base64url(digest(&SHA256, verifier.as_bytes()).as_ref()) != grant.code_challenge {
            return Err("the code_verifier does not fit the code_challenge");
        }
        if value("redirect_uri") != Some(&grant.redirect_uri) || value("client_id") != Some(&grant.client_id) {
            return Err("redirect_uri or client_id differ from the authorization request");
        }
        assert!(self.seen.borrow_mut().insert(verifier.to_owned()), "a code_verifier was used before");
        grant.is_used = true;
        Ok(code.to_owned())
    }

    /// The person signs out: where the browser is sent then, `None` where it stays.
    #[track_caller]
    pub fn end_session(&self, endpoint: &str, fields: &[(String, String)]) -> Option<String> {
        assert_eq!(endpoint, format!("{}/end", self.issuer));
        let value = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        assert!(names.iter().all(|name| names.iter().filter(|other| other == &name).count() == 1), "{names:?}");
        if let Some(hint) = value("id_token_hint") {
            // By string look-up: a token that was decoded and encoded again is not found.
            assert!(self.id_tokens.borrow().iter().any(|issued| issued == hint), "a hint that was never issued");
        }
        assert_eq!(value("client_id"), Some(CLIENT_ID));
        assert_eq!(value("state").is_some(), value("post_logout_redirect_uri").is_some());
        let to = value("post_logout_redirect_uri")?;
        assert_eq!(to, POST_LOGOUT_URI, "an unregistered post_logout_redirect_uri");
        let mut response = vec![("state".to_owned(), value("state").expect("a state").to_owned())];
        self.response.apply(&mut response);
        let mut to = Url::parse(to).expect("a URL");
        if !response.is_empty() {
            to.query_pairs_mut().extend_pairs(&response);
        }
        Some(to.into())
    }
}

/// The query of a URL as a provider reads it; only `resource` may stand twice.
#[track_caller]
pub fn read_params(url: &str) -> HashMap<String, String> {
    let mut params = HashMap::new();
    for (name, value) in Url::parse(url).expect("a URL").query_pairs() {
        let earlier = params.insert(name.to_string(), value.to_string());
        assert!(earlier.is_none() || name == "resource", "{name} stands twice");
    }
    params
}
