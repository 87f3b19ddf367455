//! `oidc-client-wasm`: an OAuth 2.0 / OpenID Connect client for single-page apps, as a public client in the browser.
//!
//! ```text
//!   js/        the face: the only floor with exports to JavaScript; converts, decides nothing     (wasm32 only)
//!   browser/   adapters, one file per Web API; they implement the ports                           (wasm32 only)
//!   flow/      the use cases: login, callback, logout, …; async, generic over the ports they use
//!   ports/     small traits: what a flow needs from outside
//!   settings/  what developers write: settings, options and parameters of calls; names every mistake
//!   protocol/  the specifications: pure values and functions, no I/O, no clock, no randomness, no async
//! ```
//!
//! Nothing points up: `protocol` imports only itself; `settings` imports `protocol`; `flow` imports `settings`, `protocol`, `ports`
//! and `error`; `browser` implements `ports`; `js` sees all. `tests/house.rs` holds this.
//!
//! Reading order: this page, then `flow/callback/finish_login.rs` (the story), any file of `protocol/` (one specification each), `ports/`,
//! `js/`, `browser/`.
//!
//! A panic means a bug, never bad input: what comes from outside ends in a typed [`error::Error`].

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable)]
#![deny(clippy::indexing_slicing, clippy::string_slice, clippy::await_holding_refcell_ref)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable))]
#![cfg_attr(test, allow(clippy::indexing_slicing, clippy::string_slice))]

#[cfg(target_arch = "wasm32")]
mod browser;
pub mod error;
pub mod flow;
#[cfg(target_arch = "wasm32")]
mod js;
pub mod ports;
pub mod protocol;
pub mod settings;
pub mod wire;

/// The allocator has a quarter of the code of the standard library's, and needs no more memory (docs/architecture.md).
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
