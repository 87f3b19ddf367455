//! Locks among the tabs of an origin.

/// Best effort: a browser that has no locks has tabs that know less of each other, and every tab by itself stays right.
pub trait Lock {
    /// Held until it is dropped, or until its tab is gone.
    type Held: 'static;

    /// Waits until no other tab holds the lock of this name, for `patience` seconds at most. `None` where the page has no locks. A caller
    /// that stops waiting leaves no lock behind.
    async fn lock(&self, name: &str, patience: u32) -> Option<Self::Held>;
    /// Gives the lock up when what was broadcast has had time to arrive.
    fn unlock_soon(&self, held: Self::Held);
}
