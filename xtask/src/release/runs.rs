//! The long tests: what the tables say of their last runs, or the tests themselves.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::day::Day;
use super::{Finding, Release, tree};
use crate::process::Run as _;

use Finding::*;

/// A run is believed for so many days: later, browsers and tools have other versions.
const DAYS: i64 = 30;
/// The code that an engine runs. The tools of developers run in Node, and have their tests in every run of CI.
const SHIPPED: [&str; 9] = [
    "Cargo.lock",
    "src",
    "verifier/src",
    "pkg-template",
    ":(exclude)pkg-template/cli",
    ":(exclude)pkg-template/testing",
    ":(exclude)*.json",
    ":(exclude)*.md",
    ":(exclude)*.ts",
];
const EXAMPLES: [&str; 2] = ["www-example/*/*", ":(exclude)*.md"];

/// A long test, and where its last run is told.
pub struct Run {
    pub name: &'static str,
    /// The words of `cargo xtask` that run it.
    pub command: &'static [&'static str],
    page: &'static str,
    /// How the lines begin that tell of a run; each has a day.
    begin: &'static str,
    /// Whether the run tells of this code alone. The others are run in part by every change.
    code: &'static [&'static [&'static str]],
}

pub const RUNS: [Run; 7] = [
    Run::engine("the suite in Chromium", &["test", "--only", "browser", "--engines", "chromium"], "| Chromium "),
    Run::engine("the suite in Firefox", &["test", "--only", "browser", "--engines", "firefox"], "| Firefox "),
    Run::engine("the suite in WebKit", &["test", "--only", "browser", "--engines", "webkit"], "| WebKitGTK "),
    Run {
        name: "the examples of the frameworks",
        command: &["test", "--frameworks", "--engines", "all"],
        page: "README.md",
        begin: "| The examples of ",
        code: &[&SHIPPED, &EXAMPLES],
    },
    Run {
        name: "the bundlers",
        command: &["bundlers"],
        page: "docs/bundlers.md",
        begin: "<!-- seen by cargo xtask bundlers -->",
        code: &[],
    },
    Run { name: "reproducible bytes", command: &["reproduce"], page: "README.md", begin: "| Two builds ", code: &[] },
    Run {
        name: "the benchmarks",
        command: &["bench", "--write"],
        page: "docs/benchmarks.md",
        begin: "Measured on ",
        code: &[],
    },
];

impl Run {
    const fn engine(name: &'static str, command: &'static [&'static str], begin: &'static str) -> Self {
        Self { name, command, page: "README.md", begin, code: &[&SHIPPED] }
    }

    pub fn check(&self, release: &Release) -> Result<Finding> {
        if release.full {
            println!("\n━━ cargo xtask {}\n", self.command.join(" "));
            let mut again = Command::new(std::env::current_exe()?);
            again.args(self.command).current_dir(&release.workspace.root).run()?;
            return Ok(Passed("It passed just now.".to_owned()));
        }
        self.told(&release.workspace.root, release.today)
    }

    fn told(&self, root: &Path, today: Day) -> Result<Finding> {
        let text =
            std::fs::read_to_string(root.join(self.page)).with_context(|| format!("{} is missing", self.page))?;
        let cure = format!("Run `cargo xtask {}`, and write the day into {}.", self.command.join(" "), self.page);
        let days = days(&text, self.begin);
        let oldest = days.iter().min_by_key(|(_, day)| day.0).copied();
        let Some((line, oldest)) = oldest else {
            return Ok(Failed(format!("{} tells no day of it. {cure}", self.page)));
        };
        let age = today.0 - oldest.0;
        if age < 0 || days.iter().any(|(_, day)| *day > today) {
            return Ok(Failed(format!("{} tells of a day that is to come. {cure}", self.page)));
        }
        if age > DAYS {
            return Ok(Failed(format!("It ran {age} days ago, and counts for {DAYS}. {cure}")));
        }
        let mut changed = Vec::new();
        for paths in self.code {
            changed.extend(tree::changed_since(root, self.page, line, paths)?);
        }
        Ok(match &changed[..] {
            [first, others @ ..] => {
                let others = if others.is_empty() { String::new() } else { format!(", as did {} more", others.len()) };
                Failed(format!("{first} changed after its last run{others}. {cure}"))
            }
            [] => Passed(match age {
                0 => "It ran today.".to_owned(),
                1 => "It ran yesterday.".to_owned(),
                _ => format!("It ran {age} days ago."),
            }),
        })
    }
}

/// The lines, by number, that tell of a run, and the day of each. A comment begins a table, whose rows end with the day.
fn days(text: &str, begin: &str) -> Vec<(usize, Day)> {
    let lines: Vec<&str> = text.lines().collect();
    let Some(first) = lines.iter().position(|line| line.starts_with(begin)) else { return Vec::new() };
    if !begin.starts_with("<!--") {
        let line = lines[first];
        let iso = line.split([' ', ',', '.']).find_map(Day::iso);
        return iso.or_else(|| Day::english(line)).map(|day| (first + 1, day)).into_iter().collect();
    }
    let rows = lines.iter().enumerate().skip(first + 1).take_while(|(_, line)| !line.starts_with("<!-- end"));
    let day = |row: &str| Day::iso(row.trim_end_matches('|').rsplit('|').next()?.trim());
    rows.filter_map(|(at, row)| Some((at + 1, day(row)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_of_runs_are_found_in_the_pages() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository");
        for Run { name, page, begin, .. } in RUNS {
            let text = std::fs::read_to_string(root.join(page)).unwrap();
            assert!(!days(&text, begin).is_empty(), "{page} tells no day of {name}");
        }
    }

    #[test]
    fn every_row_of_a_table_counts() {
        let table = "<!-- t -->\n\n| a | seen |\n|---|---|\n| x | 2026-11-28 |\n| y | 2026-11-02 |\n\n<!-- end -->\n| z | 2026-01-01 |";
        let found: Vec<usize> = days(table, "<!-- t").iter().map(|(line, _)| *line).collect();
        assert_eq!(found, [5, 6]);
        assert_eq!(
            days("Measured on 2026-11-29 in a quick run", "Measured on "),
            [(1, Day::iso("2026-11-29").unwrap())]
        );
        assert!(days("| Firefox 140 | All pass |", "| Firefox ").is_empty());
    }

    #[test]
    fn an_old_run_and_one_to_come_do_not_count() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository");
        let run = RUNS.iter().find(|run| run.name == "the benchmarks").unwrap();
        let day = days(&std::fs::read_to_string(root.join(run.page)).unwrap(), run.begin)[0].1;
        let after = |days: i64| run.told(root, Day(day.0 + days)).unwrap();
        assert_eq!(after(0), Passed("It ran today.".to_owned()));
        assert!(matches!(after(DAYS), Passed(_)));
        assert!(
            matches!(after(DAYS + 1), Failed(why) if why.contains("31 days ago") && why.contains("cargo xtask bench --write"))
        );
        assert!(matches!(after(-1), Failed(why) if why.contains("to come")));
    }
}
