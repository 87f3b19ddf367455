//! npm, asked only when something changed, and never to write into a package.json or a lock.

use std::collections::BTreeSet;
use std::path::{Display, Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::files::{read, remove_folder};
use crate::process::Run;
use crate::stamp::Stamp;
use crate::workspace::PACKAGE;

const OLDEST_NODE: u32 = 20;

pub fn npm(folder: &Path) -> Command {
    // On Windows npm is a script, which only its full name starts.
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(folder).env("npm_config_audit", "false").env("npm_config_fund", "false");
    npm.env("npm_config_update_notifier", "false");
    // A package that runs a script when it is installed has this machine before anybody has looked at it. Ours need none.
    npm.env("npm_config_ignore_scripts", "true");
    npm
}

pub fn check_node() -> Result<()> {
    let version = Command::new("node").arg("--version").read()?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    ensure!(
        major.is_some_and(|major| major >= OLDEST_NODE),
        "Node.js {OLDEST_NODE} or newer is needed and this is {}. Install it from nodejs.org.",
        version.trim()
    );
    Ok(())
}

/// `npm ci`, when the lock changed since the last one.
pub fn ci(folder: &Path) -> Result<()> {
    let lock = read(&folder.join("package-lock.json"))?;
    // In node_modules, so that it goes when node_modules goes.
    let stamp = Stamp::new(folder.join("node_modules/.xtask-ci"), [lock]);
    if stamp.is_current() {
        return Ok(());
    }
    println!("Installing the npm packages of {} …", name(folder));
    // npm's count of the added packages is of no use; its errors go to the other stream.
    npm(folder).args(["ci", "--loglevel=error"]).stdout(Stdio::null()).run()?;
    stamp.write()
}

/// Puts the packed package where a user's `npm install oidc-client-wasm` would put it.
pub fn install(folder: &Path, tarball: &Path) -> Result<()> {
    ci(folder)?;
    let modules = folder.join("node_modules");
    let stamp = Stamp::new(modules.join(".xtask-package"), [read(tarball)?]);
    if stamp.is_current() && modules.join(PACKAGE).is_dir() {
        return Ok(());
    }
    println!("Installing {PACKAGE} in {} …", name(folder));
    npm(folder)
        .args(["install", "--no-save", "--no-package-lock", "--loglevel=error"])
        .arg(tarball)
        .stdout(Stdio::null())
        .run()?;
    // Vite caches its version of a dependency for as long as the lock is the same, and the lock does not have this package.
    remove_folder(&modules.join(".vite"))?;
    stamp.write()
}

fn name(folder: &Path) -> Display<'_> {
    Path::new(folder.file_name().unwrap_or(folder.as_os_str())).display()
}

/// The names of the folders in `place` that have packages.
pub fn folders(place: &Path) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(place).with_context(|| format!("{} cannot be read", place.display()))?;
    let folders =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.join("package.json").is_file());
    let mut names: Vec<String> =
        folders.filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect();
    names.sort();
    Ok(names)
}

/// `npm pack`: the tarball, and the names of the files in it.
pub fn pack(folder: &Path, destination: &Path) -> Result<(PathBuf, BTreeSet<String>)> {
    let report =
        npm(folder).args(["pack", "--json", "--loglevel=error", "--pack-destination"]).arg(destination).read()?;
    let (file, names) = parse_report(&report).context("what `npm pack --json` printed is not understood")?;
    Ok((destination.join(file), names))
}

fn parse_report(report: &str) -> Result<(String, BTreeSet<String>)> {
    let report: Value = serde_json::from_str(report)?;
    let package = report.get(0).context("it names no package")?;
    let files = package["files"].as_array().context("it lists no files")?;
    let names = files.iter().filter_map(|file| file["path"].as_str().map(str::to_owned)).collect();
    Ok((package["filename"].as_str().context("it names no file")?.to_owned(), names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_of_npm_pack_is_read() {
        let report = r#"[{"filename":"a-1.0.0.tgz","files":[{"path":"index.js","size":1},{"path":"package.json"}]}]"#;
        let (file, names) = parse_report(report).unwrap();
        assert_eq!(file, "a-1.0.0.tgz");
        assert_eq!(names, BTreeSet::from(["index.js".to_owned(), "package.json".to_owned()]));
        assert!(parse_report("[]").is_err());
    }
}
