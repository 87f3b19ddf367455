//! The examples of the frameworks, www-example/*: the packed package is installed in each, its own unit tests are run, and tests/frameworks builds it
//! and tells one story on it in a real browser.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::engines::Engine;
use crate::process::Run;
use crate::workspace::Workspace;
use crate::{dist, npm};

pub const APPS: &str = "www-example";
const TESTS: &str = "tests/frameworks/login.test.js";
/// An empty app of each framework, with what `npx oidc-client-wasm init` writes.
const INIT: &str = "tests/frameworks/init.test.js";
/// The blocks of the frameworks' pages, which need no browser.
const PAGE: &str = "tests/frameworks/docs.test.js";

/// The fixtures for Playwright, with an app of their own.
const PLAYWRIGHT: &str = "tests/playwright";

/// The examples that every change is tried on.
const USUAL: [&str; 2] = ["react", "vue"];

/// The variables by which the tools of the apps let the issuer into a page, as tests/frameworks/apps.js has them.
pub const ISSUER: [&str; 4] = ["ISSUER", "VITE_ISSUER", "PUBLIC_ISSUER", "NEXT_PUBLIC_ISSUER"];

/// The folder of an example.
pub fn folder(workspace: &Workspace, name: &str) -> Result<PathBuf> {
    let apps = workspace.root.join(APPS);
    let all = npm::folders(&apps)?;
    if !all.iter().any(|known| known == name) {
        bail!("There is no example `{name}`: the examples are {}.", all.join(", "));
    }
    Ok(apps.join(name))
}

/// What every change is tried on: two examples in a browser. The sources of the others are compiled, and their unit tests are run.
pub fn usual(workspace: &Workspace, engines: &[Engine]) -> Result<()> {
    stories(workspace, &USUAL.map(str::to_owned), engines, &[TESTS])?;
    let tarball = dist::build(workspace)?.tarball;
    for name in npm::folders(&workspace.root.join(APPS))?.iter().filter(|name| !USUAL.contains(&name.as_str())) {
        let folder = folder(workspace, name)?;
        npm::install(&folder, &tarball)?;
        npm::npm(&folder).args(["run", "--if-present", "check"]).run()?;
        unit_tests(&folder)?;
    }
    Ok(())
}

/// The fixtures that the package has for Playwright, in Chromium: Playwright's own browsers would have to be downloaded.
fn playwright(workspace: &Workspace) -> Result<()> {
    println!("\nThe fixtures for Playwright:");
    let chromium = Engine::Shell.install(workspace)?;
    let folder = workspace.root.join(PLAYWRIGHT);
    npm::install(&folder, &dist::build(workspace)?.tarball)?;
    npm::npm(&folder).args(["run", "check"]).run()?;
    Command::new("node").arg("run.js").current_dir(&folder).envs(chromium.variables).run()
}

/// The tests that the example has of its own, with the test double of the package.
fn unit_tests(example: &Path) -> Result<()> {
    npm::npm(example).args(["run", "--if-present", "test"]).run()
}

/// Tries the examples of these names in each of the engines, and the fixtures for Playwright. An empty list means all examples.
pub fn run(workspace: &Workspace, names: &[String], engines: &[Engine]) -> Result<()> {
    stories(workspace, names, engines, &[TESTS, INIT])?;
    playwright(workspace)
}

fn stories(workspace: &Workspace, names: &[String], engines: &[Engine], files: &[&str]) -> Result<()> {
    let names = if names.is_empty() { npm::folders(&workspace.root.join(APPS))? } else { names.to_vec() };
    let folders = names.iter().map(|name| folder(workspace, name)).collect::<Result<Vec<_>>>()?;
    let engines = engines.iter().map(|engine| engine.install(workspace)).collect::<Result<Vec<_>>>()?;
    let tarball = dist::build(workspace)?.tarball;
    // The test takes the provider from the demo, and the driver of the browser from the browser tests.
    npm::ci(&workspace.root.join(APPS))?;
    npm::ci(&workspace.root.join("tests/e2e"))?;
    for folder in folders {
        npm::install(&folder, &tarball)?;
        unit_tests(&folder)?;
    }
    let mut page = Command::new("node");
    page.args(["--test", "--test-reporter=spec", PAGE]).current_dir(&workspace.root);
    page.env("FRAMEWORKS", names.join(",")).run()?;
    for engine in engines {
        println!("\nThe examples in {}:", engine.version);
        let mut tests = Command::new("node");
        tests.args(["--test", "--test-reporter=spec", "--test-concurrency=1", "--test-timeout=600000"]).args(files);
        tests.current_dir(&workspace.root);
        tests.env("FRAMEWORKS", names.join(",")).env("BROWSER", engine.engine.name()).envs(engine.variables);
        tests.run()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_found_by_its_name() {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
        let workspace = Workspace { target: root.join("target"), root, version: String::new() };
        assert!(folder(&workspace, "react").unwrap().join("package.json").is_file());
        let refused = folder(&workspace, "provider").unwrap_err().to_string();
        assert!(refused.contains("react"), "{refused}");
    }
}
