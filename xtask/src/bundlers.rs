//! `cargo xtask bundlers`: installs the packed package in a small app of each tool that people build with, signs in on that app in a
//! real browser, and compares the results with the table in docs/bundlers.md.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::args::Args;
use crate::files::{read, write};
use crate::process::Run;
use crate::workspace::Workspace;
use crate::{dist, engines, npm};

pub const APPS: &str = "tests/bundlers";
/// The page that no tool builds, and that needs no packages therefore.
const NO_TOOL: &str = "import-map";
/// The tools that CI tries: those that most people have, and those that leave files behind.
const IN_CI: [&str; 5] = ["vite-8", "vite-7", "webpack", "esbuild", NO_TOOL];

pub struct Options {
    only: Option<String>,
    write: bool,
}

impl Options {
    pub fn parse(mut args: Args) -> Result<Self> {
        let options = Self { only: args.value("--only")?, write: args.flag("--write") };
        args.finish()?;
        Ok(options)
    }
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut chosen = tools(&workspace.root.join(APPS))?;
    if let Some(only) = &options.only {
        if !chosen.contains(only) {
            bail!("There is no tool `{only}`: the tools are {}.", chosen.join(", "));
        }
        chosen.retain(|tool| tool == only);
    }
    try_tools(workspace, &chosen, options.write)
}

/// The stage of `cargo xtask test`.
pub fn check(workspace: &Workspace) -> Result<()> {
    try_tools(workspace, &IN_CI.map(str::to_owned), false)
}

/// The names of the folders that have packages, and of the page that needs none.
fn tools(apps: &Path) -> Result<Vec<String>> {
    let mut names = npm::folders(apps)?;
    names.push(NO_TOOL.to_owned());
    names.sort();
    Ok(names)
}

fn try_tools(workspace: &Workspace, tools: &[String], write: bool) -> Result<()> {
    let (chrome, driver) = engines::chromium()?;
    let tarball = dist::build(workspace)?.tarball;
    // run.js takes the provider from the demo, and the driver of the browser and the unbundled package from the browser tests.
    npm::ci(&workspace.root.join("www-example"))?;
    npm::install(&workspace.root.join("tests/e2e"), &tarball)?;
    // Below target/, because a tool writes beside its app.
    let place = workspace.target.join("bundlers");
    for tool in tools.iter().filter(|tool| *tool != NO_TOOL) {
        npm::install(&app(workspace, &place, tool)?, &tarball)?;
    }
    let mut node = Command::new("node");
    node.arg(workspace.root.join(APPS).join("run.js")).arg(&place).args(tools).current_dir(&workspace.root);
    if write {
        node.arg("--write");
    }
    node.env("CHROME", chrome).env("CHROMEDRIVER", driver).run()
}

/// The folder of the tool's app, with its list of packages.
fn app(workspace: &Workspace, place: &Path, tool: &str) -> Result<PathBuf> {
    let (from, to) = (workspace.root.join(APPS).join(tool), place.join(tool));
    for name in ["package.json", "package-lock.json"] {
        write(&to.join(name), read(&from.join(name))?)?;
    }
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ci_tries_tools_that_exist() {
        let all = tools(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(APPS)).unwrap();
        for tool in IN_CI {
            assert!(all.iter().any(|name| name == tool), "{tool}");
        }
        assert!(all.len() > IN_CI.len());
    }

    #[test]
    fn the_options_are_understood() {
        let parse = |line: &str| Options::parse(Args::new(line.split_whitespace().map(str::to_owned)));
        let options = parse("--only vite-8 --write").unwrap();
        assert_eq!((options.only.as_deref(), options.write), (Some("vite-8"), true));
        assert!(parse("vite-8").is_err());
    }
}
