//! What git knows: whether all is committed, the tag of a version, and what changed since a line was written.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::files::sources;
use crate::process::Run;
use crate::workspace::Workspace;

const LOCK: &str = "Cargo.lock";

fn git(root: &Path, args: &[&str]) -> Command {
    let mut git = Command::new("git");
    git.current_dir(root).args(args).stdin(Stdio::null());
    git
}

/// What is not committed, as git lists it; new files count, whatever the settings of the person say.
pub fn uncommitted(root: &Path) -> Result<Vec<String>> {
    let status = git(root, &["status", "--porcelain", "--untracked-files=all", "--ignore-submodules=none"]).read()?;
    Ok(status.lines().map(|line| line.get(3..).unwrap_or_default().to_owned()).collect())
}

pub fn tag(version: &str) -> String {
    format!("v{version}")
}

pub fn has_tag(workspace: &Workspace, version: &str) -> Result<bool> {
    Ok(!git(&workspace.root, &["tag", "--list", &tag(version)]).read()?.trim().is_empty())
}

/// Whether the tag names the commit that is checked out.
pub fn is_tagged(workspace: &Workspace, version: &str) -> Result<bool> {
    let tags = git(&workspace.root, &["tag", "--points-at", "HEAD"]).read()?;
    Ok(tags.lines().any(|line| line == tag(version)))
}

/// The folders with packages and without a lock that git has.
pub fn without_lock(workspace: &Workspace, template: &str) -> Result<Vec<String>> {
    let files = sources(&workspace.root)?;
    let folders = files.iter().filter(|file| file.file_name().is_some_and(|name| name == "package.json"));
    let folders = folders.filter_map(|file| file.parent()).filter(|folder| *folder != Path::new(template));
    let without = folders.filter(|folder| !files.contains(&folder.join("package-lock.json")));
    Ok(without.map(|folder| folder.display().to_string()).collect())
}

/// The files among these that differ from those of the commit that last changed the line; a line that is not committed was written now.
pub fn changed_since(root: &Path, page: &str, line: usize, paths: &[&str]) -> Result<Vec<String>> {
    let shallow = git(root, &["rev-parse", "--is-shallow-repository"]).read()?;
    ensure!(
        shallow.trim() == "false",
        "The history is not whole here, and says when the line was written: run `git fetch --unshallow`."
    );
    let blame = git(root, &["blame", "--porcelain", "-L", &format!("{line},{line}"), "--", page]).read()?;
    let commit = blame.split(' ').next().filter(|commit| commit.len() >= 40).context("git blame names no commit")?;
    let commit = if commit.chars().all(|digit| digit == '0') { "HEAD" } else { commit };
    let mut diff = git(root, &["diff", "--name-only", "--no-renames", commit, "--"]);
    let mut changed: Vec<String> = diff.args(paths).read()?.lines().map(str::to_owned).collect();
    if changed.iter().any(|file| file == LOCK) {
        let diff = git(root, &["diff", "--unified=0", commit, "--", LOCK]).read()?;
        changed.retain(|file| file != LOCK || !is_own_version(&diff));
    }
    Ok(changed)
}

/// Whether a change of the lock is nothing but a new version of this workspace: a crate of others has a checksum, which changes with it.
fn is_own_version(diff: &str) -> bool {
    let lines = diff.lines().skip_while(|line| !line.starts_with("@@")).filter(|line| line.starts_with(['+', '-']));
    lines.clone().count() > 0 && lines.clone().all(|line| line[1..].starts_with("version = "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::remove_file;

    use crate::files::{remove_folder, write};

    #[test]
    fn a_new_version_of_this_workspace_is_no_change_of_what_was_tested() {
        let head = "--- a/Cargo.lock\n+++ b/Cargo.lock\n@@ -1 +1 @@ name = \"a\"\n";
        let own = "-version = \"0.1.0\"\n+version = \"0.2.0\"\n";
        assert!(is_own_version(&format!("{head}{own}")));
        let other = "@@ -9 +9 @@\n-version = \"1.0.0\"\n-checksum = \"a\"\n+version = \"1.0.1\"\n+checksum = \"b\"\n";
        assert!(!is_own_version(&format!("{head}{own}{other}")));
        assert!(!is_own_version(""));
    }

    #[test]
    fn a_line_is_older_than_what_was_changed_after_it() {
        let root = std::env::temp_dir().join(format!("xtask-tree-{}", std::process::id()));
        let run = |args: &[&str]| {
            let name = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
            git(&root, &[&name, args].concat()).stdout(Stdio::null()).run().unwrap();
        };
        write(&root.join("code/a.rs"), "one").unwrap();
        write(&root.join("page.md"), "first\nrun on 1 March\n").unwrap();
        run(&["init", "--quiet"]);
        run(&["add", "."]);
        run(&["commit", "--quiet", "--message=One"]);
        let changed = |line| changed_since(&root, "page.md", line, &["code", ":(exclude)*.md"]).unwrap();
        assert!(changed(2).is_empty());
        // The settings of a person that hide new files hide none from a release.
        run(&["config", "status.showUntrackedFiles", "no"]);
        assert!(uncommitted(&root).unwrap().is_empty());
        write(&root.join("new.txt"), "new").unwrap();
        assert_eq!(uncommitted(&root).unwrap(), ["new.txt"]);
        remove_file(root.join("new.txt")).unwrap();

        write(&root.join("code/a.rs"), "two").unwrap();
        write(&root.join("code/b.md"), "words").unwrap();
        run(&["add", "."]);
        run(&["commit", "--quiet", "--message=Two"]);
        assert_eq!(changed(2), ["code/a.rs"]);
        // A row that is written anew tells of the code of its commit, and the row beside it does not.
        write(&root.join("page.md"), "first\nrun on 2 March\n").unwrap();
        assert!(changed(2).is_empty());
        run(&["commit", "--quiet", "--all", "--message=Three"]);
        assert!(changed(2).is_empty());
        assert_eq!(changed(1), ["code/a.rs"]);
        remove_folder(&root).unwrap();
    }
}
