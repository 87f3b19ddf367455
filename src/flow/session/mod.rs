//! The session of one person in one tab, how it is stored, and what other tabs say about it.

pub mod changes;
pub mod tabs;
pub mod tombstones;
pub mod value;
