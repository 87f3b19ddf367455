//! The folders and the version of the workspace. Cargo tells them, so CARGO_TARGET_DIR and a new version need no second entry.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process::{Run, cargo};

/// The root package, which is also the npm package.
pub const PACKAGE: &str = "oidc-client-wasm";

pub struct Workspace {
    pub root: PathBuf,
    pub target: PathBuf,
    /// Of the root package, and so of the npm package.
    pub version: String,
}

impl Workspace {
    pub fn find() -> Result<Self> {
        Self::at(Path::new(env!("CARGO_MANIFEST_DIR")))
    }

    pub fn at(folder: &Path) -> Result<Self> {
        let metadata = cargo().args(["metadata", "--no-deps", "--format-version=1"]).current_dir(folder).read()?;
        Self::parse(&metadata).context("`cargo metadata` did not describe this workspace")
    }

    fn parse(metadata: &str) -> Result<Self> {
        let metadata: Value = serde_json::from_str(metadata)?;
        let text = |value: &Value| value.as_str().map(str::to_owned).context("a member is missing");
        let packages = metadata["packages"].as_array().context("it has no packages")?;
        let package =
            packages.iter().find(|package| package["name"] == PACKAGE).context("the root package is missing")?;
        Ok(Self {
            root: text(&metadata["workspace_root"])?.into(),
            target: text(&metadata["target_directory"])?.into(),
            version: text(&package["version"])?,
        })
    }
}
