//! The crates that become WebAssembly, each compiled, bound and optimised: three tools, the last two skipped while their input is
//! the same.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use anyhow::{Context, Error, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;
use xtask_start::Build;

use crate::files::{Files, files_of, read, remove_folder, write};
use crate::process::{Run, cargo};
use crate::stamp::Stamp;
use crate::workspace::{PACKAGE, Workspace};
use crate::{glue, layout, names, npm, order, outline, panics, places, references};

const TARGET: &str = "wasm32-unknown-unknown";
/// The file of a module that is bound and not optimised, with the names of its functions.
const BOUND: &str = "bound.wasm";

struct Module {
    package: &'static str,
    /// As a person is told of it.
    title: &'static str,
    /// Of the files: `<name>.js` and `<name>_bg.wasm`.
    name: &'static str,
    /// Where they lie in the npm package.
    folder: &'static str,
    /// The flags for code that is compiled in beside the shipped code.
    cfg: &'static [&'static str],
}

const MODULES: [Module; 2] = [
    Module { package: PACKAGE, title: "the main module", name: "oidc_client_wasm", folder: "", cfg: &[] },
    // Not with the first: a page loads it only where its browser cannot verify signatures.
    Module {
        package: "oidc-client-wasm-verifier",
        title: "the verifier",
        name: "verifier",
        folder: "verifier/",
        cfg: &[],
    },
];

/// The main module with one more export, which no page needs (src/js/skin/vectors.rs).
const VECTORS: Module = Module {
    package: PACKAGE,
    title: "the module of the test vectors",
    name: "vectors",
    folder: "",
    cfg: &["--cfg", "vectors"],
};

/// The features are those rustc itself emits code for, and no more: naming them lets wasm-opt keep to them, whereas
/// `--all-features` lets it rewrite code into proposals (GC, for one) that would raise the browsers' minimum version.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--strip-producers",
    "--strip-target-features",
];

/// `--low-memory-unused` lets wasm-opt fold an added constant below 1024 into the offset of a load or store. That differs only where the
/// sum would wrap around to an address below 1024. There is the far end of the stack ([`layout`]): a page could see a difference only
/// with less than 1 KiB of its stack left, and the difference would be a trap.
///
/// `--dealign` gives each load and store the same hint about its alignment. Processors of today do not need the hint, and bytes that are
/// always the same cost nothing in brotli.
///
/// Two passes are left out. They keep a value in a local that is computed twice, or share a local between values: then fewer copies are
/// alike, which [`outline`] makes functions of.
const PASSES: [&str; 10] = [
    "--flatten",
    "--rereloop",
    "-Oz",
    "--low-memory-unused",
    "--gufa",
    "-Oz",
    "--dealign",
    "--converge",
    "--skip-pass=local-cse",
    "--skip-pass=merge-locals",
];

/// Builds and gives the files by their place in the package: the glue and the module, of each, and the modules as base64.
pub fn build(workspace: &Workspace) -> Result<Files> {
    add_target()?;
    let mut files = Files::new();
    // wasm-opt works on one processor: while it optimises one module, the other module is compiled and optimised.
    let built = std::thread::scope(|scope| {
        let building = MODULES.each_ref().map(|module| (module, scope.spawn(|| build_module(workspace, module))));
        building.map(|(module, built)| (module, built.join()))
    });
    for (module, built) in built {
        for (name, bytes) in built.unwrap_or_else(|panic| std::panic::resume_unwind(panic))? {
            files.insert(format!("{}{name}", module.folder), bytes);
        }
    }
    files.extend(glue::inline(&files)?);
    Ok(files)
}

/// The main module with the names of its functions, optimised as the shipped one is. Call it when the module is built.
pub fn named(workspace: &Workspace) -> Result<Vec<u8>> {
    let folder = folder(workspace, &MODULES[0]);
    let named = folder.join("named.wasm");
    // The folder goes when the module is made anew.
    if !named.exists() {
        println!("Optimising the main module once more, with the names of its functions …");
        let work = folder.join("work.wasm");
        write(&work, read(&folder.join(BOUND))?)?;
        optimise(&workspace.root.join("xtask/npm"), &work, &[PASSES.as_slice(), &["--debuginfo"]].concat())?;
        write(&named, outline::outlined(&read(&work)?)?)?;
    }
    read(&named)
}

/// The folder of the files that are made of a module.
fn folder(workspace: &Workspace, module: &Module) -> PathBuf {
    workspace.target.join("xtask/wasm").join(module.name)
}

/// Builds the main module for the test vectors: its glue and the module.
pub fn build_for_vectors(workspace: &Workspace) -> Result<Files> {
    add_target()?;
    build_module(workspace, &VECTORS)
}

