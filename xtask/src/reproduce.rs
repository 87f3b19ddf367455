//! `cargo xtask reproduce`: the package of this checkout and that of a clean copy elsewhere are the same bytes. So a user can build a
//! published package again and compare, and a trace of the building machine would show.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::files::{Files, files_of, read, remove_folder, sources, write};
use crate::process::{self, Run};
use crate::workspace::{PACKAGE, Workspace};
use crate::{dist, places};

/// `cargo xtask dist --of <folder>`: with this program's eyes, but of that copy.
pub const OF: &str = "--of";

pub fn run(workspace: &Workspace) -> Result<()> {
    let tarball = dist::build(workspace)?.tarball;
    let here = package(&workspace.root, &tarball)?;
    // Not below this checkout: cargo would read the settings of both.
    let place = std::env::temp_dir().join(format!("{PACKAGE}-elsewhere-{}", std::process::id()));
    remove_folder(&place)?;
    let there = build_elsewhere(workspace, &place, &tarball)?;

    println!("\n{}", table(&here));
    let differing = differences(&here, &there, &place);
    ensure!(
        differing.is_empty(),
        "Another build of the same sources gives another package:\n{}\nIt is in {}.",
        differing.join("\n"),
        place.display()
    );
    remove_folder(&place)?;
    let sources = if cfg!(unix) { ", with and without the sources of the standard library" } else { "" };
    println!("\nTwo builds, in two places{sources}: the same bytes. Made with {}.", toolchain()?);
    Ok(())
}

/// The package's files, and the tarball they are in.
fn package(root: &Path, tarball: &Path) -> Result<Files> {
    let mut files = files_of(&root.join("pkg"))?;
    files.insert(tarball.file_name().unwrap_or_default().to_string_lossy().into_owned(), read(tarball)?);
    Ok(files)
}

/// Everything that differs between two machines and can be made to differ on one: the place of the sources, of what is
/// built, of the crates, of the compiler and of the user, the time zone, the language, and whether the sources of the standard
/// library are there.
fn build_elsewhere(workspace: &Workspace, place: &Path, tarball: &Path) -> Result<Files> {
    let copy = place.join("a longer way to the sources");
    for file in sources(&workspace.root)? {
        write(&copy.join(&file), read(&workspace.root.join(&file))?)?;
    }
    let target = place.join("built");
    let mut again = Command::new(std::env::current_exe()?);
    again.args(["dist", OF]).arg(&copy).current_dir(&copy).env("CARGO_TARGET_DIR", &target);
    again.env("TZ", "Pacific/Kiritimati").env("LC_ALL", "C");
    if let Some(home) = cargo_home(place)? {
        again.env("CARGO_HOME", home);
    }
    if let Some(wrapper) = compiler(place)? {
        again.env("RUSTC", wrapper);
    }
    again.run()?;
    package(&copy, &target.join(tarball.strip_prefix(&workspace.target)?))
}

/// The same crates under another path: links, so that nothing is fetched again.
#[cfg(unix)]
fn cargo_home(place: &Path) -> Result<Option<PathBuf>> {
    let Some(theirs) = process::cargo_home() else { return Ok(None) };
    let ours = place.join("cargo");
    std::fs::create_dir_all(&ours)?;
    for name in ["config", "config.toml", "credentials.toml", "git", "registry"] {
        if theirs.join(name).exists() {
            std::os::unix::fs::symlink(theirs.join(name), ours.join(name))
                .with_context(|| format!("{name} of cargo cannot be linked"))?;
        }
    }
    Ok(Some(ours))
}

/// The same compiler under another path. Its folder has the sources of the standard library (the component rust-src) exactly
/// where this machine has not got them: rustc looks for one file, and then writes the place of the sources into a module.
#[cfg(unix)]
fn compiler(place: &Path) -> Result<Option<PathBuf>> {
    let (theirs, ours) = (places::sysroot()?, place.join("rust"));
    // Links to everything but the folder `lib/rustlib/src`.
    let mut below = PathBuf::new();
    for left_out in ["lib", "rustlib", "src"] {
        std::fs::create_dir_all(ours.join(&below))?;
        for entry in std::fs::read_dir(theirs.join(&below))? {
            let name = entry?.file_name();
            if name != left_out {
                std::os::unix::fs::symlink(theirs.join(&below).join(&name), ours.join(&below).join(&name))
                    .with_context(|| format!("{} of rustc cannot be linked", name.display()))?;
            }
        }
        below.push(left_out);
    }
    let source = Path::new(places::STD_SOURCES).join(places::STD_SOURCE);
    let has_sources = theirs.join(&source).is_file();
    if !has_sources {
        write(&ours.join(source), "")?;
    }
    println!("The other build is one {} the component rust-src.", if has_sources { "without" } else { "with" });
    let wrapper = place.join("rustc");
    write(
        &wrapper,
        "#!/bin/sh\nhere=$(dirname \"$0\")\nexec \"$here/rust/bin/rustc\" --sysroot \"$here/rust\" \"$@\"\n",
    )?;
    std::fs::set_permissions(&wrapper, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    Ok(Some(wrapper))
}

/// A link needs a privilege here.
#[cfg(not(unix))]
fn cargo_home(_: &Path) -> Result<Option<PathBuf>> {
    Ok(None)
}

#[cfg(not(unix))]
fn compiler(_: &Path) -> Result<Option<PathBuf>> {
    Ok(None)
}

/// The versions of the tools: another compiler may make another module.
fn toolchain() -> Result<String> {
    let version = |program: &str| Command::new(program).arg("--version").read();
    Ok(format!("{}, Node {}", version("rustc")?.trim(), version("node")?.trim()))
}

fn table(files: &Files) -> String {
    files.iter().map(|(name, bytes)| format!("{}  {name}", sha256(bytes))).collect::<Vec<_>>().join("\n")
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A line for each file that is not the same in both; the usual reason is a path that got in.
fn differences(here: &Files, there: &Files, place: &Path) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = here.keys().chain(there.keys()).collect();
    let line = |name: &String| match (here.get(name), there.get(name)) {
        (Some(one), Some(other)) if one == other => None,
        (Some(one), Some(other)) => {
            let place = place.display().to_string();
            let holds = other.windows(place.len()).any(|window| window == place.as_bytes());
            let reason = if holds { ": the place of the build is written in it" } else { "" };
            Some(format!("{name}: {} and {}{reason}", sha256(one), sha256(other)))
        }
        _ => Some(format!("{name}: in one of them only")),
    };
    names.into_iter().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &str)]) -> Files {
        files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn one_byte_or_one_file_is_a_difference() {
        let (here, place) = (files(&[("a.wasm", "one"), ("b.js", "two")]), Path::new("/elsewhere"));
        assert!(differences(&here, &here, place).is_empty());
        let there = files(&[("a.wasm", "one of /elsewhere"), ("c.js", "two")]);
        let found = differences(&here, &there, place);
        assert!(found[0].starts_with("a.wasm: ") && found[0].ends_with("the place of the build is written in it"));
        assert_eq!(found[1..], ["b.js: in one of them only", "c.js: in one of them only"]);
    }

    #[test]
    fn hashes_are_printed_as_sha256sum_prints_them() {
        let line = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a";
        assert_eq!(table(&files(&[("a", "abc")])), line);
    }
}
