//! `cargo xtask test`: every stage, in the order in which a failure is cheapest to meet.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::args::Args;
use crate::process::{Run, cargo};
use crate::workspace::Workspace;
use crate::{bench, browser, bundlers, demo, dist, docs, frameworks, health, npm, release, vectors};

/// The packages that people come from: their declarations are read, and their code is not run.
pub const OTHERS: &str = "tests/types/others";

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stage {
    Native,
    Dist,
    Types,
    Units,
    Docs,
    Demo,
    Bundlers,
    Frameworks,
    Browser,
}

use Stage::*;

impl Stage {
    const ALL: [Self; 9] = [Native, Dist, Types, Units, Docs, Demo, Bundlers, Frameworks, Browser];
    fn name(self) -> &'static str {
        match self {
            Native => "native",
            Dist => "dist",
            Types => "types",
            Units => "units",
            Docs => "docs",
            Demo => "demo",
            Bundlers => "bundlers",
            Browser => "browser",
            Frameworks => "frameworks",
        }
    }

    fn purpose(self) -> &'static str {
        match self {
            Native => "cargo test: the core, without a browser",
            Dist => "the npm package is built and holds what it should",
            Types => {
                "the declarations compile, and keep to the contract and the record; judges of packages find nothing"
            }
            Units => "the packed package in the unit tests of an application: Vitest and Jest",
            Docs => "the documentation site is built, its links are followed, and axe reads every page",
            Demo => "the provider and the app start, answer and stop",
            Bundlers => "the package loads and signs in as Vite, webpack, esbuild and an import map serve it",
            Browser => "a real browser, four real providers, the packed package",
            Frameworks => "the examples of the frameworks sign in and out in a real browser",
        }
    }

    fn run(self, workspace: &Workspace, options: &Options) -> Result<()> {
        match self {
            Native => native(workspace),
            // wasm-opt works on one processor: the module for the browser stage is optimised beside those of the package.
            Dist if options.stages.contains(&Browser) && options.browser.has("vectors") => dist_and_vectors(workspace),
            Dist => dist::run(workspace),
            Types => {
                npm::ci(&workspace.root.join(OTHERS))?;
                npm_test(workspace, "tests/types")?;
                release::judge(workspace)
            }
            Units => {
                bench::test(workspace)?;
                npm::install(&workspace.root.join("tests/units/react-18"), &dist::build(workspace)?.tarball)?;
                npm_test(workspace, "tests/units")
            }
            Docs => docs::test(workspace),
            // The ports are free ones, so that a running demo goes on meanwhile.
            Demo => {
                let (port, provider_port) = (health::any_port()?, health::any_port()?);
                demo::run(workspace, &demo::Options { port, provider_port, framework: None, check: true })
            }
            Bundlers => bundlers::check(workspace),
            Browser => browser::run(workspace, &options.browser),
            Frameworks => match &options.frameworks {
                Some(names) => frameworks::run(workspace, names, &options.browser.browsers()),
                None => frameworks::usual(workspace, &options.browser.browsers()),
            },
        }
    }

    fn needs_browser(self) -> bool {
        matches!(self, Docs | Bundlers | Browser | Frameworks)
    }
}

pub struct Options {
    stages: Vec<Stage>,
    browser: browser::Options,
    /// Names of examples. An empty list means all of them. Without a list, those of every change.
    frameworks: Option<Vec<String>>,
}

impl Options {
    /// These stages, and these tests in a browser.
    pub fn of(stages: &[Stage], browser: browser::Options) -> Self {
        Self { stages: stages.to_vec(), browser, frameworks: None }
    }

    #[cfg(test)]
    pub fn has_file(&self, name: &str) -> bool {
        self.browser.has(name)
    }

