//! RP-initiated logout up to the moment the page leaves, and the sign-out of this page alone.
//!
//! The order leaves no half state: the request is built while the id_token is still there, the transaction is stored, the session is
//! forgotten here, the other tabs are told, and only then does the page leave. A tab that dies in between is signed out. That a provider
//! has no logout is known when the request is built, and reported when the session is forgotten.

use std::rc::Rc;

use crate::error::{Code, Error, Phase, in_phase};
use crate::flow::client::Client;
use crate::flow::events::{Event, LogoutReason};
use crate::flow::leave::leaving::Turn;
use crate::flow::leave::login::stored_id_token;
use crate::flow::op::metadata::server_metadata;
use crate::flow::session::value::Session;
use crate::flow::session::{changes, sharing, tabs};
use crate::flow::single_flight::Flight;
use crate::flow::tokens::revoke;
use crate::ports::{Left, Platform, StorageError};
use crate::protocol::logout::{LogoutParams, LogoutRequest, Method};
use crate::protocol::transaction::{LogoutTransaction, Transaction};

/// Builds the request and changes nothing.
pub async fn create_logout_request<P: Platform>(
    client: &Rc<Client<P>>,
    params: LogoutParams,
) -> Result<LogoutRequest, Error> {
    let metadata = server_metadata(client, false).await?;
    let endpoint = metadata.end_session_endpoint().ok_or_else(end_session_not_supported)?;
    let octets = client.platform.octets().map_err(in_phase(Phase::Logout))?;
    // The hint may be that of an earlier logout, which ended the session here and did not reach the provider.
    let id_token = stored_id_token(client, &metadata).or_else(|| client.state.untold.hint(endpoint));
    LogoutRequest::build(endpoint, &client.config, params, id_token.as_ref(), octets).map_err(in_phase(Phase::Logout))
}

/// Does every step before the navigation, and gives the request and the lock that keeps the logins of other tabs waiting. `None` where the
/// provider has no logout and the caller accepts a local one. Where the provider has no logout and the caller does not accept that, the
/// result is an error, and the person is signed out here all the same.
pub async fn begin_logout<P: Platform>(
    client: &Rc<Client<P>>,
    params: LogoutParams,
    app_state: Option<String>,
) -> Result<Option<(LogoutRequest, Option<P::Held>)>, Error> {
    prepare_logout(client, params, app_state, None).await
}

/// The turn of a logout ends the logins that wait for it as soon as the session is forgotten.
async fn prepare_logout<P: Platform>(
    client: &Rc<Client<P>>,
    params: LogoutParams,
    app_state: Option<String>,
    turn: Option<&Turn>,
) -> Result<Option<(LogoutRequest, Option<P::Held>)>, Error> {
    let (fallback_local, revoke) = (params.fallback_local, params.revoke);
    let before = client.session();
    let request = match create_logout_request(client, params).await {
        Err(mut error) if error.code == Code::EndSessionNotSupported => {
            error.message.push_str(" The session is cleared here, and the session at the provider goes on.");
            Err(error)
        }
        request => Ok((request?, tabs::keep_logins_back(client).await)),
    };
    if let Some(expected) = request.as_ref().ok().and_then(|(request, _)| request.expected_return.as_ref()) {
        let transaction = LogoutTransaction {
            client: client.name.clone(),
            state: expected.state.clone(),
            post_logout_redirect_uri: expected.post_logout_redirect_uri.clone(),
            app_state,
        };
        client.transactions.remember(&*client.platform, Transaction::Logout(transaction), client.platform.now())?;
    }
    // A refresh may have replaced the tokens while the metadata was on its way.
    let session = client.sessions.read(&*client.platform).unwrap_or(before);
    forget_session(client, session.as_deref(), true)?;
    if let Some(turn) = turn {
        turn.conclude();
    }
    if let Some(session) = session.filter(|_| revoke) {
        revoke::revoke_left_behind(client, session).await;
    }
    match request {
        Err(_) if fallback_local => Ok(None),
        request => request.map(Some),
    }
}

/// `logoutRedirect`. From the call on, no login of this client leaves the page. The future ends only if the provider has no logout, or if
/// the page stayed or came back.
pub fn logout_redirect<P: Platform>(
    client: &Rc<Client<P>>,
    params: LogoutParams,
    app_state: Option<String>,
) -> Flight<()> {
    client.state.logout.run("", || {
        let (client, turn) = (client.clone(), client.leaving.logout());
        async move {
            let method = params.method;
            match prepare_logout(&client, params, app_state, Some(&turn)).await? {
                Some((request, held)) => leave_for_logout(&client, &request, method, held).await,
                None => Ok(()),
            }
        }
    })
}

async fn leave_for_logout<P: Platform>(
    client: &Client<P>,
    request: &LogoutRequest,
    method: Method,
    held: Option<P::Held>,
) -> Result<(), Error> {
    let patience = client.options.request_timeout;
    let (url, form) = match method {
        Method::Get => (&request.url(), None),
        Method::Post => (&request.endpoint, Some(&*request.fields)),
    };
    let left = client.platform.leave(url, form, patience, held).await;
    let error = match left {
        Left::CameBack => return Ok(()),
        Left::Stayed => page_stayed(),
        Left::Forbidden => forbidden(),
    };
    client.state.untold.keep(request);
    Err(error)
}

/// Forgets the session and every login under way of this client, in this tab.
pub fn sign_out_here<P: Platform>(client: &Client<P>) -> Result<(), StorageError> {
    forget_session(client, client.session().as_deref(), false)
}

fn forget_session<P: Platform>(
    client: &Client<P>,
    session: Option<&Session>,
    in_every_tab: bool,
) -> Result<(), StorageError> {
    sharing::end_session(client)?;
    client.state.untold.forget();
    // From here on the session is over, and a later failure does not bring it back. A login under way ends with it.
    client.state.logins.end_all();
    if let Some(session) = session {
        if in_every_tab {
            tabs::record_ended(client, session, LogoutReason::OtherTab);
        }
        changes::emit(client, Event::Logout(LogoutReason::Local));
    }
    client.transactions.forget_logins(&*client.platform)?;
    client.recorded_responses.end_logins(&*client.platform)
}

fn end_session_not_supported() -> Error {
    let message = "The provider's metadata has no end_session_endpoint.";
    Error::new(Code::EndSessionNotSupported, Phase::Logout, message)
}

fn page_stayed() -> Error {
    let message =
        "The page did not leave for the provider. The session is cleared here, and the provider was not told.";
    Error::new(Code::PageStayed, Phase::Logout, message)
}

fn forbidden() -> Error {
    let message = "The form-action of the page's Content-Security-Policy does not let it post a form to the client. The session is \
                   cleared here, and the client was not told.";
    Error::new(Code::ConfigInvalid, Phase::Logout, message).with_remedy(
        "In form-action, list the provider and 'self': the policy also judges the way back to this page. Some providers refuse a form under Referrer-Policy: no-referrer. Or use the method \"get\".",
    )
}
