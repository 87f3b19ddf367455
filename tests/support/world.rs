//! What all tabs share: the time, chance, the network, the provider, and the secrets that were told so far.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use aws_lc_rs::digest::{SHA256, digest};
use oidc_client_wasm::flow::hooks::Functions;
use oidc_client_wasm::ports::CryptoError;
use oidc_client_wasm::protocol::json::{Value, json};

use super::keys::base64url;
use super::network::Network;
use super::page::{Page, Tab};
use super::provider::{CLIENT_ID, FakeProvider, POST_LOGOUT_URI, REDIRECT_URI};
use super::run::Gate;
use super::secrets::Secrets;
use super::storage::FakeStorage;
use super::tabs::Bus;

pub const ISSUER: &str = "https://id.example.com";
pub const HOME: &str = "https://app.example/";

/// The name of a client with its owner, as it stands in keys and messages. The client has the client id and the issuer of the tests.
pub fn client_key(name: &str) -> String {
    owned_name(name, CLIENT_ID, ISSUER)
}

/// The same of any client id at any provider.
pub fn owned_name(name: &str, client_id: &str, provider: &str) -> String {
    let digest = digest(&SHA256, json!([client_id, provider]).to_string().as_bytes());
    format!("{name}:{}", base64url(digest.as_ref()))
}

/// Where a record of such a client lies, e.g. `session` of `demo`.
pub fn key_of(kind: &str, name: &str) -> String {
    format!("oidc:{kind}:{}", client_key(name))
}

pub struct World {
    pub clock: Rc<Cell<i64>>,
    /// Seconds by which the device's clock is ahead of the provider's.
    pub skew: Cell<i64>,
    pub secrets: Rc<Secrets>,
    pub network: Network,
    pub provider: Rc<FakeProvider>,
    /// What tabs share among themselves.
    pub bus: Bus,
    /// The settings that every page registers its client `demo` with, and the registry's options.
    pub settings: RefCell<Value>,
    pub options: RefCell<Value>,
    /// Functions among those settings.
    pub functions: RefCell<Functions>,
    pub random_fault: Cell<bool>,
    pub crypto_fault: Cell<Option<CryptoError>>,
    pub verifications: Cell<usize>,
    /// How often the verifier was told that it will be needed.
    pub preparations: Cell<usize>,
    draws: Cell<u32>,
    /// The milliseconds of every time limit that began, and what ends them all.
    pub limits: RefCell<Vec<u32>>,
    /// The patience in seconds of every wait for a lock.
    pub patiences: RefCell<Vec<u32>>,
    pub patience: Gate,
}

impl World {
    /// An honest provider, and an app that is registered there.
    pub fn new() -> Rc<Self> {
        Self::at(ISSUER)
    }

    pub fn at(issuer: &str) -> Rc<Self> {
        let (clock, secrets) = (Rc::new(Cell::new(1_800_000_000)), Rc::new(Secrets::default()));
        let provider = Rc::new(FakeProvider::new(issuer, clock.clone(), secrets.clone()));
        let network = Network::new(secrets.clone());
        network.connect(&provider);
        Rc::new(Self {
            clock,
            skew: Cell::new(0),
            secrets,
            network,
            provider,
            bus: Bus::default(),
            settings: RefCell::new(json!({
                "clientId": CLIENT_ID,
                "issuer": issuer,
                "scope": "openid email",
                "redirectUri": REDIRECT_URI,
                "postLogoutRedirectUri": POST_LOGOUT_URI,
            })),
            options: RefCell::new(json!({})),
            functions: RefCell::default(),
            random_fault: Cell::new(false),
            crypto_fault: Cell::new(None),
            verifications: Cell::new(0),
            preparations: Cell::new(0),
            draws: Cell::new(0),
            limits: RefCell::default(),
            patiences: RefCell::default(),
            patience: Gate::default(),
        })
    }

    /// The same, with these members of the client's settings changed (`null` removes one).
    pub fn with(settings: Value) -> Rc<Self> {
        let world = Self::new();
        world.change_settings(settings);
        world
    }

    /// The same, with a provider that was told something before the first login.
    pub fn whose_provider(tell: impl FnOnce(&FakeProvider)) -> Rc<Self> {
        let world = Self::new();
        tell(&world.provider);
        world
    }

    pub fn change_settings(&self, changes: Value) {
        let mut settings = self.settings.borrow_mut();
        for (name, value) in changes.as_object().expect("an object") {
            settings[name] = value.clone();
        }
    }

    /// Another provider, of which the settings say nothing yet.
    pub fn another_provider(&self, issuer: &str) -> Rc<FakeProvider> {
        let provider = Rc::new(FakeProvider::new(issuer, self.clock.clone(), self.secrets.clone()));
        self.network.connect(&provider);
        provider
    }

    pub fn tab(self: &Rc<Self>) -> Rc<Tab> {
        Tab::over(self, FakeStorage::default())
    }

    /// This world and a tab in it.
    pub fn with_tab(self: Rc<Self>) -> (Rc<Self>, Rc<Tab>) {
        let tab = self.tab();
        (self, tab)
    }

    /// This world and a page at the app's start, where a person has not signed in.
    #[track_caller]
    pub fn at_home(self: Rc<Self>) -> (Rc<Self>, Page) {
        let page = self.tab().open(HOME);
        (self, page)
    }

    /// This world and the page on which a login ended.
    #[track_caller]
    pub fn signed_in(self: Rc<Self>) -> (Rc<Self>, Page) {
        let page = self.tab().sign_in();
        (self, page)
    }

    /// This world and a page at which a login has come back; it has not looked at the response.
    #[track_caller]
    pub fn coming_back(self: Rc<Self>) -> (Rc<Self>, Page) {
        let tab = self.tab();
        let page = tab.open(&tab.come_back());
        (self, page)
    }

    /// This world and a tab that has a session; the page of its login is gone.
    #[track_caller]
    pub fn signed_in_tab(self: Rc<Self>) -> (Rc<Self>, Rc<Tab>) {
        let tab = self.tab();
        tab.sign_in();
        (self, tab)
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.set(self.clock.get() + seconds);
    }

    /// Predictable, and never twice the same.
    pub(super) fn octets(&self) -> [u8; 32] {
        let draw = self.draws.replace(self.draws.get() + 1);
        let octets: [u8; 32] =
            digest(&SHA256, format!("draw {draw}").as_bytes()).as_ref().try_into().expect("32 octets");
        self.secrets.remember("state, nonce or code_verifier", &base64url(&octets));
        octets
    }
}
