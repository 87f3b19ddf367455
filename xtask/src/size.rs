//! `cargo xtask size`: the bytes of each part, now and in another revision. The main module is measured as it is shipped, with the names of
//! its functions beside it: code that the compiler inlined counts for the function that has it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::args::Args;
use crate::module_parts::{Function, Parts};
use crate::process::Run;
use crate::sizes::{self, Row, brotli};
use crate::workspace::{PACKAGE, Workspace};
use crate::{npm, package, wasm};

/// Less than this is not compressed by itself.
const SMALL: usize = 1000;

pub struct Options {
    against: Option<String>,
    top: usize,
}

impl Options {
    pub fn parse(mut args: Args) -> Result<Self> {
        let (against, top) = (args.value("--against")?, args.value("--top")?.unwrap_or(25));
        args.finish()?;
        Ok(Self { against, top })
    }
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    npm::check_node()?;
    let revision = match &options.against {
        Some(named) => named.clone(),
        // The comparison shows the changes since the last commit, or those of the last commit.
        None if git(workspace, &["status", "--porcelain"])?.is_empty() => "HEAD^".to_owned(),
        None => "HEAD".to_owned(),
    };
    let commit = git(workspace, &["rev-parse", "--short", &format!("{revision}^{{commit}}")])?;
    let now = Measured::of(workspace)?;
    let other = Checkout::of(workspace, &commit)?;
    let before = other.measured(workspace).with_context(|| format!("{revision} ({commit}) cannot be measured"))?;
    println!("\n{}", report(&now, &before, &commit, options.top));
    Ok(())
}

fn git(workspace: &Workspace, args: &[&str]) -> Result<String> {
    Ok(Command::new("git").current_dir(&workspace.root).args(args).read()?.trim().to_owned())
}

/// The sources of another commit. Not below this checkout: cargo would read the settings of both.
struct Checkout {
    root: PathBuf,
    place: PathBuf,
}

