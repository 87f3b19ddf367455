//! The time that the protocol core takes for the largest inputs that it accepts. Each group runs over sizes that grow by ten or by four,
//! and prints the time for an element or a byte, which stays the same where the time grows with the size alone.

#[path = "../../tests/support/mod.rs"]
#[allow(dead_code, unused_imports)]
mod support;

mod clients;
mod id_token;
mod json;
mod jwks;

use std::time::Duration;

use criterion::Criterion;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .without_plots()
        .configure_from_args();
    json::measure(&mut criterion);
    jwks::measure(&mut criterion);
    id_token::measure(&mut criterion);
    clients::measure(&mut criterion);
    criterion.final_summary();
}
