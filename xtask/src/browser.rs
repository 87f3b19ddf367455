//! The browser stage: the engines and the providers in Python are found or installed, the packed package is installed in the app
//! and in the tests, and the suite of tests/e2e runs.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::args::Args;
use crate::engines::{Engine, Installed, Results, table};
use crate::files::{read, write};
use crate::process::Run;
use crate::workspace::Workspace;
use crate::{dist, npm, python, vectors};

pub struct Options {
    engines: Vec<Engine>,
    /// Names of test files, without their ending. An empty list means the files of every change.
    files: Vec<String>,
    /// Whether the tests run, too, that are too long for every change: a command that names engines asks for them.
    is_whole: bool,
}

/// The published vectors, which take a module of their own and minutes.
const LONG: &str = "vectors";

impl Options {
    pub fn parse(args: &mut Args) -> Result<Self> {
        let engines = args.value::<String>("--engines")?;
        let files = args.value::<String>("--files")?.unwrap_or_default();
        Ok(Self {
            is_whole: engines.is_some(),
            engines: engines.map_or_else(|| Ok(vec![usual()]), |list| Engine::parse(&list))?,
            files: files.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        })
    }

    /// With this one file, where no file is named.
    pub fn or_file(mut self, name: &str) -> Self {
        if self.files.is_empty() {
            self.files.push(name.to_owned());
        }
        self
    }

    /// The browsers of people that the engines are, for tests that are few and want the whole browser.
    pub fn browsers(&self) -> Vec<Engine> {
        self.engines.iter().map(|engine| if *engine == Engine::Shell { Engine::Chromium } else { *engine }).collect()
    }

    /// Whether the test file is to run.
    pub fn has(&self, file: &str) -> bool {
        match self.files.is_empty() {
            true => self.is_whole || file != LONG,
            false => self.files.iter().any(|name| name == file),
        }
    }
}

/// The engine that `BROWSER` names, or Chromium's headless shell.
fn usual() -> Engine {
    // Desktops and editors set BROWSER too, to the program that opens links: only an engine's name is meant for us.
    let asked = std::env::var("BROWSER").unwrap_or_default();
    Engine::ALL.into_iter().find(|engine| engine.name() == asked).unwrap_or(Engine::Shell)
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let engines = options.engines.iter().map(|engine| engine.install(workspace)).collect::<Result<Vec<_>>>()?;
    let (example, suite) = (workspace.root.join("www-example"), workspace.root.join("tests/e2e"));
    let mut variables = vec![("PROVIDERS_PYTHON", python::providers(workspace)?)];
    // A module of their own is made for them, in minutes.
    if options.has(LONG) {
        variables.push(("VECTORS", vectors::run(workspace)?));
    }
    let tarball = dist::build(workspace)?.tarball;
    npm::install(&example, &tarball)?;
    npm::install(&suite, &tarball)?;
    npm::npm(&example).args(["run", "build"]).run()?;

    let files = test_files(&suite, options)?;
    let mut all = Vec::new();
    for engine in engines {
        let mut tests = Command::new("node");
        tests.current_dir(&suite).envs(variables.clone());
        let results = run_in(&engine, tests, &files, &workspace.target)?;
        all.push((engine, results));
    }
    println!("\n{}", table(&all));
    ensure!(all.iter().all(|(_, results)| results.failed.is_empty()), "Tests failed.");
    Ok(())
}

/// The whole suite in one engine. Tests that fail do not end it: the other engines are still to come.
fn run_in(engine: &Installed, mut tests: Command, files: &[String], target: &Path) -> Result<Results> {
    let file = target.join("e2e").join(format!("{}.json", engine.engine.name()));
    write(&file, "")?;
    tests.args(["--test", "--test-concurrency=2", "--test-timeout=600000"]);
    tests.args(["--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=./lib/results.js"]);
    tests.arg("--test-reporter-destination").arg(&file);
    tests.args(files);
    tests.env("BROWSER", engine.engine.name()).envs(engine.variables.iter().map(|(name, program)| (name, program)));
    println!("\nThe suite in {}:", engine.version);
    let ended = tests.run();
    let results = read(&file).and_then(|text| Results::parse(&String::from_utf8_lossy(&text)));
    match (ended, results) {
        (Ok(()), results) => results.context("the results of the suite are not understood"),
        (Err(_), Ok(results)) if !results.failed.is_empty() => Ok(results),
        (Err(error), _) => Err(error),
    }
}

fn test_files(suite: &Path, options: &Options) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(suite.join("suite"))?.collect::<Result<Vec<_>, _>>()?;
    let names = entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter_map(|name| name.strip_suffix(".test.js").map(str::to_owned)).collect();
    if let Some(unknown) = options.files.iter().find(|name| !names.contains(name)) {
        bail!("There is no test file `{unknown}` in tests/e2e/suite.");
    }
    names.retain(|name| options.has(name));
    names.sort();
    Ok(names.iter().map(|name| format!("suite/{name}.test.js")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options> {
        Options::parse(&mut Args::new(line.split_whitespace().map(str::to_owned)))
    }

    #[test]
    fn test_files_are_chosen() {
        let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/e2e");
        let files = |line: &str| test_files(&suite, &parse(line).unwrap());
        let (usual, whole) = (files("").unwrap(), files("--engines chromium").unwrap());
        assert!(usual.len() > 40 && usual.iter().any(|name| name == "suite/login.test.js"));
        assert_eq!(whole.len(), usual.len() + 1);
        assert!(whole.iter().any(|name| name == "suite/vectors.test.js"));
        assert_eq!(files("--files login").unwrap(), ["suite/login.test.js"]);
        assert!(files("--files no-such-file").is_err());
    }

    #[test]
    fn the_options_are_understood() {
        let options = parse("--engines chromium,firefox --files login,logout").unwrap();
        assert_eq!((options.engines, options.files.len()), (vec![Engine::Chromium, Engine::Firefox], 2));
        assert!(parse("--engines opera").is_err());
        assert_eq!(parse("--engines firefox").unwrap().browsers(), [Engine::Firefox]);
        let by_itself = Options { engines: vec![Engine::Shell], files: vec![], is_whole: false };
        assert_eq!(by_itself.browsers(), [Engine::Chromium]);
    }
}
