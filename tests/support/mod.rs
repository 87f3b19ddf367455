//! A browser and an OpenID provider made of plain values: what the flows see of the world, under a test's control.
//!
//! [`World`] has the clock, the network and the provider; a [`Tab`] has storage and a history; a [`Page`] is one document in a
//! tab. Loading a page anew is `tab.open(url)`, a reload `tab.reload()`, Back `tab.back()`.

pub mod aftermath;
pub mod api;
pub mod awake;
pub mod back_channel;
pub mod client_verbs;
pub mod edits;
pub mod effects;
pub mod events;
pub mod front_channel;
pub mod keys;
pub mod lie;
pub mod lies;
pub mod naive;
pub mod navigation;
pub mod network;
pub mod page;
pub mod platform;
pub mod provider;
pub mod rejection;
pub mod row;
pub mod run;
pub mod secrets;
pub mod sharing;
pub mod storage;
pub mod tabs;
pub mod tokens;
pub mod trial;
pub mod verbs;
pub mod windows;
pub mod world;

pub use effects::{Fault, Kind, at_every, at_every_fault};
pub use keys::SigningKey;
pub use lie::{each, repeat_param, set, set_param, spoil, without, without_param};
pub use page::{Page, Tab};
pub use provider::{CLIENT_ID, FakeProvider, POST_LOGOUT_URI, REDIRECT_URI};
pub use rejection::{assert_error, fails_with, rejects_forgery_in, rejects_login, rejects_login_in, rejects_response};
pub use row::row;
pub use run::{Gate, Running, now};
pub use verbs::ClientVerbs;
pub use world::{HOME, ISSUER, World, client_key, key_of, owned_name};
