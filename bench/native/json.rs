//! Parsing of JSON from a provider, among it an object with many members, each of which is compared with all others for duplicates.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use oidc_client_wasm::protocol::json::parse_object;

const MEMBERS: [usize; 4] = [10, 100, 1_000, 10_000];

pub fn measure(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("json/object of many members");
    for count in MEMBERS {
        let members: Vec<String> = (0..count).map(|at| format!(r#""member-{at}":"value {at}""#)).collect();
        let text = format!("{{{}}}", members.join(","));
        group.throughput(Throughput::Elements(count as u64));
        group.bench_with_input(BenchmarkId::from_parameter(count), &text, |bencher, text| {
            bencher.iter(|| parse_object(black_box(text.as_bytes())).expect("JSON"));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("json/list of many texts");
    for count in MEMBERS {
        let texts: Vec<String> = (0..count).map(|at| format!(r#""text {at} with a \u00e9""#)).collect();
        let text = format!(r#"{{"list":[{}]}}"#, texts.join(","));
        group.throughput(Throughput::Elements(count as u64));
        group.bench_with_input(BenchmarkId::from_parameter(count), &text, |bencher, text| {
            bencher.iter(|| parse_object(black_box(text.as_bytes())).expect("JSON"));
        });
    }
    group.finish();
}
