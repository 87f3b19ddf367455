//! `cargo xtask bench`: the packed package and its peers in one browser (bench/README.md). CI and `cargo xtask test` do without it.

use std::process::Command;

use anyhow::Result;

use crate::args::Args;
use crate::process::Run;
use crate::workspace::Workspace;
use crate::{dist, engines, npm};

pub const FOLDER: &str = "bench";

pub struct Options {
    /// The arguments for run.js of the bench.
    words: Vec<String>,
}

impl Options {
    pub fn parse(mut args: Args) -> Result<Self> {
        let mut words = Vec::new();
        for name in ["--quick", "--write"] {
            if args.flag(name) {
                words.push(name.to_owned());
            }
        }
        for name in ["--only", "--suite", "--rounds"] {
            if let Some(value) = args.value::<String>(name)? {
                words.push(format!("{name}={value}"));
            }
        }
        args.finish()?;
        Ok(Self { words })
    }
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let (chrome, _) = engines::chromium()?;
    let folder = workspace.root.join(FOLDER);
    npm::install(&folder, &dist::build(workspace)?.tarball)?;
    let mut node = Command::new("node");
    node.arg(folder.join("run.js")).arg(workspace.target.join("bench")).args(&options.words);
    node.current_dir(&workspace.root).env("CHROME", chrome).run()
}

/// Tests of the parts that compute and write. They do not need the packages of the bench.
pub fn test(workspace: &Workspace) -> Result<()> {
    npm::npm(&workspace.root.join(FOLDER)).arg("test").run()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_are_handed_on() {
        let parse = |line: &str| Options::parse(Args::new(line.split_whitespace().map(str::to_owned)));
        let options = parse("--suite flow,forged --quick --only oidc-spa").unwrap();
        assert_eq!(options.words, ["--quick", "--only=oidc-spa", "--suite=flow,forged"]);
        assert!(parse("--fast").is_err());
    }
}
