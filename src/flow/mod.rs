//! The use cases, one file per user-visible verb: async, and generic over just the ports they use.
//!
//! Start with [`callback::finish_login`]: it is the story the whole crate tells.

pub mod abort;
pub mod awake;
pub mod callback;
pub mod client;
pub mod events;
pub mod hooks;
pub mod leave;
pub mod op;
pub mod page_state;
pub mod records;
pub mod registry;
pub mod session;
pub mod settings_file;
pub mod single_flight;
pub mod state;
pub mod tokens;
