//! The pages are a promise where they name something: the tests in the map of Authlib's client tests and in the threat model
//! of SECURITY.md, and other pages. What they name exists.

#[path = "support/source.rs"]
#[allow(dead_code)]
mod source;

use std::collections::{BTreeMap, BTreeSet};

use oidc_client_wasm::error::Code;
use source::{project_files, root};

/// `kind/file` and `name` of every row of the tables whose last column is headed `test`; anything else there fails.
fn references(page: &str) -> Vec<(String, String)> {
    let page = std::fs::read_to_string(root().join(page)).expect("the page");
    let lines: Vec<&str> = page.lines().chain([""]).collect();
    let (mut references, mut names_tests) = (Vec::new(), false);
    for pair in lines.windows(2) {
        let is_head = pair[1].starts_with("|---");
        if is_head {
            names_tests = pair[0].ends_with("| test |");
        } else if names_tests && pair[0].starts_with("| ") {
            references.push(reference(pair[0]));
        }
    }
    references
}

fn reference(row: &str) -> (String, String) {
    let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
    let named = cells.last().and_then(|cell| cell.strip_prefix('`')?.strip_suffix('`')?.split_once(" › "));
    let (place, name) = named.unwrap_or_else(|| panic!("no test is named: {row}"));
    assert_eq!(cells.len(), 3, "{row}");
    (place.to_owned(), name.to_owned())
}

/// The files that `native/x`, `e2e/x`, `unit/x`, `units/x` or `tests/x` may mean.
fn is_meant(path: &str, place: &str) -> bool {
    let (kind, name) = place.split_once('/').unwrap_or_else(|| panic!("no place of a test: {place}"));
    match kind {
        "native" => path == format!("tests/native/{name}.rs"),
        "e2e" => {
            let suite = "tests/e2e/suite";
            path == format!("{suite}/{name}.test.js") || path == format!("{suite}/portable/{name}.js")
        }
        "unit" => {
            let is_file = path.ends_with(&format!("/{name}.rs")) || path.ends_with(&format!("/{name}_tests.rs"));
            ["src/protocol/", "src/settings/"].iter().any(|floor| path.starts_with(floor)) && is_file
        }
        "units" => path == format!("tests/units/{name}.test.js"),
        "tests" => path == format!("tests/{name}.rs"),
        _ => false,
    }
}

fn tests_in(path: &str, text: &str) -> Vec<String> {
    if path.ends_with(".rs") { rust_tests(text) } else { javascript_tests(text) }
}

fn rust_tests(text: &str) -> Vec<String> {
    let functions = text.match_indices("fn ").filter(|(at, _)| text[..*at].trim_end().ends_with("#[test]"));
    functions.filter_map(|(at, _)| Some(text[at + 3..].split_once('(')?.0.to_owned())).collect()
}

fn javascript_tests(text: &str) -> Vec<String> {
    let mut tests = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(name) = line.trim_start().strip_prefix("test('") {
            tests.push(quoted(name));
        } else if let Some(name) = line.trim_start().strip_prefix("test(`") {
            tests.extend(tests_of_table(name.split('`').next().unwrap_or_default(), &text[..at]));
        }
        at += line.len();
    }
    tests
}

/// `${what}: refused` after a table whose rows begin with `['…'`: one test for each row. Of what further columns bring into the
/// name nothing is known: such a name ends before it, with `…`.
fn tests_of_table(name: &str, before: &str) -> Vec<String> {
    let Some((start, (_, end))) = name.split_once("${").and_then(|(start, rest)| Some((start, rest.split_once('}')?)))
    else {
        return vec![name.to_owned()];
    };
    let (end, cut) = end.split_once("${").map_or((end, ""), |(end, _)| (end, "…"));
    let rows = table(before).lines().filter_map(|line| line.trim_start().strip_prefix("['"));
    rows.map(|row| format!("{start}{}{end}{cut}", quoted(row))).collect()
}

