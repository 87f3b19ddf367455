//! The providers of tests/e2e that are Python programs, with the packages of all of them in one virtual environment below target/.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::files::{read, remove_folder};
use crate::process::Run;
use crate::stamp::Stamp;
use crate::tools::{apt, find};
use crate::workspace::Workspace;

const REQUIREMENTS: [&str; 3] =
    ["tests/e2e/canaille/requirements.txt", "tests/e2e/idpyoidc/requirements.txt", "tests/e2e/django/requirements.txt"];
/// The last for a Debian where another Python comes first on the PATH.
const PYTHONS: [&str; 3] = ["python3", "python", "/usr/bin/python3"];
/// Debian 12 has 3.11, and the lists of packages are for that and later.
const IS_FIT: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";

/// The Python that has the providers. Its environment is made anew when a list of packages changed since the last time.
pub fn providers(workspace: &Workspace) -> Result<PathBuf> {
    let lists = REQUIREMENTS.map(|list| workspace.root.join(list));
    let environment = workspace.target.join("providers-venv");
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    // In the environment, so that it goes when that goes.
    let stamp =
        Stamp::new(environment.join(".xtask"), lists.iter().map(|list| read(list)).collect::<Result<Vec<_>>>()?);
    // An environment borrows its Python, which may be gone since.
    if stamp.is_current() && runs(&python, "pass") {
        return Ok(python);
    }
    let base = base()?;
    println!("Installing Canaille, idpyoidc and django-oauth-toolkit in {} …", environment.display());
    remove_folder(&environment)?;
    Command::new(base).args(["-m", "venv"]).arg(&environment).run()?;
    // Only the listed packages are installed, of the listed hashes, without build scripts of their own.
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]);
    install.args(["--no-deps", "--only-binary=:all:", "--require-hashes"]);
    for list in &lists {
        install.arg("--requirement").arg(list);
    }
    install.run()?;
    stamp.write()?;
    Ok(python)
}

/// A Python that can make environments. That of Debian lacks the module for it.
fn base() -> Result<PathBuf> {
    let find = || PYTHONS.iter().find_map(|name| find("PYTHON", &[name]).filter(|python| runs(python, IS_FIT)));
    if let Some(found) = find() {
        return Ok(found);
    }
    if let Some(mut apt) = apt() {
        println!("Installing Python …");
        apt("update").run()?;
        apt("install").args(["--yes", "--no-install-recommends", "python3", "python3-venv"]).run()?;
    }
    match find() {
        Some(found) => Ok(found),
        None => bail!(
            "The browser tests run against providers in Python too, which need Python 3.11 or newer with the modules `venv` and \
             `ensurepip`. Install it, on Debian with `apt-get install python3-venv`, or name it in the variable PYTHON. \
             `cargo xtask test --no-browser` runs everything else."
        ),
    }
}

fn runs(python: &Path, code: &str) -> bool {
    let mut command = Command::new(python);
    command.args(["-c", code]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The environment is one: a package that several providers need has one version in all lists.
    #[test]
    fn every_package_has_one_version() {
        let mut versions = BTreeMap::new();
        for list in REQUIREMENTS {
            let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(list)).unwrap();
            // The lines after that of a package are its hashes.
            let is_package = |line: &&str| !line.starts_with('#') && !line.trim().starts_with("--hash=sha256:");
            for line in text.lines().filter(is_package) {
                let line = line.strip_suffix(" \\").unwrap_or_else(|| panic!("`{line}` has no hash"));
                let (name, version) = line.split_once("==").unwrap_or((line, ""));
                let is_exact = version.starts_with(|first: char| first.is_ascii_digit())
                    && version.chars().all(|one| one.is_ascii_alphanumeric() || one == '.');
                assert!(is_exact, "`{line}` is not one version of one package");
                let before = versions.insert(name.to_lowercase(), version.to_owned());
                assert!(before.is_none_or(|before| before == version), "{name} has two versions");
            }
        }
        for provider in ["canaille", "idpyoidc", "django-oauth-toolkit"] {
            assert!(versions.contains_key(provider));
        }
    }

    #[test]
    fn a_python_that_is_not_there_does_not_run() {
        assert!(!runs(Path::new("no-such-python"), "pass"));
    }
}
