//! Waiting.

pub trait Timer {
    async fn pause(&self, milliseconds: u32);
}
