//! The browser of a tab: every port, served from the fake world.

use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use oidc_client_wasm::ports::{
    AddressBar, Alarm, Channel, Clock, CryptoError, Hearing, Http, HttpError, Left, Lock, Navigation, Nudged, Popup,
    Random, Scope, SignatureVerifier, Spawn, Storage, StorageError, Timer, Unrelayed, Windows,
};
use oidc_client_wasm::protocol::http::{HttpRequest, HttpResponse};
use oidc_client_wasm::protocol::jose::SignatureCheck;
use oidc_client_wasm::protocol::secret::Secret;
use oidc_client_wasm::protocol::time::UnixTime;

use super::effects::{Effect, Kind};
use super::keys;
use super::page::Tab;
use super::run::Running;
use super::storage::FakeStorage;
use super::tabs;

pub struct FakePlatform {
    pub tab: Rc<Tab>,
}

impl FakePlatform {
    /// One effect happens, or what has gone wrong with it.
    fn meet(&self, effect: Effect) -> Option<Kind> {
        let (world, strike) = (&self.tab.world, self.tab.effects.meet(effect));
        match strike {
            Some(Kind::Clock(seconds)) => world.skew.set(world.skew.get() + seconds),
            Some(Kind::Asleep(seconds)) => world.pass(seconds),
            _ => {}
        }
        strike
    }

    fn at_storage(&self, effect: Effect) -> Result<&FakeStorage, StorageError> {
        match self.meet(effect) {
            Some(Kind::Blocked) => Err(StorageError::Unavailable),
            Some(Kind::Full) => Err(StorageError::Full),
            _ => Ok(&self.tab.storage),
        }
    }
}

impl Http for FakePlatform {
    async fn send(&self, request: &HttpRequest, timeout: u32) -> Result<HttpResponse, HttpError> {
        let network = &self.tab.world.network;
        let is_lost = self.meet(Effect::Request) == Some(Kind::Lost);
        network.depart(request, timeout, self.tab.url()).await;
        if is_lost {
            return Err(HttpError::Network);
        }
        let mut answer = network.arrive(request).await?;
        match self.meet(Effect::Answer) {
            Some(Kind::Unanswered) => Err(HttpError::Network),
            Some(Kind::TimedOut) => Err(HttpError::Timeout),
            Some(Kind::Truncated) => {
                answer.body.truncate(answer.body.len() / 2);
                Ok(answer)
            }
            _ => Ok(answer),
        }
    }

    fn forget(&self, handle: &Secret) {
        self.tab.forgotten.borrow_mut().push(handle.expose().to_owned());
    }
}

impl Storage for FakePlatform {
    fn read(&self, scope: Scope, key: &str) -> Result<Option<Rc<str>>, StorageError> {
        match scope {
            Scope::Tab => self.at_storage(Effect::Read)?.read(key),
            Scope::Origin if self.meet(Effect::Tombstone) == Some(Kind::NoTombstones) => Err(StorageError::Unavailable),
            Scope::Origin => Ok(self.tab.world.bus.item_for(Rc::as_ptr(&self.tab), key).map(Rc::from)),
        }
    }

    fn write(&self, scope: Scope, key: &str, text: &str) -> Result<(), StorageError> {
        match scope {
            Scope::Tab => return self.at_storage(Effect::Write)?.write(key, text),
            Scope::Origin if self.meet(Effect::Bury) == Some(Kind::NoTombstones) => {}
            Scope::Origin if key.starts_with("oidc:session:") => {
                self.tab.world.bus.put_item(Rc::as_ptr(&self.tab), key, text)?;
            }
            Scope::Origin => self.tab.world.bus.bury(key, text, &self.tab.world.secrets),
        }
        Ok(())
    }

    fn remove(&self, scope: Scope, key: &str) -> Result<(), StorageError> {
        match scope {
            Scope::Tab => self.at_storage(Effect::Remove)?.remove(key),
            Scope::Origin => {
                self.tab.world.bus.remove_item(Rc::as_ptr(&self.tab), key);
                Ok(())
            }
        }
    }

    fn keys(&self, scope: Scope) -> Result<Vec<String>, StorageError> {
        assert_eq!(scope, Scope::Tab);
        self.at_storage(Effect::Keys)?.keys()
    }
}

impl Clock for FakePlatform {
    fn now(&self) -> UnixTime {
        self.meet(Effect::Now);
        UnixTime(self.tab.world.clock.get() + self.tab.world.skew.get())
    }
}

impl Random for FakePlatform {
    fn octets(&self) -> Result<[u8; 32], CryptoError> {
        let fails = self.meet(Effect::Random).is_some_and(|kind| kind == Kind::NoRandom);
        if fails || self.tab.world.random_fault.get() {
            return Err(CryptoError::Random);
        }
        Ok(self.tab.world.octets())
    }
}

