//! What a flow needs from outside, and nothing it does not: small traits, implemented by `browser/` on the web and by fakes
//! in the tests. SHA-256 is no port (it is arithmetic).

// Flows run on one thread, in a page: the futures need not be `Send`.
#![allow(async_fn_in_trait)]

use std::future::Future;
use std::pin::Pin;

use serde_json::Value;

use crate::protocol::http::{HttpRequest, HttpResponse};
use crate::protocol::jose::SignatureCheck;
use crate::protocol::time::UnixTime;

/// Sends one request without credentials, cache, referrer or redirects, and reads the whole answer.
pub trait Http {
    /// `timeout` in seconds covers everything up to the last byte of the body.
    async fn send(&self, request: &HttpRequest, timeout: u32) -> Result<HttpResponse, HttpError>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpError {
    /// Offline, refused, reset, blocked by CORS or CSP, redirected: a browser does not tell which.
    Network,
    Timeout,
    /// Longer than the request allows.
    TooLarge,
}

/// sessionStorage: one JSON object per key.
pub trait Storage {
    /// `null` for what is no JSON: there is something, and it is no record.
    fn read(&self, key: &str) -> Result<Option<Value>, StorageError>;
    fn write(&self, key: &str, value: &Value) -> Result<(), StorageError>;
    fn remove(&self, key: &str) -> Result<(), StorageError>;
    fn keys(&self) -> Result<Vec<String>, StorageError>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageError {
    Unavailable,
    Full,
}

pub trait Clock {
    fn now(&self) -> UnixTime;
}

/// Cryptographically secure random octets.
pub trait Random {
    fn octets(&self) -> Result<[u8; 32], CryptoError>;
}

pub trait SignatureVerifier {
    /// A signature will have to be verified soon: what must be fetched for that may be on its way already.
    async fn prepare(&self);
    /// Whether the signature is that of the key over the signing input.
    async fn verify(&self, check: &SignatureCheck<'_>) -> Result<bool, CryptoError>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CryptoError {
    Random,
    /// No `crypto.subtle`: the page is not a secure context.
    Subtle,
    /// This browser's WebCrypto does not know the algorithm.
    Algorithm(&'static str),
    /// The verifier in Rust is a file of its own, and it did not load.
    NotLoaded,
    /// The verifier does not take the key, e.g. a point that is not on the curve.
    Key,
}

impl CryptoError {
    pub fn describe(self) -> String {
        match self {
            Self::Random => "The browser offers no secure random numbers.".into(),
            Self::Subtle => "The browser offers no WebCrypto to this page.".into(),
            Self::Algorithm(name) => format!("The browser cannot verify {name} signatures."),
            Self::NotLoaded => "The Rust verifier of oidc-client-wasm could not be loaded.".into(),
            Self::Key => "The provider's signing key is not a sound one.".into(),
        }
    }
}

/// The page's place: read to find a response, replaced to clear it away.
pub trait AddressBar {
    fn url(&self) -> String;
    fn history_length(&self) -> u32;
    fn replace(&self, url: &str);
}

/// Leaving the page.
pub trait Navigation: Tabs {
    /// Leaves for a URL, or with the fields of a form by a POST of that form. Settles only if the page did not go, or came back.
    /// `patience` in seconds: a page that is still there then counts as one that stayed, whatever becomes of the navigation.
    /// The lock is given up as soon as the page is hidden or has stayed.
    async fn leave(
        &self,
        url: &str,
        form: Option<&[(String, String)]>,
        patience: u32,
        held: Option<Self::Lock>,
    ) -> Left;
}

/// How a page that was to leave is there all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// The person chose to stay or pressed Stop, something else cancelled the navigation, or there came no page.
    Stayed,
    /// The page left, and is shown again out of the back/forward cache.
    CameBack,
    /// The page's Content-Security-Policy does not let it post a form there.
    Forbidden,
}

/// The other tabs of this origin. All of it is best effort: a browser that lacks a part of it has tabs that know less of each
/// other, and every tab by itself stays right.
pub trait Tabs {
    /// Held until it is dropped, or until its tab is gone.
    type Lock: 'static;

    /// Waits until no other tab holds the lock of this name, for `patience` seconds at most. `None` where the page has no locks. A caller
    /// that stops waiting leaves no lock behind.
    async fn lock(&self, name: &str, patience: u32) -> Option<Self::Lock>;
    /// Gives the lock up when what was announced has had time to arrive.
    fn unlock_soon(&self, lock: Self::Lock);
    /// Gives the other tabs time to answer.
    async fn pause(&self, milliseconds: u32);
    /// To every other tab that is awake.
    fn broadcast(&self, channel: &str, message: &Value);
    /// To every registry of this page, at once, those of other copies of the package included: the session of a client has changed.
    fn nudge(&self, _address: &str, _reason: &str) {}
    /// What is pinned up for every tab, awake or not; it outlives them. Never a secret.
    fn notice(&self, key: &str) -> Option<Value>;
    fn pin_notice(&self, key: &str, notice: &Value);
}

/// Work that goes on when the caller has lost interest in it.
pub trait Background {
    fn spawn(&self, work: Pin<Box<dyn Future<Output = ()>>>);
}

/// All of it, for those who hold it rather than use it.
pub trait Platform:
    Http + Storage + Clock + Random + SignatureVerifier + AddressBar + Navigation + Tabs + Background + 'static
{
}

impl<T> Platform for T where
    T: Http + Storage + Clock + Random + SignatureVerifier + AddressBar + Navigation + Tabs + Background + 'static
{
}
