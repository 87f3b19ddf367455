//! `cargo xtask dist`: the npm package, as a folder and as the tarball that the demo and the tests install.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::files::{read, replace, write};
use crate::stamp::Stamp;
use crate::workspace::{PACKAGE, Workspace};
use crate::{ceilings, npm, package, places, sizes, wasm};

pub fn run(workspace: &Workspace) -> Result<()> {
    let Dist { tarball, sizes } = build(workspace)?;
    println!("\n{}\n\n{sizes}", tarball.display());
    Ok(())
}

pub struct Dist {
    pub tarball: PathBuf,
    pub sizes: String,
}

pub fn build(workspace: &Workspace) -> Result<Dist> {
    npm::check_node()?;
    let built = wasm::build(workspace)?;
    places::check(workspace, &built)?;
    let files = package::assemble(workspace, built)?;
    let folder = workspace.root.join("pkg");
    replace(&folder, &files)?;

    let destination = workspace.target.join("npm");
    let tarball = destination.join(format!("{PACKAGE}-{}.tgz", workspace.version));
    let report = tarball.with_extension("sizes");
    let ceilings = include_bytes!("ceilings.rs").as_slice();
    let inputs = files.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes]).chain([ceilings]);
    let stamp = Stamp::new(tarball.with_extension("stamp"), inputs);
    if !(stamp.is_current() && tarball.exists() && report.exists()) {
        let rows = sizes::rows(&files);
        ceilings::check(&rows).with_context(|| sizes::table(&rows))?;
        println!("Packing {PACKAGE} …");
        // The tarball is made and checked in another folder, so that the file in its final place has always passed the check.
        let fresh = workspace.target.join("xtask/pack");
        std::fs::create_dir_all(&fresh)?;
        let (packed, names) = npm::pack(&folder, &fresh)?;
        package::check(&files, &names)?;
        std::fs::create_dir_all(&destination)?;
        forget(&destination, &tarball)?;
        std::fs::rename(packed, &tarball).with_context(|| format!("{} cannot be written", tarball.display()))?;
        // Kept, because brotli at its best takes longer than everything else here when nothing has changed.
        write(&report, sizes::table(&rows))?;
        stamp.write()?;
    }
    let sizes = String::from_utf8_lossy(&read(&report)?).into_owned();
    Ok(Dist { tarball, sizes })
}

/// Removes the tarballs of other versions: `target/npm/*.tgz` is what people install.
fn forget(folder: &Path, tarball: &Path) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path != tarball && path.extension().is_some_and(|end| end == "tgz") {
            std::fs::remove_file(&path).with_context(|| format!("{} cannot be removed", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{files_of, remove_folder};

    #[test]
    fn the_tarball_of_an_earlier_version_goes() {
        let folder = std::env::temp_dir().join(format!("xtask-dist-{}", std::process::id()));
        for name in ["a-0.1.0.tgz", "a-0.1.0.sizes", "a-0.2.0.tgz"] {
            write(&folder.join(name), "").unwrap();
        }
        forget(&folder, &folder.join("a-0.2.0.tgz")).unwrap();
        assert!(files_of(&folder).unwrap().into_keys().eq(["a-0.1.0.sizes", "a-0.2.0.tgz"]));
        remove_folder(&folder).unwrap();
    }
}
