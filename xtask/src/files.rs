//! Files by the handful, with errors that name them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

/// Contents by path below some folder, written with `/` everywhere, as npm writes them.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Folders of generated files, as .gitignore has them.
const BUILT: [&str; 5] = [".git", "dist", "node_modules", "pkg", "target"];

pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// Writes the file and makes the folders above it.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, bytes))
        .with_context(|| format!("{} cannot be written", path.display()))
}

pub fn remove_folder(path: &Path) -> Result<()> {
    if !path.exists() {
        return Ok(());
    }
    fs::remove_dir_all(path).with_context(|| format!("{} cannot be removed", path.display()))
}

/// Everything in the folder and in those below it.
pub fn files_of(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    collect(folder, "", &mut files)?;
    Ok(files)
}

fn collect(folder: &Path, prefix: &str, files: &mut Files) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be listed", folder.display()))? {
        let path = entry?.path();
        let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files)?;
        } else {
            files.insert(name, read(&path)?);
        }
    }
    Ok(())
}

/// The files that are in version control or would be, from the root. Without git (a source archive), all files that were not generated.
pub fn sources(root: &Path) -> Result<Vec<PathBuf>> {
    let mut git = Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]).current_dir(root).stderr(Stdio::null());
    let mut files = match git.output() {
        Ok(listed) if listed.status.success() => {
            String::from_utf8_lossy(&listed.stdout).split_terminator('\0').map(PathBuf::from).collect()
        }
        _ => unbuilt(root, Path::new(""))?,
    };
    // One that was removed and not yet committed is listed still.
    files.retain(|file| root.join(file).is_file());
    files.sort();
    Ok(files)
}

fn unbuilt(root: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root.join(folder)).with_context(|| format!("{} cannot be listed", folder.display()))? {
        let name = entry?.file_name();
        let path = folder.join(&name);
        if !root.join(&path).is_dir() {
            files.push(path);
        } else if !BUILT.iter().any(|built| name == *built) {
            files.extend(unbuilt(root, &path)?);
        }
    }
    Ok(files)
}

/// Makes the folder hold exactly these files. An unchanged file is not touched, so that another program can read it meanwhile.
pub fn replace(folder: &Path, files: &Files) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let present = files_of(folder)?;
    for (name, bytes) in files.iter().filter(|(name, bytes)| present.get(*name) != Some(bytes)) {
        write(&folder.join(name), bytes)?;
    }
    for name in present.keys().filter(|name| !files.contains_key(*name)) {
        fs::remove_file(folder.join(name)).with_context(|| format!("{name} cannot be removed"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_git_what_was_not_built_is_the_source() {
        let folder = std::env::temp_dir().join(format!("xtask-sources-{}", std::process::id()));
        for name in ["Cargo.lock", "a/.hidden", "a/node_modules/b/c.js", "target/debug/d", "pkg/e.js"] {
            write(&folder.join(name), "").unwrap();
        }
        assert_eq!(sources(&folder).unwrap(), [PathBuf::from("Cargo.lock"), PathBuf::from("a/.hidden")]);
        remove_folder(&folder).unwrap();
    }

    #[test]
    fn a_folder_is_made_to_hold_exactly_the_given_files() {
        let folder = std::env::temp_dir().join(format!("xtask-files-{}", std::process::id()));
        write(&folder.join("old/stray.js"), "stray").unwrap();
        write(&folder.join("index.js"), "old").unwrap();
        let files = Files::from([("index.js".to_owned(), b"new".to_vec()), ("react/index.js".to_owned(), vec![])]);
        replace(&folder, &files).unwrap();
        assert_eq!(files_of(&folder).unwrap(), files);
        remove_folder(&folder).unwrap();
    }
}
