//! What users compile against, on record for each version: one line for each declaration (tests/types/api.js writes it).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::tree;
use super::version::{Change, Version};
use crate::args::Args;
use crate::process::Run;
use crate::workspace::Workspace;
use crate::{dist, files, npm};

const TYPES: &str = "tests/types";
/// The names of the files in the package, as they were reviewed last.
pub const CONTENTS: &str = "tests/package/contents.txt";

pub struct Options {
    write: bool,
}

impl Options {
    pub fn parse(mut args: Args) -> Result<Self> {
        let options = Self { write: args.flag("--write") };
        args.finish()?;
        Ok(options)
    }
}

/// `cargo xtask api`
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let version = &workspace.version;
    if options.write {
        ensure!(
            !tree::has_tag(workspace, version)?,
            "{version} is released, and its record is what the next version is compared with. Set the next version in Cargo.toml first."
        );
        let tarball = dist::build(workspace)?.tarball;
        let folder = workspace.root.join(TYPES);
        npm::install(&folder, &tarball)?;
        Command::new("node").args(["api.js", "--write"]).current_dir(&folder).run()?;
        files::write(&workspace.root.join(CONTENTS), contents(workspace)?)?;
    }
    let diff = Diff::read(&workspace.root, version)?;
    for line in &diff.lines {
        println!("{line}");
    }
    println!("\n{}", diff.sentence());
    Ok(())
}

/// The names of the files of the package, one a line.
pub fn contents(workspace: &Workspace) -> Result<String> {
    let names: Vec<String> = files::files_of(&workspace.root.join("pkg"))?.into_keys().collect();
    Ok(names.join("\n") + "\n")
}

/// Between the last released version and this one.
pub struct Diff {
    version: Version,
    last: Option<Version>,
    pub lines: Vec<String>,
    change: Change,
}

impl Diff {
    pub fn read(root: &Path, version: &str) -> Result<Self> {
        let version = Version::parse(version).with_context(|| format!("`{version}` of Cargo.toml is no version"))?;
        let folder = root.join(TYPES).join("api");
        let record = |of: Version| -> PathBuf { folder.join(format!("{of}.txt")) };
        let now = text(&record(version)).with_context(|| {
            format!(
                "the declarations of {version} are not on record: run `cargo xtask api --write`, and commit the file"
            )
        })?;
        let names = files::files_of(&folder)?.into_keys();
        let last = names.filter_map(|name| Version::parse(name.strip_suffix(".txt")?)).filter(|of| *of < version).max();
        let before = last.map(|last| text(&record(last))).transpose()?.unwrap_or_default();
        Ok(Self::between(last, &before, version, &now))
    }

    fn between(last: Option<Version>, before: &str, version: Version, now: &str) -> Self {
        let [before, after]: [BTreeSet<&str>; 2] = [before, now].map(|text| text.lines().collect());
        let (mut lines, mut change) = (Vec::new(), Change::None);
        if last.is_some() {
            let added = after.difference(&before).map(|line| format!("+ {line}"));
            let gone = before.difference(&after).map(|line| format!("- {line}"));
            lines = gone.chain(added).collect();
            change = match lines.first() {
                None => Change::None,
                Some(line) if line.starts_with('-') => Change::Breaking,
                Some(_) => Change::Addition,
            };
        }
        Self { version, last, lines, change }
    }

    /// Whether the step from the last version is large enough for what changed.
    pub fn fits(&self) -> bool {
        self.last.is_none_or(|last| self.version >= last.after(self.change))
    }

    pub fn sentence(&self) -> String {
        let Self { version, last, lines, change } = self;
        let Some(last) = last else {
            return format!("{version} is the first version on record; the next one is compared with it.");
        };
        let count = |sign: char| lines.iter().filter(|line| line.starts_with(sign)).count();
        let (gone, added) = (count('-'), count('+'));
        let told = format!("{gone} declarations of {last} are gone or changed, {added} are new");
        let least = last.after(*change);
        match self.fits() {
            true => format!("{told}; {version} is a large enough step."),
            false => format!("{told}: the version must be {least} at least, and Cargo.toml has {version}."),
        }
    }
}

fn text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(before: &str, version: &str, now: &str) -> Diff {
        Diff::between(Version::parse("0.2.0"), before, Version::parse(version).unwrap(), now)
    }

    #[test]
    fn a_declaration_that_is_gone_or_changed_asks_for_a_larger_step() {
        let changed = diff("a\nb: string", "0.2.1", "a\nb: number");
        assert_eq!(changed.lines, ["- b: string", "+ b: number"]);
        assert!(!changed.fits() && changed.sentence().contains("must be 0.3.0 at least"));
        assert!(diff("a\nb", "0.3.0", "a").fits());
        assert!(diff("a", "0.2.1", "a\nb").fits());
        assert!(diff("a", "0.2.1", "a").fits());
        assert!(!diff("a", "0.2.0", "a").fits(), "the same version twice");
    }

    #[test]
    fn the_first_version_has_nothing_to_be_compared_with() {
        let first = Diff::between(None, "", Version(0, 2, 0), "a\nb");
        assert!(first.fits() && first.lines.is_empty() && first.sentence().contains("first version"));
    }
}
