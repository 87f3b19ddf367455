//! Prints the vectors as JSON, for the browser tests: `cargo xtask vectors`.

#[path = "../tests/support/vectors.rs"]
mod vectors;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};
use vectors::{Vector, vectors};

fn main() {
    let vectors: Vec<Value> = vectors().iter().map(to_json).collect();
    println!("{}", Value::Array(vectors));
}

fn to_json(vector: &Vector) -> Value {
    let text = |octets: &[u8]| Base64UrlUnpadded::encode_string(octets);
    let [first, second] = vector.key.each_ref().map(|octets| text(octets));
    let curve = |name| json!({ "kty": "EC", "crv": name, "x": first, "y": second });
    let key = match vector.algorithm {
        "ES256" => curve("P-256"),
        "ES384" => curve("P-384"),
        "ES512" => curve("P-521"),
        "Ed25519" => json!({ "kty": "OKP", "crv": "Ed25519", "x": first }),
        _ => json!({ "kty": "RSA", "n": first, "e": second }),
    };
    json!({
        "name": vector.name,
        "comment": vector.comment,
        "algorithm": vector.algorithm,
        "key": key,
        "message": text(&vector.message),
        "signature": text(&vector.signature),
        "isValid": vector.is_valid,
    })
}
