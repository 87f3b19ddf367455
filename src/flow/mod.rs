//! The use cases, one file per user-visible verb: async, and generic over just the ports they use.
//!
//! Start with [`callback`]: it is the story the whole crate tells.

mod by_key;
pub mod cached;
pub mod callback;
pub mod document;
pub mod events;
mod fetch_token;
pub mod fetched;
pub mod functions;
pub mod held;
pub mod id_token;
pub mod keys;
mod lease;
pub mod leaving;
pub mod login;
pub mod logout;
pub mod metadata;
mod moved;
pub mod notices;
pub mod provider;
pub mod redirect;
pub mod refresh;
pub mod registry;
pub mod request;
pub mod revoke;
pub mod session;
pub mod settings;
pub mod single_flight;
pub mod state;
pub mod store;
pub mod tabs;
pub mod told;
mod turn;
pub mod used;
pub mod userinfo;
