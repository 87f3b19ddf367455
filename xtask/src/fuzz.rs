//! `cargo xtask fuzz`: every target of fuzz/ for a while, from the committed inputs, as many at a time as there are cores.
//!
//! On the same Rust as everything else: nightly is for sanitizers, which look for mistakes in `unsafe` code, and this project
//! has none.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use anyhow::{Context, Result, bail, ensure};

use crate::args::Args;
use crate::process::{Run, cargo};
use crate::tools::{apt, find};
use crate::workspace::Workspace;

const CARGO_FUZZ: &str = "0.13.2";
/// libFuzzer is C++.
const COMPILERS: [&str; 3] = ["c++", "g++", "clang++"];

pub struct Options {
    seconds: u32,
    target: Option<String>,
}

impl Options {
    pub fn parse(mut args: Args) -> Result<Self> {
        let options = Self { seconds: args.value("--seconds")?.unwrap_or(60), target: args.value("--target")? };
        args.finish()?;
        // For libFuzzer, 0 means "without an end".
        ensure!(options.seconds > 0, "--seconds must be at least 1.");
        Ok(options)
    }
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let targets = chosen(targets(&workspace.root)?, options.target.as_deref())?;
    let programs = build(workspace)?;
    let at_a_time = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    println!(
        "\n{:<24}{:>12}{:>12}   {} s each, {at_a_time} at a time",
        "target", "executions", "coverage", options.seconds
    );

    let (queue, finds) = (Mutex::new(VecDeque::from(targets)), Mutex::new(Vec::new()));
    let next = || queue.lock().ok()?.pop_front();
    std::thread::scope(|scope| {
        for _ in 0..at_a_time {
            scope.spawn(|| {
                while let Some(target) = next() {
                    if let Err(find) = fuzz(workspace, &programs, &target, options.seconds)
                        && let Ok(mut finds) = finds.lock()
                    {
                        finds.push(format!("{find:#}"));
                    }
                }
            });
        }
    });
    let finds = finds.into_inner().unwrap_or_default();
    ensure!(finds.is_empty(), "{}\nfuzz/README.md says what to do with a find.", finds.join("\n"));
    Ok(())
}

fn targets(root: &Path) -> Result<Vec<String>> {
    let folder = root.join("fuzz/fuzz_targets");
    let entries = std::fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let stem = |entry: std::fs::DirEntry| entry.path().file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let mut targets: Vec<String> = entries.filter_map(|entry| stem(entry.ok()?)).collect();
    targets.sort();
    Ok(targets)
}

fn chosen(targets: Vec<String>, wanted: Option<&str>) -> Result<Vec<String>> {
    match wanted {
        None => Ok(targets),
        Some(name) if targets.iter().any(|target| target == name) => Ok(vec![name.to_owned()]),
        Some(name) => bail!("There is no target `{name}`: they are {}.", targets.join(", ")),
    }
}

/// The folder that has a program for every target.
fn build(workspace: &Workspace) -> Result<PathBuf> {
    if find("CXX", &COMPILERS).is_none()
        && let Some(mut apt) = apt()
    {
        println!("Installing a C++ compiler …");
        apt("update").run()?;
        apt("install").args(["--yes", "--no-install-recommends", "g++"]).run()?;
    }
    ensure!(
        find("CXX", &COMPILERS).is_some(),
        "libFuzzer needs a C++ compiler. Install one, on Debian with `apt-get install g++`, or name it in the variable CXX."
    );
    let about = Command::new("rustc").arg("-vV").read()?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).context("`rustc -vV` names no host")?;
    let folder = workspace.target.join("fuzz");
    // cargo-fuzz would change a lock that does not fit, and say nothing.
    let manifest = workspace.root.join("fuzz/Cargo.toml");
    cargo().args(["fetch", "--quiet", "--locked", "--manifest-path"]).arg(manifest).run()?;
    Command::new(cargo_fuzz(workspace)?)
        .args(["build", "--sanitizer=none", "--target", host, "--target-dir"])
        .arg(&folder)
        .current_dir(&workspace.root)
        .run()?;
    Ok(folder.join(host).join("release"))
}

