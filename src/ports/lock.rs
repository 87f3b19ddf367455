//! Locks among the tabs of an origin.

use std::any::Any;

/// Locks where the browser has them. Without locks, each tab stays correct by itself, and the tabs know less of each other.
pub trait Lock {
    /// A lock is held until this value is dropped, or until its tab is gone.
    type Held: 'static;

    /// Waits until no other tab holds the lock of this name, for `patience` seconds at most. `None` where the page has no locks. A caller
    /// that stops waiting leaves no lock behind.
    async fn lock(&self, name: &str, patience: u32) -> Option<Self::Held>;
    /// Takes a lock whose name is this page's own, until the value is dropped or the page is gone.
    fn hold(&self, name: &str) -> Box<dyn Any>;
    /// The name of a lock that is held and begins so, if there is one. The outer `None` says that the page has no locks.
    async fn holder(&self, beginning: &str) -> Option<Option<String>>;
    /// Gives the lock up after a time in which a broadcast message arrives.
    fn unlock_soon(&self, held: Self::Held);
}
