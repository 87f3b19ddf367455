//! The adapters: one file per Web API, each implementing one port. Nothing here decides anything about OAuth.

pub mod api_request;
mod background;
mod clock;
pub mod foreign;
pub mod http;
pub mod page;
mod random;
pub mod skin;
mod storage;
mod tabs;
pub mod verifier;
pub mod waiting;
pub mod window;
