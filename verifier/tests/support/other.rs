//! AWS-LC, which shares no code with the verifier.

use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{self, ParsedPublicKey, RsaParameters, VerificationAlgorithm};

use super::vectors::Vector;

pub fn verify(vector: &Vector) -> bool {
    let [first, second] = &vector.key;
    let rsa = |parameters: &'static RsaParameters| {
        PublicKeyComponents { n: first, e: second }.verify(parameters, &vector.message, &vector.signature).is_ok()
    };
    let parsed = |parameters: &'static dyn VerificationAlgorithm, key: &[u8]| {
        ParsedPublicKey::new(parameters, key)
            .is_ok_and(|key| key.verify_sig(&vector.message, &vector.signature).is_ok())
    };
    let point = [&[4], first.as_slice(), second].concat();
    match vector.algorithm {
        "RS256" => rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
        "RS384" => rsa(&signature::RSA_PKCS1_2048_8192_SHA384),
        "RS512" => rsa(&signature::RSA_PKCS1_2048_8192_SHA512),
        "PS256" => rsa(&signature::RSA_PSS_2048_8192_SHA256),
        "PS384" => rsa(&signature::RSA_PSS_2048_8192_SHA384),
        "PS512" => rsa(&signature::RSA_PSS_2048_8192_SHA512),
        "ES256" => parsed(&signature::ECDSA_P256_SHA256_FIXED, &point),
        "ES384" => parsed(&signature::ECDSA_P384_SHA384_FIXED, &point),
        "ES512" => parsed(&signature::ECDSA_P521_SHA512_FIXED, &point),
        "Ed25519" => parsed(&signature::ED25519, first),
        other => panic!("there is no algorithm {other}"),
    }
}
