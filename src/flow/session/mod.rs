//! The session of one person in one tab, its storage, and its messages between tabs.

pub mod changes;
pub(in crate::flow) mod errors;
pub(in crate::flow) mod lifetime;
mod memo;
mod message;
mod record;
pub mod sharing;
pub mod store;
pub mod tabs;
pub mod tombstones;
pub mod value;

pub use record::SessionRules;
