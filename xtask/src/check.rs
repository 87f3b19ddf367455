//! `cargo xtask check`: what a pull request needs before somebody reads it, in less than ten minutes from nothing. `.ci/run` has these linters, too, and
//! then runs every test.

use anyhow::Result;

use crate::args::Args;
use crate::browser;
use crate::process::{Run, cargo};
use crate::test::{self, Stage};
use crate::workspace::Workspace;

/// The linters, as `.ci/run` has them.
const LINTS: [&str; 3] = [
    "cargo fmt --all --check",
    "cargo clippy --locked --workspace --all-targets -- -D warnings",
    "cargo clippy --locked --target wasm32-unknown-unknown -p oidc-client-wasm -- -D warnings",
];

/// The core and the declarations, and logins in a real browser.
const STAGES: [Stage; 4] = [Stage::Native, Stage::Dist, Stage::Types, Stage::Browser];

/// The file of tests/e2e that runs if no other is named.
const FILE: &str = "login";

/// The files of tests/e2e that are to run, where the command names some.
pub fn options(mut args: Args) -> Result<test::Options> {
    let browser = browser::Options::parse(&mut args)?;
    args.finish()?;
    Ok(test::Options::of(&STAGES, browser.or_file(FILE)))
}

pub fn run(workspace: &Workspace, options: &test::Options) -> Result<()> {
    for lint in LINTS {
        println!("\n━━ {lint}\n");
        let words = lint.split(' ').skip(1);
        cargo().current_dir(&workspace.root).args(words).run()?;
    }
    test::run(workspace, options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::read;

    #[test]
    fn ci_runs_the_same_linters() {
        let root = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
        let ci = String::from_utf8(read(&root.join(".ci/run")).unwrap()).unwrap();
        for lint in LINTS {
            assert!(ci.lines().any(|line| line == lint), "{lint}");
        }
    }

    #[test]
    fn one_file_runs_unless_others_are_named() {
        let of = |line: &str| options(Args::new(line.split_whitespace().map(str::to_owned))).unwrap();
        assert!(of("").has_file("login") && !of("").has_file("logout"));
        assert!(of("--files logout,popup").has_file("popup") && !of("--files logout,popup").has_file("login"));
    }
}
