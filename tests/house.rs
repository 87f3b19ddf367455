//! The rules of the house, as far as a machine can read them. Each failure says what to do about it.

#[path = "support/imports.rs"]
mod imports;
#[path = "support/source.rs"]
mod source;

use std::collections::BTreeMap;
use std::path::Path;

use imports::Imports;
use source::{Source, project_files, root, sources};

// ---------------------------------------------------------------- who may import whom

struct Floor {
    name: &'static str,
    /// Floors of this crate beside itself.
    may_import: &'static [&'static str],
    /// Crates beside `std`.
    crates: &'static [&'static str],
}

const FLOORS: [Floor; 8] = [
    Floor { name: "protocol", may_import: &[], crates: &["sha2", "subtle"] },
    Floor { name: "settings", may_import: &["protocol"], crates: &[] },
    Floor { name: "ports", may_import: &["protocol"], crates: &[] },
    Floor { name: "error", may_import: &["ports", "protocol", "settings"], crates: &[] },
    Floor { name: "flow", may_import: &["error", "ports", "protocol", "settings"], crates: &["futures_util"] },
    Floor { name: "wire", may_import: &["error", "flow", "protocol"], crates: &["serde"] },
    Floor { name: "browser", may_import: &["ports", "protocol", "settings"], crates: &["futures_util"] },
    Floor {
        name: "js",
        may_import: &["browser", "error", "flow", "ports", "protocol", "settings", "wire"],
        crates: &["futures_util", "serde"],
    },
];

const BROWSER_CRATES: [&str; 7] =
    ["gloo_net", "gloo_storage", "js_sys", "serde_wasm_bindgen", "wasm_bindgen", "wasm_bindgen_futures", "web_sys"];
const FLOORS_OF_THE_BROWSER: [&str; 2] = ["browser", "js"];

fn floor(source: &Source) -> Option<&'static Floor> {
    FLOORS.iter().find(|floor| floor.name == source.floor())
}

#[test]
fn every_file_belongs_to_a_floor() {
    for source in sources().iter().filter(|source| source.floor() != "lib") {
        assert!(floor(source).is_some(), "{} is on no floor: add it to FLOORS, with whom it may import", source.path);
    }
}

#[test]
fn nothing_points_up() {
    for source in sources() {
        let Some(floor) = floor(&source) else { continue };
        for (line, target) in source.imports_of_this_crate() {
            assert!(
                target == floor.name || floor.may_import.contains(&target.as_str()),
                "{}:{line}: {} may not import `{target}`. Move what is needed down, or hand it in as an argument or a port.",
                source.path,
                floor.name,
            );
        }
    }
}

#[test]
fn floors_use_their_own_crates_only() {
    for source in sources() {
        let Some(floor) = floor(&source) else { continue };
        for (line, name) in source.external_crates() {
            let is_of_browser = BROWSER_CRATES.contains(&name.as_str()) && FLOORS_OF_THE_BROWSER.contains(&floor.name);
            assert!(
                is_of_browser || floor.crates.contains(&name.as_str()),
                "{}:{line}: {} may not use the crate `{name}`. Ports are there for effects; a new pure crate goes into FLOORS.",
                source.path,
                floor.name,
            );
        }
    }
}

#[test]
fn browser_crates_stay_in_browser_and_js() {
    for source in sources().iter().filter(|source| !FLOORS_OF_THE_BROWSER.contains(&source.floor())) {
        for (line, text) in source.code_lines() {
            let found = source::words(text).find(|word| BROWSER_CRATES.contains(word) || word.starts_with("gloo"));
            assert_eq!(found, None, "{}:{line}: go through a port (ports/) and an adapter in browser/", source.path);
        }
    }
}

#[test]
fn protocol_is_pure() {
    // A port is a trait. The one trait here says what `json!` makes a value of.
    let has_no_port = |source: &Source| source.path == "src/protocol/json/build.rs";
    let impure = ["async", "await", "trait", "RefCell", "SystemTime", "Instant", "thread", "fs", "io", "env", "rand"];
    for source in sources().iter().filter(|source| source.floor() == "protocol") {
        for (line, text) in source.code_lines() {
            let found =
                source::words(text).find(|word| impure.contains(word) && !(*word == "trait" && has_no_port(source)));
            assert_eq!(found, None, "{}:{line}: time and randomness are arguments, waiting is the flow's", source.path);
        }
    }
}

// ---------------------------------------------------------------- the shape

/// What only tests do with a type. It is not compiled into the package.
const NATIVE_ONLY: [&str; 1] = ["src/protocol/json/native.rs"];