/// The table that the last loop of the text goes through: its own, or one with a name.
fn table(text: &str) -> &str {
    let of_loop = text.rfind("for (const ").map_or("", |at| &text[at..]);
    let head = of_loop.lines().next().unwrap_or_default();
    let name = head.strip_suffix(") {").and_then(|head| head.split_once(" of ")).map(|(_, name)| name);
    let named = name.and_then(|name| text.split_once(&format!("const {name} = [")));
    named.map_or(of_loop, |(_, table)| table.split("\n];").next().unwrap_or_default())
}

/// Up to the closing quote.
fn quoted(text: &str) -> String {
    let text = text.replace("\\'", "\u{0}");
    text.split('\'').next().unwrap_or_default().replace('\u{0}', "'")
}

/// A beginning is written with `…` at its end; anything else is the whole name.
fn is_named(test: &str, name: &str) -> bool {
    name.strip_suffix('…').map_or(test == name, |start| test.starts_with(start))
}

fn every_row_names_one_test(page: &str, at_least: usize) {
    let (files, references) = (project_files(), references(page));
    assert!(references.len() >= at_least, "{page} has lost its rows: {}", references.len());
    let wrong: Vec<_> = references
        .iter()
        .filter_map(|(place, name)| {
            let meant = files.iter().filter(|(path, _)| is_meant(path, place));
            let tests = meant.flat_map(|(path, text)| tests_in(path, text));
            let found = tests.filter(|test| is_named(test, name)).count();
            (found != 1).then(|| format!("{place} › {name}: {found} tests"))
        })
        .collect();
    assert_eq!(wrong, Vec::<String>::new(), "{page} must name one test in each row");
}

#[test]
fn every_scenario_names_one_test_that_exists() {
    every_row_names_one_test("docs/authlib-scenarios.md", 150);
}

#[test]
fn every_threat_names_one_test_that_exists() {
    every_row_names_one_test("SECURITY.md", 118);
}

/// The recipes send people to files. `NAME` stands for the name of what is added: Solid's files are an example.
#[test]
fn every_file_that_a_recipe_names_exists() {
    let page = read("CONTRIBUTING.md");
    let (_, recipes) = page.split_once("\n## Recipes\n").expect("the recipes");
    let code = recipes.split('`').skip(1).step_by(2);
    let paths = code
        .filter(|text| ["src/", "tests/", "pkg-template/", "docs/", "fuzz/"].iter().any(|top| text.starts_with(top)));
    let paths: Vec<String> = paths.map(|path| path.replace("NAME", "solid")).collect();
    assert!(paths.len() > 25, "{paths:?}");
    let missing: Vec<&String> = paths.iter().filter(|path| !root().join(path).exists()).collect();
    assert_eq!(missing, Vec::<&String>::new());
}

/// Who copies the policy must get the one that the browser tests run under.
#[test]
fn the_policy_that_is_recommended_is_the_one_that_is_tested() {
    let (page, server) = (read("SECURITY.md"), read("tests/e2e/app/server.js"));
    let policy = page.lines().find_map(|line| line.strip_prefix("Content-Security-Policy: ")).expect("the policy");
    let (_, list) = server.split_once("const policy = () => Object.entries({").expect("the policy of the fixture");
    let (list, _) = list.split_once("...directives").expect("its end");
    // Each is `'name': "value",` or, with a template in it, `'name': `value`,`.
    let tested: Vec<String> = list
        .lines()
        .filter_map(|line| line.trim().strip_prefix('\'')?.strip_suffix(',')?.split_once("': "))
        .map(|(name, value)| format!("{name} {}", value.trim_matches(['"', '`'])))
        .map(|directive| directive.replace("${allowed.join(' ')}", "https://id.example.com"))
        .collect();
    assert_eq!(policy.split("; ").collect::<Vec<_>>(), tested, "SECURITY.md and tests/e2e/app/server.js must agree");
}

