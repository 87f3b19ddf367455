//! An id_token up to the largest that the client accepts (256 KiB): parsing and key choice, and parsing and validation of the claims. The
//! signature itself is verified by WebCrypto or by the verifier module, and takes no part.

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput};
use oidc_client_wasm::protocol::id_token::{Expectations, validate};
use oidc_client_wasm::protocol::jose::{CompactJws, JwkSet, SigningAlgorithm};
use oidc_client_wasm::protocol::json::parse_object;
use oidc_client_wasm::protocol::time::UnixTime;

use crate::support::SigningKey;

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "https://id.example.com";
/// The length of the token is a third more, because of base64url.
const PAYLOADS: [usize; 4] = [3_000, 12_000, 48_000, 190_000];

/// A token with about so many bytes of groups, in a list or as members of their own.
fn token(bytes: usize, as_members: bool) -> String {
    let group =
        |at: usize| if as_members { format!(r#""g{at:05}":"group-{at:05}""#) } else { format!(r#""group-{at:05}""#) };
    let groups: Vec<String> = (0..bytes / (group(0).len() + 1)).map(group).collect();
    let groups = if as_members { groups.join(",") } else { format!(r#""groups":[{}]"#, groups.join(",")) };
    let exp = NOW + 300;
    let claims = format!(r#"{{"iss":"{ISSUER}","sub":"248289761001","aud":"spa","exp":{exp},"iat":{NOW},{groups}}}"#);
    SigningKey::new("RS256", 0, Some("key")).sign_octets(br#"{"alg":"RS256","kid":"key"}"#, claims.as_bytes())
}

fn expectations() -> Expectations<'static> {
    Expectations {
        issuer: ISSUER,
        client_id: "spa",
        trusted_audiences: &[],
        sub: None,
        nonce: None,
        allow_missing_nonce: false,
        max_age: None,
        essential_acr: None,
        access_token: None,
        is_hash: false,
        now: UnixTime(NOW),
        clock_tolerance: 60,
    }
}

pub fn measure(criterion: &mut Criterion) {
    let jwks = format!(r#"{{"keys":[{}]}}"#, SigningKey::new("RS256", 0, Some("key")).jwk());
    let keys = JwkSet::from_json(&parse_object(jwks.as_bytes()).expect("JSON")).expect("keys");
    for (what, as_members) in [("groups in a list", false), ("groups as members", true)] {
        let tokens = PAYLOADS.map(|bytes| token(bytes, as_members));
        let mut group = criterion.benchmark_group(format!("id_token/parse and choose the key, {what}"));
        for token in &tokens {
            group.throughput(Throughput::Bytes(token.len() as u64));
            group.bench_with_input(BenchmarkId::from_parameter(token.len()), token, |bencher, token| {
                bencher.iter(|| {
                    let jws = CompactJws::parse(black_box(token), &[SigningAlgorithm::Rs256]).expect("a token");
                    jws.check(&keys).map(|_| ()).expect("a key");
                });
            });
        }
        group.finish();

        let mut group = criterion.benchmark_group(format!("id_token/validate the claims, {what}"));
        for token in &tokens {
            let jws = CompactJws::parse(token, &[SigningAlgorithm::Rs256]).expect("a token");
            let check = jws.check(&keys).expect("a key");
            group.throughput(Throughput::Bytes(token.len() as u64));
            group.bench_function(BenchmarkId::from_parameter(token.len()), |bencher| {
                let verified = || check.conclude(true).expect("a signature");
                bencher.iter_batched(
                    verified,
                    |jws| validate(jws, &expectations()).expect("claims"),
                    BatchSize::LargeInput,
                );
            });
        }
        group.finish();
    }
}
