//! Which file of the package imports which: by `use`, or by a path in the middle of the code.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::source::{Source, words};

pub struct Imports {
    /// Both by path from the root of the project.
    of: BTreeMap<String, BTreeSet<String>>,
}

impl Imports {
    pub fn of(sources: &[Source]) -> Self {
        let house = House { sources };
        let of = |source: &Source| {
            let paths = source.paths().into_iter().filter_map(|path| house.file_of(&path));
            (source.path.clone(), paths.filter(|file| *file != source.path).collect())
        };
        Self { of: sources.iter().map(of).collect() }
    }

    /// The shortest circle through each file that is in one; a circle of several files is given once.
    pub fn circles(&self) -> Vec<Vec<String>> {
        let mut known = BTreeSet::new();
        let circles = self.of.keys().filter_map(|file| self.way_back_to(file));
        circles.filter(|circle| known.insert(circle.iter().cloned().collect::<BTreeSet<_>>())).collect()
    }

    fn way_back_to(&self, start: &str) -> Option<Vec<String>> {
        let mut ways = vec![vec![start.to_owned()]];
        let mut seen = BTreeSet::new();
        while !ways.is_empty() {
            let mut longer = Vec::new();
            for way in ways {
                for next in &self.of[way.last().expect("a file")] {
                    if next == start {
                        return Some(way);
                    }
                    if seen.insert(next) {
                        longer.push(way.iter().chain([next]).cloned().collect());
                    }
                }
            }
            ways = longer;
        }
        None
    }

    /// The house from the roof down: floor by floor and room by room. Each file stands above the files of its room that it imports; what
    /// it imports of its own floor is named, and the floors below are.
    pub fn draw(&self, floors: &[&str]) -> String {
        let mut drawing = String::new();
        for floor in floors {
            let is_of_floor = |file: &&String| floor_of(file) == *floor;
            let files: Vec<&String> = self.of.keys().filter(is_of_floor).collect();
            let rooms: BTreeSet<&str> = files.iter().map(|file| room_of(file)).collect();
            let _ = writeln!(drawing, "\n==== {floor}: {} files", files.len());
            for room in rooms {
                let _ = writeln!(drawing, "  {room}/");
                let mut left: Vec<&String> = files.iter().filter(|file| room_of(file) == room).copied().collect();
                while !left.is_empty() {
                    // The files that no other file of the rest imports; in a circle there is none, and the first stands for it.
                    let is_top =
                        |file: &&&String| left.iter().all(|other| other == *file || !self.of[*other].contains(**file));
                    let tops: Vec<&String> = left.iter().filter(is_top).copied().collect();
                    let tops = if tops.is_empty() { vec![left[0]] } else { tops };
                    left.retain(|file| !tops.contains(file));
                    for file in tops {
                        let _ = writeln!(drawing, "    {}", self.line(file, room));
                    }
                }
            }
        }
        drawing
    }

    fn line(&self, file: &str, room: &str) -> String {
        let (mut near, mut below) = (Vec::new(), BTreeSet::new());
        for import in &self.of[file] {
            match import.strip_prefix(room).and_then(|rest| rest.strip_prefix('/')).filter(|rest| !rest.contains('/')) {
                Some(name) => near.push(short(name)),
                None if floor_of(import) == floor_of(file) => near.push(short(inside(import))),
                None => drop(below.insert(floor_of(import))),
            }
        }
        let name = short(file.rsplit('/').next().unwrap_or(file));
        let below: Vec<&str> = below.into_iter().collect();
        format!("{name:<24} {:<60} | {}", near.join(" "), below.join(" ")).trim_end_matches([' ', '|']).to_owned()
    }
}

fn inside(file: &str) -> &str {
    file.splitn(3, '/').nth(2).unwrap_or(file)
}

fn short(name: &str) -> &str {
    name.trim_end_matches(".rs").trim_end_matches("/mod")
}

/// `src/flow/op/jwks.rs` and `src/wire.rs` are of the floors `flow` and `wire`.
fn floor_of(file: &str) -> &str {
    short(file.split('/').nth(1).unwrap_or_default())
}

fn room_of(file: &str) -> &str {
    file.rsplit_once('/').map_or(file, |(room, _)| room)
}

struct House<'a> {
    sources: &'a [Source],
}

impl House<'_> {
    /// The file that has what the path names. A `mod.rs` that exports the name again stands for the file that it has the name from.
    fn file_of(&self, path: &[String]) -> Option<String> {
        for length in (1..=path.len()).rev() {
            let module = format!("src/{}", path[..length].join("/"));
            let is_it =
                |source: &&Source| source.path == format!("{module}.rs") || source.path == format!("{module}/mod.rs");
            let Some(source) = self.sources.iter().find(is_it) else { continue };
            let again = path.get(length).and_then(|name| source.exported_again(name));
            return match again {
                Some(whole) if whole != path => self.file_of(&whole),
                _ => Some(source.path.clone()),
            };
        }
        None
    }
}

