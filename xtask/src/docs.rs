//! `cargo xtask docs`: the documentation site, made of docs/, the declarations and the error codes by VitePress (site/README.md).

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::args::Args;
use crate::engines::Engine;
use crate::process::Run;
use crate::workspace::Workspace;
use crate::{dist, npm};

const FOLDER: &str = "site";

pub struct Options {
    base: Option<String>,
    port: u16,
    serve: bool,
    screenshots: bool,
}

impl Options {
    pub fn parse(mut args: Args) -> Result<Self> {
        let options = Self {
            base: args.value("--base")?,
            port: args.value("--port")?.unwrap_or(4173),
            serve: args.flag("--serve"),
            screenshots: !args.flag("--no-screenshots"),
        };
        args.finish()?;
        Ok(options)
    }
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let shots = if options.screenshots { Some(screenshots(workspace)?) } else { None };
    build(workspace, options.base.as_deref(), shots.as_deref())?;
    if !options.serve {
        return Ok(());
    }
    let mut serve = node(workspace, "serve.js");
    serve.arg("--port").arg(options.port.to_string());
    with_base(&mut serve, options.base.as_deref());
    serve.run()
}

/// The stage of `cargo xtask test`: the site without the screenshots, and its tests in one browser.
pub fn test(workspace: &Workspace) -> Result<()> {
    let engine = Engine::Shell.install(workspace)?;
    build(workspace, None, None)?;
    npm::ci(&workspace.root.join("tests/e2e"))?;
    let mut tests = npm::npm(&workspace.root.join(FOLDER));
    tests.arg("test").envs(engine.variables.iter().map(|(name, program)| (name, program)));
    tests.env("DOCS_SITE", folder(workspace).join("site")).run()
}

fn build(workspace: &Workspace, base: Option<&str>, shots: Option<&Path>) -> Result<()> {
    npm::check_node()?;
    npm::ci(&workspace.root.join(FOLDER))?;
    let mut build = node(workspace, "build.js");
    with_base(&mut build, base);
    if let Some(shots) = shots {
        build.arg("--shots").arg(shots);
    }
    build.run()
}

/// The demo, signed in, as a person sees it. It is started with the package of these sources.
fn screenshots(workspace: &Workspace) -> Result<PathBuf> {
    let tarball = dist::build(workspace)?.tarball;
    npm::install(&workspace.root.join("www-example"), &tarball)?;
    npm::install(&workspace.root.join("tests/e2e"), &tarball)?;
    let place = folder(workspace).join("shots");
    let engine = Engine::Shell.install(workspace)?;
    let mut shots = node(workspace, "screenshots.js");
    shots.envs(engine.variables.iter().map(|(name, program)| (name, program)));
    shots.run()?;
    Ok(place)
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("docs")
}

fn node(workspace: &Workspace, script: &str) -> Command {
    let mut node = Command::new("node");
    node.arg(workspace.root.join(FOLDER).join(script)).arg("--out").arg(folder(workspace));
    node
}

fn with_base(command: &mut Command, base: Option<&str>) {
    if let Some(base) = base {
        command.arg("--base").arg(base);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_are_understood() {
        let parse = |line: &str| Options::parse(Args::new(line.split_whitespace().map(str::to_owned)));
        let options = parse("--serve --base /x/ --no-screenshots").unwrap();
        assert!(options.serve && !options.screenshots);
        assert_eq!((options.base.as_deref(), options.port), (Some("/x/"), 4173));
        assert!(parse("--open").is_err());
    }
}
