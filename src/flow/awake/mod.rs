//! The work of a page while it is awake: a registry hears the other tabs and the other registries of the page, and has an alarm for each
//! client.

pub mod alarms;
mod renewal;

use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use crate::flow::client::Client;
use crate::flow::events::Event;
use crate::flow::leave::windows;
use crate::flow::registry::Registry;
use crate::flow::session::{sharing, tabs};
use crate::ports::Platform;
use crate::protocol::json;
use crate::settings::options::TokenStorage;

/// Hears the other tabs while the page is awake. When the page wakes up, the clients first look for the changes that they missed, and then
/// listen again.
pub fn live_among_tabs<P: Platform>(registry: &Rc<Registry<P>>) {
    let nudged = Rc::downgrade(registry);
    registry.platform.on_nudge(Box::new(move |address, reason| {
        if let Some(registry) = nudged.upgrade() {
            registry.nudged(address, reason);
        }
    }));
    let platform = &*registry.platform;
    if registry.options.token_storage == TokenStorage::Local {
        platform.on_stored(with(registry, |registry| registry.stored_elsewhere()));
    }
    wake_up(registry);
    platform.on_wake(with(registry, |registry| {
        wake_up(registry);
        registry.all().iter().for_each(|client| sharing::show_presence(client));
        alarms::set_all(registry);
        registry.platform.spawn(ask(registry));
    }));
    platform.on_return(with(registry, |registry| {
        registry.wake_up();
        registry.all().iter().for_each(|client| renewal::try_again(client));
        alarms::set_all(registry);
    }));
    platform.on_sleep(with(registry, |registry| {
        for client in registry.all() {
            client.presence.take();
        }
    }));
}

/// A listener that does this with the registry as long as there is one: the reference is weak, because listeners live as long as the page.
fn with<P: Platform>(registry: &Rc<Registry<P>>, work: fn(&Rc<Registry<P>>)) -> Box<dyn Fn()> {
    let registry = Rc::downgrade(registry);
    Box::new(move || {
        if let Some(registry) = registry.upgrade() {
            work(&registry);
        }
    })
}

/// Asks the other tabs for the sessions that are not here, and then begins the silent logins of the people whose tokens went with an earlier
/// page.
pub fn bring_back<P: Platform>(registry: &Rc<Registry<P>>) -> LocalBoxFuture<'static, ()> {
    let (asking, registry) = (ask(registry), registry.clone());
    async move {
        asking.await;
        registry.all().iter().for_each(windows::bring_back);
    }
    .boxed_local()
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
            alarms::begin_anew(&registry, &client);
        }
        listener(name, event);
    });
}

/// Prepares a client that was just registered: removes a session that another value of `tokenStorage` has left behind, clears away a session
/// that ended while this tab slept, sets the alarm for the token that is left, and shows other tabs that a session is here.
pub fn begin<P: Platform>(registry: &Rc<Registry<P>>, client: &Rc<Client<P>>) {
    client.records.remove_session_elsewhere(&*client.platform);
    tabs::wake_up(client);
    alarms::set(registry, client);
    sharing::show_presence(client);
}
