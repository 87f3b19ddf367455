//! A module with the names of its functions, taken apart: to which floor, crate and file each function belongs.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use wasmparser::{Parser, Payload};

use crate::shape::Shape;

/// As the names of functions begin.
const OURS: &str = "oidc_client_wasm";
/// Where the functions that JavaScript calls count.
const EXPORTS: &str = "js/(exports)";

pub struct Parts {
    pub functions: Vec<Function>,
    /// Sections that are no code.
    pub rest: Vec<(&'static str, Vec<u8>)>,
}

pub struct Function {
    /// Demangled, without its hash.
    pub name: String,
    pub bytes: Vec<u8>,
    /// Where it is written, below `src/`, if it is ours.
    pub file: Option<String>,
    /// The first crate of its name.
    krate: String,
}

impl Function {
    fn new(name: &str, bytes: Vec<u8>, sources: &BTreeSet<String>, exports: &BTreeSet<String>) -> Self {
        let name = hashless(name);
        // wasm-bindgen puts the code of an export into a function that has the name of the export and no path.
        let is_export = name.split(' ').next().is_some_and(|first| exports.contains(first));
        let file = if is_export { Some(EXPORTS.to_owned()) } else { file(&name, sources) };
        let krate = name
            .split_once("::")
            .map(|(first, _)| first.rsplit(|letter| !is_of_name(letter)).next().unwrap_or_default());
        let krate = krate.unwrap_or("(without a path)").to_owned();
        Self { name, bytes, file, krate }
    }

    pub fn floor(&self) -> Option<&str> {
        let file = self.file.as_deref()?;
        Some(file.split_once('/').map_or(file, |(floor, _)| floor).trim_end_matches(".rs"))
    }

    pub fn library(&self) -> Option<&str> {
        self.file.is_none().then_some(&*self.krate)
    }
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Without `::h0123456789abcdef` at its end, and without `[0123456789abcdef]` after the name of a crate.
fn hashless(name: &str) -> String {
    let name = name.rsplit_once("::h").filter(|(_, hash)| is_hash(hash)).map_or(name, |(name, _)| name);
    let mut parts = name.split('[');
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(']') {
            Some((hash, rest)) if is_hash(hash) => kept.push_str(rest),
            _ => {
                kept.push('[');
                kept.push_str(part);
            }
        }
    }
    kept
}

fn is_hash(text: &str) -> bool {
    text.len() >= 12 && text.chars().all(|digit| digit.is_ascii_hexdigit())
}

/// The file of the first path of ours in the name: `core::ptr::drop_in_place<oidc_client_wasm::flow::login::Login>` is of `flow/login.rs`.
fn file(name: &str, sources: &BTreeSet<String>) -> Option<String> {
    let is_of_path = |letter: char| is_of_name(letter) || letter == ':';
    let start = name.match_indices(OURS).map(|(at, _)| at).find(|at| {
        let before = name.get(..*at).and_then(|before| before.chars().next_back());
        let after = name.get(at + OURS.len()..).unwrap_or_default();
        !before.is_some_and(is_of_path) && after.starts_with("::")
    })?;
    let path = name.get(start + OURS.len() + 2..)?;
    let path = path.split(|letter| !is_of_path(letter)).next().unwrap_or_default();
    let segments: Vec<&str> = path.split("::").collect();
    let files = (0..=segments.len()).rev().flat_map(|length| {
        let folder = segments.get(..length).unwrap_or_default().join("/");
        [format!("{folder}.rs"), format!("{folder}/mod.rs")]
    });
    Some(files.into_iter().find(|file| sources.contains(file)).unwrap_or_else(|| "lib.rs".to_owned()))
}

impl Parts {
    /// `sources` are the files below `src/`.
    pub fn of(wasm: &[u8], sources: &BTreeSet<String>) -> Result<Self> {
        let shape = Shape::of(wasm)?;
        let exports = shape.exports.iter().map(|export| export.name.to_owned());
        let exports = exports.filter(|name| !name.starts_with("__")).collect();
        let mut rest: BTreeMap<&'static str, Vec<u8>> = BTreeMap::new();
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            let title = match &payload {
                Payload::DataSection(_) => "(data: texts and tables)",
                Payload::CodeSectionStart { .. } | Payload::CustomSection(_) => continue,
                _ => "(other sections)",
            };
            if let Some((_, range)) = payload.as_section() {
                rest.entry(title).or_default().extend(wasm.get(range).unwrap_or_default());
            }
        }
        let functions = shape.functions().map(|(index, body)| {
            let name = shape.names.get(&index).map_or("(without a name)", String::as_str);
            Function::new(name, wasm[body.range()].to_vec(), sources, &exports)
        });
        Ok(Self { functions: functions.collect(), rest: rest.into_iter().collect() })
    }

    /// The bodies of some functions, one after another.
    pub fn code(&self, is_in: impl Fn(&Function) -> bool) -> Vec<u8> {
        self.functions
            .iter()
            .filter(|function| is_in(function))
            .flat_map(|function| function.bytes.iter().copied())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_belongs_to_the_file_of_the_first_path_of_ours_in_its_name() {
        let sources = ["lib.rs", "flow/mod.rs", "flow/login.rs", "js/client.rs"].map(str::to_owned).into();
        let exports = ["oauthcore_register".to_owned()].into();
        let of = |name: &str| {
            let function = Function::new(name, vec![], &sources, &exports);
            (function.floor().map(str::to_owned), function.file.clone(), function.library().map(str::to_owned))
        };
        let ours = |floor: &str, file: &str| (Some(floor.to_owned()), Some(file.to_owned()), None);
        let theirs = |krate: &str| (None, None, Some(krate.to_owned()));
        assert_eq!(
            of("oidc_client_wasm::flow::login::begin::{{closure}}::h0123456789abcdef"),
            ours("flow", "flow/login.rs")
        );
        assert_eq!(of("core::ptr::drop_in_place<oidc_client_wasm::flow::login::Login>"), ours("flow", "flow/login.rs"));
        assert_eq!(of("<oidc_client_wasm::flow::Turn as core::future::Future>::poll"), ours("flow", "flow/mod.rs"));
        assert_eq!(of("oidc_client_wasm::start"), ours("lib", "lib.rs"));
        assert_eq!(of("<&mut core::fmt::Formatter as core::fmt::Write>::write_str"), theirs("core"));
        assert_eq!(of("my_oidc_client_wasm::flow::x"), theirs("my_oidc_client_wasm"));
        assert_eq!(of("oauthcore_register externref shim"), ours("js", EXPORTS));
        assert_eq!(of("<[u8] as alloc[0123456789abcdef]::slice::Concat>::concat"), theirs("alloc"));
        assert_eq!(of("<str as core::fmt::Display>::fmt"), theirs("core"));
        assert_eq!(of("__wbindgen_malloc"), theirs("(without a path)"));
    }
}
