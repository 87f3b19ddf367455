//! The alarm of a client: one timer for the next moment at which the client has something to do. A client without such a moment has no
//! timer.

use std::rc::Rc;

use super::renewal;
use crate::flow::client::Client;
use crate::flow::events::Event;
use crate::flow::registry::Registry;
use crate::flow::session::tabs;
use crate::flow::tokens::at_hand;
use crate::ports::Platform;
use crate::protocol::time::UnixTime;

/// A timer of a browser counts 31 bits of milliseconds. For a moment that is further away, the alarm is set again after a day.
const LONGEST_WAIT: i64 = 86_400;
/// The same where the end of the session or a renewal is awaited: the timer of a device that slept may be late by the time that it slept.
const WAIT_FOR_END: i64 = 600;

/// Sets the alarm after a change of the session.
pub(super) fn begin_anew<P: Platform>(registry: &Rc<Registry<P>>, client: &Rc<Client<P>>) {
    client.told_expiring.take();
    renewal::forget_failures(client);
    set(registry, client);
}

/// Sets the alarms anew: the timers may have stood still while the page or the device slept.
pub(super) fn set_all<P: Platform>(registry: &Rc<Registry<P>>) {
    registry.all().iter().for_each(|client| set(registry, client));
}

/// Sets the alarm of a client. The one that was set before is switched off.
pub(super) fn set<P: Platform>(registry: &Rc<Registry<P>>, client: &Rc<Client<P>>) {
    let alarm = wait(client).map(|seconds| {
        let (registry, watched) = (Rc::downgrade(registry), Rc::downgrade(client));
        let ring = move || {
            if let (Some(registry), Some(client)) = (registry.upgrade(), watched.upgrade())
                && is_registered(&registry, &client)
            {
                ring(&registry, &client);
            }
        };
        client.platform.after(seconds.saturating_mul(1000), Box::new(ring))
    });
    // The alarm is dropped outside the borrow, because its drop calls the browser.
    drop(client.alarm.replace(alarm));
}

/// The seconds until the next work of the client, if there is any.
fn wait<P: Platform>(client: &Client<P>) -> Option<u32> {
    let (platform, now) = (&*client.platform, client.platform.now());
    let own = client.sessions.own(platform);
    // A second where the end has come already: storage may refuse to forget the session.
    let end = own.and_then(|session| client.sessions.ends_at(platform, &session));
    let waits = [
        expiring_at(client).map(|(at, _)| at.since(now).clamp(0, LONGEST_WAIT)),
        end.map(|(at, _)| at.since(now).clamp(1, WAIT_FOR_END)),
        renewal::at(client, None).map(|at| at.since(now).clamp(0, WAIT_FOR_END)),
    ];
    waits.into_iter().flatten().min().map(|seconds| seconds as u32)
}

/// The time when the access token counts as expiring, and the time when it expires, unless that was told.
fn expiring_at<P: Platform>(client: &Client<P>) -> Option<(UnixTime, UnixTime)> {
    at_hand::expiring_at(client).filter(|(_, expires_at)| client.told_expiring.get() != Some(*expires_at))
}

/// Does the work that is due, and sets the alarm again. The alarm may ring too early: the clock was set back, or the wait was longer than a
/// day.
fn ring<P: Platform>(registry: &Rc<Registry<P>>, client: &Rc<Client<P>>) {
    tabs::wake_up(client);
    if let Some((at, expires_at)) = expiring_at(client)
        && at <= client.platform.now()
    {
        client.told_expiring.set(Some(expires_at));
        client.emit(Event::Expiring(expires_at));
    }
    if renewal::at(client, Some(u8::MAX)).is_some_and(|at| at <= client.platform.now()) {
        let (registry, renewed) = (Rc::downgrade(registry), client.clone());
        let then = move || {
            if let Some(registry) = registry.upgrade() {
                set(&registry, &renewed);
            }
        };
        renewal::begin(client, Box::new(then));
    }
    set(registry, client);
}

/// Whether the client still has its name: the name may have been given to another client, or taken back.
fn is_registered<P: Platform>(registry: &Registry<P>, client: &Rc<Client<P>>) -> bool {
    registry.client(&client.name).is_some_and(|registered| Rc::ptr_eq(&registered, client))
}
