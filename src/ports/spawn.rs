//! Work beside the caller.

use std::future::Future;
use std::pin::Pin;

/// Work that goes on when the caller has lost interest in it.
pub trait Spawn {
    fn spawn(&self, work: Pin<Box<dyn Future<Output = ()>>>);
}
