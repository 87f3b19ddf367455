//! Access tokens: the token at hand, a refresh, and what is done with a token.

pub mod access_token;
pub mod api;
pub mod fetch_token;
mod lease;
pub mod refresh;
pub mod revoke;
mod turn;
pub mod userinfo;