/// Installed below target/, so that it disturbs no other and goes with the rest.
fn cargo_fuzz(workspace: &Workspace) -> Result<PathBuf> {
    let tools = workspace.target.join("tools");
    let program = tools.join("bin/cargo-fuzz");
    let version = format!("cargo-fuzz {CARGO_FUZZ}");
    if !program.is_file() || Command::new(&program).arg("--version").read()?.trim() != version {
        println!("Installing {version} …");
        let exactly = format!("={CARGO_FUZZ}");
        cargo().args(["install", "cargo-fuzz", "--locked", "--version", &exactly, "--root"]).arg(&tools).run()?;
    }
    Ok(program)
}

fn fuzz(workspace: &Workspace, programs: &Path, target: &str, seconds: u32) -> Result<()> {
    let place = |folder: &str| workspace.target.join("fuzz").join(folder).join(target);
    // New inputs go into the first of the folders; libFuzzer only reads the others.
    let (grown, finds, log) = (place("corpus"), place("finds"), place("finds").join("log"));
    let fuzz = workspace.root.join("fuzz");
    let seeds = ["corpus", "finds"].map(|folder| fuzz.join(folder).join(target)).into_iter().filter(|at| at.is_dir());
    for folder in [&grown, &finds] {
        std::fs::create_dir_all(folder)?;
    }
    let option = |name: &str, path: &Path, tail: &str| {
        let mut option = OsString::from(format!("-{name}="));
        option.push(path);
        option.push(tail);
        option
    };
    let output = File::create(&log)?;
    let mut command = Command::new(programs.join(target));
    command.arg(format!("-max_total_time={seconds}")).args([
        "-timeout=25",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
    ]);
    command.arg(option("artifact_prefix", &finds, std::path::MAIN_SEPARATOR_STR));
    let dictionary = fuzz.join("dictionaries").join(format!("{target}.dict"));
    if dictionary.is_file() {
        command.arg(option("dict", &dictionary, ""));
    }
    command.arg(&grown).args(seeds).stdout(output.try_clone()?).stderr(output);
    let status = command.status().with_context(|| format!("{target} could not be started"))?;
    let said = String::from_utf8_lossy(&std::fs::read(&log)?).into_owned();
    println!("{target:<24}{:>12}{:>12}", number(&said, "stat::number_of_executed_units:"), number(&said, " cov:"));
    ensure!(status.success(), "{target}: {}", explain(&said, &log));
    Ok(())
}

/// The last number after these words.
fn number<'a>(said: &'a str, words: &str) -> &'a str {
    said.rsplit_once(words).and_then(|(_, after)| after.split_whitespace().next()).unwrap_or("?")
}

/// The failure, and the place of its input.
fn explain(said: &str, log: &Path) -> String {
    let mut lines = said.lines().skip_while(|line| !line.contains("panicked at")).take(4);
    let reason = lines.by_ref().collect::<Vec<_>>().join("\n  ");
    let after = |words: &str| said.rsplit_once(words).and_then(|(_, after)| after.lines().next());
    let input = after("Test unit written to ").unwrap_or("not known");
    // The input is printed, because a machine of CI is gone after one run. libFuzzer prints short inputs only.
    let text = after("Base64: ").map(|text| format!("\n  In base64 it is {text}")).unwrap_or_default();
    format!("{reason}\n  The input is {input}; the whole log is {}.{text}", log.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_have_a_default_and_an_end() {
        let parse = |line: &str| Options::parse(Args::new(line.split_whitespace().map(str::to_owned)));
        assert_eq!(parse("").unwrap().seconds, 60);
        assert_eq!(parse("--seconds 5 --target url").unwrap().target.as_deref(), Some("url"));
        assert!(parse("--seconds 0").is_err());
    }

    #[test]
    fn a_target_that_does_not_exist_is_told_from_those_that_do() {
        let error = chosen(vec!["jwks".into(), "url".into()], Some("urls")).unwrap_err().to_string();
        assert_eq!(error, "There is no target `urls`: they are jwks, url.");
    }

    #[test]
    fn a_find_is_told_with_its_input() {
        let said = "#9 NEW cov: 12 ft: 3\nthread '<unnamed>' panicked at targets/url.rs:25:5:\nassertion failed\n\
            Test unit written to target/fuzz/finds/url/crash-1\nBase64: AAEC\nstat::number_of_executed_units: 9\n";
        assert_eq!((number(said, " cov:"), number(said, "units:"), number("", "x")), ("12", "9", "?"));
        let told = explain(said, Path::new("log"));
        assert!(
            told.contains("assertion failed") && told.contains("The input is target/fuzz/finds/url/crash-1;"),
            "{told}"
        );
        assert!(told.ends_with("\n  In base64 it is AAEC"), "{told}");
    }
}
