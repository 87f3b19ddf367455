//! Places of this machine: which of them a compiler would write into a module, under which names it writes them instead, and
//! that a module names none of them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::files::Files;
use crate::process::{Run, cargo_home};
use crate::workspace::Workspace;

/// Where the component `rust-src` has the sources of the standard library, below the compiler's folder.
pub const STD_SOURCES: &str = "lib/rustlib/src/rust";
/// The file by which rustc knows that they are there.
pub const STD_SOURCE: &str = "library/std/src/lib.rs";

/// The compiler that cargo takes.
pub fn rustc() -> Command {
    Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

/// The folder of the compiler and of its libraries.
pub fn sysroot() -> Result<PathBuf> {
    Ok(rustc().args(["--print", "sysroot"]).read()?.trim().into())
}

/// Flags for rustc. Panic messages name source files: with these flags a module does not tell the builder's home directory, is
/// smaller, and is the same from every machine.
pub fn remap_flags() -> Result<Vec<String>> {
    let mut flags = Vec::new();
    // One folder per registry. They exist: this program's own dependencies came from there.
    let registries = cargo_home().map(|home| std::fs::read_dir(home.join("registry/src")));
    for folder in registries.into_iter().flatten().flatten().flatten() {
        // With its slash: what remains begins with the name of the crate.
        flags.push(remap(&folder.path().join(""), ""));
    }
    // The standard library was compiled elsewhere and names its files by this name. Where rustc finds their sources (the
    // component rust-src, which every user of rust-analyzer has), it writes the sources' own place instead.
    let name = std_name(&rustc().arg("-vV").read()?)?;
    let sources = sysroot()?.join(STD_SOURCES);
    flags.push(remap(&sources, &name));
    // rustc follows a link, as the packages of a distribution have it there.
    if let Ok(followed) = sources.canonicalize()
        && followed != sources
    {
        flags.push(remap(&followed, &name));
    }
    Ok(flags)
}

fn remap(from: &Path, to: &str) -> String {
    format!("--remap-path-prefix={}={to}", from.display())
}

/// `/rustc/<commit>`, or `/rustc/<version>` of a compiler that was not built from a checkout.
fn std_name(about: &str) -> Result<String> {
    let value = |name: &str| about.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let commit = value("commit-hash:").filter(|commit| *commit != "unknown");
    let name = commit.or_else(|| value("release:")).context("`rustc -vV` names no release")?;
    Ok(format!("/rustc/{name}"))
}

/// Fails where a file names the home directory, the workspace, cargo's folder or the compiler's.
pub fn check(workspace: &Workspace, files: &Files) -> Result<()> {
    let mut places = vec![workspace.root.clone(), workspace.target.clone(), sysroot()?];
    places.extend(std::env::home_dir());
    places.extend(cargo_home());
    let found = named(files, &places);
    ensure!(
        found.is_empty(),
        "The build wrote a place of this machine into the package:\n{}\nxtask/src/places.rs has the flags that are to prevent that.",
        found.join("\n")
    );
    Ok(())
}

/// A line for each file and place that it names.
fn named(files: &Files, places: &[PathBuf]) -> Vec<String> {
    let mut found = Vec::new();
    for place in places.iter().filter(|place| place.is_absolute() && place.parent().is_some()) {
        let place = format!("{}{}", place.display(), std::path::MAIN_SEPARATOR);
        let holds = |bytes: &[u8]| bytes.windows(place.len()).any(|window| window == place.as_bytes());
        found.extend(files.iter().filter(|(_, bytes)| holds(bytes)).map(|(name, _)| format!("  {name} names {place}")));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_that_names_the_home_directory_is_found() {
        let home = if cfg!(windows) { "C:\\Users\\ann" } else { "/home/ann" };
        let file = |text: String| Files::from([("a.wasm".to_owned(), text.into_bytes())]);
        let inside = file(format!("\0{home}{}.rustup\0", std::path::MAIN_SEPARATOR));
        assert_eq!(named(&inside, &[home.into()]).len(), 1);
        // Another home whose name begins alike, the root of all paths, and a name without a place.
        assert!(named(&inside, &["/".into(), "".into(), "ann".into()]).is_empty());
        assert!(named(&file(format!("{home}a/")), &[home.into()]).is_empty());
    }

    #[test]
    fn the_standard_library_has_one_name_with_its_sources_and_without() {
        let about = |commit: &str| format!("rustc 1.95.0\nbinary: rustc\ncommit-hash: {commit}\nrelease: 1.95.0\n");
        assert_eq!(std_name(&about("5980761")).unwrap(), "/rustc/5980761");
        assert_eq!(std_name(&about("unknown")).unwrap(), "/rustc/1.95.0");
        assert!(std_name("").is_err());
    }
}
