//! The names by which a module and its glue know each other: short ones, because the names of wasm-bindgen hold hashes, which no
//! encoding makes smaller. Each name is changed on both sides, or the build fails.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use wasm_encoder::{EntityType, ExportKind, ExportSection, ImportSection};
use wasmparser::{Parser, Payload};

use crate::shape;

/// This export gets a name that only this build has. The skin looks for that name before it starts a module: with short names alone,
/// the JavaScript of one version could start the WebAssembly of another.
const MARKED: &str = "memory";
/// How an entry of the glue's list of imports begins: this, its name, and the text after its name.
const ENTRY: (&str, &str) = ("\n        ", ": function(");
/// How the list of imports begins.
const START: &str = "\nfunction __wbg_get_imports() {\n    const import0 = {\n        __proto__: null,";
/// How the list of imports ends.
const END: &str = "\n    };\n    return {\n        __proto__: null,\n";

/// The imports and exports of a module, in its order.
#[derive(Default)]
struct Interface {
    module: String,
    imports: Vec<String>,
    exports: Vec<String>,
}

/// Takes away the exports that the glue does not use. wasm-opt then removes the functions that only they reach.
pub fn drop_exports(wasm: &[u8], glue: &str) -> Result<Vec<u8>> {
    let Interface { module, imports, exports } = interface(wasm)?;
    let used = exports.into_iter().filter(|name| uses(glue, name).next().is_some()).collect();
    rewrite(wasm, &module, &same(imports), &same(used), true)
}

/// The module without the names of its functions.
pub fn without_functions(wasm: &[u8]) -> Result<Vec<u8>> {
    let Interface { module, imports, exports } = interface(wasm)?;
    rewrite(wasm, &module, &same(imports), &same(exports), false)
}

fn same(names: Vec<String>) -> BTreeMap<String, String> {
    names.into_iter().map(|name| (name.clone(), name)).collect()
}

/// The module and its glue with short names. An entry of the glue that the module does not import goes.
pub fn shorten(wasm: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let Interface { module, imports, exports } = interface(wasm)?;
    let mark = Sha256::new().chain_update(wasm).chain_update(glue).finalize();
    let mark: String = "b"
        .chars()
        .chain(mark.iter().take(4).flat_map(|byte| format!("{byte:02x}").chars().collect::<Vec<_>>()))
        .collect();
    let short = |names: Vec<String>| names.into_iter().enumerate().map(|(at, name)| (name, short_name(at))).collect();
    let (imports, mut exports): (BTreeMap<_, _>, BTreeMap<_, _>) = (short(imports), short(exports));
    ensure!(exports.insert(MARKED.to_owned(), mark.clone()).is_some(), "the module does not export {MARKED}");

    let mut glue = rename_imports(glue, &module, &imports)?;
    for (name, short) in &exports {
        glue = rename_export(&glue, name, short)?;
    }
    glue.push_str(&format!("export const BUILD = \"{mark}\";\n"));
    Ok((rewrite(wasm, "a", &imports, &exports, false)?, glue))
}

/// a, b, …, z, A, …, Z, aa, ba, …
fn short_name(mut at: usize) -> String {
    let mut name = String::new();
    loop {
        let letters = ('a'..='z').chain('A'..='Z');
        name.extend(letters.clone().nth(at % letters.clone().count()));
        match at / letters.count() {
            0 => return name,
            more => at = more - 1,
        }
    }
}

