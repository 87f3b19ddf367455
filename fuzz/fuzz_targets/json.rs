#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| oidc_client_wasm_fuzz::targets::json::check(data));
