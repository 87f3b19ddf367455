//! The engines of tests/e2e/driver: how each comes to this machine, and what the suite says in each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::{Run, cargo};
use crate::tools::{apt, find};
use crate::workspace::Workspace;

/// Debian's names first: there the browser and its driver are of one version.
const CHROMIUMS: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
/// Chromium without its windows, from the same sources: the same pages for a third of the processor's time. Debian's script on the PATH would outlive
/// it, so the program itself comes first.
const SHELLS: [&str; 3] =
    ["/usr/lib/chromium/chromium-headless-shell", "chromium-headless-shell", "chrome-headless-shell"];
const FIREFOXES: [&str; 2] = ["firefox-esr", "firefox"];
/// Debian has no geckodriver, and crates.io has its sources.
const GECKODRIVER: &str = "0.37.1";
/// Where Debian's packages put it, which is not on the PATH.
const MINI_BROWSERS: [&str; 5] = [
    "MiniBrowser",
    "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    "/usr/lib/x86_64-linux-gnu/webkitgtk-6.0/MiniBrowser",
    "/usr/lib/aarch64-linux-gnu/webkitgtk-6.0/MiniBrowser",
];

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Engine {
    Chromium,
    Firefox,
    WebKit,
    /// Chromium's headless shell, for the suite of every change.
    Shell,
}

use Engine::*;

/// An engine on this machine.
pub struct Installed {
    pub engine: Engine,
    /// Where its programs are, by the variables that tests/e2e/driver reads.
    pub variables: Vec<(&'static str, PathBuf)>,
    pub version: String,
}

impl Engine {
    /// The engines of the browsers that people use.
    pub const ALL: [Self; 3] = [Chromium, Firefox, WebKit];

    /// As `BROWSER` says it to the tests.
    pub fn name(self) -> &'static str {
        match self {
            Chromium | Shell => "chromium",
            Firefox => "firefox",
            WebKit => "webkit",
        }
    }

    /// `all`, or names with commas between them.
    pub fn parse(list: &str) -> Result<Vec<Self>> {
        if list == "all" {
            return Ok(Self::ALL.to_vec());
        }
        let mut engines = Vec::new();
        for name in list.split(',') {
            match Self::ALL.into_iter().find(|engine| engine.name() == name) {
                Some(engine) if !engines.contains(&engine) => engines.push(engine),
                Some(_) => bail!("The engine `{name}` is listed twice."),
                None => {
                    bail!("There is no engine `{name}`: they are {}, or `all`.", Self::ALL.map(Self::name).join(", "))
                }
            }
        }
        Ok(engines)
    }

    fn packages(self) -> &'static [&'static str] {
        match self {
            Chromium => &["chromium", "chromium-driver"],
            Firefox => &["firefox-esr"],
            WebKit => &["webkit2gtk-driver", "xvfb"],
            Shell => &["chromium-headless-shell", "chromium-driver"],
        }
    }

    fn find(self) -> Option<Vec<(&'static str, PathBuf)>> {
        let programs: &[(&'static str, &[&str])] = match self {
            Chromium => &[("CHROME", &CHROMIUMS), ("CHROMEDRIVER", &["chromedriver"])],
            Firefox => &[("FIREFOX", &FIREFOXES)],
            Shell => &[("CHROME", &SHELLS), ("CHROMEDRIVER", &["chromedriver"])],
            // The driver brings the browser along. Xvfb stands in for a screen.
            WebKit => {
                &[("WEBKIT_DRIVER", &["WebKitWebDriver"]), ("WEBKIT_BROWSER", &MINI_BROWSERS), ("XVFB", &["Xvfb"])]
            }
        };
        programs.iter().map(|(variable, names)| Some((*variable, find(variable, names)?))).collect()
    }

    /// Finds the programs that Debian has, by the variables that tests/e2e/driver reads. On Debian, installs what is missing.
    pub fn programs(self) -> Result<Vec<(&'static str, PathBuf)>> {
        if self.find().is_none()
            && let Some(mut apt) = apt()
        {
            println!("Installing {} …", self.packages().join(" and "));
            apt("update").run()?;
            apt("install").args(["--yes", "--no-install-recommends"]).args(self.packages()).run()?;
        }
        self.find().with_context(|| self.advice())
    }

    /// Where Chromium's headless shell is not to be had, or is not of the driver's version, Chromium stands in for it.
    pub fn install(self, workspace: &Workspace) -> Result<Installed> {
        if self == Shell && !self.programs().is_ok_and(|programs| are_of_one_version(&programs)) {
            println!("Without Chromium's headless shell the tests take longer: Chromium runs them.");
            return Chromium.install(workspace);
        }
        let mut variables = self.programs()?;
        let version = match self {
            Chromium | Firefox => version(&variables[0].1)?,
            Shell => format!("{} (headless shell)", version(&variables[0].1)?),
            // Neither of its programs says it where there is no screen.
            WebKit => packaged().unwrap_or_else(|_| "WebKitGTK of an unknown version".to_owned()),
        };
        if self == Firefox {
            variables.push(("GECKODRIVER", geckodriver(workspace)?));
        }
        Ok(Installed { engine: self, variables, version })
    }

    fn advice(self) -> String {
        let needs = match self {
            Chromium | Shell => "Chromium (or Chrome) and the chromedriver of the same version",
            Firefox => "Firefox",
            WebKit => "WebKitGTK with its MiniBrowser and WebKitWebDriver, and Xvfb",
        };
        format!(
            "The browser tests in {} need {needs}. Install it, on Debian with `apt-get install {}`, or name its programs in the \
             variables of tests/e2e/README.md. `cargo xtask test --no-browser` runs everything else.",
            self.name(),
            self.packages().join(" ")
        )
    }
}

