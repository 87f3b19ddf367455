//! Published attacks on signature verification, against the verifier and against another implementation beside it.

#[path = "support/other.rs"]
mod other;
#[path = "support/vectors.rs"]
mod vectors;

use std::collections::BTreeMap;

use oidc_client_wasm_verifier::{PublicKey, verify};
use vectors::{Vector, vectors};

fn ours(vector: &Vector) -> bool {
    let [first, second] = &vector.key;
    verify(vector.algorithm, PublicKey { first, second }, &vector.message, &vector.signature).unwrap_or(false)
}

/// A JWS signs text; the verifier refuses anything else under RSA, so those vectors tell nothing.
fn could_be_a_jws(vector: &Vector) -> bool {
    vector.algorithm.starts_with("ES") || vector.algorithm == "Ed25519" || std::str::from_utf8(&vector.message).is_ok()
}

#[test]
fn every_vector_gets_its_verdict_and_another_implementation_agrees() {
    let mut judged: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for vector in vectors().iter().filter(|vector| could_be_a_jws(vector)) {
        let verdict = ours(vector);
        let told = || format!("{} {}: {}", vector.algorithm, vector.name, vector.comment);
        if let Some(is_valid) = vector.is_valid {
            assert_eq!(verdict, is_valid, "{}", told());
        }
        assert_eq!(verdict, other::verify(vector), "the other one says otherwise of {}", told());
        judged.entry(vector.algorithm).or_default()[usize::from(verdict)] += 1;
    }
    assert_eq!(judged.len(), 10, "every algorithm");
    for (algorithm, [refused, accepted]) in judged {
        assert!(refused > 10 && accepted > 10, "{algorithm}: {refused} refused, {accepted} accepted");
    }
}
