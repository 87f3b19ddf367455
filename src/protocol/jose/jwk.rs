//! JSON Web Keys and the choice among them ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517)).

use super::ed25519::is_of_small_order;
use super::point::{is_ed25519_point, is_on_curve};
use super::{JoseError, KeyType, SigningAlgorithm};
use crate::protocol::base64url;
use crate::protocol::json::{Object, Value};

/// A provider's key set. Members that are no usable public key are passed over (RFC 7517 section 5), never an error:
/// a provider may publish keys for other uses or of types to come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JwkSet {
    pub(super) keys: Vec<Jwk>,
}

/// One public key. A key that is published with its private part is refused, because the private part is no secret any more.
#[derive(Clone, Debug, PartialEq)]
pub struct Jwk {
    members: Object,
}

/// RFC 7518 section 3.3 demands 2048 bits; beyond 8192 a verification takes long and no provider needs it.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

impl JwkSet {
    pub fn from_json(document: &Object) -> Result<Self, JoseError> {
        let members = document.get("keys").and_then(Value::as_array).ok_or(JoseError::KeySet)?;
        let mut keys = Vec::new();
        for member in members {
            keys.extend(Jwk::from_json(member));
        }
        Ok(Self { keys })
    }

    /// The value is no key that this client can use.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub fn to_json(&self) -> Object {
        let keys = self.keys.iter().map(|key| Value::Object(key.members.clone())).collect();
        let mut document = Object::new();
        document.put("keys", Value::Array(keys));
        document
    }

    /// The one key that may verify a token of this header: by kty, curve, kid, use, key_ops and alg.
    pub fn select(&self, algorithm: SigningAlgorithm, kid: Option<&str>) -> Result<&Jwk, JoseError> {
        let mut fitting = self.keys.iter().filter(|key| key.fits(algorithm, kid));
        let key = fitting.next().ok_or(JoseError::UnknownKey)?;
        // The same key listed twice is no ambiguity.
        if fitting.any(|other| other.public_members(algorithm) != key.public_members(algorithm)) {
            return Err(JoseError::AmbiguousKey);
        }
        key.check_strength(algorithm)?;
        Ok(key)
    }
}

impl Jwk {
    fn from_json(value: &Value) -> Option<Self> {
        let key = Self { members: value.as_object()?.clone() };
        let is_private = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"].iter().any(|name| key.get(name).is_some());
        // Other values are no public keys of a supported algorithm (section 5).
        let is_public = matches!(key.text("kty"), Some("RSA" | "EC" | "OKP"));
        (!is_private && is_public).then_some(key)
    }

    /// `null`, as some serializers write it, is absent.
    fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name)?.as_str()
    }

    fn fits(&self, algorithm: SigningAlgorithm, kid: Option<&str>) -> bool {
        let (kty, curve) = match algorithm.key_type() {
            KeyType::Rsa => ("RSA", None),
            KeyType::Ec(curve, _) => ("EC", Some(curve)),
            KeyType::Okp(curve, _) => ("OKP", Some(curve)),
        };
        let of_type = self.text("kty") == Some(kty) && (curve.is_none() || self.text("crv") == curve);
        // Section 4.5: a header's kid names the key; a header without one fits any key of the right sort.
        let of_kid = kid.is_none_or(|kid| self.text("kid") == Some(kid));
        // Sections 4.2 to 4.4: the key's own statement of its use must allow this use.
        let of_use = self.get("use").is_none_or(|value| value == "sig");
        let of_operations = self.get("key_ops").is_none_or(|value| {
            value.as_array().is_some_and(|operations| operations.iter().any(|operation| operation == "verify"))
        });
        let of_algorithm =
            self.get("alg").is_none_or(|value| value.as_str().and_then(SigningAlgorithm::parse) == Some(algorithm));
        of_type && of_kid && of_use && of_operations && of_algorithm
    }

    /// Exactly the members that make the public key: what the signature verifier imports, without hints it may trip over.
    pub fn public_members(&self, algorithm: SigningAlgorithm) -> Vec<(&'static str, String)> {
        let text = |name: &'static str| (name, self.text(name).unwrap_or_default().to_owned());
        match algorithm.key_type() {
            KeyType::Rsa => {
                let [n, e] = self.public_octets(algorithm).map(|number| base64url::encode(&number));
                vec![text("kty"), ("n", n), ("e", e)]
            }
            KeyType::Ec(..) => ["kty", "crv", "x", "y"].map(text).into(),
            KeyType::Okp(..) => ["kty", "crv", "x"].map(text).into(),
        }
    }

    /// The numbers of that key: modulus and exponent, or the coordinates of a point; the second is empty where there is one. Zeros in front
    /// of an RSA number, as some libraries write them, are left out: RFC 7518 section 2 forbids them, and only some engines accept them.
    pub fn public_octets(&self, algorithm: SigningAlgorithm) -> [Vec<u8>; 2] {
        let names = match algorithm.key_type() {
            KeyType::Rsa => ["n", "e"],
            KeyType::Ec(..) => ["x", "y"],
            KeyType::Okp(..) => ["x", ""],
        };
        let octets = names.map(|name| self.text(name).and_then(base64url::decode).unwrap_or_default());
        match algorithm.key_type() {
            KeyType::Rsa => octets.map(|number| without_zeros(&number).to_vec()),
            _ => octets,
        }
    }

    fn check_strength(&self, algorithm: SigningAlgorithm) -> Result<(), JoseError> {
        let octets =
            |name: &str| self.text(name).and_then(base64url::decode).ok_or(JoseError::WeakKey("it is malformed"));
        match algorithm.key_type() {
            KeyType::Rsa => {
                let (modulus, exponent) = (octets("n")?, octets("e")?);
                if !RSA_BITS.contains(&bits(&modulus)) {
                    return Err(JoseError::WeakKey("an RSA key must have 2048 to 8192 bits"));
                }
                let is_odd = |number: &[u8]| number.last().is_some_and(|octet| octet % 2 == 1);
                if bits(&exponent) < 2 || bits(&exponent) > 33 || !is_odd(&exponent) || !is_odd(&modulus) {
                    return Err(JoseError::WeakKey("its RSA modulus or exponent is no sound one"));
                }
            }
            KeyType::Ec(curve, length) => {
                let (x, y) = (octets("x")?, octets("y")?);
                if x.len() != length || y.len() != length {
                    return Err(JoseError::WeakKey("its coordinates have the wrong length"));
                }
                if !is_on_curve(curve, &x, &y) {
                    return Err(JoseError::WeakKey("it is no point of its curve"));
                }
            }
            KeyType::Okp(_, length) => {
                let point = octets("x")?;
                if point.len() != length {
                    return Err(JoseError::WeakKey("its public key has the wrong length"));
                }
                if is_of_small_order(&point) || !is_ed25519_point(&point) {
                    return Err(JoseError::WeakKey("it is no point of its curve, or one of small order"));
                }
            }
        }
        Ok(())
    }
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let first = number.iter().take_while(|octet| **octet == 0).count();
    number.get(first..).unwrap_or_default()
}

fn bits(number: &[u8]) -> usize {
    let significant = without_zeros(number);
    let top = significant.first().map_or(0, |octet| 8 - octet.leading_zeros() as usize);
    significant.len().saturating_sub(1) * 8 + top
}

#[cfg(test)]
#[path = "jwk_tests.rs"]
mod tests;