/// What the optimiser may use, the browsers must have.
#[test]
fn every_feature_of_the_wasm_has_its_versions() {
    let (page, wasm) = (read("docs/browsers.md"), read("xtask/src/wasm.rs"));
    let enabled = wasm.lines().filter_map(|line| line.trim().strip_prefix("\"--enable-")?.strip_suffix("\","));
    let rows = enabled.map(|feature| match feature {
        "bulk-memory" => "WebAssembly bulk memory",
        "multivalue" => "WebAssembly multi-value",
        "mutable-globals" => "WebAssembly mutable globals",
        "nontrapping-float-to-int" => "WebAssembly conversion of floats without traps",
        "sign-ext" => "WebAssembly sign extension",
        other => panic!("docs/browsers.md has no versions for {other}"),
    });
    let missing: Vec<_> = rows.filter(|row| !page.contains(&format!("| {row} |"))).collect();
    assert_eq!(missing, Vec::<&str>::new(), "rows of docs/browsers.md");
}

/// `page.md` and `heading` of every `](page.md#heading)`; either may be empty.
fn links(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    let local = targets.filter(|target| !target.contains("://") && !target.contains(' '));
    local.map(|target| target.split_once('#').unwrap_or((target, "")))
}

/// As renderers make it of a heading: lower case, hyphens for spaces, no punctuation.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = kept.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    let mut found = 0;
    for (page, text) in project_files().into_iter().filter(|(path, _)| path.ends_with(".md")) {
        let page = root().join(page);
        for (path, heading) in links(&text) {
            found += 1;
            let target = if path.is_empty() { page.clone() } else { page.with_file_name("").join(path) };
            assert!(target.exists(), "{} links to {path}, which is not there", page.display());
            let is_heading = |line: &str| line.starts_with('#') && anchor(line) == heading;
            let is_anchor = |line: &str| line.contains(&format!("<a id=\"{heading}\"></a>"));
            let is_there = |text: String| text.lines().any(|line| is_heading(line) || is_anchor(line));
            let leads_there = heading.is_empty() || std::fs::read_to_string(&target).is_ok_and(is_there);
            assert!(leads_there, "{} links to {path}#{heading}, which is no heading", page.display());
        }
    }
    assert!(found > 40, "only {found} links were found");
}

/// What was seen in another version says nothing. `cargo xtask bundlers` compares the rest of the table.
#[test]
fn the_table_of_bundlers_has_the_versions_that_are_tried() {
    let files = project_files();
    let page = &files.iter().find(|(path, _)| path == "docs/bundlers.md").expect("the page").1;
    let manifests: Vec<_> = files
        .iter()
        .filter(|(path, _)| path.starts_with("tests/bundlers/") && path.ends_with("/package.json"))
        .map(|(path, text)| (path, serde_json::from_str::<serde_json::Value>(text).expect("JSON")))
        .collect();
    assert!(manifests.len() >= 12, "only {} tools were found", manifests.len());
    for (path, manifest) in manifests {
        let tools = manifest["devDependencies"].as_object().expect("the tool");
        let is_told =
            tools.values().any(|version| page.contains(&format!("| {} |", version.as_str().unwrap_or_default())));
        assert!(is_told, "{path}: run `cargo xtask bundlers --write`, the page tells another version");
    }
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).expect(path)
}

/// The cells of the row that begins with this name, in the section with this heading.
fn row<'a>(page: &'a str, heading: &str, name: &str) -> Option<Vec<&'a str>> {
    let (_, section) = page.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no section {heading}"));
    let section = section.split("\n## ").next().unwrap_or_default().split("\n### ").next().unwrap_or_default();
    let row = section.lines().find_map(|line| line.strip_prefix(&format!("| {name} | ")))?;
    Some(row.trim_end_matches('|').split('|').map(str::trim).collect())
}

