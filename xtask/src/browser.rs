//! The browser stage: a Chromium and the providers in Python are found or installed, the packed package is installed in the app
//! and in the tests, and the suite of tests/e2e runs.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::process::Run;
use crate::tools::{apt, find};
use crate::workspace::Workspace;
use crate::{dist, npm, python, vectors};

/// The engines of tests/e2e/driver.
const ENGINES: [&str; 3] = ["chromium", "firefox", "webkit"];
/// Debian's names first: there the browser and its driver are of one version.
const BROWSERS: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const DRIVERS: [&str; 1] = ["chromedriver"];

pub fn run(workspace: &Workspace) -> Result<()> {
    let (example, suite) = (workspace.root.join("www-example"), workspace.root.join("tests/e2e"));
    // Desktops and editors set BROWSER too, to the program that opens links: only an engine's name is meant for us.
    let asked = std::env::var("BROWSER").unwrap_or_default();
    let engine = ENGINES.into_iter().find(|engine| *engine == asked).unwrap_or(ENGINES[0]);
    let mut tests = npm::npm(&suite);
    tests.arg("test").env("BROWSER", engine);
    // A user who asks for another engine has it installed.
    if engine == "chromium" {
        let (chrome, driver) = chromium()?;
        tests.env("CHROME", chrome).env("CHROMEDRIVER", driver);
    }
    tests.env("PROVIDERS_PYTHON", python::providers(workspace)?);
    tests.env("VECTORS", vectors::run(workspace)?);

    let tarball = dist::build(workspace)?.tarball;
    npm::install(&example, &tarball)?;
    npm::install(&suite, &tarball)?;
    npm::npm(&example).args(["run", "build"]).run()?;
    tests.run()
}

pub fn chromium() -> Result<(PathBuf, PathBuf)> {
    let find = || Some((find("CHROME", &BROWSERS)?, find("CHROMEDRIVER", &DRIVERS)?));
    if let Some(found) = find() {
        return Ok(found);
    }
    if let Some(mut apt) = apt() {
        println!("Installing Chromium and its driver …");
        apt("update").run()?;
        apt("install").args(["--yes", "--no-install-recommends", "chromium", "chromium-driver"]).run()?;
    }
    match find() {
        Some(found) => Ok(found),
        None => bail!(
            "The browser tests need Chromium (or Chrome) and the chromedriver of the same version. Install both, on \
             Debian with `apt-get install chromium chromium-driver`, or name them in the variables CHROME and \
             CHROMEDRIVER. `cargo xtask test --no-browser` runs everything else."
        ),
    }
}
