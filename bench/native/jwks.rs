//! A key set: parsing, and the choice of the one key that fits a token, with a key id and without.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use oidc_client_wasm::protocol::jose::{JwkSet, SigningAlgorithm};
use oidc_client_wasm::protocol::json::parse_object;

use crate::support::SigningKey;

const KEYS: [usize; 3] = [100, 1_000, 10_000];

/// RSA keys with a key id each, and a single key of another type.
fn document(count: usize) -> String {
    let jwk = SigningKey::new("RS256", 0, Some("KID")).jwk().to_string();
    let mut keys: Vec<String> = (1..count).map(|at| jwk.replace("KID", &format!("key-{at}"))).collect();
    keys.push(SigningKey::new("ES256", 0, Some("the-ec-key")).jwk().to_string());
    format!(r#"{{"keys":[{}]}}"#, keys.join(","))
}

fn key_set(text: &str) -> JwkSet {
    JwkSet::from_json(&parse_object(text.as_bytes()).expect("JSON")).expect("keys")
}

pub fn measure(criterion: &mut Criterion) {
    let documents = KEYS.map(|count| (count, document(count)));

    let mut group = criterion.benchmark_group("jwks/parse");
    for (count, text) in &documents {
        group.throughput(Throughput::Elements(*count as u64));
        group.bench_with_input(BenchmarkId::from_parameter(count), text, |bencher, text| {
            bencher.iter(|| key_set(black_box(text)));
        });
    }
    group.finish();

    for (what, algorithm, kid) in [
        ("jwks/select by key id", SigningAlgorithm::Rs256, Some("key-50")),
        ("jwks/select without key id", SigningAlgorithm::Es256, None),
    ] {
        let mut group = criterion.benchmark_group(what);
        for (count, text) in &documents {
            let keys = key_set(text);
            group.throughput(Throughput::Elements(*count as u64));
            group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
                bencher.iter(|| keys.select(black_box(algorithm), black_box(kid)).map(|_| ()).expect("a key"));
            });
        }
        group.finish();
    }
}
