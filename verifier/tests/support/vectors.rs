//! The examples of the specifications, and the signatures of C2SP Wycheproof for the algorithms of JWS: thousands that were made
//! to be accepted by mistake.

#[path = "rfc.rs"]
mod rfc;

use base64ct::{Base64UrlUnpadded, Encoding};
use wycheproof::{TestResult, ecdsa, eddsa, rsa_pkcs1_verify as pkcs1, rsa_pss_verify as pss};

pub struct Vector {
    /// The set, and the number of the vector in it.
    pub name: String,
    pub comment: String,
    pub algorithm: &'static str,
    /// `n` and `e`, `x` and `y`, or `x` and nothing.
    pub key: [Vec<u8>; 2],
    pub message: Vec<u8>,
    pub signature: Vec<u8>,
    /// `None` where a verifier may choose.
    pub is_valid: Option<bool>,
}

pub fn vectors() -> Vec<Vector> {
    let mut all = Vec::new();
    collect_examples(&mut all);
    collect_ecdsa(&mut all);
    collect_ed25519(&mut all);
    collect_pkcs1(&mut all);
    collect_pss(&mut all);
    all
}

/// Each as it is printed, with another text, and with another signature.
fn collect_examples(all: &mut Vec<Vector>) {
    let octets = |text: &str| Base64UrlUnpadded::decode_vec(text).expect("base64url");
    for example in rfc::EXAMPLES {
        let (text, signature) = example.token.rsplit_once('.').expect("a token");
        let vector = |comment: &str, text: &[u8], edit: u8| {
            let mut signature = octets(signature);
            signature[40] ^= edit;
            Vector {
                name: example.name.into(),
                comment: comment.into(),
                algorithm: example.algorithm,
                key: example.key.map(octets),
                message: text.into(),
                signature,
                is_valid: Some(comment == "as printed"),
            }
        };
        all.push(vector("as printed", text.as_bytes(), 0));
        all.push(vector("another text", &text.as_bytes()[..text.len() - 1], 0));
        all.push(vector("another signature", text.as_bytes(), 1));
    }
}

fn judged(result: TestResult) -> Option<bool> {
    match result {
        TestResult::Valid => Some(true),
        TestResult::Invalid => Some(false),
        TestResult::Acceptable => None,
    }
}

/// RFC 7518 section 6.2.1.2: as long as a coordinate of the curve.
fn coordinate(number: &[u8], octets: usize) -> Vec<u8> {
    let significant: Vec<u8> = number.iter().copied().skip_while(|octet| *octet == 0).collect();
    let mut padded = vec![0; octets - significant.len()];
    padded.extend(significant);
    padded
}

/// RFC 7518 section 2, Base64urlUInt: without leading zeros.
fn number(number: &[u8]) -> Vec<u8> {
    number.iter().copied().skip_while(|octet| *octet == 0).collect()
}

fn collect_ecdsa(all: &mut Vec<Vector>) {
    use ecdsa::TestName::*;
    for (set, algorithm, octets) in [
        (EcdsaSecp256r1Sha256P1363, "ES256", 32),
        (EcdsaSecp384r1Sha384P1363, "ES384", 48),
        (EcdsaSecp521r1Sha512P1363, "ES512", 66),
    ] {
        for group in ecdsa::TestSet::load(set).expect("vectors").test_groups {
            let key = [&group.key.affine_x, &group.key.affine_y].map(|number| coordinate(number, octets));
            all.extend(group.tests.into_iter().map(|test| Vector {
                name: format!("{set:?} {}", test.tc_id),
                comment: test.comment,
                algorithm,
                key: key.clone(),
                message: test.msg.to_vec(),
                signature: test.sig.to_vec(),
                is_valid: judged(test.result),
            }));
        }
    }
}

fn collect_ed25519(all: &mut Vec<Vector>) {
    let set = eddsa::TestName::Ed25519;
    for group in eddsa::TestSet::load(set).expect("vectors").test_groups {
        let key = group.key.pk.to_vec();
        all.extend(group.tests.into_iter().map(|test| Vector {
            name: format!("{set:?} {}", test.tc_id),
            comment: test.comment,
            algorithm: "Ed25519",
            key: [key.clone(), vec![]],
            message: test.msg.to_vec(),
            signature: test.sig.to_vec(),
            is_valid: judged(test.result),
        }));
    }
}

fn collect_pkcs1(all: &mut Vec<Vector>) {
    use pkcs1::TestName::*;
    for (set, algorithm) in [
        (Rsa2048Sha256, "RS256"),
        (Rsa2048Sha384, "RS384"),
        (Rsa2048Sha512, "RS512"),
        (Rsa3072Sha256, "RS256"),
        (Rsa3072Sha384, "RS384"),
        (Rsa3072Sha512, "RS512"),
        (Rsa4096Sha256, "RS256"),
        (Rsa4096Sha384, "RS384"),
        (Rsa4096Sha512, "RS512"),
        (Rsa8192Sha256, "RS256"),
        (Rsa8192Sha384, "RS384"),
        (Rsa8192Sha512, "RS512"),
    ] {
        for group in pkcs1::TestSet::load(set).expect("vectors").test_groups {
            let key = [number(&group.key.n), number(&group.key.e)];
            all.extend(group.tests.into_iter().map(|test| Vector {
                name: format!("{set:?} {}", test.tc_id),
                comment: test.comment,
                algorithm,
                key: key.clone(),
                message: test.msg.to_vec(),
                signature: test.sig.to_vec(),
                is_valid: judged(test.result),
            }));
        }
    }
}

fn collect_pss(all: &mut Vec<Vector>) {
    use pss::TestName::*;
    for (set, algorithm, salt) in [
        (RsaPss2048Sha256Mgf1SaltLen32, "PS256", 32),
        (RsaPss3072Sha256Mgf1SaltLen32, "PS256", 32),
        (RsaPss4096Sha256Mgf1SaltLen32, "PS256", 32),
        (RsaPss2048Sha384Mgf1SaltLen48, "PS384", 48),
        (RsaPss4096Sha384Mgf1SaltLen48, "PS384", 48),
        (RsaPss4096Sha512Mgf1SaltLen64, "PS512", 64),
        // Salts of another length than the hash: sound RSASSA-PSS, but no JWS (RFC 7518 section 3.5).
        (RsaPss2048Sha256Mgf1SaltLen0, "PS256", 0),
        (RsaPss4096Sha512Mgf1SaltLen32, "PS512", 32),
    ] {
        let is_of_jws = matches!((algorithm, salt), ("PS256", 32) | ("PS384", 48) | ("PS512", 64));
        for group in pss::TestSet::load(set).expect("vectors").test_groups {
            let key = [number(&group.key.n), number(&group.key.e)];
            all.extend(group.tests.into_iter().map(|test| Vector {
                name: format!("{set:?} {}", test.tc_id),
                comment: test.comment,
                algorithm,
                key: key.clone(),
                message: test.msg.to_vec(),
                signature: test.sig.to_vec(),
                // Among them are some that were altered, and so got the one length that we accept.
                is_valid: if is_of_jws {
                    judged(test.result)
                } else {
                    (test.result == TestResult::Valid).then_some(false)
                },
            }));
        }
    }
}
