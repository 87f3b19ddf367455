//! The OpenID provider: its metadata, its keys, and the verification of signatures by these keys.

mod asked;
pub mod cached;
pub mod cached_document;
pub mod jwks;
pub mod metadata;
pub mod moved;
pub mod verify;
pub mod worker;
