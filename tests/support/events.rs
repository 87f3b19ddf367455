//! What a page was told: a listener that writes everything down.

use std::cell::RefCell;
use std::rc::Rc;

use oidc_client_wasm::flow::awake;
use oidc_client_wasm::flow::events::{Event, LoginReason};
use oidc_client_wasm::flow::registry::Registry;

use super::platform::FakePlatform;
use super::world::World;

#[derive(Default)]
pub struct EventLog(Rc<RefCell<Vec<(String, Event)>>>);

impl EventLog {
    pub(super) fn of(registry: &Rc<Registry<FakePlatform>>, world: &Rc<World>) -> Self {
        let log: Rc<RefCell<Vec<(String, Event)>>> = Rc::default();
        let (written, world) = (log.clone(), Rc::downgrade(world));
        awake::listen(registry, move |client, event| {
            if let Some(world) = world.upgrade() {
                world.secrets.audit("the Debug output of an event", &event);
            }
            written.borrow_mut().push((client.to_owned(), event));
        });
        Self(log)
    }

    /// Gives the log out and begins a new one.
    pub fn take_all(&self) -> Vec<(String, Event)> {
        self.0.take()
    }

    /// The same in a few words each: `login alice`, `logout other-tab`, `error network`, …
    pub fn take(&self) -> Vec<String> {
        self.take_all().iter().map(|(_, event)| words(event)).collect()
    }
}

fn words(event: &Event) -> String {
    match event {
        Event::Login(session, reason) => {
            let from = if *reason == LoginReason::OtherTab { " of another tab" } else { "" };
            format!("login {}{from}", session.sub().unwrap_or("somebody"))
        }
        Event::TokenUpdate { session, .. } => format!("tokenupdate {}", session.sub().unwrap_or("somebody")),
        Event::Logout(reason) => format!("logout {}", reason.as_str()),
        Event::UserChange { previous_sub, sub } => format!("userchange {previous_sub} {sub}"),
        Event::Expiring(at) => format!("expiring {}", at.0),
        Event::Error(error) => format!("error {}", error.code.as_str()),
    }
}
