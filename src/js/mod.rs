//! The only floor with exports to JavaScript. It converts and delegates; it decides nothing.

mod client;
mod convert;
mod error;
mod events;
mod functions;
mod oauth;
mod promise;
mod skin;
mod warnings;
