//! Access tokens: the token at hand, the refresh, and the uses of a token.

pub mod access_token;
pub mod api;
pub mod at_hand;
mod fetch_token;
pub mod get;
mod lease;
mod redeem;
pub(in crate::flow) mod refresh;
pub mod resource_tokens;
pub mod revoke;
mod turn;
pub mod userinfo;
