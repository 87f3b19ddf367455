//! What this project takes from others: one exact version of each thing, in version control, and nothing passed on.

#[path = "support/source.rs"]
#[allow(dead_code)]
mod source;

use serde_json::{Map, Value};
use source::{project_files, root};

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn json(path: &str) -> Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn members<'a>(value: &'a Value, name: &str) -> Vec<(&'a String, &'a Value)> {
    value[name].as_object().map(Map::iter).into_iter().flatten().collect()
}

/// The folders with a file of this name, each with `/` at its end, the root as nothing.
fn folders_with(name: &str) -> Vec<String> {
    let folders: Vec<String> = project_files()
        .into_iter()
        .filter_map(|(path, _)| path.strip_suffix(name).map(String::from))
        .filter(|folder| folder.is_empty() || folder.ends_with('/'))
        .collect();
    assert!(!folders.is_empty(), "no {name} was found");
    folders
}

/// The packages that are installed here; the template is published and not installed.
fn npm_folders() -> Vec<String> {
    folders_with("package.json").into_iter().filter(|folder| folder != "pkg-template/").collect()
}

#[test]
fn every_cargo_workspace_has_its_lock() {
    let ignored = read(".gitignore");
    assert!(ignored.lines().all(|line| !line.contains(".lock") && !line.contains("-lock")), ".gitignore names a lock");
    for folder in folders_with("Cargo.toml") {
        let manifest = read(&format!("{folder}Cargo.toml"));
        if manifest.lines().any(|line| line.trim() == "[workspace]") {
            let lock = read(&format!("{folder}Cargo.lock"));
            assert!(lock.contains("checksum = "), "{folder}Cargo.lock has no checksums");
        }
    }
}

#[test]
fn every_npm_folder_has_its_lock_and_the_lock_agrees() {
    for folder in npm_folders() {
        let (manifest, lock) = (json(&format!("{folder}package.json")), json(&format!("{folder}package-lock.json")));
        for kind in ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] {
            assert_eq!(manifest[kind], lock["packages"][""][kind], "{folder}: `npm ci` would refuse: {kind}");
        }
    }
}

/// Without a hash whoever serves the package decides what it is.
#[test]
fn every_locked_npm_package_has_one_version_and_a_strong_hash() {
    for folder in npm_folders() {
        let lock = json(&format!("{folder}package-lock.json"));
        let packages = members(&lock, "packages");
        let manifest = json(&format!("{folder}package.json"));
        let needs = ["dependencies", "devDependencies"].iter().any(|kind| manifest[kind].is_object());
        assert_eq!(packages.len() > 1, needs, "{folder}: the lock is empty, or locks what package.json does not name");
        for (name, package) in packages.into_iter().filter(|(name, _)| !name.is_empty()) {
            let hash = package["integrity"].as_str().unwrap_or_default();
            assert!(hash.starts_with("sha512-"), "{folder}{name} has no sha512");
            assert!(package["version"].is_string(), "{folder}{name} has no version");
            assert!(package.get("link").is_none(), "{folder}{name} is a place on some disk");
        }
    }
}

/// These work without their scripts: the package for this machine is among their optional dependencies, and the script would only
/// look for that, or build one where there is none. The last two are peers in the bench: a script copies a service worker that the
/// bench does not use, or thanks for the installation.
const WORK_WITHOUT_THEIR_SCRIPT: [&str; 7] =
    ["@parcel/watcher", "@swc/core", "esbuild", "lmdb", "msgpackr-extract", "@axa-fr/oidc-client", "browser-tabs-lock"];
/// The folders that build with the tools of others, and the one that reads declarations of others.
const FOLDERS_OF_TOOLS: [&str; 6] =
    ["tests/bundlers/", "tests/types/others/", "bench/", "xtask/npm/", "www-example/angular/", "site/"];

/// xtask installs without them; a package that needs one would fail there, and on a machine of somebody who does not know.
#[test]
fn no_locked_npm_package_wants_to_run_a_script_when_installed() {
    for folder in npm_folders() {
        let lock = json(&format!("{folder}package-lock.json"));
        for (name, package) in members(&lock, "packages") {
            // Optional, and for macOS only: without its script it uses what it brings.
            let is_known = name.ends_with("node_modules/fsevents")
                || FOLDERS_OF_TOOLS.iter().any(|tools| folder.starts_with(tools))
                    && WORK_WITHOUT_THEIR_SCRIPT.iter().any(|known| name.ends_with(&format!("node_modules/{known}")));
            assert!(is_known || package.get("hasInstallScript").is_none(), "{folder}{name} has an install script");
        }
    }
}

