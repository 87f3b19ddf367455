//! What the fuzzer calls: the targets, and the fake browser and provider of the native tests that some of them play with.
//!
//! `tests/native/fuzz_corpus.rs` compiles the same targets on stable Rust and feeds them the committed inputs.

#[path = "../tests/support/mod.rs"]
pub mod support;
pub mod targets;