fn build_module(workspace: &Workspace, module: &Module) -> Result<Files> {
    let tools = workspace.root.join("xtask/npm");
    let raw = compiled(workspace, module, &tools)?;
    let folder = folder(workspace, module);
    let out = folder.join("files");
    // The module knows which wasm-bindgen it was made for, the lock which wasm-opt, this file which options.
    let steps = [
        include_str!("wasm.rs"),
        include_str!("panics.rs"),
        include_str!("dead.rs"),
        include_str!("linked.rs"),
        include_str!("layout.rs"),
        include_str!("glue.rs"),
        include_str!("names.rs"),
        include_str!("order.rs"),
        include_str!("outline/find.rs"),
        include_str!("outline/mod.rs"),
        include_str!("references.rs"),
        include_str!("shape.rs"),
    ];
    let steps = steps.concat().into_bytes();
    let inputs = [raw.clone(), read(&tools.join("package-lock.json"))?, steps];
    let stamp = Stamp::new(folder.join("stamp"), inputs);
    if !stamp.is_current() {
        remove_folder(&folder)?;
        println!("Optimising {} with wasm-opt …", module.title);
        let trapping = panics::trap(&raw, |module| {
            let file = folder.join("variables.wasm");
            write(&file, module)?;
            optimise(&tools, &file, &["-Oz"])?;
            read(&file)
        })?;
        bind(references::without(&trapping)?, module.name, &out)?;
        let (wasm, glue) = (out.join(format!("{}_bg.wasm", module.name)), out.join(format!("{}.js", module.name)));
        let text = glue::mend(&String::from_utf8(read(&glue)?)?)?;
        layout::check(&read(&wasm)?)?;
        let named = names::drop_exports(&read(&wasm)?, &text)?;
        write(&folder.join(BOUND), &named)?;
        // Names have hashes that a machine's paths are in, and wasm-opt works in the order of names.
        write(&wasm, names::without_functions(&named)?)?;
        optimise(&tools, &wasm, &PASSES)?;
        let (short, text) = names::shorten(&order::neighbours(&outline::outlined(&read(&wasm)?)?)?, &text)?;
        write(&wasm, short)?;
        write(&glue, text)?;
        stamp.write()?;
    }
    files_of(&out)
}

/// One at a time: two modules of one package are compiled to one file, and one folder has the tools of all.
static COMPILING: Mutex<()> = Mutex::new(());

/// The module as rustc leaves it, and the tools for the rest installed.
fn compiled(workspace: &Workspace, module: &Module, tools: &Path) -> Result<Vec<u8>> {
    let _alone = COMPILING.lock();
    npm::ci(tools)?;
    compile(workspace, module)?;
    let file = module.package.replace('-', "_");
    read(&workspace.target.join(TARGET).join("release").join(file).with_extension("wasm"))
}

/// The compiler tells its place, because the Rust of a distribution has no rustup.
fn add_target() -> Result<()> {
    if places::sysroot()?.join("lib/rustlib").join(TARGET).join("lib").is_dir() {
        return Ok(());
    }
    Command::new("rustup").args(["target", "add", TARGET]).run().map_err(|error| {
        anyhow!("Rust's standard library for {TARGET} is missing and cannot be added here. {error} Then: rustup target add {TARGET}")
    })
}

/// `rustc --crate-type cdylib` and not `build`: beside the rlib that the native tests link, Cargo leaves out link-time
/// optimisation without a word, and the module was a fifth larger.
fn compile(workspace: &Workspace, module: &Module) -> Result<()> {
    let mut flags = places::remap_flags()?;
    // `dead` reads the relocations.
    flags.extend(["-C", "link-arg=--emit-relocs"].map(str::to_owned));
    let mut rustc = cargo();
    rustc
        .current_dir(&workspace.root)
        .args(["rustc", "--locked", "--release", "--lib", "--crate-type", "cdylib"])
        .args(["--package", module.package, "--target", TARGET, "--target-dir"])
        .arg(&workspace.target)
        .args(["--config", &format!("target.{TARGET}.rustflags={}", serde_json::json!(flags))])
        .arg("--")
        .args(module.cfg)
        // RUSTFLAGS would replace the flags of .cargo/config.toml, and with them the size of the stack.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    let what = format!("Compiling {} to WebAssembly", module.title);
    let log = workspace.target.join("xtask/log").join(module.name).with_extension("log");
    Build { what: &what, hint: "", log: &log }.run(rustc).map_err(Error::msg)
}

fn bind(wasm: Vec<u8>, name: &str, out: &Path) -> Result<()> {
    Bindgen::new()
        .input_bytes(name, wasm)
        .web(true)?
        .out_name(name)
        // index.js names the modules' places itself: it fetches them without a referrer.
        .omit_default_module_path(true)
        // The package's declarations are written by hand (pkg-template/index.d.ts): these would describe its inside.
        .typescript(false)
        .remove_producers_section(true)
        .generate(out)
        .context("wasm-bindgen refused the module")
}

fn optimise(tools: &Path, module: &Path, passes: &[&str]) -> Result<()> {
    Command::new("node")
        .arg(tools.join("node_modules/binaryen/bin/wasm-opt"))
        .args(passes)
        .args(FEATURES)
        .arg(module)
        .arg("-o")
        .arg(module)
        .run()
}