impl Checkout {
    fn of(workspace: &Workspace, commit: &str) -> Result<Self> {
        // The same place each time for one checkout, so that cargo knows what it has compiled.
        let hash = Sha256::digest(workspace.root.to_string_lossy().as_bytes());
        let name = format!("{PACKAGE}-size-{:02x}{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2], hash[3]);
        let checkout = Self { root: workspace.root.clone(), place: std::env::temp_dir().join(name) };
        checkout.remove()?;
        checkout.worktree().args(["add", "--quiet", "--force", "--detach"]).arg(&checkout.place).arg(commit).run()?;
        Ok(checkout)
    }

    fn worktree(&self) -> Command {
        let mut git = Command::new("git");
        git.current_dir(&self.root).arg("worktree");
        git
    }

    fn remove(&self) -> Result<()> {
        if self.place.exists() {
            self.worktree().args(["remove", "--force"]).arg(&self.place).run()?;
        }
        Ok(())
    }

    /// Builds the other sources by the steps of this program: a change of the steps is no change of the sources.
    fn measured(self, workspace: &Workspace) -> Result<Measured> {
        let mut other = Workspace::at(&self.place)?;
        other.target = workspace.target.join("xtask/size");
        let measured = Measured::of(&other)?;
        self.remove()?;
        Ok(measured)
    }
}

struct Measured {
    artifacts: Vec<Line>,
    floors: Vec<Line>,
    crates: Vec<Line>,
    files: Vec<Line>,
    functions: Vec<Line>,
}

/// A name, its bytes, and its bytes in brotli where they can be told.
#[derive(Clone)]
struct Line {
    name: String,
    raw: usize,
    brotli: Option<usize>,
}

impl Measured {
    fn of(workspace: &Workspace) -> Result<Self> {
        let files = package::assemble(workspace, wasm::build(workspace)?)?;
        let row = |Row { label, raw, brotli, .. }| Line { name: label, raw, brotli: Some(brotli) };
        let artifacts = sizes::rows(&files).into_iter().map(row).collect();
        let sources = crate::files::files_of(&workspace.root.join("src"))?.into_keys().collect();
        let parts = Parts::of(&wasm::named(workspace)?, &sources)?;
        let all = brotli(&parts.code(|_| true));
        // What the module would lack without it: the parts of a text that is compressed as one have no sizes of their own.
        // That takes a second for each: a small one goes without.
        let with_brotli = |name: String, raw: usize, is_in: &dyn Fn(&Function) -> bool| {
            let without = (raw >= SMALL).then(|| brotli(&parts.code(|function| !is_in(function))));
            Line { name, raw, brotli: without.map(|without| all.saturating_sub(without)) }
        };
        let groups = |key: fn(&Function) -> Option<&str>| {
            let mut sums = BTreeMap::<String, usize>::new();
            for function in &parts.functions {
                if let Some(name) = key(function) {
                    *sums.entry(name.to_owned()).or_default() += function.bytes.len();
                }
            }
            sums
        };
        let compressed = |key: fn(&Function) -> Option<&str>| {
            groups(key)
                .into_iter()
                .map(|(name, raw)| with_brotli(name.clone(), raw, &move |function| key(function) == Some(&*name)))
                .collect()
        };
        let plain = |key| groups(key).into_iter().map(|(name, raw)| Line { name, raw, brotli: None }).collect();
        let mut crates: Vec<Line> = compressed(|function| function.library());
        for (name, bytes) in &parts.rest {
            crates.push(Line { name: (*name).to_owned(), raw: bytes.len(), brotli: Some(brotli(bytes)) });
        }
        Ok(Self {
            artifacts,
            floors: compressed(|function| function.floor()),
            crates,
            files: plain(|function| function.file.as_deref()),
            functions: plain(|function| Some(&function.name)),
        })
    }
}

fn report(now: &Measured, before: &Measured, commit: &str, top: usize) -> String {
    let mut text = format!("Bytes now, and what changed since {commit}.\n");
    let mut section = |title: &str, now: &[Line], before: &[Line], top: usize| {
        text.push_str(&format!("\n{title:<64}{:>9}{:>9}{:>9}{:>9}\n", "raw", "change", "brotli", "change"));
        for line in lines(now, before, top) {
            text.push_str(&line);
        }
    };
    section("artifacts", &now.artifacts, &before.artifacts, usize::MAX);
    section("main module: our code, by floor", &now.floors, &before.floors, usize::MAX);
    section("main module: the rest, by crate and section", &now.crates, &before.crates, usize::MAX);
    section("main module: our code, by file", &now.files, &before.files, top);
    section("main module: functions", &now.functions, &before.functions, top);
    text.push_str("\nA library's code for one of our types counts as ours. brotli: what the module is larger with it than without it.\n");
    text
}

/// The largest, and those that changed most.
fn lines(now: &[Line], before: &[Line], top: usize) -> Vec<String> {
    let by_name = |lines: &[Line]| -> BTreeMap<String, Line> {
        lines.iter().map(|line| (line.name.clone(), line.clone())).collect()
    };
    let (now, before) = (by_name(now), by_name(before));
    let names: BTreeSet<&String> = now.keys().chain(before.keys()).collect();
    let raw = |lines: &BTreeMap<String, Line>, name: &str| lines.get(name).map_or(0, |line| line.raw);
    let change = |name: &str| raw(&now, name).abs_diff(raw(&before, name));
    let mut sorted: Vec<&String> = names.into_iter().collect();
    sorted.sort_by_key(|name| std::cmp::Reverse(change(name)));
    let changed: BTreeSet<&String> = sorted.iter().take(top).filter(|name| change(name) > 0).copied().collect();
    sorted.sort_by_key(|name| std::cmp::Reverse(raw(&now, name)));
    let shown =
        sorted.iter().enumerate().filter(|(at, name)| *at < top || changed.contains(*name)).map(|(_, name)| *name);
    shown.map(|name| line(name, now.get(name), before.get(name))).collect()
}

fn line(name: &str, now: Option<&Line>, before: Option<&Line>) -> String {
    let columns = |value: fn(&Line) -> Option<usize>| {
        let (now, before) = (now.map_or(Some(0), value), before.map_or(Some(0), value));
        match now.zip(before) {
            Some((now, before)) => (now.to_string(), signed(now, before)),
            None => (String::new(), String::new()),
        }
    };
    let ((raw, raw_change), (brotli, brotli_change)) = (columns(|line| Some(line.raw)), columns(|line| line.brotli));
    let shortened: String = match name.char_indices().nth(62) {
        Some((at, _)) => format!("{}…", name.get(..at).unwrap_or(name)),
        None => name.to_owned(),
    };
    format!("{shortened:<64}{raw:>9}{raw_change:>9}{brotli:>9}{brotli_change:>9}").trim_end().to_owned() + "\n"
}

fn signed(now: usize, before: usize) -> String {
    match now.cmp(&before) {
        std::cmp::Ordering::Equal => "=".to_owned(),
        std::cmp::Ordering::Greater => format!("+{}", now - before),
        std::cmp::Ordering::Less => format!("-{}", before - now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[(&str, usize, Option<usize>)]) -> Vec<Line> {
        lines.iter().map(|(name, raw, brotli)| Line { name: (*name).to_owned(), raw: *raw, brotli: *brotli }).collect()
    }

    #[test]
    fn the_largest_are_listed_with_their_change_and_so_are_those_that_changed_most() {
        let now = of(&[("flow", 900, Some(300)), ("js", 500, Some(100)), ("error", 10, Some(5))]);
        let before = of(&[("flow", 900, Some(310)), ("js", 400, Some(100)), ("wire", 150, Some(50))]);
        let listed: Vec<String> =
            lines(&now, &before, 2).iter().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(listed, ["flow 900 = 300 -10", "js 500 +100 100 =", "wire 0 -150 0 -50"]);
    }

    #[test]
    fn lines_are_aligned_and_a_long_name_is_cut() {
        let long = "a".repeat(90);
        let lines = lines(&of(&[(&long, 1, Some(1)), ("b", 20_000, Some(3))]), &[], 9);
        assert!(lines.iter().all(|line| line.chars().count() == 101), "{lines:?}");
        assert!(!lines[1].contains(&long) && lines[1].contains('…'), "{lines:?}");
    }
}
