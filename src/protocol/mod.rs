//! The specifications, one file per object: pure values and functions. No I/O, no clock, no randomness, no async, no traits.
//!
//! A protocol step that needs the network is a pair: something that builds an [`http::HttpRequest`] and something that reads
//! the [`http::HttpResponse`]. The flow does the waiting between them; time and randomness come in as arguments.

pub mod authorization_request;
pub mod authorization_response;
pub mod base64url;
pub mod challenge;
pub mod config;
pub mod credential;
pub mod form;
pub mod front_channel_logout;
pub mod http;
pub mod id_token;
pub mod id_token_hint;
pub mod jose;
pub mod json;
pub mod logout;
pub mod metadata;
pub mod oauth_error;
pub mod pkce;
pub mod record;
pub mod refresh;
pub mod revocation;
pub mod saved_request;
pub mod secret;
pub mod text;
pub mod time;
pub mod token;
pub mod transaction;
pub mod uri;
pub mod userinfo;
