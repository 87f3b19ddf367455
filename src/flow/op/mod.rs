//! What is known of the OpenID provider: its metadata, its keys, and signatures that they verify.

mod asked;
pub mod cached;
pub mod cached_document;
pub mod jwks;
pub mod metadata;
pub mod moved;
pub mod verify;
