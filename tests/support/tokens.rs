//! What a page does with tokens: asks for one, has one revoked, asks who it is about.

use std::rc::Rc;

use oidc_client_wasm::error::Error;
use oidc_client_wasm::flow::tokens;
use oidc_client_wasm::protocol::json::{Object, Value, json};
use oidc_client_wasm::protocol::revocation::TokenKind;
use oidc_client_wasm::protocol::token::Token;
use oidc_client_wasm::settings::params;

use super::page::Page;
use super::run::{Running, now};
use super::verbs::ClientVerbs;

impl Page {
    /// `getAccessToken(options)`, not awaited.
    pub fn asking_for(&self, options: Value) -> Running<Result<Rc<Token>, Error>> {
        let options = params::access_token(options, false).expect("options");
        let client = self.client();
        Running::start(async move { tokens::get::access_token(&client, &options).await })
    }

    pub fn asking(&self) -> Running<Result<Rc<Token>, Error>> {
        self.asking_for(json!({}))
    }

    #[track_caller]
    pub fn access_token_for(&self, options: Value) -> Result<String, Error> {
        self.got(self.asking_for(options))
    }

    #[track_caller]
    pub fn access_token(&self) -> Result<String, Error> {
        self.got(self.asking())
    }

    /// What came of asking.
    #[track_caller]
    pub fn got(&self, asked: Running<Result<Rc<Token>, Error>>) -> Result<String, Error> {
        let result = asked.finish();
        self.world().secrets.audit("the Debug output of a token", &result.as_ref().ok());
        self.audited(result.map(|token| token.access_token.expose().to_owned()))
    }

    /// `refreshToken()`
    #[track_caller]
    pub fn refresh(&self) -> Result<String, Error> {
        self.access_token_for(json!({ "force": true }))
    }

    /// The members of the session's token as the page sees them.
    #[track_caller]
    pub fn token(&self) -> Value {
        let session = self.session().expect("a session");
        Value::Object(session.token().to_json(session.claims()))
    }

    #[track_caller]
    pub fn held_access_token(&self) -> String {
        self.token()["access_token"].as_str().expect("an access token").to_owned()
    }

    #[track_caller]
    pub fn held_refresh_token(&self) -> String {
        self.token()["refresh_token"].as_str().expect("a refresh token").to_owned()
    }

    pub fn asking_userinfo(&self) -> Running<Result<Object, Error>> {
        let client = self.client();
        Running::start(async move { client.userinfo().await })
    }

    #[track_caller]
    pub fn userinfo(&self) -> Result<Value, Error> {
        self.audited(self.asking_userinfo().finish()).map(Value::Object)
    }

    #[track_caller]
    pub fn revoke(&self, kind: Option<TokenKind>) -> Result<(), Error> {
        let client = self.client();
        self.audited(now(async move { tokens::revoke::revoke_token(&client, kind).await }))
    }

    /// `clear()`
    #[track_caller]
    pub fn clear(&self) {
        self.client().sign_out_here().expect("storage that works");
    }
}
