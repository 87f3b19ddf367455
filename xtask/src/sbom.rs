//! The bill of materials of the npm package, in CycloneDX: the crates that are compiled into its WebAssembly, of which npm's own tools see
//! nothing. It says nothing of time and place, so that two builds give the same bytes.
//!
//! cargo-cyclonedx writes one bill for each crate, with a time and a serial number, beside the sources; this one is for one package of two crates.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::process::{Run, cargo};
use crate::workspace::{PACKAGE, Workspace};

/// Its name in the package. Scanners look for this ending.
pub const FILE: &str = "sbom.cdx.json";
/// Each crate of this workspace that is compiled into a module, and the file of that module.
const MODULES: [(&str, &str); 2] =
    [(PACKAGE, "oidc_client_wasm_bg.wasm"), ("oidc-client-wasm-verifier", "verifier/verifier_bg.wasm")];
const LICENCE: &str = "MIT OR Apache-2.0";

/// A crate of somebody else.
#[derive(Default)]
struct Part {
    name: String,
    version: String,
    licence: String,
    /// The files of the package that it is compiled into.
    files: BTreeSet<&'static str>,
    needs: BTreeSet<String>,
}

pub fn of(workspace: &Workspace) -> Result<Vec<u8>> {
    let (mut parts, mut direct) = (BTreeMap::new(), BTreeSet::new());
    for (package, file) in MODULES {
        direct.extend(read_tree(&tree(&workspace.root, package)?, file, &mut parts)?);
    }
    let lock = std::fs::read_to_string(workspace.root.join("Cargo.lock")).context("Cargo.lock cannot be read")?;
    let bill = bill(&workspace.version, &parts, &direct, &lock)?;
    Ok((bill.to_string() + "\n").into_bytes())
}

/// The crates that this package is compiled from for the browser, with its own features. `cargo metadata` knows only those of the whole workspace.
fn tree(root: &Path, package: &str) -> Result<String> {
    let mut tree = cargo();
    tree.current_dir(root).args(["tree", "--locked", "--package", package, "--target", "wasm32-unknown-unknown"]);
    tree.args(["--edges", "normal,no-proc-macro", "--prefix", "depth", "--charset", "ascii", "--format", "|{p}|{l}"]);
    tree.read()
}

/// Puts the crates of a tree among the parts, and gives the references of those that the package itself asks for.
fn read_tree(tree: &str, file: &'static str, parts: &mut BTreeMap<String, Part>) -> Result<BTreeSet<String>> {
    let (mut direct, mut above) = (BTreeSet::new(), Vec::<String>::new());
    for line in tree.lines() {
        let mut cells = line.split('|');
        let mut next = || cells.next().with_context(|| format!("`cargo tree` printed `{line}`"));
        let (depth, package, licence) = (next()?.parse::<usize>()?, next()?, next()?.trim_end_matches(" (*)"));
        if depth == 0 {
            continue;
        }
        let mut words = package.split(' ');
        let (name, version) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let version = version.strip_prefix('v').with_context(|| format!("`cargo tree` printed `{line}`"))?;
        let reference = reference(name, version);
        above.truncate(depth - 1);
        match above.last() {
            None => drop(direct.insert(reference.clone())),
            Some(over) => drop(parts.entry(over.clone()).or_default().needs.insert(reference.clone())),
        }
        let part = parts.entry(reference.clone()).or_default();
        (part.name, part.version) = (name.to_owned(), version.to_owned());
        // As crates wrote it before there were expressions.
        part.licence = licence.replace('/', " OR ");
        part.files.insert(file);
        above.push(reference);
    }
    ensure!(!direct.is_empty(), "`cargo tree` names no crate of {file}.");
    Ok(direct)
}

fn reference(name: &str, version: &str) -> String {
    format!("pkg:cargo/{name}@{version}")
}

fn bill(version: &str, parts: &BTreeMap<String, Part>, direct: &BTreeSet<String>, lock: &str) -> Result<Value> {
    let this = format!("pkg:npm/{PACKAGE}@{version}");
    let mut dependencies = vec![json!({ "ref": this, "dependsOn": direct })];
    let mut components = Vec::new();
    for (reference, Part { name, version, licence, files, needs }) in parts {
        let files: Vec<Value> =
            files.iter().map(|file| json!({ "name": format!("{PACKAGE}:file"), "value": file })).collect();
        components.push(json!({
            "type": "library",
            "bom-ref": reference,
            "name": name,
            "version": version,
            "hashes": [{ "alg": "SHA-256", "content": checksum(lock, name, version)? }],
            "licenses": [{ "expression": licence }],
            "purl": reference,
            "properties": files,
        }));
        dependencies.push(json!({ "ref": reference, "dependsOn": needs }));
    }
    Ok(json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "library",
                "bom-ref": this,
                "name": PACKAGE,
                "version": version,
                "licenses": [{ "expression": LICENCE }],
                "purl": this,
            },
        },
        "components": components,
        "dependencies": dependencies,
    }))
}

/// What the lock says the sources of the crate must hash to.
fn checksum<'a>(lock: &'a str, name: &str, version: &str) -> Result<&'a str> {
    let entry = lock.split("[[package]]").find(|entry| {
        entry.contains(&format!("\nname = \"{name}\"\n")) && entry.contains(&format!("\nversion = \"{version}\"\n"))
    });
    let checksum = entry.and_then(|entry| entry.split_once("\nchecksum = \"")?.1.split_once('"'));
    Ok(checksum.with_context(|| format!("Cargo.lock has no checksum of {name} {version}."))?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "0|app v0.1.0 (/somewhere)|MIT\n1|a v1.0.0|MIT/Apache-2.0\n2|b v2.0.0|MIT\n1|c v3.0.0|MIT\n2|a v1.0.0|MIT/Apache-2.0 (*)\n";
    const LOCK: &str = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"aa\"\n\n[[package]]\nname = \"b\"\nversion = \"2.0.0\"\nchecksum = \"bb\"\n\
        \n[[package]]\nname = \"c\"\nversion = \"3.0.0\"\nchecksum = \"cc\"\n";

    #[test]
    fn a_bill_has_each_crate_once_with_what_it_needs() {
        let mut parts = BTreeMap::new();
        let direct = read_tree(TREE, "x.wasm", &mut parts).unwrap();
        let bill = bill("0.1.0", &parts, &direct, LOCK).unwrap();
        assert_eq!(bill["dependencies"][0]["dependsOn"], json!(["pkg:cargo/a@1.0.0", "pkg:cargo/c@3.0.0"]));
        assert_eq!(bill["dependencies"][3], json!({ "ref": "pkg:cargo/c@3.0.0", "dependsOn": ["pkg:cargo/a@1.0.0"] }));
        let components = bill["components"].as_array().unwrap();
        assert_eq!(components.len(), 3);
        assert_eq!(components[0]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(components[1]["hashes"][0]["content"], "bb");
        assert!(!bill.to_string().contains("somewhere"), "a place of this machine");
    }

    #[test]
    fn a_crate_that_is_not_locked_or_a_tree_that_is_none_is_refused() {
        let mut parts = BTreeMap::new();
        let direct = read_tree("0|app v0.1.0|MIT\n1|d v1.0.0|MIT\n", "x.wasm", &mut parts).unwrap();
        assert!(bill("0.1.0", &parts, &direct, LOCK).unwrap_err().to_string().contains("d 1.0.0"));
        assert!(read_tree("0|app v0.1.0|MIT\n", "x.wasm", &mut parts).is_err());
        assert!(read_tree("what?\n", "x.wasm", &mut parts).is_err());
    }
}
