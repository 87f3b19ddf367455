//! `cargo xtask release`: what stands in the way of a release, and the files of one. It publishes nothing: the workflow of the tag does
//! (.github/workflows/release.yml), so that the registry can say from which sources, and on which machine, a package was made.

mod api;
mod checks;
mod day;
mod runs;
mod tree;
mod version;

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::args::Args;
use crate::files::{read, write};
use crate::workspace::Workspace;
use crate::{dist, sbom};

pub use api::{Options as ApiOptions, run as api};
pub use checks::judge;
use day::Day;

pub struct Options {
    dry_run: bool,
    full: bool,
    fold: bool,
}

impl Options {
    pub fn parse(mut args: Args) -> Result<Self> {
        let options = Self { dry_run: args.flag("--dry-run"), full: args.flag("--full"), fold: args.flag("--fold") };
        args.finish()?;
        Ok(options)
    }
}

/// What a check found. Each has one sentence, and one that is not passed says the cure.
#[derive(Debug, PartialEq)]
enum Finding {
    Passed(String),
    Failed(String),
    /// A decision that nobody has taken, or a question that cannot be asked from here: no fault of the sources, and a reason not to publish.
    Open(String),
}

use Finding::*;

struct Release {
    workspace: Workspace,
    dry_run: bool,
    full: bool,
    today: Day,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if options.fold {
        return fold(workspace);
    }
    let workspace = Workspace {
        root: workspace.root.clone(),
        target: workspace.target.clone(),
        version: workspace.version.clone(),
    };
    let release = Release { workspace, dry_run: options.dry_run, full: options.full, today: Day::today() };
    let mut findings = Vec::new();
    let mut check = |name: &'static str, found: Result<Finding>| {
        let found = found.unwrap_or_else(|error| Failed(format!("{error:#}")));
        println!("{}", line(name, &found));
        findings.push((name, found));
    };
    println!("{} {}\n", crate::workspace::PACKAGE, release.workspace.version);
    // In two steps: the long ones begin when the quick ones have been read.
    let (quick, long) = checks::CHECKS.split_at(7);
    quick.iter().for_each(|(name, run)| check(name, run(&release)));
    if !release.full {
        runs::RUNS.iter().for_each(|run| check(run.name, run.check(&release)));
    }
    long.iter().for_each(|(name, run)| check(name, run(&release)));
    if release.full {
        runs::RUNS.iter().for_each(|run| check(run.name, run.check(&release)));
    }
    conclude(&release, &findings)
}

/// Entries that came after the section of the version was written.
fn fold(workspace: &Workspace) -> Result<()> {
    let (path, version) = (workspace.root.join("CHANGELOG.md"), &workspace.version);
    let folded = version::folded(&std::fs::read_to_string(&path).context("CHANGELOG.md")?, version);
    write(&path, folded.with_context(|| {
        format!("Nothing was moved: CHANGELOG.md has nothing under Unreleased, or no section of {version} with `### Added` after it.")
    })?)
}

fn line(name: &str, found: &Finding) -> String {
    let (sign, sentence) = match found {
        Passed(sentence) => ("✓", sentence),
        Failed(sentence) => ("✗", sentence),
        Open(sentence) => ("?", sentence),
    };
    format!("{sign} {name}: {}", sentence.trim().replace('\n', "\n    "))
}

fn conclude(release: &Release, findings: &[(&str, Finding)]) -> Result<()> {
    let names = |is_meant: fn(&Finding) -> bool| -> Vec<&str> {
        findings.iter().filter(|(_, found)| is_meant(found)).map(|(name, _)| *name).collect()
    };
    let (failed, open) = (names(|found| matches!(found, Failed(_))), names(|found| matches!(found, Open(_))));
    println!();
    ensure!(failed.is_empty(), "{} of {} checks failed: {}.", failed.len(), findings.len(), failed.join(", "));
    if !open.is_empty() {
        let told = format!("Open, and to be settled before anything is published: {}.", open.join(", "));
        ensure!(release.dry_run, "{told}");
        println!("{told}");
    }
    let tag = tree::tag(&release.workspace.version);
    if release.dry_run {
        println!(
            "Nothing else stands in the way. The tag {tag} on this commit starts the release: .github/workflows/release.yml."
        );
        return Ok(());
    }
    for file in make(&release.workspace)? {
        println!("{}", file.display());
    }
    println!("\nThese are the files of {tag}. The workflow of the tag publishes them; from here nothing is published.");
    Ok(())
}

/// The tarball, its bill of materials beside it, and what both must hash to.
fn make(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let tarball = dist::build(workspace)?.tarball;
    let bill = tarball.with_extension("cdx.json");
    write(&bill, read(&workspace.root.join("pkg").join(sbom::FILE))?)?;
    let sums = tarball.with_file_name("SHA256SUMS");
    let mut text = String::new();
    for file in [&tarball, &bill] {
        let hash: String = Sha256::digest(read(file)?).iter().map(|byte| format!("{byte:02x}")).collect();
        text += &format!("{hash}  {}\n", file.file_name().unwrap_or_default().display());
    }
    write(&sums, text)?;
    Ok(vec![tarball, bill, sums])
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn release(dry_run: bool) -> Release {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository").to_owned();
        let workspace = Workspace { target: root.join("target"), root, version: "9.9.9".to_owned() };
        Release { workspace, dry_run, full: false, today: Day::today() }
    }

    fn ends(dry_run: bool, found: Finding) -> Result<()> {
        conclude(&release(dry_run), &[("one", Passed("Good.".to_owned())), ("two", found)])
    }

    #[test]
    fn a_failed_check_fails_the_command_and_an_open_one_the_release() {
        ends(true, Passed("Good.".to_owned())).unwrap();
        ends(true, Open("Not decided.".to_owned())).unwrap();
        let error = |dry_run, found| ends(dry_run, found).unwrap_err().to_string();
        assert_eq!(error(true, Failed("Bad.".to_owned())), "1 of 2 checks failed: two.");
        assert!(error(false, Open("Not decided.".to_owned())).contains("before anything is published: two"));
    }

    #[test]
    fn a_line_tells_the_result_by_its_sign() {
        assert_eq!(line("tag", &Passed("v1 is free.".to_owned())), "✓ tag: v1 is free.");
        assert_eq!(line("tag", &Failed("Two\nlines.".to_owned())), "✗ tag: Two\n    lines.");
        assert_eq!(line("tag", &Open("Undecided.".to_owned())), "? tag: Undecided.");
    }

    #[test]
    fn the_options_are_understood() {
        let parse = |line: &str| Options::parse(Args::new(line.split_whitespace().map(str::to_owned)));
        let options = parse("--dry-run --full").unwrap();
        assert!(options.dry_run && options.full && !parse("").unwrap().dry_run && parse("--fold").unwrap().fold);
        assert!(parse("--publish").is_err());
    }
}
