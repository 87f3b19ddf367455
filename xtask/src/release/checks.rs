//! What each check of a release asks.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::Finding::*;
use super::{Finding, Release, api, tree, version as number};
use crate::files::read;
use crate::process::{Run, cargo};
use crate::workspace::Workspace;
use crate::{audit, dist, npm};

const TEMPLATE: &str = "pkg-template";
const JUDGES: &str = "tests/package";

pub type Check = (&'static str, fn(&Release) -> Result<Finding>);

/// The quick ones first.
pub const CHECKS: [Check; 13] = [
    ("version", version),
    ("changelog", changelog),
    ("everything is committed", committed),
    ("tag", tag),
    ("lock files", locks),
    ("repository", repository),
    ("declarations", declarations),
    ("package", package),
    ("judges of packages, bill of materials", judges),
    ("types", |release| stage(release, "types")),
    ("documents", documents),
    ("documentation site", site),
    ("licences and warnings", licences),
];

fn version(release: &Release) -> Result<Finding> {
    let version = &release.workspace.version;
    Ok(match number::Version::parse(version) {
        Some(_) => Passed(format!("Cargo.toml has {version}, which the package gets from there.")),
        None => Failed(format!("`{version}` in Cargo.toml is not three numbers: semver.org.")),
    })
}

fn changelog(release: &Release) -> Result<Finding> {
    let text = std::fs::read_to_string(release.workspace.root.join("CHANGELOG.md")).context("CHANGELOG.md")?;
    let version = &release.workspace.version;
    Ok(match number::changelog_fault(&text, version, release.today) {
        None => Passed(format!("The section of {version} has its day, and nothing is under Unreleased.")),
        Some(fault) => Failed(fault),
    })
}

fn committed(release: &Release) -> Result<Finding> {
    let files = tree::uncommitted(&release.workspace.root)?;
    Ok(match files.first() {
        None => Passed("A release is made of what everybody can see.".to_owned()),
        Some(first) => Failed(format!("{first} is not committed (of {} such): commit or remove it.", files.len())),
    })
}

/// Before a release the tag is free; the release itself is made where it stands.
fn tag(release: &Release) -> Result<Finding> {
    let (workspace, version) = (&release.workspace, &release.workspace.version);
    let tag = tree::tag(version);
    Ok(match (release.dry_run, tree::has_tag(workspace, version)?, tree::is_tagged(workspace, version)?) {
        (true, true, false) => Failed(format!("{tag} names another commit: set the next version in Cargo.toml.")),
        (true, false, _) => Passed(format!("{tag} is free.")),
        (_, _, true) => Passed(format!("{tag} names this commit.")),
        (false, ..) => Failed(format!(
            "{tag} does not name this commit. Ask `cargo xtask release --dry-run` first; then `git tag --annotate {tag}`, and push the tag: the workflow makes the release."
        )),
    })
}

fn locks(release: &Release) -> Result<Finding> {
    let without = tree::without_lock(&release.workspace, TEMPLATE)?;
    Ok(match without.first() {
        None => Passed("Every folder with packages has its lock.".to_owned()),
        Some(_) => {
            Failed(format!("Run `npm install --package-lock-only`, and commit the lock, in {}.", without.join(", ")))
        }
    })
}

/// npm proves the sources of a package by comparing this setting with the repository whose workflow publishes.
fn repository(release: &Release) -> Result<Finding> {
    let manifest = release.workspace.root.join(TEMPLATE).join("package.json");
    let manifest: Value = serde_json::from_slice(&read(&manifest)?)?;
    Ok(match manifest["repository"]["url"].as_str() {
        Some(url) if url.starts_with("git+https://") && url.ends_with(".git") => Passed(format!("It is {url}.")),
        Some(url) => Failed(format!(
            "`repository.url` of {TEMPLATE}/package.json is `{url}`, and npm wants git+https://…/….git."
        )),
        None => Open(format!(
            "Nobody has said where the repository will be. Set `repository` in {TEMPLATE}/package.json (with `homepage` and `bugs`): npm's provenance compares it."
        )),
    })
}

fn declarations(release: &Release) -> Result<Finding> {
    let diff = api::Diff::read(&release.workspace.root, &release.workspace.version)?;
    Ok(match diff.fits() {
        true => Passed(diff.sentence()),
        false => Failed(format!("{} `cargo xtask api` lists them.", diff.sentence())),
    })
}

/// Builds it, which fails above a ceiling, and compares the names of its files with those that somebody has seen.
fn package(release: &Release) -> Result<Finding> {
    let workspace = &release.workspace;
    let tarball = dist::build(workspace)?.tarball;
    let known = std::fs::read_to_string(workspace.root.join(api::CONTENTS)).unwrap_or_default();
    let found = api::contents(workspace)?;
    let without = |these: &str, those: &str| -> Vec<String> {
        these.lines().filter(|line| !those.lines().any(|other| other == *line)).map(str::to_owned).collect()
    };
    let (new, gone) = (without(&found, &known), without(&known, &found));
    if !(new.is_empty() && gone.is_empty()) {
        let told = |what: &str, names: &[String]| {
            if names.is_empty() { String::new() } else { format!("{what}: {}. ", names.join(", ")) }
        };
        return Ok(Failed(format!(
            "The files are not those of {}. {}{}If that is meant, run `cargo xtask api --write` and commit the list.",
            api::CONTENTS,
            told("New", &new),
            told("Gone", &gone)
        )));
    }
    let kilobytes = read(&tarball)?.len() / 1000;
    Ok(Passed(format!("{} files, {kilobytes} kB, below every ceiling.", found.lines().count())))
}

fn judges(release: &Release) -> Result<Finding> {
    quietly(&mut judging(&release.workspace)?)?;
    Ok(Passed(
        "publint and Are The Types Wrong find nothing, and the bill keeps to the schema of CycloneDX.".to_owned(),
    ))
}

/// publint, Are The Types Wrong and the schema of the bill of materials, for the packed package. The stage `types` of the tests has them, too.
pub fn judge(workspace: &Workspace) -> Result<()> {
    judging(workspace)?.run()
}

fn judging(workspace: &Workspace) -> Result<Command> {
    let tarball = dist::build(workspace)?.tarball;
    let folder = workspace.root.join(JUDGES);
    npm::ci(&folder)?;
    let mut npm = npm::npm(&folder);
    npm.args(["test", "--silent", "--"]).arg(tarball).arg(workspace.root.join("pkg"));
    Ok(npm)
}

/// A stage of `cargo xtask test`, quiet unless it fails.
fn stage(release: &Release, name: &str) -> Result<Finding> {
    let mut test = Command::new(std::env::current_exe()?);
    quietly(test.args(["test", "--only", name]).current_dir(&release.workspace.root))?;
    Ok(Passed(
        "The declarations compile with the oldest and the newest TypeScript, and are those on record.".to_owned(),
    ))
}

/// Links, anchors, names of tests, limits and settings that the pages tell of.
fn documents(release: &Release) -> Result<Finding> {
    let mut test = cargo();
    test.current_dir(&release.workspace.root).args(["test", "--locked", "--package", crate::workspace::PACKAGE]);
    quietly(
        test.args(["--test", "docs", "--test", "limits", "--test", "settings", "--test", "house", "--test", "supply"]),
    )?;
    Ok(Passed("Every link leads somewhere, and what the pages name exists.".to_owned()))
}

fn site(release: &Release) -> Result<Finding> {
    if !release.workspace.root.join("site/package.json").is_file() {
        return Ok(Open("There is no site in this repository.".to_owned()));
    }
    let mut docs = Command::new(std::env::current_exe()?);
    quietly(docs.args(["docs", "--no-screenshots"]).current_dir(&release.workspace.root))?;
    Ok(Passed("It is built.".to_owned()))
}

fn licences(release: &Release) -> Result<Finding> {
    let skipped = audit::skipped(&release.workspace)?;
    Ok(match skipped.first() {
        None => Passed("Every licence and source is allowed, and no list warns of a dependency.".to_owned()),
        Some(_) => Open(format!(
            "Every licence and source is allowed; the warnings could not be asked from here ({}): run `cargo xtask audit --strict` where they can.",
            skipped.join("; ")
        )),
    })
}

/// Runs to the end; the output is the reason of a failure.
fn quietly(command: &mut Command) -> Result<()> {
    let output = command.output()?;
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    let last: Vec<&str> = text.lines().rev().take(25).collect();
    let last: Vec<&str> = last.into_iter().rev().collect();
    ensure!(output.status.success(), "{} failed:\n{}", name(command), last.join("\n"));
    Ok(())
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let words = command.get_args().map(|arg| arg.to_string_lossy().into_owned());
    format!("`{}`", [program].into_iter().chain(words).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_that_the_changelog_does_not_have_is_a_failure() {
        assert!(
            matches!(changelog(&super::super::tests::release(true)).unwrap(), Failed(why) if why.contains("CHANGELOG.md"))
        );
        assert!(
            declarations(&super::super::tests::release(true))
                .unwrap_err()
                .to_string()
                .contains("cargo xtask api --write")
        );
    }
}
