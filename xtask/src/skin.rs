//! The JavaScript of the package, minified: the code that its entries share becomes one file, with a source map that leads a developer from
//! a stack trace to the sources.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::files::{Files, files_of, read, remove_folder, replace, write};
use crate::npm;
use crate::process::Run;
use crate::sizes::FRAMEWORKS;
use crate::stamp::Stamp;
use crate::workspace::Workspace;

/// The file that the entries share, made of this file and of those that it imports.
const SHARED: &str = "core.js";
/// These are in the shared file and nowhere else.
const INSIDE: [&str; 6] = ["error.js", "load.js", "open.js", "starting.js", "state.js", "oidc_client_wasm.js"];
/// The test double has the same states as the client: the file of these also stays as it is.
const FOR_TESTS: &str = "state.js";
/// These keep the names of their functions: a stack trace begins with them.
const ENTRIES: [&str; 3] = ["index.js", "inline.js", "slim.js"];
/// The shared file imports these when they are needed: they stay files of their own.
const LATER: &str = "verifier/verifier.js";
/// What shows the windows of a login, which the shared file imports when it is needed, and the script of the page that ends a login there.
const OF_WINDOWS: [&str; 2] = ["windows.js", "callback.js"];
/// The session monitor, which the shared file imports when it is needed.
const MONITOR: &str = "monitor.js";
/// This is in both of them.
const RELAY: &str = "relay.js";
/// What a page with its tokens in a worker imports, and the worker.
const OF_WORKER: [&str; 2] = ["vault.js", "worker.js"];
/// The entry that shares nothing with the others, and throws nothing that would have a stack trace.
const HINT: &str = "hint.js";
/// The entries for developers, each made of its file and of those that it imports from the folder of the devtools.
const FOR_DEVELOPERS: [&str; 2] = ["log.js", "devtools/index.js"];
const DEVTOOLS: &str = "devtools/";
/// What a diagnosis says of a provider, which the devtools import when it is needed, with the judgments of the doctor in it. The program of that name
/// has them as they are written.
const DIAGNOSIS: &str = "devtools/provider.js";
const DOCTOR: &str = "doctor/";

/// The expressions by which bundlers find the files of WebAssembly.
const PLACES: [&str; 2] = ["oidc_client_wasm_bg.wasm", "verifier/verifier_bg.wasm"];