/// What the tests and the build call by name is exact in the manifest too: a new lock must not move it. The demo shows what an
/// application does, and has ranges with a lock.
#[test]
fn the_tools_of_the_build_and_of_the_tests_have_exact_versions() {
    for folder in npm_folders().into_iter().filter(|folder| folder != "www-example/") {
        let manifest = json(&format!("{folder}package.json"));
        for kind in ["dependencies", "devDependencies"] {
            for (name, version) in members(&manifest, kind) {
                let version = version.as_str().unwrap_or_default().rsplit('@').next().unwrap_or_default();
                let is_exact =
                    version.split('.').count() == 3 && version.chars().all(|it| it.is_ascii_digit() || it == '.');
                assert!(is_exact, "{folder}package.json: {name} is \"{version}\", not one version");
            }
        }
    }
}

#[test]
fn the_published_package_brings_no_other_and_runs_nothing() {
    let manifest = json("pkg-template/package.json");
    let known = [
        "name",
        "version",
        "description",
        "keywords",
        "license",
        "type",
        "sideEffects",
        "main",
        "types",
        "bin",
        "exports",
        "files",
        "peerDependencies",
        "peerDependenciesMeta",
        "engines",
        "repository",
        "homepage",
        "bugs",
    ];
    for name in manifest.as_object().expect("an object").keys() {
        assert!(known.contains(&name.as_str()), "package.json has `{name}`: no dependencies and no scripts");
    }
    // The one program is for developers, and runs when somebody calls it.
    assert_eq!(manifest["bin"], serde_json::json!({ "oidc-client-wasm": "cli/main.js" }));
    // The framework of an adapter is the app's own. npm installs a peer that is not optional.
    for name in manifest["peerDependencies"].as_object().expect("an object").keys() {
        assert_eq!(manifest["peerDependenciesMeta"][name]["optional"], true, "the peer `{name}` is optional");
    }
}

#[test]
fn what_is_published_is_built_from_the_lock() {
    // `cargo xtask` builds the package; before it does, cargo has compared the lock: for the program that it starts, and for the
    // program that the first one builds.
    assert!(read(".cargo/config.toml").contains("xtask = \"run --locked "));
    assert!(read("xtask/start/src/main.rs").contains("\"build\", \"--locked\""));
    let script = read(".ci/run");
    let resolving = script.lines().filter(|line| line.starts_with("cargo clippy"));
    for line in resolving {
        assert!(line.contains(" --locked "), ".ci/run: {line}");
    }
    for step in ["cargo xtask audit", "cargo xtask test"] {
        assert!(script.lines().any(|line| line == step), ".ci/run lost `{step}`");
    }
}

/// A search by chance would fail a commit for what another commit did. The native tests replay the fuzzer's inputs instead.
#[test]
fn ci_does_not_search_with_the_fuzzer() {
    let script = read(".ci/run");
    let commands = script.lines().filter(|line| !line.trim_start().starts_with('#'));
    assert_eq!(commands.filter(|line| line.contains("fuzz")).count(), 0, ".ci/run runs the fuzzer");
    assert!(read("tests/native/main.rs").contains("mod fuzz_corpus;"), "nothing replays the fuzzer's inputs");
}

/// An exception without a reason is forgotten; one without a day is never looked at again.
#[test]
fn every_ignored_advisory_has_a_reason_and_a_day() {
    let policy = read("deny.toml");
    let (_, rest) = policy.split_once("\nignore = [\n").expect("the list of ignored advisories");
    let (ignored, _) = rest.split_once("\n]").expect("its end");
    for line in ignored.lines() {
        let reason = line.split_once("reason = \"").map_or("", |(_, reason)| reason);
        let (day, why) = reason.split_once(": ").unwrap_or_default();
        let is_day = day.len() == 10 && day.split('-').all(|part| part.chars().all(|digit| digit.is_ascii_digit()));
        assert!(is_day && why.len() > 20, "deny.toml must say when and why: {line}");
    }
    for line in policy.lines().filter(|line| line.trim_start().starts_with("{ crate =")) {
        assert!(line.contains("reason = \""), "deny.toml must say why: {line}");
    }
}