impl Source {
    /// The whole path of everything of this crate that the file names, from the root of the crate.
    fn paths(&self) -> Vec<Vec<String>> {
        let code = self.code();
        let mut found = Vec::new();
        for start in ["crate::", "super::"] {
            for (at, _) in code.match_indices(start) {
                let before = &code[..at];
                let is_inside = before.ends_with(|letter| is_of_name(letter) || letter == ':');
                // `pub(in crate::flow)` names a room, and nothing of it.
                if !is_inside && !before.ends_with("in ") {
                    found.extend(self.whole_paths(&code[at..]));
                }
            }
        }
        found.extend(self.children().into_iter().map(|(path, _)| path));
        found
    }

    fn whole_paths(&self, path: &str) -> Vec<Vec<String>> {
        let mut module = if path.starts_with("crate::") { Vec::new() } else { self.module() };
        let mut rest = path.strip_prefix("crate::").unwrap_or(path);
        while let Some(above) = rest.strip_prefix("super::") {
            module.pop();
            rest = above;
        }
        let start: Vec<String> = module.into_iter().map(String::from).collect();
        expand(rest).into_iter().map(|path| [start.clone(), path].concat()).collect()
    }

    /// What `use` names of the modules that the file declares, and whether it exports that again.
    fn children(&self) -> Vec<(Vec<String>, bool)> {
        let code = self.code();
        let mut found = Vec::new();
        for (at, _) in code.match_indices("use ") {
            let line = code[..at].rsplit('\n').next().unwrap_or_default();
            if !["", "pub ", "pub(super) ", "pub(crate) "].contains(&line) {
                continue;
            }
            let path = code[at + 4..].trim_start_matches("self::");
            let name = words(path).next().unwrap_or_default();
            if code.contains(&format!("mod {name};")) {
                let start: Vec<String> = self.module().into_iter().map(String::from).collect();
                found.extend(expand(path).into_iter().map(|path| ([start.clone(), path].concat(), !line.is_empty())));
            }
        }
        found
    }

    fn exported_again(&self, name: &str) -> Option<Vec<String>> {
        let children = self.children().into_iter();
        children
            .filter(|(_, is_exported)| *is_exported)
            .map(|(path, _)| path)
            .find(|path| path.last().is_some_and(|last| last == name))
    }
}

/// `a::{b, c::{d, e as f}}` is `a::b`, `a::c::d` and `a::c::e`.
fn expand(path: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    branch(&mut { path }, Vec::new(), &mut found);
    found
}

/// Reads one path with all that it branches into, and leaves what follows it.
fn branch(rest: &mut &str, mut names: Vec<String>, found: &mut Vec<Vec<String>>) {
    loop {
        if take(rest, "{") {
            while !take(rest, "}") && rest.trim_start().starts_with(is_of_name) {
                *rest = rest.trim_start();
                branch(rest, names.clone(), found);
                take(rest, ",");
            }
            return;
        }
        let (name, after) = rest.split_at(rest.find(|letter| !is_of_name(letter)).unwrap_or(rest.len()));
        names.extend((name != "self" && !name.is_empty()).then(|| name.to_owned()));
        *rest = after;
        if !rest.starts_with("::") {
            break;
        }
        take(rest, "::");
    }
    if take(rest, "as ") {
        *rest = rest.trim_start_matches(is_of_name);
    }
    found.push(names);
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn take(rest: &mut &str, token: &str) -> bool {
    let taken = rest.trim_start().strip_prefix(token);
    *rest = taken.unwrap_or(rest);
    taken.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(path: &str) -> Vec<String> {
        expand(path).iter().map(|path| path.join("::")).collect()
    }

    #[test]
    fn groups_are_read_whole() {
        assert_eq!(joined("flow::leave::login::begin(x)"), ["flow::leave::login::begin"]);
        let nested = joined("a::{b, c::{d, e as f}, g::{self, h},\n    i::j,\n};\nuse x::y;");
        assert_eq!(nested, ["a::b", "a::c::d", "a::c::e", "a::g", "a::g::h", "a::i::j"]);
    }

    #[test]
    fn a_circle_is_found_and_a_name_that_is_exported_again_leads_to_its_file() {
        let source = |path: &str, text: &str| Source::new(path, text);
        let sources = [
            source("src/ports/mod.rs", "mod a;\nmod b;\npub use a::A;\npub use b::{B, C};\n"),
            source("src/ports/a.rs", "use super::B;\npub struct A;\n"),
            source("src/ports/b.rs", "pub struct B;\n"),
            source("src/flow/mod.rs", "pub mod x;\npub mod y;\n"),
            source("src/flow/x.rs", "use crate::flow::y::{self, Y};\nuse crate::ports::{A, C};\npub struct X;\n"),
            source("src/flow/y.rs", "pub struct Y;\nfn f() -> Option<super::x::X> { None }\n"),
        ];
        let imports = Imports::of(&sources);
        assert_eq!(imports.circles(), [["src/flow/x.rs", "src/flow/y.rs"]]);
        let of_x: Vec<&str> = imports.of["src/flow/x.rs"].iter().map(String::as_str).collect();
        assert_eq!(of_x, ["src/flow/y.rs", "src/ports/a.rs", "src/ports/b.rs"]);
    }
}
