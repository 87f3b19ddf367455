//! `cargo xtask <command>`: everything this repository does besides compiling Rust. Needs Rust, Node and nothing global:
//! wasm-bindgen is a library of this program, wasm-opt and esbuild are npm packages of its own (`xtask/npm`).

mod args;
mod audit;
mod bench;
mod browser;
mod bundlers;
mod ceilings;
mod check;
mod children;
mod dead;
mod demo;
mod dist;
mod docs;
mod engines;
mod files;
mod frameworks;
mod fuzz;
mod glue;
mod health;
mod house;
mod layout;
mod linked;
mod module_parts;
mod names;
mod npm;
mod order;
mod outline;
mod package;
mod panics;
mod places;
mod process;
mod python;
mod references;
mod release;
mod reproduce;
mod sbom;
mod shape;
mod size;
mod sizes;
mod skin;
mod stamp;
mod test;
mod tools;
mod vectors;
mod wasm;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};

use args::Args;
use workspace::Workspace;

const HELP: &str = "\
cargo xtask dist     build the npm package: pkg/ and target/npm/oidc-client-wasm-<version>.tgz
cargo xtask demo     build it, install it in www-example, start the provider and the app; Ctrl-C stops both
                       --port <n>           of the app, default 5173
                       --provider-port <n>  of the provider, default 9400
                       --framework <name>   the example of www-example/<name> in place of the app
                       --check              stop, with exit code 0, as soon as both answer
cargo xtask test     install what is needed and run every test
                       --only <stage>       native, dist, types, units, docs, demo, bundlers, frameworks or browser
                       --no-browser         everything but the four stages that need a browser
                       --frameworks [names] only the examples of www-example: these, with commas between them, or all
                       --engines <names>    for browser and frameworks: chromium, firefox, webkit with commas between them, or all
                       --files <names>      for the stage browser: these files of tests/e2e/suite
cargo xtask check    what a pull request needs first, in less than ten minutes: the linters, the native tests, the types, a login in a browser
                       --files <names>      these files of tests/e2e/suite in place of login
                       --engines <names>    as above
cargo xtask docs     build the documentation site, for any web server: target/docs/site/ (site/README.md)
                       --serve              then serve it on this machine, and print its URL
                       --port <n>           of that server, default 4173
                       --base <path>        the path at which the site will be, default /
                       --no-screenshots     without those of the demo, which need the package and a browser
cargo xtask bundlers sign in on an app of each tool (Vite, webpack, Angular, …) and compare with docs/bundlers.md
                       --only <tool>        this one alone: a folder of tests/bundlers, or import-map
                       --write              put what was seen into docs/bundlers.md
cargo xtask audit    check what comes from others: licences, sources, versions, and warnings where a server can be asked
                       --strict             fail where it cannot
cargo xtask reproduce  build the package a second time, from a copy in another place, and compare every byte
cargo xtask bench    measure the package and its peers in one browser (bench/README.md)
                       --quick              few rounds, in some minutes
                       --write              put what was seen into docs/benchmarks.md
                       --only <names>       these and the floor
                       --suite <names>      flow, hint, getters, callers, tabs, memory or forged
                       --rounds <number>    of the suite flow; 11 without it, or 3 with --quick
cargo xtask api      say what changed in the declarations since the last release, and what the next version must be
                       --write              put the declarations of this version, and the files of the package, on record
cargo xtask release  make the files of a release, on the commit that has the tag; the workflow of the tag publishes them
                       --dry-run            say what stands in the way of a release, and make nothing
                       --full               run the long tests, too, in place of reading when they ran last
                       --fold               move what CHANGELOG.md has under Unreleased into the section of this version
cargo xtask house    draw the files of src/ and what each imports, from the face down
cargo xtask size     say what costs how many bytes: by floor, crate, file and function, and what changed since the last commit
                       --against <revision> compare with this one
                       --top <n>            as many files and functions, default 25
cargo xtask vectors  make what the browser test of published signatures reads: target/vectors/
cargo xtask providers  install the providers in Python for the browser tests: target/providers-venv/
cargo xtask fuzz     search for inputs that break what must hold (fuzz/README.md)
                       --seconds <n>        for each target, default 60
                       --target <name>      this one alone";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut args = Args::new(std::env::args().skip(1));
    match args.command().as_deref() {
        Some("dist") => {
            let copy = args.value::<PathBuf>(reproduce::OF)?;
            args.finish()?;
            dist::run(&copy.map_or_else(Workspace::find, |copy| Workspace::at(&copy))?)
        }
        Some("demo") => demo::run(&Workspace::find()?, &demo::Options::parse(args)?),
        Some("test") => {
            let options = test::Options::parse(args)?;
            test::run(&Workspace::find()?, &options)
        }
        Some("check") => check::run(&Workspace::find()?, &check::options(args)?),
        Some("docs") => {
            let options = docs::Options::parse(args)?;
            docs::run(&Workspace::find()?, &options)
        }
        Some("bundlers") => {
            let options = bundlers::Options::parse(args)?;
            bundlers::run(&Workspace::find()?, &options)
        }
        Some("audit") => {
            let options = audit::Options::parse(args)?;
            audit::run(&Workspace::find()?, &options)
        }
        Some("reproduce") => {
            args.finish()?;
            reproduce::run(&Workspace::find()?)
        }
        Some("bench") => {
            let options = bench::Options::parse(args)?;
            bench::run(&Workspace::find()?, &options)
        }
        Some("house") => {
            args.finish()?;
            house::run(&Workspace::find()?)
        }
        Some("size") => {
            let options = size::Options::parse(args)?;
            size::run(&Workspace::find()?, &options)
        }
        Some("api") => {
            let options = release::ApiOptions::parse(args)?;
            release::api(&Workspace::find()?, &options)
        }
        Some("release") => {
            let options = release::Options::parse(args)?;
            release::run(&Workspace::find()?, &options)
        }
        Some("vectors") => {
            args.finish()?;
            vectors::run(&Workspace::find()?).map(drop)
        }
        Some("providers") => {
            args.finish()?;
            println!("{}", python::providers(&Workspace::find()?)?.display());
            Ok(())
        }
        Some("fuzz") => {
            let options = fuzz::Options::parse(args)?;
            fuzz::run(&Workspace::find()?, &options)
        }
        Some("help" | "--help" | "-h") | None => {
            println!("{HELP}");
            Ok(())
        }
        Some(other) => bail!("there is no command `{other}`.\n\n{HELP}"),
    }
}
