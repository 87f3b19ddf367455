//! The session of one person in one tab, how it is stored, and what other tabs say about it.

pub mod changes;
pub(in crate::flow) mod errors;
mod memo;
mod record;
pub mod store;
pub mod tabs;
pub mod tombstones;
pub mod value;

pub use record::SessionRules;
