//! `cargo xtask vectors`: published signatures, and a module that lets a page ask the verifiers about each of them. The module is made
//! as the shipped one is, of the same sources, with one more export.

use std::path::PathBuf;
use std::sync::OnceLock;

use anyhow::Result;

use crate::files::replace;
use crate::process::{Run, cargo};
use crate::wasm;
use crate::workspace::Workspace;

/// Whether this process has made the folder. A run of all tests makes it beside the package, and the stage that reads it comes last.
static MADE: OnceLock<()> = OnceLock::new();

/// Gives the folder, which tests/e2e/suite/vectors.test.js reads.
pub fn run(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target.join("vectors");
    if MADE.get().is_some() {
        return Ok(folder);
    }
    let mut files = wasm::build_for_vectors(workspace)?;
    let print = ["run", "--quiet", "--package", "oidc-client-wasm-verifier", "--example", "vectors"];
    let vectors = cargo().current_dir(&workspace.root).args(print).read()?;
    files.insert("vectors.json".to_owned(), vectors.into_bytes());
    replace(&folder, &files)?;
    MADE.get_or_init(|| ());
    Ok(folder)
}
