//! Work that runs beside its caller.

use std::future::Future;
use std::pin::Pin;

/// Runs work that goes on even if the caller stops waiting for it.
pub trait Spawn {
    fn spawn(&self, work: Pin<Box<dyn Future<Output = ()>>>);
}
