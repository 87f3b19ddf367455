//! The parameters of each call.

mod authorize;
mod common;
mod id_token;
mod logout;
mod saved;
mod token;

pub use authorize::authorize;
pub use id_token::{ParseExpectations, parse_id_token};
pub use logout::logout;
pub use saved::save_authorize_data;
pub use token::{TokenOptions, access_token};

#[cfg(test)]
#[path = "params_tests.rs"]
mod tests;