/// Puts the minified files into the place of those that they are made of.
pub fn minify(workspace: &Workspace, files: &mut Files) -> Result<()> {
    let on_top = |name: &String| name.starts_with(FRAMEWORKS) && name.ends_with(".js");
    let on_top: Vec<String> = files.keys().filter(|name| on_top(name)).cloned().collect();
    let on_top: Vec<&str> = on_top.iter().map(String::as_str).collect();
    let is_of_devtools = |name: &String| name.starts_with(DEVTOOLS) && name.ends_with(".js");
    let of_devtools: Vec<String> = files.keys().filter(|name| is_of_devtools(name)).cloned().collect();
    let of_devtools: Vec<&str> = of_devtools.iter().map(String::as_str).collect();
    let for_tests = files.get(FOR_TESTS).cloned().with_context(|| format!("{FOR_TESTS} is missing"))?;
    let sources: Files = ENTRIES
        .iter()
        .chain(&INSIDE)
        .chain(&OF_WINDOWS)
        .chain(&OF_WORKER)
        .chain(&on_top)
        .chain(&of_devtools)
        .chain([&SHARED, &LATER, &HINT, &RELAY, &MONITOR, &FOR_DEVELOPERS[0]])
        .map(|name| {
            let source = files.remove(*name).with_context(|| format!("{name} is missing"))?;
            Ok(((*name).to_owned(), source))
        })
        .collect::<Result<_>>()?;
    let judgments = files.iter().filter(|(name, _)| name.starts_with(DOCTOR) && name.ends_with(".js"));
    let judgments: Files = judgments.map(|(name, bytes)| (name.clone(), bytes.clone())).collect();

    let tools = workspace.root.join("xtask/npm");
    let folder = workspace.target.join("xtask/skin");
    let out = folder.join("out");
    let version = &workspace.version;
    let inputs =
        [read(&tools.join("package-lock.json"))?, include_bytes!("skin.rs").to_vec(), version.clone().into_bytes()];
    let named = sources.iter().chain(&judgments).flat_map(|(name, bytes)| [name.clone().into_bytes(), bytes.clone()]);
    let stamp = Stamp::new(folder.join("stamp"), inputs.into_iter().chain(named));
    if !stamp.is_current() {
        remove_folder(&folder)?;
        // Below the folder of what is made, so that the source map names its sources `src/…`.
        replace(&out.join("src"), &sources.clone().into_iter().chain(judgments).collect())?;
        // Without a manifest esbuild takes the nearest above, which may be that of somebody else.
        write(&out.join("package.json"), r#"{ "type": "module", "sideEffects": false }"#)?;
        npm::ci(&tools)?;
        esbuild(
            &tools,
            &out,
            // Node.js prints the whole line of an error that no caller catches.
            &[
                "--minify",
                "--bundle",
                "--sourcemap",
                "--external:./verifier/verifier.js",
                "--external:./windows.js",
                "--external:./vault.js",
                "--external:./monitor.js",
                "--line-limit=2000",
            ],
            &[SHARED],
        )?;
        esbuild(&tools, &out, &["--minify", "--bundle"], &OF_WINDOWS)?;
        esbuild(&tools, &out, &["--minify"], &OF_WORKER)?;
        esbuild(&tools, &out, &["--minify"], &[LATER, HINT, MONITOR])?;
        esbuild(&tools, &out, &["--minify"], &on_top)?;
        let version = format!("--define:__VERSION__={version:?}");
        esbuild(&tools, &out, &["--minify", "--bundle", "--external:./provider.js", &version], &FOR_DEVELOPERS)?;
        esbuild(&tools, &out, &["--minify", "--bundle"], &[DIAGNOSIS])?;
        esbuild(&tools, &out, &["--minify-syntax", "--minify-whitespace"], &ENTRIES)?;
        remove_folder(&out.join("src"))?;
        std::fs::remove_file(out.join("package.json"))?;
        stamp.write()?;
    }
    let made = files_of(&out)?;
    check(&made)?;
    files.extend(made);
    files.insert(FOR_TESTS.to_owned(), for_tests);
    Ok(())
}

fn esbuild(tools: &Path, out: &Path, options: &[&str], files: &[&str]) -> Result<()> {
    Command::new("node")
        .current_dir(out)
        .arg(tools.join("node_modules/esbuild/bin/esbuild"))
        .args(options)
        // As the oldest browsers of docs/browsers.md have it.
        .args([
            "--format=esm",
            "--target=es2022",
            "--legal-comments=none",
            "--log-level=warning",
            "--outdir=.",
            "--outbase=src",
        ])
        .args(files.iter().map(|file| format!("src/{file}")))
        .run()
}

/// Texts that other tools look for must be in the files as they were written.
fn check(made: &Files) -> Result<()> {
    let text = |name: &str| {
        made.get(name).map(|bytes| String::from_utf8_lossy(bytes)).with_context(|| format!("{name} was not made"))
    };
    let index = text("index.js")?;
    for place in PLACES {
        let literal = format!("new URL(\"./{place}\",import.meta.url)");
        ensure!(index.contains(&literal), "index.js lost {literal}");
    }
    for later in [LATER, "windows.js", "vault.js", MONITOR] {
        ensure!(text(SHARED)?.contains(&format!("import(\"./{later}\")")), "{SHARED} lost the import of {later}");
    }
    ensure!(
        text(FOR_DEVELOPERS[1])?.contains("import(\"./provider.js\")"),
        "the devtools lost the import of {DIAGNOSIS}"
    );
    for (name, bytes) in made.iter().filter(|(name, _)| name.ends_with(".js")) {
        // It would be downloaded a second time, and counted nowhere.
        let second = format!("/{FOR_TESTS}\"");
        ensure!(
            !String::from_utf8_lossy(bytes).contains(&second),
            "{name} imports {FOR_TESTS}, which is inside {SHARED}"
        );
    }
    let worker = "new Worker(new URL(\"./worker.js\",import.meta.url),{type:\"module\"})";
    ensure!(text("vault.js")?.contains(worker), "vault.js lost {worker}");
    ensure!(
        !text("slim.js")?.contains("import.meta") && !text(SHARED)?.contains("import.meta"),
        "slim.js must do without import.meta"
    );
    Ok(())
}
