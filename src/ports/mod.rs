//! The effects that a flow needs from outside: one small trait for each effect, implemented by `browser/` on the web and by fakes in the
//! tests. SHA-256 is no port (it is arithmetic).

// Flows run on one thread, in a page: the futures need not be `Send`.
#![allow(async_fn_in_trait)]

mod api_request;
mod channel;
mod clock;
mod hearing;
mod http;
mod lock;
mod page;
mod random;
mod signal;
mod spawn;
mod storage;
mod verifier;

pub use api_request::{ApiAnswer, ApiRequest, Terms, Thrown, Unsent};
pub use channel::Channel;
pub use clock::{Alarm, Clock, Timer};
pub use hearing::{Hearing, Nudged};
pub use http::{Http, HttpError};
pub use lock::Lock;
pub use page::{AddressBar, End, Left, Navigation, Popup, Unrelayed, Windows};
pub use random::Random;
pub use signal::{Reason, Signal};
pub use spawn::Spawn;
pub use storage::{Scope, Storage, StorageError};
pub use verifier::{CryptoError, SignatureVerifier};

/// Every port, for a verb that uses most of them.
pub trait Platform:
    Http
    + Storage
    + Clock
    + Timer
    + Random
    + SignatureVerifier
    + AddressBar
    + Navigation
    + Windows
    + Lock
    + Channel
    + Hearing
    + Spawn
    + 'static
{
}

impl<T> Platform for T where
    T: Http
        + Storage
        + Clock
        + Timer
        + Random
        + SignatureVerifier
        + AddressBar
        + Navigation
        + Windows
        + Lock
        + Channel
        + Hearing
        + Spawn
        + 'static
{
}
