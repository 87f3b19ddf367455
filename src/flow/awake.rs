//! The work of a page while it is awake: a registry hears the other tabs and the other registries of the page, and sets an alarm for the
//! end of each access token.

use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use crate::flow::client::Client;
use crate::flow::events::Event;
use crate::flow::registry::Registry;
use crate::flow::session::{sharing, tabs};
use crate::flow::tokens::at_hand;
use crate::ports::Platform;
use crate::protocol::json;
use crate::protocol::time::UnixTime;
use crate::settings::options::TokenStorage;

/// A timer of a browser counts 31 bits of milliseconds. For an end that is further away, the alarm is set again after a day.
const LONGEST_WAIT: i64 = 86_400;

/// Hears the other tabs while the page is awake. When the page wakes up, the clients first look for the changes that they missed, and then
/// listen again.
pub fn live_among_tabs<P: Platform>(registry: &Rc<Registry<P>>) {
    let nudged = Rc::downgrade(registry);
    registry.platform.on_nudge(Box::new(move |address, reason| {
        if let Some(registry) = nudged.upgrade() {
            registry.nudged(address, reason);
        }
    }));
    if registry.options.token_storage == TokenStorage::Local {
        let looking = Rc::downgrade(registry);
        registry.platform.on_stored(Box::new(move || {
            if let Some(registry) = looking.upgrade() {
                registry.stored_elsewhere();
            }
        }));
    }
    wake_up(registry);
    let woken = Rc::downgrade(registry);
    registry.platform.on_wake(Box::new(move || {
        if let Some(registry) = woken.upgrade() {
            wake_up(&registry);
            registry.all().iter().for_each(|client| sharing::show_presence(client));
            registry.platform.spawn(ask(&registry));
        }
    }));
    let sleeping = Rc::downgrade(registry);
    registry.platform.on_sleep(Box::new(move || {
        for client in sleeping.upgrade().iter().flat_map(|registry| registry.all()) {
            client.presence.take();
        }
    }));
}

/// Asks the other tabs for the sessions that are not here.
pub fn ask<P: Platform>(registry: &Registry<P>) -> LocalBoxFuture<'static, ()> {
    sharing::ask(registry.all()).boxed_local()
}

fn wake_up<P: Platform>(registry: &Rc<Registry<P>>) {
    registry.wake_up();
    let hearing = Rc::downgrade(registry);
    registry.platform.on_message(
        &registry.options.storage_prefix,
        Box::new(move |text| {
            if let Some(registry) = hearing.upgrade()
                && registry.needs(text)
                && let Ok(message) = json::parse_record(text.as_bytes())
            {
                registry.on_message(message);
            }
        }),
    );
}

/// Tells the events of the registry to its one listener. The alarm of a new token is set before the listener is called, because the
/// listener may bring another token.
pub fn listen<P: Platform>(registry: &Rc<Registry<P>>, listener: impl Fn(&str, Event) + 'static) {
    // The reference is weak, because the events belong to the registry.
    let registry_of_listener = Rc::downgrade(registry);
    registry.events.listen(move |name, event| {
        if matches!(event, Event::Login(..) | Event::TokenUpdate { .. } | Event::Logout(_))
            && let Some(registry) = registry_of_listener.upgrade()
            && let Some(client) = registry.client(name)
        {
            sharing::show_presence(&client);
            watch_expiry(&registry, &client);
        }
        listener(name, event);
    });
}

/// Prepares a client that was just registered: removes a session that another value of `tokenStorage` has left behind, clears away a session
/// that ended while this tab slept, sets the alarm for the token that is left, and shows other tabs that a session is here.
pub fn begin<P: Platform>(registry: &Rc<Registry<P>>, client: &Rc<Client<P>>) {
    client.records.remove_session_elsewhere(&*client.platform);
    tabs::wake_up(client);
    watch_expiry(registry, client);
    sharing::show_presence(client);
}

/// Sets the alarm for the moment when the access token at hand counts as expiring. A client has one alarm: that of a token that was
/// replaced is switched off.
pub fn watch_expiry<P: Platform>(registry: &Rc<Registry<P>>, client: &Rc<Client<P>>) {
    let alarm = at_hand::expiring_at(client).map(|(at, expires_at)| {
        let seconds = at.since(client.platform.now()).clamp(0, LONGEST_WAIT) as u32;
        let (registry, watched) = (Rc::downgrade(registry), Rc::downgrade(client));
        let ring = move || {
            if let (Some(registry), Some(client)) = (registry.upgrade(), watched.upgrade())
                && is_registered(&registry, &client)
            {
                ring(&registry, &client, expires_at);
            }
        };
        client.platform.after(seconds.saturating_mul(1000), Box::new(ring))
    });
    // The alarm is dropped outside the borrow, because its drop calls the browser.
    drop(client.alarm.replace(alarm));
}

/// Tells that the token is expiring, unless the clock was set back or the wait was longer than a day.
fn ring<P: Platform>(registry: &Rc<Registry<P>>, client: &Rc<Client<P>>, expires_at: UnixTime) {
    match at_hand::expiring_at(client) {
        Some((at, same)) if same == expires_at && at > client.platform.now() => watch_expiry(registry, client),
        _ => at_hand::emit_expiring(client, expires_at),
    }
}

/// Whether the client still has its name: the name may have been given to another client, or taken back.
fn is_registered<P: Platform>(registry: &Registry<P>, client: &Rc<Client<P>>) -> bool {
    registry.client(&client.name).is_some_and(|registered| Rc::ptr_eq(&registered, client))
}
