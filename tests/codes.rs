//! The codes of the errors have one table, `src/error/code.rs`. Every other place that lists them is compared with it here.

use std::collections::{BTreeMap, BTreeSet};

use oidc_client_wasm::error::{Code, Error, Phase};

/// Each code with the name of its kind.
type Kinds<'a> = BTreeMap<&'a str, &'a str>;

const DECLARATIONS: &str = include_str!("../pkg-template/error.d.ts");
const CONTRACT: &str = include_str!("types/contract.d.ts");
const CLASS: &str = include_str!("../pkg-template/error.js");
/// What the test double knows of each code.
const DOUBLE: &str = include_str!("../pkg-template/testing/errors.js");
const PAGE: &str = include_str!("../docs/errors.md");

/// Codes that were added to the contract.
const ADDED: [&str; 4] = ["invalid_session", "page_leaving", "page_stayed", "worker_load_failed"];
/// Codes of the contract that Rust does not give: capabilities to come, and what only JavaScript can notice.
const LATER: [&str; 2] = ["client_unknown", "step_up_required"];

fn table() -> Kinds<'static> {
    let table: Kinds = Code::ALL.iter().map(|code| (code.as_str(), code.kind().as_str())).collect();
    assert_eq!(table.len(), Code::ALL.len(), "two codes have one text");
    table
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("there is no `{start}`"));
    rest.split_once(end).expect("an end").0
}

/// The texts between quotes.
fn literals(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

/// The union of the codes: `// kind`, and the codes of that kind.
fn declared(declarations: &str) -> Kinds<'_> {
    let union = between(declarations, "type OAuthErrorCode =", ";");
    let sections = union.split("// ").skip(1).filter_map(|section| section.split_once('\n'));
    sections.flat_map(|(kind, codes)| literals(codes).map(move |code| (code, kind.trim()))).collect()
}

#[test]
fn the_declarations_have_every_code_under_its_kind() {
    assert_eq!(declared(DECLARATIONS), table());
}

/// A code is never renamed and never reused.
#[test]
fn the_contract_has_every_code_under_its_kind() {
    let mut ours = table();
    ours.retain(|code, _| !ADDED.contains(code));
    let mut theirs = declared(CONTRACT);
    theirs.retain(|code, _| !LATER.contains(code));
    assert_eq!(ours, theirs);
    assert!(ADDED.iter().all(|code| table().contains_key(code)), "a code that was added must not disappear");
    assert!(LATER.iter().all(|code| !table().contains_key(code)), "a code of LATER that is given moves out of it");
}

/// An error carries `docs/errors.md#` and its code.
#[test]
fn the_page_has_one_anchor_for_every_code_under_its_kind() {
    let sections = PAGE.split("\n## ").filter_map(|section| section.split_once(':'));
    let mut found = Kinds::new();
    for (kind, section) in sections {
        for (code, row) in section.split("<a id=\"").skip(1).filter_map(|rest| rest.split_once("\"></a>")) {
            assert!(row.starts_with(&format!("`{code}` |")), "{code} begins its row");
            assert_eq!(found.insert(code, kind), None, "{code} has one anchor");
        }
    }
    assert_eq!(found, table());
}

/// An application's tests make errors, by `new OAuthError({ code })`, where there is no WebAssembly to ask.
#[test]
fn the_error_class_knows_the_kind_and_the_retries_of_every_code() {
    let kinds = between(CLASS, "const KINDS = {", "};");
    let lists = ["usage", "environment", "refused"].map(|kind| {
        // The texts of the kind, which stand together, end at its comma.
        let list: String = literals(between(kinds, &format!("  {kind}:"), "\",\n")).collect();
        (kind, list)
    });
    let mut known: Kinds = lists.iter().flat_map(|(kind, list)| list.split(' ').map(|code| (code, *kind))).collect();
    // Every other code is of the kind `rejected`.
    known.extend(table().into_iter().filter(|(_, kind)| *kind == "rejected"));
    assert_eq!(known, table());

    let retryable: BTreeSet<&str> = literals(between(CLASS, "  return [", "].includes(code)")).collect();
    let expected = Code::ALL.iter().filter(|code| Error::new(**code, Phase::Config, "").retryable);
    assert_eq!(retryable, expected.map(|code| code.as_str()).collect());
}

#[test]
fn every_code_but_aborted_has_a_remedy() {
    let without: Vec<&str> =
        Code::ALL.iter().filter(|code| code.remedy().is_empty()).map(|code| code.as_str()).collect();
    assert_eq!(without, ["aborted"]);
}

/// `oauthError(code)` of the test double gives the remedies that the package gives.
#[test]
fn the_test_double_knows_the_remedy_of_every_code() {
    let table = between(DOUBLE, "const CODES = {", "\n};");
    let start_again = between(DOUBLE, "const START_AGAIN = \"", "\";");
    let rows = table.lines().filter_map(|line| line.trim().strip_suffix("],")?.split_once(": ["));
    let known: BTreeMap<&str, String> = rows
        .map(|(code, row)| {
            let remedy = row.splitn(3, "\", ").nth(2).expect("a remedy");
            let is_literal = remedy.starts_with('"');
            (code, if is_literal { remedy.trim_matches('"').replace("\\\"", "\"") } else { start_again.to_owned() })
        })
        .collect();
    assert_eq!(known, Code::ALL.iter().map(|code| (code.as_str(), code.remedy().to_owned())).collect());
}