/// Two pages with other figures for the same thing are both of no use.
#[test]
fn the_comparison_has_the_figures_of_the_benchmarks() {
    let (comparison, benchmarks) = (read("docs/comparison.md"), read("docs/benchmarks.md"));
    let versions = benchmarks.lines().find_map(|line| line.strip_prefix("Versions: ")).expect("the versions");
    for one in versions.trim_end_matches('.').split(", ").flat_map(|some| some.split(" and ")) {
        let (name, version) = one.rsplit_once(' ').expect("a name and a version");
        let name = name.strip_suffix(" + glue").unwrap_or(name);
        let told = row(&comparison, "## The packages", name).unwrap_or_else(|| panic!("no row for {name}"));
        assert_eq!(told.first(), Some(&version), "{name}: the comparison is about another version");
    }
    let mut compared = 0;
    let (_, download) = benchmarks.split_once("\n## Download\n").expect("the download");
    let names = download.split("\n## ").next().unwrap_or_default().lines().filter_map(|line| line.strip_prefix("| "));
    for name in names.filter_map(|line| line.split_once(" | ")).map(|(name, _)| name).skip(1) {
        if name.starts_with("the floor") || name.ends_with("(preload link)") {
            continue;
        }
        let told = row(&comparison, "## Download and times", name).unwrap_or_else(|| panic!("no row for {name}"));
        let median = |heading: &str, column: usize| {
            let cells = row(&benchmarks, heading, name).unwrap_or_else(|| panic!("{heading} has no {name}"));
            cells[column].split(" (").next().unwrap_or_default().to_owned()
        };
        let measured =
            [median("## Download", 2), median("### 0 ms", 0), median("### 150 ms", 2), median("### 150 ms", 4)];
        assert_eq!(told, measured, "{name}: copy the figures of docs/benchmarks.md into docs/comparison.md");
        compared += 1;
    }
    assert!(compared >= 8, "only {compared} packages were compared");
}

/// The rows of the tables of docs/support.md, cell by cell, without the marks of code.
fn support() -> Vec<Vec<String>> {
    let page = read("docs/support.md");
    let rows = page.lines().filter(|line| line.starts_with("| "));
    // A range with an alternative has its bars escaped.
    let cells = |row: &str| -> Vec<String> {
        let row = row.replace("\\|", "\u{0}");
        row.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', "").replace('\u{0}', "|")).collect()
    };
    rows.map(cells).collect()
}

#[test]
fn the_support_policy_has_the_versions_of_the_package_and_of_its_tests() {
    let json = |path: &str| -> serde_json::Value { serde_json::from_str(&read(path)).expect(path) };
    let (rows, manifest) = (support(), json("pkg-template/package.json"));
    let row =
        |name: &str| rows.iter().find(|row| row[0].starts_with(name)).unwrap_or_else(|| panic!("no row of {name}"));

    let told: std::collections::BTreeMap<String, String> = rows
        .iter()
        .filter(|row| row.len() == 2 && row[0] != "package")
        .flat_map(|row| row[0].split(", ").map(|peer| (peer.to_owned(), row[1].clone())))
        .collect();
    let peers = manifest["peerDependencies"].as_object().expect("the peers");
    let peers =
        peers.iter().map(|(peer, range)| (peer.clone(), range.as_str().unwrap_or_default().to_owned())).collect();
    assert_eq!(told, peers, "docs/support.md and `peerDependencies`");

    assert_eq!(row("Node.js")[1], manifest["engines"]["node"].as_str().expect("a range"));
    let manifest = json("tests/types/package.json");
    let oldest = manifest["devDependencies"]["typescript-oldest"].as_str();
    let (oldest, _) = oldest.and_then(|version| version.rsplit('@').next()?.rsplit_once('.')).expect("a version");
    assert!(row("TypeScript")[1].starts_with(&format!("{oldest} and newer")), "the tests compile with {oldest}");
    let browsers = read("docs/browsers.md");
    for (name, version) in [("Chrome", "103"), ("Edge", "103"), ("Firefox", "100"), ("Safari, on macOS and iOS", "16")]
    {
        assert!(browsers.contains(&format!("| {name} | {version} |")), "docs/browsers.md has another {name}");
        assert!(row("browsers")[1].contains(version), "{name} {version}");
    }

    let (readme, ceilings) = (read("README.md"), read("xtask/src/ceilings.rs"));
    for engine in ["Chromium", "Firefox", "WebKitGTK"] {
        let [_, version, day] = &row(engine)[..] else { panic!("{engine} has a name, a version and a day") };
        let told = format!("| {engine} {version}, last run on {day} |");
        assert!(readme.contains(&told), "README.md has another run of the tests than docs/support.md: {told}");
    }
    let (_, entry) = ceilings.split_once("(\"default entry\", ").expect("the default entry");
    let bytes: u32 = entry.split(')').next().and_then(|number| number.replace('_', "").parse().ok()).expect("a number");
    assert!(row("files")[2].contains(&format!("at most {} kB", bytes.div_ceil(1000))), "{bytes} bytes");
}

