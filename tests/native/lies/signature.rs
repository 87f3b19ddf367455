//! Signatures that are none, and signatures of something else.

use crate::support::keys::base64url;
use crate::support::*;
use oidc_client_wasm::protocol::json::json;

const BAD: [&str; 3] = ["bad_signature", "rejected", "id_token"];

/// The provider signs with a key for this algorithm, and then the signature's octets are changed.
#[track_caller]
fn rejects(algorithm: &'static str, label: &str, spoil: impl Fn(&[u8]) -> Vec<u8> + 'static + Clone) {
    use base64ct::{Base64UrlUnpadded, Encoding};
    let _row = row(format!("{algorithm}: {label}"));
    let lie = |op: &FakeProvider| {
        op.sign_with(SigningKey::new(algorithm, 0, Some("key")));
        let spoil = spoil.clone();
        op.id_token.tell(move |token| {
            let (input, signature) = token.rsplit_once('.').expect("a token");
            let octets = Base64UrlUnpadded::decode_vec(signature).expect("base64url");
            *token = format!("{input}.{}", base64url(&spoil(&octets)));
        });
    };
    rejects_login(lie, BAD);
}

/// The ASN.1 form of an ECDSA signature, which X.509 and most libraries use and JWS does not (RFC 7518 section 3.4).
fn der(signature: &[u8]) -> Vec<u8> {
    let integer = |half: &[u8]| {
        let significant = &half[half.iter().take_while(|octet| **octet == 0).count()..];
        let sign: &[u8] = if significant.first().is_none_or(|octet| *octet >= 0x80) { &[0] } else { &[] };
        [&[2, (sign.len() + significant.len()) as u8], sign, significant].concat()
    };
    let (r, s) = signature.split_at(signature.len() / 2);
    let integers = [integer(r), integer(s)].concat();
    let length = integers.len() as u8;
    let head: Vec<u8> = if length < 0x80 { vec![0x30, length] } else { vec![0x30, 0x81, length] };
    [head, integers].concat()
}

#[test]
fn an_ecdsa_signature_in_the_form_of_asn_1() {
    for algorithm in ["ES256", "ES384", "ES512"] {
        rejects(algorithm, "DER", der);
        rejects(algorithm, "DER of the length it should have", |good| {
            let mut octets = der(good);
            octets.resize(good.len(), 0);
            octets
        });
    }
}

/// CVE-2022-21449: zeros verified everything in a runtime of renown.
#[test]
fn an_ecdsa_signature_of_impossible_numbers() {
    for algorithm in ["ES256", "ES384", "ES512"] {
        rejects(algorithm, "all zeros", |good| vec![0; good.len()]);
        rejects(algorithm, "all ones", |good| vec![0xff; good.len()]);
        rejects(algorithm, "r = 0", |good| [vec![0; good.len() / 2], good[good.len() / 2..].to_vec()].concat());
        rejects(algorithm, "s = 0", |good| [good[..good.len() / 2].to_vec(), vec![0; good.len() / 2]].concat());
        rejects(algorithm, "r and s swapped", |good| {
            let (r, s) = good.split_at(good.len() / 2);
            [s, r].concat()
        });
    }
    // The order of P-256: as good as zero.
    let order = |_: &[u8]| {
        let n = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
        let octet = |at: usize| u8::from_str_radix(&n[at..at + 2], 16).expect("hexadecimal");
        let n: Vec<u8> = (0..n.len()).step_by(2).map(octet).collect();
        [n.clone(), n].concat()
    };
    rejects("ES256", "r and s the order of the curve", order);
}

#[test]
fn a_signature_of_another_length() {
    for algorithm in ["RS256", "PS256", "ES256", "ES384", "ES512", "Ed25519"] {
        rejects(algorithm, "one octet", |_| vec![1]);
        rejects(algorithm, "an octet less", |good| good[..good.len() - 1].to_vec());
        rejects(algorithm, "an octet more", |good| [good, &[0]].concat());
        rejects(algorithm, "a zero before", |good| [&[0], good].concat());
        rejects(algorithm, "twice", |good| [good, good].concat());
        rejects(algorithm, "1024 octets", |_| vec![1; 1024]);
    }
}

/// A scalar and the same one more than the order of the group are one number to who does not look (RFC 8032 section 5.1.7).
#[test]
fn an_ed25519_signature_in_another_spelling() {
    let order = b"\xed\xd3\xf5\x5c\x1a\x63\x12\x58\xd6\x9c\xf7\xa2\xde\xf9\xde\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x10";
    rejects("Ed25519", "s + L", move |good| {
        let (r, s) = good.split_at(32);
        let mut carry = 0;
        let sum = s.iter().zip(order).map(|(one, other)| {
            carry = u16::from(*one) + u16::from(*other) + (carry >> 8);
            carry as u8
        });
        [r, &sum.collect::<Vec<_>>()].concat()
    });
}

#[test]
fn one_bit_of_a_signature() {
    for algorithm in ["RS256", "PS256", "ES256", "Ed25519"] {
        rejects(algorithm, "the first", |good| [&[good[0] ^ 0x80], &good[1..]].concat());
        rejects(algorithm, "the last", |good| {
            let (last, rest) = good.split_last().expect("a signature");
            [rest, &[last ^ 1]].concat()
        });
    }
}

/// Every octet of header and payload is signed, be it only white space.
#[test]
fn what_was_not_signed() {
    for (label, part) in [("the header", 0), ("the payload", 1)] {
        let _row = row(label);
        let lie = |op: &FakeProvider| {
            op.id_token.tell(move |token| {
                use base64ct::{Base64UrlUnpadded, Encoding};
                let mut parts: Vec<String> = token.split('.').map(String::from).collect();
                let mut octets = Base64UrlUnpadded::decode_vec(&parts[part]).expect("base64url");
                octets.insert(1, b' ');
                parts[part] = base64url(&octets);
                *token = parts.join(".");
            });
        };
        rejects_login(lie, BAD);
    }
}

#[test]
fn the_signature_of_an_earlier_token() {
    let world = World::new();
    world.tab().sign_in();
    world.network.take_sent();
    let earlier = world.provider.id_tokens.borrow()[0].clone();
    let signature = earlier.rsplit_once('.').expect("a token").1.to_owned();
    let lie = move |op: &FakeProvider| {
        let signature = signature.clone();
        op.id_token.tell(move |token| {
            let end = token.rfind('.').expect("a token") + 1;
            token.replace_range(end.., &signature);
        });
    };
    rejects_login_in(&world, lie, BAD);
}

/// A token of an earlier login, whole: its signature is good, and its nonce is not that of this login.
#[test]
fn an_earlier_token() {
    let world = World::new();
    world.tab().sign_in();
    world.network.take_sent();
    let earlier = world.provider.id_tokens.borrow()[0].clone();
    rejects_login_in(
        &world,
        |op| {
            let earlier = earlier.clone();
            op.id_token.tell(move |token| *token = earlier.clone());
        },
        ["nonce_mismatch", "rejected", "id_token"],
    );
}

/// A key that another provider is known to have.
#[test]
fn a_token_of_another_provider() {
    let world = World::new();
    let evil = world.another_provider("https://evil.example");
    evil.sign_with(SigningKey::new("RS256", 2, Some("key-0")));
    let token =
        evil.sign(&json!({ "iss": ISSUER, "sub": "alice", "aud": CLIENT_ID, "iat": 1, "exp": 9_999_999_999_u64 }));
    rejects_login_in(
        &world,
        |op| {
            let token = token.clone();
            op.id_token.tell(move |told| *told = token.clone());
        },
        BAD,
    );
}