#[test]
fn no_files_import_each_other_in_a_circle() {
    let circles = Imports::of(&sources()).circles();
    let circles: Vec<String> = circles.iter().map(|circle| circle.join(" -> ")).collect();
    assert!(
        circles.is_empty(),
        "files import each other in a circle: hand in what the lower one needs, or move what both need below both\n{}",
        circles.join("\n")
    );
}

/// The classes that JavaScript sees have the members that the contract gives them.
const OF_THE_CONTRACT: [&str; 2] = ["OAuthClient", "OAuthCore"];

#[test]
fn a_type_has_few_methods_and_they_stand_in_its_file() {
    let mut faults = Vec::new();
    for source in sources().iter().filter(|source| !NATIVE_ONLY.contains(&source.path.as_str())) {
        let mut functions = BTreeMap::<&str, usize>::new();
        let impls = source.impls().into_iter();
        for (name, count) in impls.filter(|(name, _)| source.floor() != "js" || !OF_THE_CONTRACT.contains(name)) {
            *functions.entry(name).or_default() += count;
        }
        for (name, count) in functions {
            let path = &source.path;
            if !source.declares_type(name) {
                faults.push(format!("{path}: methods of {name} stand in the file that declares it: write a function"));
            }
            if count > 25 {
                faults.push(format!("{path}: {name} has {count} methods: it is more than one thing"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The face makes errors of what it cannot convert. What follows from an error is decided below it.
#[test]
fn the_face_does_not_ask_an_error_for_its_code() {
    for source in sources().iter().filter(|source| source.floor() == "js") {
        for (line, text) in source.code_lines() {
            let asks = text.split("Code::").skip(1).any(|rest| {
                let rest = rest.trim_start_matches(|letter: char| letter.is_alphanumeric()).trim_start();
                rest.starts_with("=>") || rest.starts_with('|') || rest.starts_with("if ")
            });
            let asks = asks
                || ["== Code::", "!= Code::", ".code ==", ".code !=", "matches!(error.code"]
                    .iter()
                    .any(|way| text.contains(way));
            assert!(!asks, "{}:{line}: js/ converts: decide by the code of an error in flow/", source.path);
        }
    }
}

#[test]
fn a_folder_holds_a_dozen_files() {
    let mut folders = BTreeMap::<String, usize>::new();
    for source in sources() {
        let (folder, name) = source.path.rsplit_once('/').expect("a file in a folder");
        // `protocol/` has a file for each specification.
        *folders.entry(folder.to_owned()).or_default() += usize::from(name != "mod.rs" && folder != "src/protocol");
    }
    for (folder, count) in folders {
        assert!(count <= 12, "{folder} has {count} files: give the ones that belong together a room of their own");
    }
}

#[test]
#[ignore = "draws the imports: cargo xtask house"]
fn drawing_of_the_house() {
    let floors: Vec<&str> = FLOORS.iter().rev().map(|floor| floor.name).collect();
    print!("{}", Imports::of(&sources()).draw(&floors));
}

// ---------------------------------------------------------------- panic means bug

#[test]
fn nothing_panics_on_input() {
    let forbidden = [
        ".unwrap()",
        ".expect(",
        ".unwrap_err()",
        "panic!",
        "todo!",
        "unimplemented!",
        "unreachable!",
        "assert!",
        "assert_eq!",
        "dbg!",
        "println!",
        "eprintln!",
        "print!",
    ];
    for source in sources().iter().filter(|source| !FLOORS_OF_THE_BROWSER.contains(&source.floor())) {
        for (line, text) in source.code_lines() {
            let found = forbidden.iter().find(|word| text.contains(*word));
            assert_eq!(
                found, None,
                "{}:{line}: return a typed error; a panic means a bug, never bad input",
                source.path
            );
        }
    }
}

#[test]
fn clippy_forbids_what_panics_and_nobody_opts_out() {
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs");
    let denied: String = lib.lines().filter(|line| line.starts_with("#![deny(")).collect();
    for lint in ["unwrap_used", "expect_used", "panic", "indexing_slicing"] {
        assert!(denied.contains(&format!("clippy::{lint}")), "src/lib.rs must deny clippy::{lint}");
    }
    for source in sources().iter().filter(|source| source.floor() != "lib") {
        for (line, text) in source.code_lines() {
            assert!(!text.contains("allow(clippy"), "{}:{line}: change the code instead of allowing it", source.path);
        }
    }
}

// ---------------------------------------------------------------- a house one can read

#[test]
fn files_stay_short() {
    for (path, text) in project_files() {
        let is_source = ["rs", "js", "ts", "css", "html"].iter().any(|end| path.ends_with(&format!(".{end}")));
        let lines = text.lines().count();
        assert!(
            !is_source || lines <= 400,
            "{path} has {lines} lines: split it where it has a second reason to change"
        );
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for source in sources()
        .iter()
        .filter(|source| ["protocol", "settings", "flow", "ports", "error", "wire"].contains(&source.floor()))
    {
        assert!(
            source.text.starts_with("//!"),
            "{} must open with `//!` and a sentence on what it is for",
            source.path
        );
    }
}

/// Protocol files that implement no specification: values and helpers.
const OF_OUR_OWN: [&str; 8] =
    ["config.rs", "http.rs", "mod.rs", "record.rs", "saved_request.rs", "secret.rs", "text.rs", "transaction.rs"];

#[test]
fn protocol_files_open_with_a_link_to_their_specification() {
    for source in sources().iter().filter(|source| source.floor() == "protocol") {
        let name = Path::new(&source.path).file_name().and_then(|name| name.to_str()).expect("a name");
        if OF_OUR_OWN.contains(&name) && !source.path.contains("jose") {
            continue;
        }
        let opening: Vec<&str> = source.text.lines().take_while(|line| line.starts_with("//!")).collect();
        let has_link = opening.iter().any(|line| line.contains("](https://"));
        assert!(has_link, "{} must open with a link to the section it implements", source.path);
    }
}

// ---------------------------------------------------------------- nothing of this machine

#[test]
fn no_file_names_this_machine() {
    let home = std::env::var("HOME").unwrap_or_default();
    let mut places = vec![root().display().to_string()];
    places.extend((home.len() > 1).then(|| format!("{home}/.")));
    for (path, text) in project_files() {
        for place in &places {
            assert!(!text.contains(place.as_str()), "{path} names a place on this machine: use a relative path");
        }
    }
}

#[test]
fn packages_come_from_the_public_registries() {
    for (path, text) in project_files() {
        let name = Path::new(&path).file_name().and_then(|name| name.to_str()).unwrap_or_default();
        for (number, line) in text.lines().enumerate().map(|(index, line)| (index + 1, line.trim())) {
            let is_foreign = match name {
                "Cargo.lock" => line.starts_with("source =") && !line.contains("github.com/rust-lang/crates.io-index"),
                "package-lock.json" => {
                    line.starts_with("\"resolved\": \"http") && !line.contains("\"https://registry.npmjs.org/")
                }
                ".npmrc" => line.contains("registry=") || line.contains("registry ="),
                "config.toml" => line.starts_with("[source") || line.starts_with("[registr"),
                _ => false,
            };
            assert!(!is_foreign, "{path}:{number}: names another registry; others do not have it");
        }
    }
}

/// What a page loads imports nothing of what is for tests, for development and for Node.js.
#[test]
fn tools_stay_out_of_what_a_page_loads() {
    let tools = ["testing", "devtools", "doctor", "cli"];
    let folder = |path: &str| {
        Some(path.strip_prefix("pkg-template/")?.split_once('/').map_or("", |(first, _)| first).to_owned())
    };
    let files = project_files().into_iter().filter(|(path, _)| path.ends_with(".js"));
    let shipped: Vec<_> =
        files.filter(|(path, _)| folder(path).is_some_and(|first| !tools.contains(&&*first))).collect();
    assert!(shipped.len() > 20, "only {} files were found", shipped.len());
    for (path, text) in shipped {
        for tool in tools {
            // The logger watches with the code of the devtools, which are minified and measured as what a page loads is.
            if (path.as_str(), tool) == ("pkg-template/log.js", "devtools") {
                continue;
            }
            let names = [
                format!("from \"./{tool}/"),
                format!("from \"../{tool}/"),
                format!("import(\"./{tool}/"),
                format!("import(\"../{tool}/"),
            ];
            assert!(!names.iter().any(|name| text.contains(name)), "{path} imports a file of {tool}/");
        }
    }
}

// ---------------------------------------------------------------- and the reader of all this

#[test]
fn the_reader_knows_code_from_comments_strings_and_tests() {
    let text = r##"//! crate::js is a word here.
use crate::{error::{Code, Error}, ports::Http};
use super::super::flow::leave::login;
use web_sys::Window;
const TEXT: &str = "crate::browser \\"; // crate::js
const RAW: &str = r#"crate::js " "#;
fn f<'a>(c: char) -> bool { c == '"' || super::sibling(crate::wire::x()) }
#[cfg(test)]
mod tests { use crate::js::OAuth; }
"##;
    let source = Source::new("src/protocol/jose/jws.rs", text);
    let mut floors: Vec<String> = source.imports_of_this_crate().into_iter().map(|(_, floor)| floor).collect();
    floors.sort();
    assert_eq!(floors, ["error", "ports", "protocol", "protocol", "wire"]);
    assert_eq!(source.external_crates(), [(4, "web_sys".to_owned())]);
    assert_eq!(source.floor(), "protocol");
}
