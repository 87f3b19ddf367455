//! Reading this project's own sources: not a parser, just enough to know code from comments, strings and tests.

use std::path::{Path, PathBuf};
use std::process::Command;

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file under `src/` that is compiled into the package.
pub struct Source {
    /// From the root of the project.
    pub path: String,
    pub text: String,
    /// The text with comments, strings and unit tests blanked; lines keep their numbers.
    code: String,
}

/// Every file under `src/` but those that hold unit tests only.
pub fn sources() -> Vec<Source> {
    let mut files = Vec::new();
    walk(&root().join("src"), &mut files);
    let sources: Vec<Source> = files
        .into_iter()
        .map(|path| path.strip_prefix(root()).expect("a file of the project").display().to_string())
        .filter(|path| path.ends_with(".rs") && !path.ends_with("_tests.rs"))
        .map(|path| {
            let text = std::fs::read_to_string(root().join(&path)).expect("a readable file");
            Source::new(&path, &text)
        })
        .collect();
    assert!(sources.len() > 30, "only {} sources were found", sources.len());
    sources
}

/// What is in version control or would be: path from the root and text. Binary files are left out.
pub fn project_files() -> Vec<(String, String)> {
    let listed = Command::new("git").args(["ls-files", "-co", "--exclude-standard", "-z"]).current_dir(root()).output();
    let paths: Vec<String> = match listed {
        Ok(listed) if listed.status.success() => {
            String::from_utf8_lossy(&listed.stdout).split_terminator('\0').map(String::from).collect()
        }
        // Without git (a source archive) what was not built here is all there is.
        _ => {
            let mut files = Vec::new();
            walk(root(), &mut files);
            files.iter().filter_map(|path| Some(path.strip_prefix(root()).ok()?.display().to_string())).collect()
        }
    };
    let read = |path: String| std::fs::read_to_string(root().join(&path)).ok().map(|text| (path, text));
    paths.into_iter().filter_map(read).collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let built = ["target", "node_modules", "pkg", "dist", ".git"];
    let entries = std::fs::read_dir(folder).expect("a readable folder");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        match path.file_name().and_then(|name| name.to_str()) {
            Some(name) if path.is_dir() && !built.contains(&name) => walk(&path, files),
            Some(_) if path.is_file() => files.push(path),
            _ => {}
        }
    }
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), code: without_tests(&blank(text)) }
    }

    /// `crate::flow::leave::login` is `["flow", "login"]`.
    pub fn module(&self) -> Vec<&str> {
        let path = self.path.strip_prefix("src/").expect("a source").strip_suffix(".rs").expect("Rust");
        path.strip_suffix("/mod").unwrap_or(path).split('/').collect()
    }

    pub fn floor(&self) -> &str {
        self.module()[0]
    }

    pub fn code(&self) -> &str {
        &self.code
    }

    pub fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// The floors of this crate that the file names, by `use` or inline, with the line.
    pub fn imports_of_this_crate(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for start in ["crate::", "super::"] {
            for (at, _) in self.code.match_indices(start) {
                let before = self.code[..at].chars().next_back();
                if before.is_some_and(|before| before.is_alphanumeric() || "_:".contains(before)) {
                    continue;
                }
                let line = self.code[..at].lines().count().max(1);
                found.extend(self.targets(&self.code[at..]).into_iter().map(|floor| (line, floor)));
            }
        }
        found
    }

    /// `super::super::error::Code` seen from `flow::leave::login` is the floor `error`; a group `crate::{error, ports}` is several.
    fn targets(&self, path: &str) -> Vec<String> {
        let mut module = if path.starts_with("crate::") { Vec::new() } else { self.module() };
        let mut rest = path.strip_prefix("crate::").unwrap_or(path);
        while let Some(above) = rest.strip_prefix("super::") {
            module.pop();
            rest = above;
        }
        if let Some(floor) = module.first() {
            return vec![(*floor).to_owned()];
        }
        match rest.strip_prefix('{') {
            None => words(rest).take(1).map(String::from).collect(),
            Some(group) => first_names(group),
        }
    }

    /// The crates that the file names in a `use`, but for `std`.
    pub fn external_crates(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for (line, text) in self.code_lines() {
            let text = text.trim_start();
            let Some(path) = text.strip_prefix("pub use ").or_else(|| text.strip_prefix("use ")) else { continue };
            let name = words(path).next().unwrap_or_default();
            let is_ours = ["crate", "super", "self", "std", "core"].contains(&name) || !path.contains("::");
            // `use Code::*` inside a function names a type of the file.
            if !is_ours && name.starts_with(|first: char| first.is_ascii_lowercase()) {
                found.push((line, name.to_owned()));
            }
        }
        found.retain(|(_, name)| !self.declares_module(name));
        found
    }

    fn declares_module(&self, name: &str) -> bool {
        self.code.contains(&format!("mod {name};"))
    }
}

