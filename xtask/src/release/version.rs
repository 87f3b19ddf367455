//! The number of a version, its section in the changelog, and how large a step the declarations ask for.

use std::fmt;

use super::day::Day;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u64, pub u64, pub u64);

impl Version {
    /// Three numbers: this project has no versions before a release.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<u64> = text.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
        let [major, minor, patch] = parts[..] else { return None };
        let version = Self(major, minor, patch);
        (version.to_string() == text).then_some(version)
    }

    /// The smallest version after this one for such a change. Before 1.0.0 the second number is what a caret range holds (semver.org, item 4, and npm).
    pub fn after(self, change: Change) -> Self {
        let Self(major, minor, patch) = self;
        match (change, major) {
            (Change::Breaking, 1..) => Self(major + 1, 0, 0),
            (Change::Breaking, 0) | (Change::Addition, 1..) => Self(major, minor + 1, 0),
            _ => Self(major, minor, patch + 1),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.0, self.1, self.2)
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    None,
    Addition,
    Breaking,
}

/// What is wrong with the changelog for a release of this version; `None` if nothing is.
pub fn changelog_fault(changelog: &str, version: &str, today: Day) -> Option<String> {
    let mut sections = changelog.split("\n## ").skip(1);
    let Some(unreleased) = sections.next().and_then(|section| section.strip_prefix("Unreleased")) else {
        return Some("The first section of CHANGELOG.md must be `## Unreleased`.".to_owned());
    };
    if !unreleased.trim().is_empty() {
        return Some(format!(
            "CHANGELOG.md has entries under Unreleased: move them into the section of {version}, or set a new version in Cargo.toml."
        ));
    }
    let title = sections.next().and_then(|section| section.split_once('\n'));
    let Some((title, body)) = title.filter(|(title, _)| title.split(' ').next() == Some(version)) else {
        return Some(format!("CHANGELOG.md must have `## {version} — YYYY-MM-DD` after Unreleased."));
    };
    let day = title.split_once(" — ").and_then(|(_, day)| Day::iso(day));
    match day {
        None => Some(format!("The section of {version} in CHANGELOG.md must end its heading with ` — YYYY-MM-DD`.")),
        Some(day) if day > today => {
            Some(format!("The section of {version} in CHANGELOG.md has a day that is to come."))
        }
        // Text is what tells a reader something; headings of groups do not.
        Some(_) if body.lines().all(|line| line.trim().is_empty() || line.starts_with('#')) => {
            Some(format!("The section of {version} in CHANGELOG.md is empty."))
        }
        Some(_) => None,
    }
}

/// The changelog with what is under Unreleased at the end of the group Added, of the section of this version; `None` if there is nothing to move.
pub fn folded(changelog: &str, version: &str) -> Option<String> {
    let (before, rest) = changelog.split_once("\n## Unreleased\n")?;
    let (late, rest) = rest.split_once("\n## ")?;
    let late = late.trim_matches('\n');
    let (head, added) =
        rest.split_once("\n### Added\n").filter(|(head, _)| head.starts_with(version) && !head.contains("\n## "))?;
    let end = ["\n### ", "\n## "].iter().filter_map(|next| added.find(next)).min().unwrap_or(added.len());
    let (added, after) = added.split_at(end);
    let added = added.trim_end_matches('\n');
    (!late.is_empty()).then(|| format!("{before}\n## Unreleased\n\n## {head}\n### Added\n{added}\n{late}\n{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_three_numbers_in_order() {
        let version = |text| Version::parse(text);
        assert!(version("0.10.0") > version("0.9.9"));
        for text in ["0.2", "0.2.0-rc.1", "v0.2.0", "00.2.0", "0.2.0.0", ""] {
            assert_eq!(version(text), None, "{text}");
        }
    }

    #[test]
    fn a_change_asks_for_a_step() {
        let next = |version: &str, change| Version::parse(version).unwrap().after(change).to_string();
        assert_eq!(next("0.2.3", Change::Breaking), "0.3.0");
        assert_eq!(next("0.2.3", Change::Addition), "0.2.4");
        assert_eq!(next("1.2.3", Change::Breaking), "2.0.0");
        assert_eq!(next("1.2.3", Change::Addition), "1.3.0");
        assert_eq!(next("1.2.3", Change::None), "1.2.4");
    }

    #[test]
    fn a_changelog_that_is_not_ready_says_why() {
        let today = Day::iso("2026-11-30").unwrap();
        let fault = |text: &str| changelog_fault(text, "0.2.0", today).unwrap_or_default();
        assert_eq!(fault("# Changelog\n\n## Unreleased\n\n## 0.2.0 — 2026-11-30\n\n- A line.\n"), "");
        assert!(fault("# C\n\n## 0.2.0 — 2026-11-30\n\n- A.\n").contains("`## Unreleased`"));
        assert!(
            fault("# C\n\n## Unreleased\n\n- New.\n\n## 0.2.0 — 2026-11-30\n\n- A.\n").contains("under Unreleased")
        );
        assert!(fault("# C\n\n## Unreleased\n").contains("must have `## 0.2.0"));
        assert!(fault("# C\n\n## Unreleased\n\n## 0.2.01 — 2026-11-30\n\n- A.\n").contains("must have"));
        assert!(fault("# C\n\n## Unreleased\n\n## 0.1.0 — 2026-11-30\n\n- A.\n").contains("must have"));
        assert!(fault("# C\n\n## Unreleased\n\n## 0.2.0\n\n- A.\n").contains("YYYY-MM-DD"));
        assert!(fault("# C\n\n## Unreleased\n\n## 0.2.0 — 2026-12-01\n\n- A.\n").contains("to come"));
        assert!(fault("# C\n\n## Unreleased\n\n## 0.2.0 — 2026-11-30\n\n### Added\n\n").contains("is empty"));
    }

    #[test]
    fn late_entries_go_to_the_end_of_what_was_added() {
        let late = "# C\n\n## Unreleased\n\n- D, which\n  is long.\n- E.\n\n## 0.2.0 — 2026-11-30\n\nFirst.\n\n### Added\n\n- A.\n\n### Changed\n\n- B.\n";
        let folded_once = folded(late, "0.2.0").unwrap();
        assert_eq!(
            folded_once,
            "# C\n\n## Unreleased\n\n## 0.2.0 — 2026-11-30\n\nFirst.\n\n### Added\n\n- A.\n- D, which\n  is long.\n- E.\n\n### Changed\n\n- B.\n"
        );
        assert_eq!(changelog_fault(&folded_once, "0.2.0", Day::iso("2026-11-30").unwrap()), None);
        assert_eq!(folded(&folded_once, "0.2.0"), None);
        assert_eq!(folded(late, "0.3.0"), None, "the section of another version");
        let last = "# C\n\n## Unreleased\n\n- D.\n\n## 0.2.0 — 2026-11-30\n\n### Added\n\n- A.\n";
        assert_eq!(
            folded(last, "0.2.0").unwrap(),
            "# C\n\n## Unreleased\n\n## 0.2.0 — 2026-11-30\n\n### Added\n\n- A.\n- D.\n"
        );
    }
}
