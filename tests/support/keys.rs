//! Keys that sign, and the native verifier. AWS-LC does the arithmetic: nothing of it is shared with what the package ships.

use std::sync::{Arc, LazyLock};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize, PublicKeyComponents};
use aws_lc_rs::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair, ParsedPublicKey, VerificationAlgorithm};
use base64ct::{Base64UrlUnpadded, Encoding};
use oidc_client_wasm::ports::CryptoError;
use oidc_client_wasm::protocol::jose::SignatureCheck;
use oidc_client_wasm::protocol::json::{Object, Value, json};

pub const ALGORITHMS: [&str; 11] =
    ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"];

pub fn base64url(octets: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(octets)
}

enum Pair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair, &'static str),
    Ed25519(Ed25519KeyPair),
}

/// A private key of a provider, the algorithm it signs with, and the name it is published under.
#[derive(Clone)]
pub struct SigningKey {
    pub algorithm: &'static str,
    pub kid: Option<String>,
    pair: Arc<Pair>,
}

fn rsa() -> Arc<Pair> {
    Arc::new(Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).expect("an RSA key")))
}

fn ec(algorithm: &'static signature::EcdsaSigningAlgorithm, curve: &'static str) -> Arc<Pair> {
    Arc::new(Pair::Ec(EcdsaKeyPair::generate(algorithm).expect("an EC key"), curve))
}

// Generating RSA keys takes a while: three serve every test of a process.
static RSA: LazyLock<[Arc<Pair>; 3]> = LazyLock::new(|| [rsa(), rsa(), rsa()]);

impl SigningKey {
    /// The `index`-th key (0 to 2) for the algorithm; equal indexes of RSA algorithms are the same key.
    pub fn new(algorithm: &'static str, index: usize, kid: Option<&str>) -> Self {
        let pair = match &algorithm[..2] {
            "RS" | "PS" => RSA[index].clone(),
            "ES" => match algorithm {
                "ES256" => ec(&signature::ECDSA_P256_SHA256_FIXED_SIGNING, "P-256"),
                "ES384" => ec(&signature::ECDSA_P384_SHA384_FIXED_SIGNING, "P-384"),
                _ => ec(&signature::ECDSA_P521_SHA512_FIXED_SIGNING, "P-521"),
            },
            _ => Arc::new(Pair::Ed25519(Ed25519KeyPair::generate().expect("an Ed25519 key"))),
        };
        Self { algorithm, kid: kid.map(String::from), pair }
    }

    /// The public key as a provider publishes it.
    pub fn jwk(&self) -> Value {
        let mut jwk = match &*self.pair {
            Pair::Rsa(pair) => {
                let public = pair.public_key();
                let [n, e] = [public.modulus(), public.exponent()]
                    .map(|number| base64url(number.big_endian_without_leading_zero()));
                json!({ "kty": "RSA", "n": n, "e": e })
            }
            Pair::Ec(pair, curve) => {
                let point = &pair.public_key().as_ref()[1..];
                let (x, y) = point.split_at(point.len() / 2);
                json!({ "kty": "EC", "crv": curve, "x": base64url(x), "y": base64url(y) })
            }
            Pair::Ed25519(pair) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "x": base64url(pair.public_key().as_ref()) })
            }
        };
        jwk["use"] = json!("sig");
        jwk["alg"] = json!(self.algorithm);
        if let Some(kid) = &self.kid {
            jwk["kid"] = json!(kid);
        }
        jwk
    }

    /// A compact JWS of exactly this header and payload.
    pub fn sign(&self, header: &Object, payload: &[u8]) -> String {
        self.sign_octets(header.to_text().as_bytes(), payload)
    }

    /// The same of octets that need not be JSON.
    pub fn sign_octets(&self, header: &[u8], payload: &[u8]) -> String {
        let input = format!("{}.{}", base64url(header), base64url(payload));
        format!("{input}.{}", base64url(&self.signature(input.as_bytes())))
    }

    fn signature(&self, input: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &*self.pair {
            Pair::Rsa(pair) => {
                let padding: &dyn signature::RsaEncoding = match self.algorithm {
                    "RS256" => &signature::RSA_PKCS1_SHA256,
                    "RS384" => &signature::RSA_PKCS1_SHA384,
                    "RS512" => &signature::RSA_PKCS1_SHA512,
                    "PS256" => &signature::RSA_PSS_SHA256,
                    "PS384" => &signature::RSA_PSS_SHA384,
                    _ => &signature::RSA_PSS_SHA512,
                };
                let mut octets = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &random, input, &mut octets).expect("a signature");
                octets
            }
            Pair::Ec(pair, _) => pair.sign(&random, input).expect("a signature").as_ref().to_vec(),
            Pair::Ed25519(pair) => pair.sign(input).as_ref().to_vec(),
        }
    }
}

/// The `SignatureVerifier` port, done natively: judges exactly what a check hands out.
pub fn verify(check: &SignatureCheck<'_>) -> Result<bool, CryptoError> {
    let algorithm = check.algorithm();
    let members = check.key().public_members(algorithm);
    let octets = |wanted: &str| {
        let (_, text) = members.iter().find(|(name, _)| *name == wanted).ok_or(CryptoError::Key)?;
        Base64UrlUnpadded::decode_vec(text).map_err(|_| CryptoError::Key)
    };
    let point = || Ok([vec![4], octets("x")?, octets("y")?].concat());
    let (input, signature) = (check.signing_input(), check.signature());
    let rsa = |parameters| {
        let key = PublicKeyComponents { n: octets("n")?, e: octets("e")? };
        Ok(key.verify(parameters, input, signature).is_ok())
    };
    let parsed = |parameters: &'static dyn VerificationAlgorithm, key: Vec<u8>| {
        let key = ParsedPublicKey::new(parameters, key).map_err(|_| CryptoError::Key)?;
        Ok(key.verify_sig(input, signature).is_ok())
    };
    match algorithm.name() {
        "RS256" => rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
        "RS384" => rsa(&signature::RSA_PKCS1_2048_8192_SHA384),
        "RS512" => rsa(&signature::RSA_PKCS1_2048_8192_SHA512),
        "PS256" => rsa(&signature::RSA_PSS_2048_8192_SHA256),
        "PS384" => rsa(&signature::RSA_PSS_2048_8192_SHA384),
        "PS512" => rsa(&signature::RSA_PSS_2048_8192_SHA512),
        "ES256" => parsed(&signature::ECDSA_P256_SHA256_FIXED, point()?),
        "ES384" => parsed(&signature::ECDSA_P384_SHA384_FIXED, point()?),
        "ES512" => parsed(&signature::ECDSA_P521_SHA512_FIXED, point()?),
        "Ed25519" => parsed(&signature::ED25519, octets("x")?),
        other => panic!("the port was asked for {other}"),
    }
}