impl Source {
    /// Each `impl` block that is of no trait: the name of its type, with the number of its functions.
    pub fn impls(&self) -> Vec<(&str, usize)> {
        let mut found = Vec::new();
        for (_, line) in self.code_lines() {
            let header = line.strip_prefix("impl").filter(|rest| rest.starts_with([' ', '<']));
            if let Some(header) = header.map(without_generics).filter(|header| !header.contains(" for ")) {
                found.extend(words(header).next().map(|name| (name, 0)));
            } else if line.starts_with("impl") || line.starts_with("trait ") || line.starts_with("pub trait ") {
                found.push(("", 0));
            }
            let is_function =
                line.starts_with("    ") && !line.starts_with("     ") && words(line).any(|word| word == "fn");
            if let (Some((_, functions)), true) = (found.last_mut(), is_function) {
                *functions += 1;
            }
        }
        found.retain(|(name, _)| !name.is_empty());
        found
    }

    pub fn declares_type(&self, name: &str) -> bool {
        self.code_lines().any(|(_, line)| {
            let mut words = words(line).skip_while(|word| ["pub", "in", "crate", "flow", "super"].contains(word));
            matches!(words.next(), Some("struct" | "enum")) && words.next() == Some(name)
        })
    }
}

/// `<P: Platform> Client<P> {` without what stands in its first brackets.
fn without_generics(header: &str) -> &str {
    let mut depth = 0;
    for (at, letter) in header.char_indices() {
        depth += i32::from(letter == '<') - i32::from(letter == '>' && !header[..at].ends_with('-'));
        if depth == 0 {
            return &header[at + 1..];
        }
    }
    header
}

pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty())
}

/// The first name of each member of `{a::b, c::{d, e}}`, whose opening brace was taken off.
fn first_names(group: &str) -> Vec<String> {
    let (mut depth, mut members) = (0, vec![String::new()]);
    for letter in group.chars() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => members.push(String::new()),
            _ => members.last_mut().expect("a member").push(letter),
        }
    }
    members.iter().filter_map(|member| words(member).next().map(String::from)).collect()
}

/// Unit tests stand at the end of a file.
fn without_tests(code: &str) -> String {
    code.split("#[cfg(test)]\nmod ")
        .next()
        .unwrap_or_default()
        .split("#[cfg(test)]\n#[path")
        .next()
        .unwrap_or_default()
        .into()
}

/// Replaces comments and the insides of strings by spaces.
fn blank(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        let here = |offset: usize| letters.get(at + offset).copied().unwrap_or(' ');
        let end = match (here(0), here(1)) {
            ('/', '/') => find(&letters, at, &['\n']),
            ('r', '"') if !is_word_before(&letters, at) => find(&letters, at + 2, &['"']) + 1,
            ('r', '#') if here(2) == '"' => find(&letters, at + 3, &['"', '#']) + 2,
            ('"', _) => end_of_string(&letters, at),
            ('\'', '\\') => find(&letters, at + 3, &['\'']) + 1,
            ('\'', _) if here(2) == '\'' => at + 3,
            _ => at,
        };
        if end == at {
            code.push(here(0));
            at += 1;
        } else {
            let blanked = letters[at..end.min(letters.len())].iter();
            code.extend(blanked.map(|letter| if *letter == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    code
}

fn is_word_before(letters: &[char], at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| letters[before].is_alphanumeric() || letters[before] == '_')
}

fn find(letters: &[char], from: usize, wanted: &[char]) -> usize {
    (from..letters.len()).find(|at| letters[*at..].starts_with(wanted)).unwrap_or(letters.len())
}

fn end_of_string(letters: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < letters.len() && letters[at] != '"' {
        at += if letters[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}
