//! Skeleton.
pub mod error;
pub mod flow;
pub mod ports;
pub mod protocol;
