//! Several tabs of one origin. Each tab has a session of its own in its sessionStorage, and the tabs tell each other:
//!
//! - a logout ends the sessions of the same person in every tab, those included that sleep, are in the back/forward cache or
//!   are closed and restored later (there is a tombstone for them); so does a front-channel logout for a session at the provider;
//! - a duplicated tab begins with a copy of the session, refresh token included: the tab that refreshes hands the new tokens to the
//!   others that hold the replaced one, so that no tab redeems it again (a provider would take that for theft). A tab that slept meanwhile
//!   finds a tombstone, and asks;
//! - a login waits while a logout of the same client leaves the page of another tab, where the browser has locks.
//!
//! With `tokenStorage: "local"` all tabs have one session. A tab that hears of a change looks at the stored session, and changes nothing.
//!
//! A message of another tab is validated like a record in storage: any script of this origin may have written it.

use std::rc::Rc;

use crate::flow::client::Client;
use crate::flow::events::{Event, LogoutReason};
use crate::flow::records::Dated;
use crate::flow::session::message::{ASKS, CLIENT, ENDED, GIVES, REFUSED, REPLACES, SESSION, WANTS, send};
use crate::flow::session::tombstones::Kind;
use crate::flow::session::value::Session;
use crate::flow::session::{changes, sharing};
use crate::ports::Platform;
use crate::protocol::json::Value;
use crate::protocol::secret::{Secret, fingerprint};

/// The number of times that a tab looks for an answer, and the milliseconds before each look.
const LOOKS: u32 = 5;
const BETWEEN_LOOKS: u32 = 200;

/// The reasons that a tab takes over from another tab.
const OF_PROVIDER: [LogoutReason; 2] = [LogoutReason::FrontChannel, LogoutReason::SessionEnded];

/// Seconds that a logout waits for the logout of another tab.
const MOMENT: u32 = 1;

/// The name of the lock for a refresh. Tabs wait for each other only if they hold the same refresh token.
pub(in crate::flow) fn lock_name<P>(client: &Client<P>, session: &Session) -> String {
    let refresh_token = session.token().refresh_token.as_ref().map(Secret::expose).unwrap_or_default();
    [client.prefix(), ":refresh:", &fingerprint(refresh_token)].concat()
}

/// The lock that a logout holds while it leaves its page. If another tab logs out at the same moment, the logout goes on without the
/// lock: the lock of the other tab keeps the logins back.
pub(in crate::flow) async fn keep_logins_back<P: Platform>(client: &Client<P>) -> Option<P::Held> {
    client.platform.lock(&leaving_lock(client), MOMENT).await
}

/// Waits, for a login, until the provider has answered the logout of another tab: before that, the provider would sign the person in again
/// without asking.
pub(in crate::flow) async fn wait_for_logouts_elsewhere<P: Platform>(client: &Client<P>) {
    drop(client.platform.lock(&leaving_lock(client), client.options.request_timeout).await);
}

fn leaving_lock<P>(client: &Client<P>) -> String {
    client.records.key("leaving")
}

/// Writes a tombstone for the tabs that sleep, if a refresh has replaced their refresh token. It is written before the new refresh token is
/// stored: if the tab died in between, a copy would redeem the old refresh token, and the provider would then refuse the new one.
pub(in crate::flow) fn record_replaced<P: Platform>(client: &Client<P>, before: &Session, session: &Session) {
    if let Some(replaced) = before.token().refresh_token.as_ref().filter(|_| session.has_other_refresh_token(before)) {
        let (platform, now) = (&*client.platform, client.platform.now());
        client.sessions.tombstones.add_of(platform, Kind::SpentRefreshToken, replaced, now);
    }
}

/// Sends the tokens to the tabs that are awake and hold the same refresh token.
pub(in crate::flow) fn broadcast_refreshed<P: Platform>(client: &Client<P>, before: &Session, session: &Session) {
    // Where the tokens are in memory only, a tab gets them when it asks.
    if let Some(replaced) = before.token().refresh_token.as_ref().filter(|_| !client.sessions.is_in_memory()) {
        hand_over(client, &fingerprint(replaced.expose()), session);
    }
}

fn hand_over<P: Platform>(client: &Client<P>, replaces: &str, session: &Session) {
    send(client, REPLACES, replaces, Some((SESSION, client.sessions.to_record(session))));
}

/// Asks the tabs that are awake for the successor of a session's refresh token. The result says whether an answer came or none is needed
/// any more.
pub(in crate::flow) async fn ask_for_successor<P: Platform>(client: &Client<P>, session: &Session) -> bool {
    let Some(refresh_token) = &session.token().refresh_token else { return false };
    send(client, ASKS, &fingerprint(refresh_token.expose()), None);
    for _ in 0..LOOKS {
        client.platform.pause(BETWEEN_LOOKS).await;
        if client.sessions.has_moved_on(&*client.platform, session) {
            return true;
        }
    }
    false
}

/// Ends the session whose refresh token the provider refused for good, here and in each tab that holds the same refresh token. The tombstone
/// is for the tabs that sleep: they hand the session to no new tab.
pub(in crate::flow) fn end_refused<P: Platform>(client: &Client<P>, session: &Session) {
    if let Some(refused) = &session.token().refresh_token {
        let (platform, now) = (&*client.platform, client.platform.now());
        client.sessions.tombstones.add_of(platform, Kind::SpentRefreshToken, refused, now);
        send(client, REFUSED, &fingerprint(refused.expose()), None);
    }
    end(client, LogoutReason::RefreshRejected);
}

/// Remembers the session at the provider that a login began with, for a front-channel logout that another page of the origin answers.
pub(in crate::flow) fn record_login<P: Platform>(client: &Client<P>, session: &Session) {
    if let Some(provider_session) = session.provider_session() {
        let (platform, fingerprint) = (&*client.platform, provider_session.to_owned());
        client.sessions.tombstones.add(platform, Kind::ProviderSession, fingerprint, platform.now());
    }
}

