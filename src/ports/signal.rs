//! The signal by which a caller says that it does not wait any more.

use super::Thrown;

pub trait Signal {
    /// Why the caller stopped waiting; `None` as long as the caller waits.
    fn reason(&self) -> Option<Reason>;
    /// Waits until the caller stops waiting.
    async fn fired(&self);
}

pub struct Reason {
    /// The caller had set a time limit, which is over.
    pub is_timeout: bool,
    pub thrown: Thrown,
}
