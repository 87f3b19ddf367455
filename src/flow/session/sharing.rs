//! One session for the tabs of an origin: a tab without a session asks the tabs that have one, and begins with a copy.
//!
//! A tab with a session holds a lock whose name says so. A tab without one looks for such locks, so it waits only where another tab may
//! answer, and asks that one tab first: with fifty tabs, fifty answers would cost more than the one that counts. Tokens travel by the
//! channel, and are stored where each tab keeps its own: with the last tab, the session is gone.
//!
//! The copy that comes is judged like a record in storage: any script of this origin may have sent it.

use std::rc::Rc;

use super::changes;
use super::message::{GIVES, SESSION, WANTS, gives_session, send};
use super::value::Session;
use crate::flow::callback::find::has_unread_response;
use crate::flow::client::Client;
use crate::flow::events::{Event, LoginReason};
use crate::flow::records::Slot;
use crate::ports::{Platform, Storage, StorageError};
use crate::protocol::base64url;
use crate::protocol::json::{Value, json};
use crate::protocol::time::UnixTime;

/// The number of times that a page looks for an answer, and the milliseconds after each look. An answer that comes later counts all the same.
const LOOKS: u32 = 50;
const BETWEEN_LOOKS: u32 = 10;
/// Seconds after which a page looks no more: a page that is not seen may look once in a second only.
const PATIENCE: i64 = 2;
/// The look before which every tab is asked: the tab that was asked first may be frozen.
const LOOKS_FOR_FIRST: u32 = 11;

/// The name by which every tab is asked.
const EVERY: &str = "";

/// Takes the lock of a client that has a session, and gives up that of a client that has none.
pub(in crate::flow) fn show_presence<P: Platform>(client: &Client<P>) {
    let has_session = shares(client) && client.session().is_some();
    let is_shown = client.presence.borrow().is_some();
    if has_session != is_shown {
        let octets = client.platform.octets().ok().filter(|_| has_session);
        let presence = octets.map(|octets| {
            let name = place(client) + &base64url::encode(&octets);
            let lock = client.platform.hold(&name);
            (name, lock)
        });
        // The lock is dropped outside the borrow, because its drop calls the browser.
        drop(client.presence.replace(presence));
    }
}

/// Whether the tabs hand the session to each other. With `tokenStorage: "local"` they have it together.
fn shares<P>(client: &Client<P>) -> bool {
    client.options.share_session && !client.sessions.is_shared()
}

/// The beginning of the names of such locks.
fn place<P>(client: &Client<P>) -> String {
    client.records.key("present") + ":"
}

/// Whether a session of another tab may begin here: none is here, and no login that will bring one.
fn may_take<P: Platform>(client: &Rc<Client<P>>) -> bool {
    shares(client) && client.session().is_none() && client.state.logins.are_none()
}

/// Asks the other tabs for the sessions of the clients that have none, and waits for the answers, for half a second at most. A response that
/// waits in the address bar goes first.
pub(in crate::flow) async fn ask<P: Platform>(mut clients: Vec<Rc<Client<P>>>) {
    clients.retain(|client| may_take(client) && !has_unread_response(client));
    let mut waiting = Vec::new();
    for client in clients {
        // After a sign-out in this tab, only the session of a later login counts, and most answers would be refused.
        let is_open = signed_out_at(&client).is_some();
        match client.platform.holder(&place(&client)).await {
            Some(holder) if !is_open => {
                if let Some(holder) = holder {
                    send(&client, WANTS, &holder, None);
                    waiting.push(client);
                }
            }
            _ => send(&client, WANTS, EVERY, None),
        }
    }
    let mut begun = None;
    for look in 1..=LOOKS {
        waiting.retain(may_take);
        let Some(first) = waiting.first() else { return };
        let now = first.platform.now();
        if now.since(*begun.get_or_insert(now)) >= PATIENCE {
            return;
        }
        if look == LOOKS_FOR_FIRST {
            waiting.iter().for_each(|client| send(client, WANTS, EVERY, None));
        }
        first.platform.pause(BETWEEN_LOOKS).await;
    }
}

/// Answers a question with the session of this tab. A copy whose refresh token another tab has used up is of no use there.
pub(super) fn answer<P: Platform>(client: &Client<P>, asked: &str) {
    let is_asked = asked == EVERY || client.presence.borrow().as_ref().is_some_and(|(name, _)| name == asked);
    if let Some(session) = client.session()
        && (is_asked || session.login().as_str() == asked)
        && !client.sessions.is_spent(&*client.platform, &session)
    {
        give(client, &session);
    }
}

/// Tells the tabs that have no session of a login that succeeded here. The tokens travel only if one of them asks.
pub(in crate::flow) fn announce<P: Platform>(client: &Client<P>, session: &Session) {
    if shares(client) {
        send(client, GIVES, session.login().as_str(), None);
    }
}

/// Asks for the session of a login that another tab has told of.
pub(super) fn ask_for_announced<P: Platform>(client: &Rc<Client<P>>, login: &str) {
    if may_take(client) {
        send(client, WANTS, login, None);
    }
}

/// Hands a session to the tabs that have none.
fn give<P: Platform>(client: &Client<P>, session: &Session) {
    if shares(client) {
        send(client, GIVES, session.login().as_str(), Some((SESSION, client.sessions.to_record(session))));
    }
}

/// Whether a text may be of use here. A session is, as long as a client has none.
pub(in crate::flow) fn is_of_use<P: Platform>(text: &str, clients: &[Rc<Client<P>>]) -> bool {
    !gives_session(text) || clients.iter().any(|client| client.session().is_none())
}

/// Begins with the session of another tab, unless this tab has one, or that session has ended meanwhile.
pub(super) fn take<P: Platform>(client: &Rc<Client<P>>, record: &Value) {
    let platform = &*client.platform;
    let Some(session) = client.sessions.restore(record).filter(|_| may_take(client)) else { return };
    let is_before = |end: UnixTime| session.logged_in_at() <= end;
    let has_ended = client.sessions.end_of(platform, &session).is_some()
        || client.state.left.borrow().as_ref().is_some_and(|left| session.is_named(&left.name) && is_before(left.at))
        || signed_out_at(client).is_some_and(is_before)
        || client.sessions.is_spent(platform, &session)
        // The identity that this tab has is that of its person.
        || client.sessions.identity(platform).is_some_and(|known| known.session().subject() != session.subject());
    if !has_ended && client.sessions.save(platform, &session).is_ok() {
        forget_sign_out(client);
        changes::emit(client, Event::Login(Rc::new(session), LoginReason::OtherTab));
    }
}

/// Ends the session in this tab. From now on, only a later login counts here, also after a reload.
pub(in crate::flow) fn end_session<P: Platform>(client: &Client<P>) -> Result<(), StorageError> {
    client.clear_session()?;
    // After the removal of the session, which makes room in full storage, and which must not fail for want of it.
    let _ = client.records.write(&*client.platform, Slot::SignedOut, &json!(client.platform.now().0));
    Ok(())
}

pub(in crate::flow) fn forget_sign_out<P: Storage>(client: &Client<P>) {
    let _ = client.records.remove(&*client.platform, Slot::SignedOut);
}

/// When the last session of this tab ended. A date of the future does not count: a clock was fast once.
fn signed_out_at<P: Platform>(client: &Client<P>) -> Option<UnixTime> {
    let at = client.records.read(&*client.platform, Slot::SignedOut, UnixTime::from_numeric_date).ok()??;
    (at <= client.platform.now()).then_some(at)
}
