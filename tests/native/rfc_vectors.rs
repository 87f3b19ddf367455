//! Published examples through the same path as a real id_token: [`CompactJws`], the choice of the key, and a native verifier.

use aws_lc_rs::digest::{SHA256, digest};
use oidc_client_wasm::protocol::jose::{CompactJws, JoseError, JwkSet, SigningAlgorithm};
use serde_json::{Map, Value, json};

use crate::support::keys::{self, base64url};

/// RFC 7515 appendix A.2: RS256.
const RS256: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4\
BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqv\
hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
const RS256_N: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMs\
D1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb\
3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";

/// RFC 7515 appendix A.3: ES256.
const ES256: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

/// RFC 8037 appendix A.4: Ed25519. Its payload is a sentence.
const EDDSA: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

fn rs256_key() -> Value {
    json!({ "kty": "RSA", "n": RS256_N, "e": "AQAB" })
}

fn es256_key() -> Value {
    let (x, y) = ("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
    json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y })
}

fn eddsa_key() -> Value {
    json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" })
}

fn key_set(key: Value) -> JwkSet {
    JwkSet::from_json(json!({ "keys": [key] }).as_object().expect("an object")).expect("a key set")
}

/// The payload, or why there is none.
fn judge(token: &str, key: Value) -> Result<Map<String, Value>, JoseError> {
    let jws = CompactJws::parse(token, &SigningAlgorithm::ALL)?;
    let keys = key_set(key);
    let check = jws.check(&keys)?;
    let is_valid = keys::verify(&check).expect("a sound key");
    check.conclude(is_valid).map(|verified| verified.into_payload())
}

/// The token with one bit of one part flipped.
fn flipped(token: &str, part: usize, bit: usize) -> String {
    use base64ct::{Base64UrlUnpadded, Encoding};
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
fn rfc_7515_a_2_rs256() {
    let payload = judge(RS256, rs256_key()).expect("a good signature");
    assert_eq!(payload["iss"], "joe");
    assert_eq!(payload["http://example.com/is_root"], true);
}

#[test]
fn rfc_7515_a_3_es256() {
    let payload = judge(ES256, es256_key()).expect("a good signature");
    assert_eq!(payload["exp"], 1_300_819_380);
}

#[test]
fn rfc_8037_a_4_ed25519() {
    // The signature is good; an id_token's payload would be an object.
    let refusal = judge(EDDSA, eddsa_key());
    assert!(matches!(refusal, Err(JoseError::Malformed(why)) if why.contains("payload")), "{refusal:?}");
}

#[test]
fn one_flipped_bit_of_payload_or_signature_is_a_bad_signature() {
    for (token, key) in [(RS256, rs256_key()), (ES256, es256_key()), (EDDSA, eddsa_key())] {
        for part in [1, 2] {
            for bit in [0, 7, 100, 511] {
                assert!(is_forgery(&flipped(token, part, bit), &key), "part {part}, bit {bit} of {}…", &token[..20]);
            }
        }
    }
}

#[test]
fn signatures_of_all_zeros_are_bad_ones() {
    for (token, key, length) in [(RS256, rs256_key(), 256), (ES256, es256_key(), 64), (EDDSA, eddsa_key(), 64)] {
        let (input, _) = token.rsplit_once('.').expect("a token");
        assert!(is_forgery(&format!("{input}.{}", base64url(&vec![0; length])), &key));
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
    let members: Map<String, Value> = members.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
    let canonical = serde_json::to_string(&members).expect("JSON");
    assert_eq!(
        base64url(digest(&SHA256, canonical.as_bytes()).as_ref()),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
}