/// A block under a heading of that language, the first.
fn block(page: &str, language: &str) -> String {
    let (_, rest) = page.split_once(&format!("\n```{language}\n")).unwrap_or_else(|| panic!("no block of {language}"));
    rest.split_once("\n```").expect("its end").0.to_owned()
}

/// The README of the package begins at the development provider; its page is else the page that the browser tests run.
#[test]
fn the_readme_of_the_package_has_the_page_that_the_tests_run() {
    let (tested, shipped) = (read("README.md"), read("pkg-template/README.md"));
    assert_eq!(block(&shipped, "html"), block(&tested, "html"));
    let script = block(&tested, "js").replace("https://id.example.com", "http://localhost:9400");
    assert_eq!(block(&shipped, "js"), script);
    assert_eq!(block(&shipped, "sh"), "npm install oidc-client-wasm", "the first thing that a reader does");
    assert!(!shipped.contains("cargo") && shipped.lines().count() <= 125);
}

/// The site shows the table beside the causes and remedies of docs/errors.md.
#[test]
fn every_error_code_names_a_test_that_provokes_it() {
    let files = project_files();
    let text = read("site/errors.json");
    let table: BTreeMap<String, serde_json::Value> = serde_json::from_str(&text).expect("JSON");
    let codes: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(
        table.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        codes,
        "site/errors.json has one row for each code"
    );
    let wrong = table.iter().filter_map(|(code, row)| {
        let named = row["test"].as_str().and_then(|test| test.split_once(" › "));
        let (place, name) = named.unwrap_or_else(|| panic!("{code} names no test"));
        let meant = files.iter().filter(|(path, _)| is_meant(path, place));
        let bodies = meant.flat_map(|(path, text)| bodies_of(path, text, name)).collect::<Vec<_>>();
        let provokes = matches!(bodies.as_slice(), [body] if names_code(body, code));
        (!provokes).then(|| format!("{code}: {place} › {name}, {} tests", bodies.len()))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<String>::new(), "each must be one test that names the code");
}

/// Each test of the name, up to the next test. The names that a table makes are not found.
fn bodies_of(path: &str, text: &str, name: &str) -> Vec<String> {
    let (head, next) = if path.ends_with(".rs") {
        (format!("fn {name}("), "#[test]")
    } else {
        (format!("test('{}", name.replace('\'', "\\'")), "test(")
    };
    let body = |at: usize| {
        text[at..].lines().enumerate().take_while(|(line, text)| *line == 0 || !text.trim_start().starts_with(next))
    };
    text.match_indices(&head).map(|(at, _)| body(at).map(|(_, line)| format!("{line}\n")).collect()).collect()
}

/// As text, or as the constant of Rust.
fn names_code(body: &str, code: &str) -> bool {
    let camel: String = code.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
    source::words(body).any(|word| word == code || word == camel)
}

#[test]
fn tests_are_found_where_they_stand() {
    let rust = "#[test]\nfn one() {}\nfn helper() {}\n    #[test]\n    fn two(lies in lies()) {}";
    assert_eq!(rust_tests(rust), ["one", "two"]);
    let javascript = "const rows = [\n  ['a', 1],\n  ['it\\'s b', 2],\n];\nfor (const [what, code] of rows) {\n  test(`x ${what}: ${code}`\n}\n\
                      for (const [what] of [\n  ['c', () => []],\n]) {\n  test(`${what} is refused`\n}\n  test('that\\'s all', async";
    assert_eq!(javascript_tests(javascript), ["x a: …", "x it's b: …", "c is refused", "that's all"]);
}