/// Tells the end of a session, with its reason, to every tab where the same person is signed in, those included that sleep.
pub(in crate::flow) fn record_ended<P: Platform>(client: &Client<P>, session: &Session, reason: LogoutReason) {
    let (platform, tombstones) = (&*client.platform, &client.sessions.tombstones);
    // Where the clock was faster at the login, the date is that of a moment after it: a copy that slept must not come back.
    let (now, login) = (platform.now(), session.logged_in_at());
    let at = if login > now { login.plus(1) } else { now };
    tombstones.add(platform, Kind::SignedOut, session.subject().to_owned(), at);
    // A front-channel logout that comes later finds no session to end.
    if let Some(provider_session) = session.provider_session() {
        tombstones.remove(platform, Kind::ProviderSession, provider_session);
    }
    broadcast_ended(client, session.subject(), reason);
}

/// Tells the tabs that are awake of a person who signed out, or of a session that the provider ended.
pub(in crate::flow) fn broadcast_ended<P: Platform>(client: &Client<P>, fingerprint: &str, reason: LogoutReason) {
    let reason = (reason != LogoutReason::OtherTab).then(|| ("reason", Value::from(reason.as_str())));
    send(client, ENDED, fingerprint, reason);
}

/// Ends a session whose time is over, and tells of a session that ended while this page slept, for example in the back/forward cache.
pub fn wake_up<P: Platform>(client: &Client<P>) {
    let platform = &*client.platform;
    let own = client.sessions.own(platform);
    if let Some(reason) = own.and_then(|own| client.sessions.end_of(platform, &own)) {
        end(client, reason);
    }
    // Another page of this tab may have changed the session meanwhile, or another tab the session of all tabs.
    changes::look(client, if client.sessions.is_shared() { LogoutReason::OtherTab } else { LogoutReason::Local });
}

/// Ends a session whose time is over, and then tells a change that was made elsewhere.
pub fn look<P: Platform>(client: &Client<P>, reason: LogoutReason) {
    let platform = &*client.platform;
    let own = client.sessions.own(platform);
    if let Some(expiry) = own.and_then(|own| client.sessions.expiry_of(platform, &own)) {
        end(client, expiry);
    }
    changes::look(client, reason);
}

/// Hands a message of the channel to its client, and ignores a message of an unknown kind.
pub fn on_message<P: Platform>(message: &Value, client: impl Fn(&str) -> Option<Rc<Client<P>>>) {
    let text = |name: &str| message.get(name).and_then(Value::as_str);
    let Some(client) = text(CLIENT).and_then(client) else { return };
    let record = message.get(SESSION);
    // The tombstones are not asked here: the tab that ended the session wrote its tombstone before it sent this message.
    let Some(session) = client.sessions.own(&*client.platform) else {
        if let Some(ended) = text(ENDED) {
            client.state.left.replace(Some(Dated { name: ended.to_owned(), at: client.platform.now() }));
        } else if let Some(login) = text(GIVES) {
            match record {
                Some(record) => sharing::take(&client, record),
                None => sharing::ask_for_announced(&client, login),
            }
        }
        return;
    };
    if let Some(ended) = text(ENDED) {
        // Any script of the origin may have written the reason. The other reasons are about this tab.
        let reason = text("reason").and_then(LogoutReason::parse).filter(|reason| OF_PROVIDER.contains(reason));
        let reason = reason.unwrap_or(LogoutReason::OtherTab);
        if client.sessions.is_shared() {
            // The stored session may be a later one, which began after that logout.
            look(&client, reason);
        } else if session.is_named(ended) {
            end(&client, reason);
        }
    } else if let Some(refused) = text(REFUSED) {
        if holds(&session, refused) && !client.state.is_redeeming.get() {
            end(&client, LogoutReason::RefreshRejected);
        }
    } else if let Some(replaced) = text(ASKS) {
        if session.has_replaced(replaced) {
            hand_over(&client, replaced, &session);
        }
    } else if let Some(asked) = text(WANTS) {
        sharing::answer(&client, asked);
    } else if let (Some(replaces), Some(record)) = (text(REPLACES), record) {
        on_refreshed(&client, &session, replaces, record);
    }
}

/// Whether the refresh token of the session has this fingerprint.
fn holds(session: &Session, refresh_token: &str) -> bool {
    session.token().refresh_token.as_ref().is_some_and(|token| fingerprint(token.expose()) == refresh_token)
}

fn on_refreshed<P: Platform>(client: &Client<P>, session: &Rc<Session>, replaces: &str, record: &Value) {
    let platform = &*client.platform;
    let Some(refreshed) = client.sessions.restore(record).filter(|_| holds(session, replaces)) else { return };
    // A refresh never changes the person, and a tab that slept may have an older session than this tab.
    let is_same =
        refreshed.subject() == session.subject() && !client.sessions.tombstones.has_end_of(platform, session, None);
    // A rotated refresh token is newer than the one that it replaced, even if the clock says otherwise.
    let is_newer = refreshed.has_other_refresh_token(session)
        || refreshed != **session && refreshed.obtained_at() >= session.obtained_at();
    if is_same && is_newer {
        client.sessions.take_over(platform, &refreshed, session);
        if refreshed.has_new_access_token(session) {
            changes::emit(client, Event::TokenUpdate { session: Rc::new(refreshed), before: session.clone() });
        }
    }
}

fn end<P: Platform>(client: &Client<P>, reason: LogoutReason) {
    if sharing::end_session(client).is_ok() {
        changes::emit(client, Event::Logout(reason));
    }
}