fn rename_imports(glue: &str, module: &str, names: &BTreeMap<String, String>) -> Result<String> {
    let parts = glue.split_once(START).and_then(|(before, rest)| Some((before, rest.split_once(END)?)));
    let (before, (list, rest)) = parts.context("the glue lists its imports in another way")?;
    let mut renamed = [before, START].concat();
    let (mut found, mut is_kept) = (0, true);
    for line in list.split(ENTRY.0).skip(1) {
        let entry = line.split_once(ENTRY.1).filter(|(name, _)| name.chars().all(is_of_name));
        match entry {
            Some((name, rest)) => {
                let short = names.get(name);
                is_kept = short.is_some();
                if let Some(short) = short {
                    found += 1;
                    renamed.push_str(&[ENTRY.0, short, ENTRY.1, rest].concat());
                }
            }
            // The rest of the entry before it.
            None if is_kept => renamed.push_str(&[ENTRY.0, line].concat()),
            None => {}
        }
    }
    ensure!(found == names.len(), "the glue has {found} of the {} imports", names.len());
    if names.is_empty() {
        // A module without imports names no place that it has them from.
        return Ok([&renamed, END, rest].concat());
    }
    let place = format!("\"{module}\": import0");
    ensure!(rest.matches(&place).count() == 1, "the glue does not have {place}");
    Ok([&renamed, END, &rest.replace(&place, "a: import0")].concat())
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '$'
}

/// Where the glue uses an export.
fn uses<'a>(glue: &'a str, name: &str) -> impl Iterator<Item = usize> + 'a {
    let used = format!("wasm.{name}");
    let length = used.len();
    glue.match_indices(&used.clone()).map(|(at, _)| at).collect::<Vec<_>>().into_iter().filter(move |at| {
        let is_longer = glue[at + length..].chars().next().is_some_and(is_of_name);
        let is_other = glue[..*at].chars().next_back().is_some_and(|before| is_of_name(before) || before == '.');
        !is_longer && !is_other
    })
}

fn rename_export(glue: &str, name: &str, short: &str) -> Result<String> {
    let (mut renamed, mut done) = (String::new(), 0);
    for at in uses(glue, name) {
        renamed.push_str(&glue[done..at]);
        renamed.push_str(&format!("wasm.{short}"));
        done = at + "wasm.".len() + name.len();
    }
    ensure!(done > 0, "the glue does not use the export {name}");
    Ok(renamed + &glue[done..])
}

