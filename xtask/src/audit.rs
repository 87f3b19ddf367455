//! `cargo xtask audit`: the dependencies have known licences, sources and versions, and no list of warnings has an entry for them. The
//! lists lie on servers: a list that cannot be reached is reported, and does not count as a pass.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::args::Args;
use crate::files::sources;
use crate::process::{Run, cargo};
use crate::stamp::Stamp;
use crate::workspace::Workspace;
use crate::{bench, bundlers, npm, test};

const CARGO_DENY: &str = "0.20.2";
/// The one that cargo-deny reads unless told otherwise.
const RUST_ADVISORIES: &str = "https://github.com/RustSec/advisory-db";
/// The exceptions are for packages of the first lock; the other locks need not have them.
const OF_OTHER_LOCKS: [&str; 3] = ["unmatched-skip", "unmatched-skip-root", "unnecessary-skip"];

#[derive(Debug, PartialEq)]
enum Outcome {
    Passed,
    /// Why it could not be asked.
    Skipped(String),
}

use Outcome::*;

pub struct Options {
    strict: bool,
}

impl Options {
    pub fn parse(mut args: Args) -> Result<Self> {
        let options = Self { strict: args.flag("--strict") };
        args.finish()?;
        Ok(options)
    }
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let outcomes = ask(workspace)?;
    println!("\n{}", summary(&outcomes));
    let is_whole = outcomes.iter().all(|(_, outcome)| *outcome == Passed);
    ensure!(is_whole || !options.strict, "--strict: what was skipped has to be asked where it can be.");
    Ok(())
}

/// Why some lists could not be asked. A dependency that must not be there is an error.
pub fn skipped(workspace: &Workspace) -> Result<Vec<String>> {
    let outcomes = ask(workspace)?.into_iter();
    Ok(outcomes.filter_map(|(_, outcome)| if let Skipped(why) = outcome { Some(why) } else { None }).collect())
}

fn ask(workspace: &Workspace) -> Result<Vec<(&'static str, Outcome)>> {
    let files = sources(&workspace.root)?;
    let folders = |lock: &str| -> Vec<PathBuf> {
        let locks = files.iter().filter(|file| file.file_name().is_some_and(|name| name == lock));
        locks.map(|file| workspace.root.join(file.parent().unwrap_or(Path::new("")))).collect()
    };
    let (crates, mut packages) = (folders("Cargo.lock"), folders("package-lock.json"));
    // The tools there are those of users, old versions included, and they serve this machine only: a warning would have no remedy.
    // Neither has a warning of a peer in the bench, or of a package that people come from, a remedy here.
    packages.retain(|folder| {
        [bundlers::APPS, bench::FOLDER, test::OTHERS].iter().all(|apps| !folder.starts_with(workspace.root.join(apps)))
    });
    ensure!(crates.contains(&workspace.root.join("")) && !packages.is_empty(), "There are no locks.");

    let deny = CargoDeny::install(workspace)?;
    let mut outcomes = vec![
        ("crates: licences, bans, sources", deny.check(&crates, &["licenses", "bans", "sources"])?),
        ("crates: advisories", deny.advisories(&crates)?),
    ];
    outcomes.push(("npm packages: advisories", npm_advisories(&packages)?));
    Ok(outcomes)
}

fn summary(outcomes: &[(&str, Outcome)]) -> String {
    let line = |(what, outcome): &(&str, Outcome)| match outcome {
        Passed => format!("{what:<34}passed"),
        Skipped(why) => format!("{what:<34}SKIPPED: {why}"),
    };
    outcomes.iter().map(line).collect::<Vec<_>>().join("\n")
}

struct CargoDeny {
    program: PathBuf,
    config: PathBuf,
}

impl CargoDeny {
    /// The tools lie below target/, so that the tools of the user stay as they are.
    fn install(workspace: &Workspace) -> Result<Self> {
        let tools = workspace.target.join("tools");
        let program = tools.join("bin").join("cargo-deny").with_extension(std::env::consts::EXE_EXTENSION);
        let stamp = Stamp::new(tools.join("cargo-deny.stamp"), [CARGO_DENY]);
        if !(stamp.is_current() && program.is_file()) {
            println!("Building cargo-deny {CARGO_DENY} …");
            // Unoptimised it is built in a third of the time and takes no longer to read our locks.
            cargo()
                .current_dir(&workspace.root)
                .args(["install", "cargo-deny", "--locked", "--debug", "--quiet", "--force", "--version"])
                .arg(format!("={CARGO_DENY}"))
                .arg("--root")
                .arg(&tools)
                .env("CARGO_PROFILE_DEV_DEBUG", "0")
                .run()?;
            stamp.write()?;
        }
        Ok(Self { program, config: workspace.root.join("deny.toml") })
    }

    fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(folder).arg("--locked").arg("--config").arg(&self.config);
        command
    }

    fn check(&self, folders: &[PathBuf], what: &[&str]) -> Result<Outcome> {
        for (at, folder) in folders.iter().enumerate() {
            let mut command = self.command(folder);
            command.args(["--workspace", "check"]).args(what);
            if at > 0 {
                command.args(OF_OTHER_LOCKS.iter().flat_map(|lint| ["--allow", lint]));
            }
            command.run()?;
        }
        Ok(Passed)
    }

    /// Asked first whether it is there at all: from then on a failure to read it is a failure.
    fn advisories(&self, folders: &[PathBuf]) -> Result<Outcome> {
        let mut probe = Command::new("git");
        probe.args(["ls-remote", "--exit-code", RUST_ADVISORIES, "HEAD"]).env("GIT_TERMINAL_PROMPT", "0");
        probe.stdin(Stdio::null()).stdout(Stdio::null());
        if !probe.status().is_ok_and(|status| status.success()) {
            return Ok(Skipped(format!("{RUST_ADVISORIES} cannot be reached from here")));
        }
        self.check(folders, &["advisories"])
    }
}

fn npm_advisories(folders: &[PathBuf]) -> Result<Outcome> {
    for folder in folders {
        let mut audit = npm::npm(folder);
        audit.args(["audit", "--json", "--package-lock-only", "--include=dev", "--audit-level=high"]);
        let output = audit.stderr(Stdio::null()).output().context("npm audit could not be started")?;
        let report = String::from_utf8_lossy(&output.stdout);
        match npm_findings(&report).with_context(|| format!("npm audit in {}", folder.display()))? {
            None => return Ok(Skipped("the npm registry in use answers no such question from here".to_owned())),
            // Lesser findings are in the report, too; npm's own exit code knows which count.
            Some(findings) => ensure!(
                output.status.success(),
                "npm audit warns of packages in {}:\n{}",
                folder.display(),
                findings.join("\n")
            ),
        }
    }
    Ok(Passed)
}

/// One line for each package; `None` where no registry answered.
fn npm_findings(report: &str) -> Result<Option<Vec<String>>> {
    let report: Value = serde_json::from_str(report)?;
    let Some(packages) = report["vulnerabilities"].as_object() else {
        // A request that failed is told in `message`; anything else is a failure here, such as a lock that is not one.
        ensure!(report["message"].is_string(), "it could not ask: {}", report["error"]["summary"]);
        return Ok(None);
    };
    let line = |(name, found): (&String, &Value)| {
        let via = found["via"].as_array().into_iter().flatten();
        let causes: Vec<&str> = via.filter_map(|cause| cause["url"].as_str().or(cause.as_str())).collect();
        format!("{name} ({}): {}", found["severity"].as_str().unwrap_or("?"), causes.join(", "))
    };
    Ok(Some(packages.iter().map(line).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_skipped_does_not_read_as_passed() {
        let summary = summary(&[("licences", Passed), ("advisories", Skipped("no way there".to_owned()))]);
        let lines: Vec<&str> = summary.lines().collect();
        assert!(lines[0].ends_with(" passed"));
        assert!(lines[1].ends_with(" SKIPPED: no way there") && !lines[1].contains("passed"));
    }

    #[test]
    fn an_answer_of_npm_is_known_from_a_failure_to_ask() {
        let found = r#"{ "auditReportVersion": 2, "vulnerabilities": { "a": { "severity": "high",
            "via": [{ "title": "t", "url": "https://example.com/1" }, "b"] } } }"#;
        assert_eq!(npm_findings(found).unwrap(), Some(vec!["a (high): https://example.com/1, b".to_owned()]));
        assert_eq!(npm_findings(r#"{ "vulnerabilities": {} }"#).unwrap(), Some(vec![]));
        assert_eq!(npm_findings(r#"{ "message": "405 Method Not Allowed", "error": {} }"#).unwrap(), None);
        assert!(npm_findings(r#"{ "error": { "code": "ENOLOCK", "summary": "no lock" } }"#).is_err());
        assert!(npm_findings("").is_err());
    }

    #[test]
    fn the_options_are_understood() {
        let parse = |line: &str| Options::parse(Args::new(line.split_whitespace().map(str::to_owned)));
        assert!(parse("--strict").unwrap().strict && !parse("").unwrap().strict);
        assert!(parse("--lax").is_err());
    }
}
