//! `authorizeRedirect` up to the moment the page leaves: the URL, and the transaction that the callback is checked against.

use std::future::Future;
use std::rc::Rc;

use crate::error::{Code, Error, Phase, in_phase};
use crate::flow::abort::unless_aborted;
use crate::flow::client::Client;
use crate::flow::leave::leaving::Turn;
use crate::flow::op::jwks::prepare_to_verify;
use crate::flow::op::metadata::server_metadata;
use crate::flow::session::store::Identity;
use crate::flow::session::tabs;
use crate::ports::{CryptoError, Platform, Random, Signal, StorageError};
use crate::protocol::authorization_request::{AuthorizationRequest, AuthorizeParams, LoginEntropy};
use crate::protocol::config::ClientConfig;
use crate::protocol::json::Value;
use crate::protocol::metadata::ServerMetadata;
use crate::protocol::saved_request;
use crate::protocol::secret::Secret;
use crate::protocol::transaction::{LoginTransaction, Transaction, Way};
use crate::protocol::uri::is_same_origin;
use crate::settings::params;

/// Fetches what a login and its callback will need, so that a click navigates at once and the callback sends one request.
pub async fn preload<P: Platform>(client: &Rc<Client<P>>) -> Result<(), Error> {
    if ClientConfig::is_openid(&client.config.scope) {
        prepare_to_verify(client).await?;
    } else {
        server_metadata(client, false).await?;
    }
    Ok(())
}

/// Builds the URL and stores nothing.
pub async fn create_authorization_url<P: Platform>(
    client: &Rc<Client<P>>,
    params: Value,
    way: Way,
) -> Result<AuthorizationRequest, Error> {
    let params = params::authorize(params, way).map_err(in_phase(Phase::Authorize))?;
    let metadata = server_metadata(client, false).await?;
    let request = authorization_request(client, &metadata, params).map_err(in_phase(Phase::Authorize))?;
    // A page of another origin could not relay the response to this page.
    if way != Way::Redirect && !is_same_origin(&request.transaction.redirect_uri, &client.platform.url()) {
        return Err(foreign_redirect_uri());
    }
    Ok(request)
}

fn foreign_redirect_uri() -> Error {
    let message = "The redirect URI of a login in a popup or in a hidden frame must have the origin of this page.";
    Error::new(Code::InvalidRedirectUri, Phase::Authorize, message).with_remedy(
        "Serve callback.html and callback.js of the package at the origin of the app, and give the URL of callback.html as popupRedirectUri and silentRedirectUri.",
    )
}

fn authorization_request<P: Platform>(
    client: &Client<P>,
    metadata: &ServerMetadata,
    mut params: AuthorizeParams,
) -> Result<AuthorizationRequest, Error> {
    let entropy = entropy(&*client.platform)?;
    params.stored_id_token = stored_id_token(client, metadata);
    Ok(AuthorizationRequest::build(&client.name, &client.config, metadata, params, entropy)?)
}

fn entropy(random: &impl Random) -> Result<LoginEntropy, CryptoError> {
    Ok(LoginEntropy { state: random.octets()?, nonce: random.octets()?, code_verifier: random.octets()? })
}

/// Stores what [`create_authorization_url`] returned, as JavaScript hands it back.
pub async fn save_authorize_data<P: Platform>(
    client: &Rc<Client<P>>,
    data: Value,
    app_state: Option<String>,
) -> Result<(), Error> {
    let metadata = server_metadata(client, false).await?;
    let transaction = saved_transaction(client, &metadata, data).map_err(in_phase(Phase::Authorize))?;
    Ok(remember(client, transaction, app_state)?)
}

fn saved_transaction<P>(client: &Client<P>, metadata: &ServerMetadata, data: Value) -> Result<LoginTransaction, Error> {
    let saved = params::save_authorize_data(data)?;
    Ok(saved_request::read(&client.name, &client.config, metadata, saved)?)
}

/// A login that is ready to leave: its turn, its URL and its `state`.
pub type Ready = (Rc<Turn>, String, Secret);

/// A login up to the navigation. The place in the order of turns is that of the call, not of the first poll.
pub fn prepare_login<P: Platform>(
    client: &Rc<Client<P>>,
    params: Value,
    app_state: Option<String>,
    way: Way,
) -> impl Future<Output = Result<Ready, Error>> + use<P> {
    let (client, turn) = (client.clone(), client.leaving.login());
    async move {
        turn.comes().await?;
        let AuthorizationRequest { url, transaction } = create_authorization_url(&client, params, way).await?;
        tabs::wait_for_logouts_elsewhere(&client).await;
        // A logout may have been called while the metadata or the lock was on its way.
        turn.comes().await?;
        let state = transaction.state.clone();
        remember(&client, transaction, app_state)?;
        Ok((turn, url, state))
    }
}

/// `authorizeRedirect`. The signal ends the work as long as the page has not begun to leave. A navigation is not taken back.
pub fn authorize_redirect<P: Platform, S: Signal>(
    client: &Rc<Client<P>>,
    params: Value,
    app_state: Option<String>,
    signal: Option<S>,
) -> impl Future<Output = Result<(), Error>> + use<P, S> {
    let (client, begun) = (client.clone(), prepare_login(client, params, app_state, Way::Redirect));
    async move {
        let ready = unless_aborted(signal.as_ref(), Phase::Authorize, begun).await?;
        leave_for_login(&client, ready).await
    }
}

/// Leaves for the provider. The future ends only if the page stayed or came back.
pub async fn leave_for_login<P: Platform>(client: &Client<P>, (turn, url, _): Ready) -> Result<(), Error> {
    client.state.untold.forget();
    client.platform.leave(&url, None, client.options.request_timeout, None).await;
    // A logout that was called meanwhile has cancelled the navigation.
    turn.comes().await?;
    turn.conclude();
    Ok(())
}

fn remember<P: Platform>(
    client: &Client<P>,
    transaction: LoginTransaction,
    app_state: Option<String>,
) -> Result<(), StorageError> {
    let transaction = Transaction::Login(LoginTransaction { app_state, ..transaction });
    client.transactions.remember(&*client.platform, transaction, client.platform.now())
}

/// The id_token of the session, as a hint for the provider that gave it. In a page that has lost the tokens with its memory, the identity
/// has it.
pub(in crate::flow) fn stored_id_token<P: Platform>(client: &Client<P>, metadata: &ServerMetadata) -> Option<Secret> {
    let identity = client.sessions.identity(&*client.platform);
    let session = client.session();
    let known = session.as_deref().or(identity.as_ref().map(Identity::session));
    known.filter(|session| client.check_provider(session, metadata).is_ok())?.id_token().cloned()
}