fn interface(wasm: &[u8]) -> Result<Interface> {
    let mut found = Interface::default();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import?;
                    let is_one = found.imports.is_empty() || found.module == import.module;
                    ensure!(is_one, "the module imports from {} and {}", found.module, import.module);
                    import.module.clone_into(&mut found.module);
                    found.imports.push(import.name.to_owned());
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    found.exports.push(export?.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

/// The same module with other names of its imports and exports, and without the exports that have no name. The names of its functions
/// stay if `has_names`.
fn rewrite(
    wasm: &[u8],
    module: &str,
    imports: &BTreeMap<String, String>,
    exports: &BTreeMap<String, String>,
    has_names: bool,
) -> Result<Vec<u8>> {
    shape::rewrite(wasm, |payload, written| {
        match payload {
            Payload::ImportSection(read) => {
                let mut section = ImportSection::new();
                for import in read.clone().into_imports() {
                    let import = import?;
                    let name = imports.get(import.name).context("an import without a name")?;
                    section.import(module, name, EntityType::try_from(import.ty)?);
                }
                written.section(&section);
            }
            Payload::ExportSection(read) => {
                let mut section = ExportSection::new();
                for export in read.clone() {
                    let export = export?;
                    if let Some(name) = exports.get(export.name) {
                        section.export(name, ExportKind::from(export.kind), export.index);
                    }
                }
                written.section(&section);
            }
            Payload::CustomSection(section) if section.name() == "name" && !has_names => {}
            _ => return Ok(false),
        }
        Ok(true)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{CodeSection, Function, FunctionSection, Module, TypeSection};

    /// Imports `twice` and `never`, and exports a function three times.
    fn module(imports: &[&str], exports: &[&str]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imported = ImportSection::new();
        for name in imports {
            imported.import("./x_bg.js", name, EntityType::Function(0));
        }
        let (mut functions, mut code, mut exported) =
            (FunctionSection::new(), CodeSection::new(), ExportSection::new());
        functions.function(0);
        let mut body = Function::new([]);
        body.instructions().end();
        code.function(&body);
        for name in exports {
            exported.export(name, ExportKind::Func, imports.len() as u32);
        }
        let mut module = Module::new();
        module.section(&types).section(&imported).section(&functions).section(&exported).section(&code);
        module.finish()
    }

    const GLUE: &str = "start(wasm.memory, wasm.free, x.wasm.free, wasm.freed);
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_a_1: function(arg0) {
            const gone = arg0;
        },
        __wbg_b_2: function() { return handle(function () {
            const kept = 1;
        }, arguments); },
    };
    return {
        __proto__: null,
        \"./x_bg.js\": import0,
    };
}
";

    #[test]
    fn both_sides_get_the_same_short_names() {
        let wasm = module(&["__wbg_b_2"], &["free", "memory"]);
        let (wasm, glue) = shorten(&wasm, GLUE).unwrap();
        let Interface { module, imports, exports } = interface(&wasm).unwrap();
        assert_eq!((module.as_str(), imports), ("a", vec!["a".to_owned()]));
        let mark = exports[1].clone();
        assert_eq!(exports, ["a", &mark]);
        assert!(glue.starts_with(&format!("start(wasm.{mark}, wasm.a, x.wasm.free, wasm.freed);")), "{glue}");
        assert!(
            glue.contains("        a: function() { return handle(function () {\n            const kept = 1;"),
            "{glue}"
        );
        assert!(
            glue.contains("        a: import0,") && glue.ends_with(&format!("export const BUILD = \"{mark}\";\n")),
            "{glue}"
        );
        assert!(!glue.contains("gone"), "{glue}");
    }

    #[test]
    fn another_module_or_another_glue_has_another_mark() {
        let mark = |wasm: &[u8], glue: &str| interface(&shorten(wasm, glue).unwrap().0).unwrap().exports[0].clone();
        let wasm = module(&["__wbg_b_2"], &["memory"]);
        let marks = [
            mark(&wasm, GLUE),
            mark(&wasm, &GLUE.replace("kept = 1", "kept = 2")),
            mark(&module(&["__wbg_b_2"], &["memory", "free"]), GLUE),
        ];
        assert!(marks[0] != marks[1] && marks[0] != marks[2] && marks[0].len() == 9, "{marks:?}");
    }

    #[test]
    fn a_name_that_is_not_on_both_sides_fails_the_build() {
        let refusal = |imports: &[&str], exports: &[&str], glue: &str| {
            shorten(&module(imports, exports), glue).unwrap_err().to_string()
        };
        assert!(refusal(&["__wbg_c_3"], &["memory"], GLUE).contains("0 of the 1 imports"));
        assert!(refusal(&["__wbg_b_2"], &["memory", "other"], GLUE).contains("the export other"));
        assert!(refusal(&["__wbg_b_2"], &["free"], GLUE).contains("memory"));
        let elsewhere = GLUE.replace("x_bg", "y_bg");
        assert!(refusal(&["__wbg_b_2"], &["memory"], &elsewhere).contains("x_bg"));
    }

    #[test]
    fn a_module_without_imports_leaves_its_glue_none() {
        let (_, glue) = shorten(&module(&[], &["free", "memory"]), GLUE).unwrap();
        assert!(glue.contains("\"./x_bg.js\": import0") && !glue.contains("kept"), "{glue}");
    }

    #[test]
    fn an_export_that_the_glue_does_not_use_goes() {
        let wasm = drop_exports(&module(&["__wbg_b_2"], &["memory", "unused"]), GLUE).unwrap();
        assert_eq!(interface(&wasm).unwrap().exports, ["memory"]);
    }

    #[test]
    fn short_names_are_distinct() {
        let names: std::collections::BTreeSet<String> = (0..5000).map(short_name).collect();
        assert_eq!(
            (names.len(), short_name(0), short_name(51), short_name(52)),
            (5000, "a".into(), "Z".into(), "aa".into())
        );
    }
}
