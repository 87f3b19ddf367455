//! Canaille, the second provider of tests/e2e: a Python program, with its packages in a virtual environment below target/.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::files::{read, remove_folder};
use crate::process::Run;
use crate::stamp::Stamp;
use crate::tools::{apt, find};
use crate::workspace::Workspace;

const REQUIREMENTS: &str = "tests/e2e/canaille/requirements.txt";
/// The last for a Debian where another Python comes first on the PATH.
const PYTHONS: [&str; 3] = ["python3", "python", "/usr/bin/python3"];
/// Debian 12 has 3.11, and the list of packages is for that and later.
const IS_FIT: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";

/// The Python that has Canaille. Its environment is made anew when the list of packages changed since the last time.
pub fn canaille(workspace: &Workspace) -> Result<PathBuf> {
    let requirements = workspace.root.join(REQUIREMENTS);
    let environment = workspace.target.join("canaille-venv");
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    // In the environment, so that it goes when that goes.
    let stamp = Stamp::new(environment.join(".xtask"), [read(&requirements)?]);
    // An environment borrows its Python, which may be gone since.
    if stamp.is_current() && runs(&python, "pass") {
        return Ok(python);
    }
    let base = base()?;
    println!("Installing Canaille in {} …", environment.display());
    remove_folder(&environment)?;
    Command::new(base).args(["-m", "venv"]).arg(&environment).run()?;
    // Only the listed packages are installed, without build scripts of their own.
    Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"])
        .args(["--no-deps", "--only-binary=:all:", "--requirement"])
        .arg(&requirements)
        .run()?;
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
            "The browser tests run against Canaille too, which needs Python 3.11 or newer with the modules `venv` and \
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
    use super::*;

    #[test]
    fn every_package_has_one_version() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(REQUIREMENTS);
        let text = std::fs::read_to_string(file).unwrap();
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.iter().any(|line| line.starts_with("Canaille==")));
        for line in lines {
            let version = line.split_once("==").map_or("", |(_, version)| version);
            let is_exact = version.starts_with(|first: char| first.is_ascii_digit())
                && version.chars().all(|one| one.is_ascii_alphanumeric() || one == '.');
            assert!(is_exact, "`{line}` is not one version of one package");
        }
    }

    #[test]
    fn a_python_that_is_not_there_does_not_run() {
        assert!(!runs(Path::new("no-such-python"), "pass"));
    }
}
