//! The browser of a tab: every port, served from the fake world.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use oidc_client_wasm::ports::{
    AddressBar, Background, Clock, CryptoError, Http, HttpError, Random, SignatureVerifier, Storage, StorageError, Tabs,
};
use oidc_client_wasm::protocol::http::{HttpRequest, HttpResponse};
use oidc_client_wasm::protocol::jose::SignatureCheck;
use oidc_client_wasm::protocol::time::UnixTime;
use serde_json::Value;

use super::keys;
use super::page::Tab;
use super::run::Running;
use super::tabs::Lock;

pub struct FakePlatform {
    pub tab: Rc<Tab>,
}

impl Http for FakePlatform {
    async fn send(&self, request: &HttpRequest, timeout: u32) -> Result<HttpResponse, HttpError> {
        self.tab.world.network.exchange(request, timeout, self.tab.url()).await
    }
}

impl Storage for FakePlatform {
    fn read(&self, key: &str) -> Result<Option<Value>, StorageError> {
        self.tab.storage.read(key)
    }

    fn write(&self, key: &str, value: &Value) -> Result<(), StorageError> {
        self.tab.storage.write(key, value)
    }

    fn remove(&self, key: &str) -> Result<(), StorageError> {
        self.tab.storage.remove(key)
    }

    fn keys(&self) -> Result<Vec<String>, StorageError> {
        self.tab.storage.keys()
    }
}

impl Clock for FakePlatform {
    fn now(&self) -> UnixTime {
        UnixTime(self.tab.world.clock.get())
    }
}

impl Random for FakePlatform {
    fn octets(&self) -> Result<[u8; 32], CryptoError> {
        if self.tab.world.random_fault.get() { Err(CryptoError::Random) } else { Ok(self.tab.world.octets()) }
    }
}

impl SignatureVerifier for FakePlatform {
    async fn prepare(&self) {
        self.tab.world.preparations.set(self.tab.world.preparations.get() + 1);
    }

    async fn verify(&self, check: &SignatureCheck<'_>) -> Result<bool, CryptoError> {
        let verifications = &self.tab.world.verifications;
        verifications.set(verifications.get() + 1);
        self.tab.world.crypto_fault.get().map_or_else(|| keys::verify(check), Err)
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
        self.tab.history.borrow_mut()[self.tab.position.get()] = url.to_owned();
        self.tab.replacements.borrow_mut().push(url.to_owned());
    }
}

impl Tabs for FakePlatform {
    type Lock = Lock;

    async fn lock(&self, name: &str, patience: u32) -> Lock {
        assert!(patience > 0, "waiting for a lock has an end");
        self.tab.world.bus.lock(name).await
    }

    fn unlock_soon(&self, lock: Lock) {
        self.tab.world.bus.linger(lock);
    }

    /// What others were asked arrives, and so do their answers the next time.
    async fn pause(&self, _milliseconds: u32) {
        self.tab.world.bus.deliver();
    }

    fn announce(&self, channel: &str, message: &Value) {
        self.tab.world.bus.announce(Rc::as_ptr(&self.tab), channel, message);
    }

    fn notice(&self, key: &str) -> Option<Value> {
        self.tab.world.bus.notice(key)
    }

    fn pin_notice(&self, key: &str, notice: &Value) {
        self.tab.world.bus.pin(key, notice, &self.tab.world.secrets);
    }
}

impl Background for FakePlatform {
    fn go_on(&self, work: Pin<Box<dyn Future<Output = ()>>>) {
        let running = Running::start(work);
        self.tab.background.borrow_mut().push(running);
    }
}
