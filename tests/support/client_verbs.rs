//! The verbs of a client as methods of it, for tests: in the package they are functions, one file for each.

use std::future::Future;
use std::rc::Rc;

use oidc_client_wasm::error::Error;
use oidc_client_wasm::flow::callback::find;
use oidc_client_wasm::flow::client::Client;
use oidc_client_wasm::flow::leave::login::Ready;
use oidc_client_wasm::flow::leave::{login, logout};
use oidc_client_wasm::flow::op::{jwks, metadata, verify};
use oidc_client_wasm::flow::single_flight::Flight;
use oidc_client_wasm::flow::tokens::api::{self, Borrowed};
use oidc_client_wasm::flow::tokens::userinfo;
use oidc_client_wasm::ports::StorageError;
use oidc_client_wasm::protocol::authorization_request::AuthorizationRequest;
use oidc_client_wasm::protocol::id_token::IdTokenClaims;
use oidc_client_wasm::protocol::jose::JwkSet;
use oidc_client_wasm::protocol::json::{Object, Value};
use oidc_client_wasm::protocol::logout::{LogoutParams, LogoutRequest};
use oidc_client_wasm::protocol::metadata::ServerMetadata;
use oidc_client_wasm::protocol::token::Token;
use oidc_client_wasm::protocol::transaction::Way;
use oidc_client_wasm::settings::params::ParseExpectations;

use super::platform::FakePlatform;
use super::tabs;

#[allow(async_fn_in_trait)]
pub trait ClientVerbs {
    // callback, login, logout

    async fn preload(&self) -> Result<(), Error>;
    async fn create_authorization_url(&self, params: Value) -> Result<AuthorizationRequest, Error>;
    async fn save_authorize_data(&self, data: Value, app_state: Option<String>) -> Result<(), Error>;
    fn prepare_login(
        &self,
        params: Value,
        app_state: Option<String>,
    ) -> impl Future<Output = Result<Ready, Error>> + use<Self>;
    async fn leave_for_login(&self, ready: Ready) -> Result<(), Error>;
    /// A login up to the navigation, of a page that then leaves without a test that watches.
    async fn begin_login(&self, params: Value, app_state: Option<String>) -> Result<String, Error>;
    fn has_unread_response(&self) -> bool;
    fn advise(&self, error: Error) -> Error;
    async fn create_logout_request(&self, params: LogoutParams) -> Result<LogoutRequest, Error>;
    async fn begin_logout(
        &self,
        params: LogoutParams,
        app_state: Option<String>,
    ) -> Result<Option<(LogoutRequest, Option<tabs::Lock>)>, Error>;
    fn logout_redirect(&self, params: LogoutParams, app_state: Option<String>) -> Flight<()>;
    fn sign_out_here(&self) -> Result<(), StorageError>;

    // op

    async fn server_metadata(&self, force: bool) -> Result<Rc<ServerMetadata>, Error>;
    fn cached_metadata(&self) -> Option<Rc<ServerMetadata>>;
    async fn jwk_set(&self, force: bool) -> Result<Rc<JwkSet>, Error>;
    async fn parse_id_token(&self, id_token: &str, expected: ParseExpectations) -> Result<IdTokenClaims, Error>;

    // tokens

    async fn userinfo(&self) -> Result<Object, Error>;
    async fn token_for(&self, origin: &str) -> Result<Borrowed, Error>;
    async fn token_instead_of(&self, rejected: &Borrowed) -> Option<Rc<Token>>;
    fn is_worth_a_new_token(&self, status: u16, challenge: Option<&str>) -> bool;
}

impl ClientVerbs for Rc<Client<FakePlatform>> {
    // callback, login, logout

    async fn preload(&self) -> Result<(), Error> {
        login::preload(self).await
    }

    async fn create_authorization_url(&self, params: Value) -> Result<AuthorizationRequest, Error> {
        login::create_authorization_url(self, params, Way::Redirect).await
    }

    async fn save_authorize_data(&self, data: Value, app_state: Option<String>) -> Result<(), Error> {
        login::save_authorize_data(self, data, app_state).await
    }

    fn prepare_login(
        &self,
        params: Value,
        app_state: Option<String>,
    ) -> impl Future<Output = Result<Ready, Error>> + use<> {
        login::prepare_login(self, params, app_state, Way::Redirect)
    }

    async fn leave_for_login(&self, ready: Ready) -> Result<(), Error> {
        login::leave_for_login(self, ready).await
    }

    async fn begin_login(&self, params: Value, app_state: Option<String>) -> Result<String, Error> {
        let (_, url, _) = login::prepare_login(self, params, app_state, Way::Redirect).await?;
        Ok(url)
    }

    fn has_unread_response(&self) -> bool {
        find::has_unread_response(self)
    }

    fn advise(&self, error: Error) -> Error {
        find::advise(self, error)
    }

    async fn create_logout_request(&self, params: LogoutParams) -> Result<LogoutRequest, Error> {
        logout::create_logout_request(self, params).await
    }

    async fn begin_logout(
        &self,
        params: LogoutParams,
        app_state: Option<String>,
    ) -> Result<Option<(LogoutRequest, Option<tabs::Lock>)>, Error> {
        logout::begin_logout(self, params, app_state).await
    }

    fn logout_redirect(&self, params: LogoutParams, app_state: Option<String>) -> Flight<()> {
        logout::logout_redirect(self, params, app_state)
    }

    fn sign_out_here(&self) -> Result<(), StorageError> {
        logout::sign_out_here(self)
    }

    // op

    async fn server_metadata(&self, force: bool) -> Result<Rc<ServerMetadata>, Error> {
        metadata::server_metadata(self, force).await
    }

    fn cached_metadata(&self) -> Option<Rc<ServerMetadata>> {
        metadata::cached_metadata(self)
    }

    async fn jwk_set(&self, force: bool) -> Result<Rc<JwkSet>, Error> {
        jwks::jwk_set(self, force).await
    }

    async fn parse_id_token(&self, id_token: &str, expected: ParseExpectations) -> Result<IdTokenClaims, Error> {
        verify::parse_id_token(self, id_token, expected).await
    }

    // tokens

    async fn userinfo(&self) -> Result<Object, Error> {
        userinfo::userinfo(self).await
    }

    async fn token_for(&self, origin: &str) -> Result<Borrowed, Error> {
        api::token_for(self, origin).await
    }

    async fn token_instead_of(&self, rejected: &Borrowed) -> Option<Rc<Token>> {
        api::token_instead_of(self, rejected).await
    }

    fn is_worth_a_new_token(&self, status: u16, challenge: Option<&str>) -> bool {
        api::is_worth_a_new_token(status, challenge)
    }
}