impl SignatureVerifier for FakePlatform {
    async fn prepare(&self) {
        self.tab.world.preparations.set(self.tab.world.preparations.get() + 1);
    }

    async fn verify(&self, check: &SignatureCheck<'_>) -> Result<bool, CryptoError> {
        let world = &self.tab.world;
        world.verifications.set(world.verifications.get() + 1);
        world.network.take_time().await;
        if self.meet(Effect::Verify) == Some(Kind::NoVerifier) {
            return Err(CryptoError::Subtle);
        }
        world.crypto_fault.get().map_or_else(|| keys::verify(check), Err)
    }
}

impl AddressBar for FakePlatform {
    fn url(&self) -> String {
        self.tab.url()
    }

    fn history_length(&self) -> u32 {
        self.tab.history_length() as u32
    }

    fn replace(&self, url: &str) {
        self.meet(Effect::Address);
        if let Some(listener) = self.tab.navigating.take() {
            listener();
        }
        self.tab.history.borrow_mut()[self.tab.position.get()] = url.to_owned();
        self.tab.replacements.borrow_mut().push(url.to_owned());
    }
}

impl Navigation for FakePlatform {
    async fn leave(
        &self,
        url: &str,
        form: Option<&[(String, String)]>,
        patience: u32,
        held: Option<Self::Held>,
    ) -> Left {
        assert!(patience > 0, "waiting for a page to go has an end");
        let left = self.tab.departures.leave(url, form.is_some()).await;
        drop(held);
        left
    }
}

impl Windows for FakePlatform {
    async fn relayed(&self, url: &str, state: &str, popup: Option<&Popup>, patience: u32) -> Result<String, Unrelayed> {
        self.tab.windows.relayed(url, state, popup.is_some(), patience).await
    }
}

impl Lock for FakePlatform {
    type Held = tabs::Lock;

    async fn lock(&self, name: &str, patience: u32) -> Option<tabs::Lock> {
        assert!(patience > 0, "waiting for a lock has an end");
        let world = &self.tab.world;
        world.network.take_time().await;
        world.patiences.borrow_mut().push(patience);
        let lock = world.bus.lock(name).await;
        self.meet(Effect::Lock);
        lock
    }

    fn hold(&self, name: &str) -> Box<dyn Any> {
        Box::new(self.tab.world.bus.hold(name))
    }

    async fn holder(&self, beginning: &str) -> Option<Option<String>> {
        self.tab.world.network.take_time().await;
        self.tab.world.bus.held(beginning).map(|mut held| held.pop())
    }

    fn unlock_soon(&self, lock: tabs::Lock) {
        self.tab.world.bus.linger(lock);
    }
}

impl Timer for FakePlatform {
    /// What others were asked arrives, and so do their answers the next time. A pause of seconds is somebody's time limit, which
    /// ends when a test says so.
    async fn pause(&self, milliseconds: u32) {
        if milliseconds >= 1000 {
            self.tab.world.limits.borrow_mut().push(milliseconds);
            return self.tab.world.patience.opened().await;
        }
        self.tab.world.network.take_time().await;
        self.meet(Effect::Pause);
        self.tab.world.bus.deliver();
    }

    fn after(&self, milliseconds: u32, then: Box<dyn FnOnce()>) -> Alarm {
        self.tab.awake.set_alarm(milliseconds, then)
    }
}

impl Hearing for FakePlatform {
    fn on_message(&self, channel: &str, heard: Box<dyn Fn(&str)>) {
        self.tab.awake.hear_messages(channel, heard);
    }

    fn on_nudge(&self, nudged: Nudged) {
        self.tab.awake.hear_nudges(nudged);
    }

    /// The bus tells of it.
    fn on_stored(&self, _changed: Box<dyn Fn()>) {}

    fn on_sleep(&self, asleep: Box<dyn Fn()>) {
        self.tab.awake.hear_sleep(asleep);
    }

    fn on_return(&self, returned: Box<dyn Fn()>) {
        self.tab.awake.hear_returns(returned);
    }

    fn is_offline(&self) -> bool {
        self.tab.awake.is_offline.get()
    }

    fn on_wake(&self, woken: Box<dyn Fn()>) {
        self.tab.awake.hear_wakings(woken);
    }
}

impl Channel for FakePlatform {
    fn broadcast(&self, channel: &str, message: &str) {
        self.meet(Effect::Announce);
        self.tab.world.bus.announce(Rc::as_ptr(&self.tab), channel, message);
    }

    fn nudge(&self, address: &str, reason: &str) {
        self.tab.world.bus.nudge(Rc::as_ptr(&self.tab), address, reason);
    }
}

impl Spawn for FakePlatform {
    fn spawn(&self, work: Pin<Box<dyn Future<Output = ()>>>) {
        let is_slow = self.tab.world.network.is_slow.get();
        let running = if is_slow { Running::new(work) } else { Running::start(work) };
        self.tab.background.borrow_mut().push(running);
    }
}
