//! JWS compact serialization ([RFC 7515 sections 3.1 and 5.2](https://www.rfc-editor.org/rfc/rfc7515#section-5.2)).
//!
//! The only way to a payload is through [`VerifiedJws`], and the only way to that is a [`SignatureCheck`] whose verdict was yes.

use std::fmt;

use super::{JoseError, Jwk, JwkSet, SigningAlgorithm, is_well_formed};
use crate::protocol::base64url;
use crate::protocol::json::{self, Object, Value};

/// A parsed token whose signature is not verified yet.
#[derive(Clone)]
pub struct CompactJws {
    algorithm: SigningAlgorithm,
    kid: Option<String>,
    signing_input: String,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// Id_tokens with many groups reach tens of kilobytes; sessionStorage holds five megabytes.
const MAX_LENGTH: usize = 256 * 1024;
/// The limit covers signatures of RSA keys that are too large to be used, so that the error is about the key.
const MAX_SIGNATURE: usize = 4096;

/// RFC 8725 section 3.11: kinds of JWT that are certainly no id_token, even with a good signature.
const FOREIGN_TYPES: [&str; 6] =
    ["at+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt", "token-introspection+jwt", "oauth-authz-req+jwt"];

impl CompactJws {
    pub fn parse(token: &str, allowed: &[SigningAlgorithm]) -> Result<Self, JoseError> {
        if token.len() > MAX_LENGTH {
            return Err(JoseError::Malformed("it is too long"));
        }
        let parts: Vec<&str> = token.split('.').collect();
        let [header, payload, signature] = parts.as_slice() else {
            return Err(JoseError::Malformed(match parts.len() {
                5 => "it is encrypted (JWE), which this client does not support",
                _ => "it does not have three parts",
            }));
        };
        let decode = |part: &str, why| base64url::decode(part).ok_or(JoseError::Malformed(why));
        let header_octets = decode(header, "its header is not base64url")?;
        let fields =
            json::parse_object(&header_octets).map_err(|_| JoseError::Malformed("its header is not a JSON object"))?;
        let (algorithm, kid) = read_header(&fields, allowed)?;
        let payload_octets = decode(payload, "its payload is not base64url")?;
        let signature = decode(signature, "its signature is not base64url")?;
        if signature.is_empty() || signature.len() > MAX_SIGNATURE {
            return Err(JoseError::Malformed("its signature has an impossible length"));
        }
        Ok(Self { algorithm, kid, signing_input: [header, ".", payload].concat(), payload: payload_octets, signature })
    }

    pub fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// Picks the key and gives the check; a port does the arithmetic.
    pub fn check<'a>(&'a self, keys: &'a JwkSet) -> Result<SignatureCheck<'a>, JoseError> {
        let key = keys.select(self.algorithm, self.kid.as_deref())?;
        if !is_well_formed(self.algorithm, key, &self.signature) {
            return Err(JoseError::Signature);
        }
        Ok(SignatureCheck { jws: self, key })
    }
}

fn read_header(fields: &Object, allowed: &[SigningAlgorithm]) -> Result<(SigningAlgorithm, Option<String>), JoseError> {
    // RFC 7515 section 4.1.11. `b64` (RFC 7797) changes what is signed and must be critical; alone it is a trap.
    if fields.contains_key("crit") || fields.contains_key("b64") {
        return Err(JoseError::Critical);
    }
    let Some(Value::String(name)) = fields.get("alg") else {
        return Err(JoseError::Malformed("its header has no alg"));
    };
    let algorithm = SigningAlgorithm::parse(name)
        .filter(|algorithm| allowed.contains(algorithm))
        .ok_or_else(|| JoseError::Algorithm(name.chars().take(32).collect()))?;
    let kid = match fields.get("kid") {
        None => None,
        Some(Value::String(kid)) => Some(kid.clone()),
        Some(_) => return Err(JoseError::Malformed("its kid is not a string")),
    };
    if let Some(typ) = fields.get("typ") {
        let typ = typ.as_str().ok_or(JoseError::Malformed("its typ is not a string"))?.to_ascii_lowercase();
        if FOREIGN_TYPES.contains(&typ.strip_prefix("application/").unwrap_or(&typ)) {
            return Err(JoseError::Malformed("it is a token of another kind"));
        }
    }
    // jwk, jku, x5u and x5c are not looked at: a token cannot bring its own key (RFC 8725 section 3.10).
    Ok((algorithm, kid))
}

/// The question to the signature verifier.
#[derive(Clone, Copy)]
pub struct SignatureCheck<'a> {
    jws: &'a CompactJws,
    key: &'a Jwk,
}

impl SignatureCheck<'_> {
    pub fn algorithm(&self) -> SigningAlgorithm {
        self.jws.algorithm
    }

    pub fn key(&self) -> &Jwk {
        self.key
    }

    pub fn signing_input(&self) -> &[u8] {
        self.jws.signing_input.as_bytes()
    }

    pub fn signature(&self) -> &[u8] {
        &self.jws.signature
    }

    /// Takes the verifier's verdict on exactly this check.
    pub fn conclude(self, is_valid: bool) -> Result<VerifiedJws, JoseError> {
        if !is_valid {
            return Err(JoseError::Signature);
        }
        let payload = json::parse_object(&self.jws.payload);
        let payload = payload.map_err(|_| JoseError::Malformed("its payload is not a JSON object"))?;
        Ok(VerifiedJws { algorithm: self.jws.algorithm, payload })
    }
}

/// A token whose signature by a key of the provider was verified. Its claims are authentic, not yet judged.
#[derive(Clone)]
pub struct VerifiedJws {
    algorithm: SigningAlgorithm,
    payload: Object,
}

/// The payload holds the nonce, and a person's data: it stays out of `Debug`.
impl fmt::Debug for VerifiedJws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedJws").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

impl VerifiedJws {
    pub fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    pub fn payload(&self) -> &Object {
        &self.payload
    }

    pub fn into_payload(self) -> Object {
        self.payload
    }
}

#[cfg(test)]
#[path = "jws_tests.rs"]
mod tests;