    pub fn parse(mut args: Args) -> Result<Self> {
        let only = args.value::<String>("--only")?;
        let frameworks = args.list("--frameworks");
        let browser = browser::Options::parse(&mut args)?;
        let no_browser = args.flag("--no-browser");
        args.finish()?;
        let stages = match only {
            Some(only) => match Stage::ALL.into_iter().find(|stage| stage.name() == only) {
                Some(stage) => vec![stage],
                None => bail!("There is no stage `{only}`: they are {}.", Stage::ALL.map(Stage::name).join(", ")),
            },
            None if frameworks.is_some() => vec![Frameworks],
            None => Stage::ALL.into_iter().filter(|stage| !(no_browser && stage.needs_browser())).collect(),
        };
        Ok(Self { stages, browser, frameworks })
    }
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let stages = &options.stages;
    let mut times = Vec::new();
    for &stage in stages {
        println!("\n━━ {}: {}\n", stage.name(), stage.purpose());
        let start = Instant::now();
        let result = stage.run(workspace, options);
        times.push((stage, start.elapsed()));
        if let Err(error) = result {
            println!("\n{}", summary(stages, &times, false));
            return Err(error).with_context(|| format!("stage `{}`", stage.name()));
        }
    }
    println!("\n{}", summary(stages, &times, true));
    Ok(())
}

/// The stages that ran all passed, save perhaps the last.
fn summary(stages: &[Stage], times: &[(Stage, Duration)], passed: bool) -> String {
    let mut lines = vec![format!("{:<12}{:<9}{:>9}", "stage", "result", "seconds")];
    for (at, stage) in stages.iter().enumerate() {
        let (result, seconds) = match times.get(at) {
            None => ("not run", String::new()),
            Some((_, time)) if passed || at + 1 < times.len() => ("passed", format!("{:.1}", time.as_secs_f64())),
            Some((_, time)) => ("FAILED", format!("{:.1}", time.as_secs_f64())),
        };
        lines.push(format!("{:<12}{result:<9}{seconds:>9}", stage.name()));
    }
    lines.join("\n")
}

/// `cargo test --workspace`, in two parts: in one, cargo would unite the features that both ask of common dependencies,
/// and for that compile wasm-bindgen's library, which is already here, a second time.
fn native(workspace: &Workspace) -> Result<()> {
    let test =
        |packages: [&str; 3]| cargo().current_dir(&workspace.root).args(["test", "--locked"]).args(packages).run();
    test(["--workspace", "--exclude", "xtask"])?;
    test(["--package", "xtask", "--quiet"])
}

fn dist_and_vectors(workspace: &Workspace) -> Result<()> {
    std::thread::scope(|scope| {
        let vectors = scope.spawn(|| vectors::run(workspace).map(drop));
        dist::run(workspace)?;
        vectors.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// The tests of a folder that has the packed package installed.
fn npm_test(workspace: &Workspace, folder: &str) -> Result<()> {
    let folder = workspace.root.join(folder);
    npm::install(&folder, &dist::build(workspace)?.tarball)?;
    npm::npm(&folder).arg("test").run()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stages(line: &str) -> Result<Vec<Stage>> {
        Ok(Options::parse(Args::new(line.split_whitespace().map(str::to_owned)))?.stages)
    }

    #[test]
    fn stages_are_chosen() {
        assert_eq!(stages("").unwrap(), Stage::ALL);
        assert_eq!(stages("--no-browser").unwrap(), [Native, Dist, Types, Units, Demo]);
        assert_eq!(stages("--only types").unwrap(), [Types]);
        assert_eq!(stages("--frameworks").unwrap(), [Frameworks]);
        assert_eq!(stages("--frameworks react,vue --engines all").unwrap(), [Frameworks]);
        assert!(
            stages("--only fmt")
                .unwrap_err()
                .to_string()
                .contains("native, dist, types, units, docs, demo, bundlers, frameworks, browser")
        );
    }

    #[test]
    fn the_summary_tells_what_failed_and_what_did_not_run() {
        let times = [(Native, Duration::from_millis(1500)), (Dist, Duration::from_secs(2))];
        let summary = summary(&[Native, Dist, Types], &times, false);
        let lines: Vec<&str> = summary.lines().collect();
        assert_eq!(
            lines[1..],
            ["native      passed         1.5", "dist        FAILED         2.0", "types       not run           "]
        );
    }
}