/// Where Chromium and its driver are.
pub fn chromium() -> Result<(PathBuf, PathBuf)> {
    let mut programs = Chromium.programs()?.into_iter().map(|(_, program)| program);
    programs.next().zip(programs.next()).context("Chromium has two programs")
}

/// Whether the programs say the same version, as `Chromium 148.0.7778.167` and `ChromeDriver 148.0.7778.167 (…)` do.
fn are_of_one_version(programs: &[(&'static str, PathBuf)]) -> bool {
    let number = |(_, program): &(&'static str, PathBuf)| {
        let said = version(program).ok()?;
        said.split(' ').find(|word| word.starts_with(|first: char| first.is_ascii_digit())).map(str::to_owned)
    };
    let mut numbers = programs.iter().map(number);
    let first = numbers.next().flatten();
    first.is_some() && numbers.all(|other| other == first)
}

/// The first line that the program prints about itself.
fn version(program: &Path) -> Result<String> {
    let text = Command::new(program).arg("--version").read()?;
    Ok(text.lines().next().unwrap_or_default().trim().to_owned())
}

/// The version of WebKitGTK that Debian installed.
fn packaged() -> Result<String> {
    let mut query = Command::new("dpkg-query");
    query.args(["--show", "--showformat", "WebKitGTK ${Version}", "webkit2gtk-driver"]).read()
}

/// geckodriver of one version: that of the machine is another one, if there is any.
fn geckodriver(workspace: &Workspace) -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("GECKODRIVER") {
        return Ok(named.into());
    }
    let root = workspace.target.join("geckodriver");
    let program = root.join("bin").join(if cfg!(windows) { "geckodriver.exe" } else { "geckodriver" });
    let is_there = version(&program).is_ok_and(|line| line.split(' ').nth(1) == Some(GECKODRIVER));
    if !is_there {
        println!("Compiling geckodriver {GECKODRIVER} …");
        cargo()
            .args(["install", "--locked", "--quiet", "--force", "geckodriver", "--version", GECKODRIVER, "--root"])
            .arg(&root)
            .run()?;
    }
    Ok(program)
}

/// What the suite said in one engine: the file of tests/e2e/lib/results.js.
pub struct Results {
    pub failed: Vec<String>,
    passed: usize,
    skipped: BTreeMap<String, usize>,
}

impl Results {
    pub fn parse(text: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(text)?;
        let names = |member: &str| value[member].as_array().with_context(|| format!("no list of {member} tests"));
        let text = |name: &Value| name.as_str().unwrap_or_default().to_owned();
        let mut skipped = BTreeMap::new();
        for reason in names("skipped")? {
            *skipped.entry(text(reason)).or_default() += 1;
        }
        Ok(Self { passed: names("passed")?.len(), failed: names("failed")?.iter().map(text).collect(), skipped })
    }
}

/// One line for each engine, and below it one for each reason to skip a test and for each test that failed.
pub fn table(results: &[(Installed, Results)]) -> String {
    let mut lines = vec![format!("{:<10}{:>7}{:>7}{:>8}  version", "engine", "passed", "failed", "skipped")];
    for (Installed { engine, version, .. }, Results { failed, passed, skipped }) in results {
        let count: usize = skipped.values().sum();
        lines.push(format!("{:<10}{passed:>7}{:>7}{count:>8}  {version}", engine.name(), failed.len()));
        lines.extend(skipped.iter().map(|(reason, count)| format!("{count:>32}  skipped: {reason}")));
        lines.extend(failed.iter().map(|name| format!("{:>32}  FAILED: {name}", "")));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_are_chosen() {
        assert_eq!(Engine::parse("all").unwrap(), Engine::ALL);
        assert_eq!(Engine::parse("webkit,chromium").unwrap(), [WebKit, Chromium]);
        assert!(Engine::parse("chromium,chromium").unwrap_err().to_string().contains("twice"));
        assert!(Engine::parse("opera").unwrap_err().to_string().contains("chromium, firefox, webkit"));
    }

    #[test]
    fn the_table_counts_and_gives_the_reasons() {
        let results =
            Results::parse(r#"{ "passed": ["a", "b"], "failed": ["c"], "skipped": ["no console", "no console"] }"#)
                .unwrap();
        let installed = Installed { engine: Firefox, variables: vec![], version: "Mozilla Firefox 140".to_owned() };
        let table = table(&[(installed, results)]);
        let lines: Vec<&str> = table.lines().map(str::trim).collect();
        assert_eq!(
            lines[1..],
            ["firefox         2      1       2  Mozilla Firefox 140", "2  skipped: no console", "FAILED: c"]
        );
        assert!(Results::parse("{}").is_err());
    }
}
