//! Every lie that a provider, or whoever sits between it and the page, can tell: one file for each thing that is told. What a
//! rejection means is `support::rejection`'s matter: the exact error, no session, no further request, no secret in sight.

mod authorization_response;
mod claims;
mod dates;
mod discovery;
mod endpoints;
mod header;
mod jwks;
mod jws;
mod logout;
mod parse_id_token;
mod refresh;
mod refusals;
mod signature;
mod token_response;
mod tokens;
mod userinfo;

use crate::support::*;
use oidc_client_wasm::protocol::json::{Value, json};

/// Stands where [`in_raw`] writes what a JSON value cannot hold.
const RAW: &str = "@raw@";

/// A member whose value is this text, JSON or not, of an answer that is told by `Lie<Value>`: the member gets a mark now, and the
/// mark is replaced in the octets.
fn mark(name: &'static str) -> impl Fn(&mut Value) {
    set(name, json!(RAW))
}

fn in_raw(octets: &mut Vec<u8>, text: &[u8]) {
    let mark = format!("\"{RAW}\"").into_bytes();
    let at = octets.windows(mark.len()).position(|window| window == mark).expect("the mark");
    octets.splice(at..at + mark.len(), text.iter().copied());
}

/// The answer at this path has the text in place of a member's value.
fn raw_answer(op: &FakeProvider, path: &'static str, text: &str) {
    let text = text.to_owned();
    op.change_answer_at(path, move |answer| {
        in_raw(&mut answer.body, text.as_bytes());
    });
}

/// One sentence of ours, of which nothing hostile and nothing endless is a part.
#[track_caller]
fn assert_plain(message: &str) {
    assert!(message.len() < 500, "{} letters", message.len());
    assert!(message.bytes().all(|octet| (0x20..0x7f).contains(&octet)), "{message:?}");
}

/// `{"a":{"a":…}}`, so deep.
fn nested(depth: usize) -> String {
    format!("{}0{}", r#"{"a":"#.repeat(depth), "}".repeat(depth))
}
