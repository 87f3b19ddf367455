//! Logins in a popup and in a hidden frame. The page at the redirect URI relays the response to the page that began the login. That page
//! alone acts on it, by its own transaction, and judges it as it judges a response in the address bar.
//!
//! The relay is not believed: any script of the origin may send one. A response counts if its `state` is that of the login that waits.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use futures_util::FutureExt;
use futures_util::future::{Either, select};

use crate::error::{Code, Error, Phase};
use crate::flow::callback::entry::{self, Redirect};
use crate::flow::callback::find::{Want, has_unread_response};
use crate::flow::callback::outcome::{Outcome, already_ended};
use crate::flow::callback::page_responses::PageResponses;
use crate::flow::client::Client;
use crate::flow::leave::login::prepare_login;
use crate::flow::single_flight::Flight;
use crate::ports::{End, Platform, Popup, Unrelayed};
use crate::protocol::json::{Object, Value};
use crate::protocol::secret::Secret;
use crate::protocol::transaction::{LIFETIME, Way};

/// The window that a login is shown in.
pub enum Window {
    /// `None` where the browser has opened no window.
    Popup(Option<Popup>),
    Frame,
}

/// `authorizePopup` and `authorizeSilent`. A popup login ends the popup login of this client that waits: a person looks at one window at a
/// time. The silent logins of callers with the same parameters are one.
pub fn authorize_in<P: Platform>(
    window: Window,
    client: &Rc<Client<P>>,
    params: Value,
    app_state: Option<String>,
) -> Flight<Outcome> {
    let about = [&*params.to_text(), app_state.as_deref().unwrap_or_default()].concat();
    match window {
        Window::Popup(popup) => {
            client.state.logins.end_popups();
            Flight::new(login(client, params, app_state, Some(popup)).boxed_local())
        }
        Window::Frame => client.state.silent.run(&about, || login(client, params, app_state, None).boxed_local()),
    }
}

/// Begins the silent login that brings the person of a page back whose tokens went with the memory of the page before. The login shows nothing,
/// and nothing waits for it: where it fails, the person stays signed out, and the page tries no second time. A call of `authorizeSilent()`
/// shares it.
pub fn bring_back<P: Platform>(client: &Rc<Client<P>>) {
    let is_gone = client.config.silent_redirect_uri.is_some()
        && client.session().is_none()
        && client.state.logins.are_none()
        && !has_unread_response(client)
        && has_person(client);
    if is_gone && !client.state.is_brought_back.replace(true) {
        let login = authorize_in(Window::Frame, client, Value::Object(Object::new()), None);
        client.platform.spawn(login.map(drop).boxed_local());
    }
}

/// Whether the tab has a session, or knows the person whose tokens went with an earlier page.
fn has_person<P: Platform>(client: &Client<P>) -> bool {
    let (sessions, platform) = (&client.sessions, &*client.platform);
    client.session().is_some()
        || sessions.identity(platform).is_some_and(|known| {
            let before = known.session();
            before.sub().is_some() && sessions.end_of(platform, before).is_none()
        })
}

/// The work of both. Its place in the order of turns is that of the call.
fn login<P: Platform>(
    client: &Rc<Client<P>>,
    params: Value,
    app_state: Option<String>,
    popup: Option<Option<Popup>>,
) -> impl Future<Output = Result<Outcome, Error>> + use<P> {
    let way = if popup.is_some() { Way::Popup } else { Way::Silent };
    let since = client.state.logins.ends(way);
    let had_person = way == Way::Silent && has_person(client);
    let (client, begun) = (client.clone(), prepare_login(client, params, app_state, way));
    async move {
        let popup = match popup {
            Some(None) => return Err(popup_blocked()),
            Some(popup) => popup,
            None => None,
        };
        let (turn, url, state) = begun.await?;
        // This page stays, so a login or logout that leaves it need not wait.
        drop(turn);
        let begun = Begun { client, state };
        let (client, state) = (&begun.client, begun.state.expose());
        let patience = if popup.is_some() { LIFETIME } else { client.options.request_timeout };
        let ended = poll_fn(|context| {
            if client.state.logins.ends(way) != since {
                return Poll::Ready(());
            }
            client.state.logins.wait(context.waker());
            Poll::Pending
        });
        let relayed = client.platform.relayed(&url, state, popup.as_ref(), patience);
        let text = match select(ended, pin!(relayed)).await {
            Either::Left(_) => return Err(ended_by_another()),
            Either::Right((text, _)) => text.map_err(unrelayed)?,
        };
        // The session may have ended by itself or in another tab: the provider may have answered before that.
        if had_person && !has_person(client) {
            return Err(ended_by_another());
        }
        // The page is not at the redirect URI, so it has nothing to remember for a reload: these responses are of this call alone.
        let (responses, clients, want) =
            (PageResponses::default(), [client.clone()], Want::Relayed(begun.state.clone()));
        let Redirect::Ours(answer) = entry::begin(&*client.platform, &responses, &clients, Some(text), &want)? else {
            let message = "The response came in another part of the URL than this login asked for.";
            return Err(Error::new(Code::MismatchingState, Phase::Callback, message));
        };
        let outcome = answer.await?;
        // A listener of the event may have signed the person out.
        if client.session().is_some() { Ok(outcome) } else { Err(already_ended()) }
    }
}

/// A login whose response is waited for. However it ends, its records end with it.
struct Begun<P: Platform> {
    client: Rc<Client<P>>,
    state: Secret,
}

impl<P: Platform> Drop for Begun<P> {
    fn drop(&mut self) {
        let (client, state) = (&*self.client, self.state.expose());
        // Where storage is blocked, its records end with the tab.
        let _ = client.transactions.remove(&*client.platform, state);
        let _ = client.recorded_responses.remove(&*client.platform, state);
    }
}

fn popup_blocked() -> Error {
    Error::new(Code::PopupBlocked, Phase::Authorize, "The browser opened no window.")
}

fn ended_by_another() -> Error {
    let message = "The end of the session or another popup login of this client ended this login.";
    Error::new(Code::Aborted, Phase::Authorize, message)
}

fn unrelayed(Unrelayed { end, message, remedy }: Unrelayed) -> Error {
    let code = match end {
        End::NotLoaded => Code::WasmLoadFailed,
        End::Closed => Code::PopupClosed,
        End::Forbidden => Code::ConfigInvalid,
        End::Left => Code::Aborted,
        End::Late => Code::Timeout,
    };
    let error = Error::new(code, Phase::Authorize, message);
    if remedy.is_empty() { error } else { error.with_remedy(remedy) }
}
