//! One file for each thing that comes from outside, and what must hold of it whatever it is.

mod input;

pub mod authorization_response;
pub mod challenge;
pub mod client;
pub mod id_token;
pub mod json;
pub mod jwks;
pub mod jws;
pub mod metadata;
pub mod settings;
pub mod stored_records;
pub mod token_response;
pub mod url;

pub type Target = fn(&[u8]);

/// By the name of their folders in `corpus/` and `finds/`.
pub const TARGETS: [(&str, Target); 12] = [
    ("authorization_response", authorization_response::check),
    ("challenge", challenge::check),
    ("client", client::check),
    ("id_token", id_token::check),
    ("json", json::check),
    ("jwks", jwks::check),
    ("jws", jws::check),
    ("metadata", metadata::check),
    ("settings", settings::check),
    ("stored_records", stored_records::check),
    ("token_response", token_response::check),
    ("url", url::check),
];
