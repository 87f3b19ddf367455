//! Published examples through the same path as a real id_token: [`CompactJws`], the choice of the key, and a native verifier.

use aws_lc_rs::digest::{SHA256, digest};
use base64ct::{Base64UrlUnpadded, Encoding};
use oidc_client_wasm::protocol::jose::{CompactJws, JoseError, JwkSet, SigningAlgorithm};
use oidc_client_wasm::protocol::json::{self, Object, Value, json};

use crate::support::keys::{self, base64url};
use rfc::{EXAMPLES, Example};

#[path = "../../verifier/tests/support/rfc.rs"]
mod rfc;

fn key_of(example: &Example) -> Value {
    let [first, second] = example.key;
    let mut key = match example.algorithm {
        "ES256" => json!({ "kty": "EC", "crv": "P-256", "x": first, "y": second }),
        "ES512" => json!({ "kty": "EC", "crv": "P-521", "x": first, "y": second }),
        "Ed25519" => json!({ "kty": "OKP", "crv": "Ed25519", "x": first }),
        _ => json!({ "kty": "RSA", "n": first, "e": second }),
    };
    let header =
        example.token.split('.').next().map(Base64UrlUnpadded::decode_vec).expect("a token").expect("base64url");
    let header: Value = json::parse_record(&header).expect("JSON");
    if let Some(kid) = header.get("kid") {
        key["kid"] = kid.clone();
    }
    key
}

fn key_set(key: Value) -> JwkSet {
    JwkSet::from_json(json!({ "keys": [key] }).as_object().expect("an object")).expect("a key set")
}

/// The payload, or why there is none.
fn judge(token: &str, key: Value) -> Result<Object, JoseError> {
    let jws = CompactJws::parse(token, &SigningAlgorithm::ALL)?;
    let keys = key_set(key);
    let check = jws.check(&keys)?;
    let is_valid = keys::verify(&check).expect("a sound key");
    check.conclude(is_valid).map(|verified| verified.into_payload())
}

/// The token with one bit of one part flipped.
fn flipped(token: &str, part: usize, bit: usize) -> String {
    let mut parts: Vec<String> = token.split('.').map(String::from).collect();
    let mut octets = Base64UrlUnpadded::decode_vec(&parts[part]).expect("base64url");
    let at = bit % (octets.len() * 8);
    octets[at / 8] ^= 1 << (at % 8);
    parts[part] = base64url(&octets);
    parts.join(".")
}

fn is_forgery(token: &str, key: &Value) -> bool {
    judge(token, key.clone()) == Err(JoseError::Signature)
}

#[test]
fn the_examples_of_the_specifications_are_verified() {
    for example in &EXAMPLES {
        let verdict = judge(example.token, key_of(example));
        match example.name {
            "RFC 7515 A.2" | "RFC 7515 A.3" => {
                let payload = verdict.expect("a good signature");
                assert_eq!(payload["iss"], "joe");
                assert_eq!(payload["exp"], 1_300_819_380);
                assert_eq!(payload["http://example.com/is_root"], true);
            }
            // The signature is good; an id_token's payload would be an object.
            name => assert!(
                matches!(&verdict, Err(JoseError::Malformed(why)) if why.contains("payload")),
                "{name}: {verdict:?}"
            ),
        }
    }
}

#[test]
fn one_flipped_bit_of_payload_or_signature_is_a_bad_signature() {
    for example in &EXAMPLES {
        for part in [1, 2] {
            for bit in [0, 7, 100, 511] {
                let token = flipped(example.token, part, bit);
                assert!(is_forgery(&token, &key_of(example)), "part {part}, bit {bit} of {}", example.name);
            }
        }
    }
}

#[test]
fn signatures_of_all_zeros_are_bad_ones() {
    for example in &EXAMPLES {
        let (input, signature) = example.token.rsplit_once('.').expect("a token");
        // Base64url of zeros, of the same length.
        let token = format!("{input}.{}", "A".repeat(signature.len()));
        assert!(is_forgery(&token, &key_of(example)), "{}", example.name);
    }
}

/// RFC 7638 section 3: the thumbprint is the hash of exactly the required members in lexicographic order, so a right thumbprint
/// shows that `public_members` gives exactly those.
#[test]
fn rfc_7638_3_1_thumbprint() {
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W\
-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdk\
t-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    let key = json!({ "kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29" });
    let keys = key_set(key);
    let key = keys.select(SigningAlgorithm::Rs256, Some("2011-04-29")).expect("the key");
    let mut members = key.public_members(SigningAlgorithm::Rs256);
    members.sort();
    let members: Object = members.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
    let canonical = members.to_text();
    assert_eq!(
        base64url(digest(&SHA256, canonical.as_bytes()).as_ref()),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
}
