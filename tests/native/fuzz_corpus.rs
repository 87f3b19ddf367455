//! The fuzzer's inputs, on any Rust and without a fuzzer: the seeds it starts from, and everything it has ever found
//! (`fuzz/README.md`).

use std::path::{Path, PathBuf};

use crate::fuzz_targets::TARGETS;

fn inputs(folder: &str, target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder).join(target);
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

#[test]
fn every_input_of_the_fuzzer_keeps_what_must_hold() {
    for (target, check) in TARGETS {
        let seeds = inputs("corpus", target);
        assert!(!seeds.is_empty(), "fuzz/corpus/{target} has no seeds");
        for input in seeds.iter().chain(&inputs("finds", target)) {
            // Shown with the failure that follows it.
            println!("{}", input.display());
            check(&std::fs::read(input).expect("an input"));
        }
    }
}

#[test]
fn the_fuzzer_runs_every_target() {
    let manifest = include_str!("../../fuzz/Cargo.toml");
    let mut binaries: Vec<&str> =
        manifest.lines().filter_map(|line| line.strip_prefix("path = \"fuzz_targets/")).collect();
    binaries.sort_unstable();
    assert_eq!(binaries, TARGETS.map(|(target, _)| format!("{target}.rs\"")));
}
