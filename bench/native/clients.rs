//! A registry with many clients: the registration of one more, and finding a client by its name.

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput};

use crate::support::{HOME, Page, World};

const CLIENTS: [usize; 3] = [10, 100, 1_000];

/// A page with so many clients beside the client of the tests.
fn page(count: usize) -> Page {
    let world = World::new();
    let page = world.tab().open(HOME);
    for at in 0..count {
        register(&page, &format!("client-{at}"));
    }
    page
}

fn register(page: &Page, name: &str) {
    let settings = page.world().settings.borrow().clone();
    page.register(name, settings).map(|_| ()).expect("settings");
}

pub fn measure(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("registry/register all");
    for count in CLIENTS {
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
            bencher.iter_batched(
                || page(0),
                |page| (0..count).for_each(|at| register(&page, &format!("client-{at}"))),
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("registry/find one by name");
    for count in CLIENTS {
        let page = page(count);
        let name = format!("client-{}", count - 1);
        group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
            bencher.iter(|| page.oauth.client(black_box(&name)).map(|_| ()).expect("a client"));
        });
    }
    group.finish();
}
