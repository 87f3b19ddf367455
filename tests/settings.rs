//! docs/settings.md lists every setting and every option, in both spellings, as the code reads them.

#[path = "support/source.rs"]
#[allow(dead_code)]
mod source;

use std::collections::BTreeSet;

use oidc_client_wasm::protocol::config::ClientConfig;
use oidc_client_wasm::protocol::json::{self, Value, json};
use oidc_client_wasm::settings::mistake::{ConfigError, Problem};
use oidc_client_wasm::settings::options::{self, Options};
use oidc_client_wasm::settings::{client, client_kwargs};
use source::root;

/// Keys that the face takes before the settings are read, because they hold functions or WebAssembly.
const TAKEN_BY_THE_FACE: [&str; 7] =
    ["hooks", "expectedIssuer", "fetchToken", "wasm", "verifierWasm", "workerUrl", "log"];
/// Beside the words of the page, which are examples of text.
const VALUES: [(&str, &str); 22] = [
    ("issuer", r#""https://id.example.com""#),
    ("serverMetadataUrl", r#""https://id.example.com/m""#),
    ("authorizeUrl", r#""https://id.example.com/a""#),
    ("accessTokenUrl", r#""https://id.example.com/t""#),
    ("refreshTokenUrl", r#""https://id.example.com/r""#),
    ("apiBaseUrl", r#""https://api.example.com/""#),
    ("redirectUri", r#""https://app.example.com/callback""#),
    ("popupRedirectUri", r#""https://app.example.com/callback.html""#),
    ("silentRedirectUri", r#""https://app.example.com/callback.html""#),
    ("postLogoutRedirectUri", r#""https://app.example.com/""#),
    ("apiOrigins", r#"["https://api.example.com"]"#),
    ("jwks", r#"{"keys":[]}"#),
    ("idTokenSigningAlgs", r#"["RS256"]"#),
    ("allowMissingNonce", "true"),
    ("responseMode", r#""query""#),
    ("verifier", r#""auto""#),
    ("tokenStorage", r#""session""#),
    ("shareSession", "false"),
    ("autoRenew", "true"),
    ("sessionLifetime", r#"{"max":1,"idle":1}"#),
    ("clockTolerance", "1"),
    ("requestTimeout", "1"),
];

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).expect(path)
}

/// The rows of the table under a heading of the page: the cells of each.
fn rows(heading: &str) -> Vec<Vec<String>> {
    let page = read("docs/settings.md");
    let (_, section) = page.split_once(&format!("\n## {heading}\n")).expect("the heading");
    let section = section.split("\n## ").next().expect("a section");
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// `` `clientId` `` is `clientId`; `–` is no key.
fn key(cell: &str) -> Option<&str> {
    cell.strip_prefix('`')?.strip_suffix('`')
}

/// A value that the setting of this name accepts, where the name tells enough.
fn value(name: &str) -> Value {
    let listed = VALUES.iter().find(|(known, _)| *known == name);
    match listed {
        Some((_, json)) => json::parse_record(json.as_bytes()).expect("JSON"),
        None if name.ends_with("Params") || ["metadata", "clientKwargs"].contains(&name) => json!({}),
        None => json!("x"),
    }
}

fn is_unknown<T>(read: Result<T, ConfigError>) -> bool {
    read.is_err_and(|error| error.problem == Problem::Unknown)
}

fn client(key: &str, value: Value) -> Result<ClientConfig, ConfigError> {
    let base = if ["clientId", "client_id"].contains(&key) { json!({}) } else { json!({ "clientId": "x" }) };
    let mut settings = base;
    settings[key] = value;
    client::parse(settings)
}

#[test]
fn every_client_setting_of_the_page_is_read_in_both_spellings() {
    let rows = rows("Client settings");
    assert!(rows.len() > 20, "only {} settings", rows.len());
    for row in rows {
        assert_eq!(row.len(), 5, "{row:?}");
        let name = key(&row[0]).expect("a name");
        for spelling in [Some(name), key(&row[1])].into_iter().flatten() {
            // A function is a function: what is left under its name is refused, and not as unknown.
            if TAKEN_BY_THE_FACE.contains(&name) {
                assert_eq!(client(spelling, json!("x")).unwrap_err().key, spelling);
                assert!(!is_unknown(client(spelling, json!("x"))), "{spelling}");
            } else {
                let read = client(spelling, value(name));
                assert!(read.is_ok(), "{spelling}: {read:?}");
            }
        }
        let (camel, snake) = (camel_case(key(&row[1]).expect("a spelling")), name);
        assert_eq!(camel, snake, "the two spellings of a row are one name");
    }
}

#[test]
fn every_option_of_the_page_is_read_in_both_spellings() {
    for row in rows("Registry options") {
        assert_eq!(row.len(), 5, "{row:?}");
        let name = key(&row[0]).expect("a name");
        if TAKEN_BY_THE_FACE.contains(&name) {
            continue;
        }
        for spelling in [name, key(&row[1]).expect("a spelling")] {
            let read = Options::from_json(json!({ spelling: value(name) }));
            assert!(read.is_ok(), "{spelling}: {read:?}");
        }
    }
}

#[test]
fn every_nested_key_of_the_page_is_read() {
    for row in rows("Inside clientKwargs") {
        let name = key(&row[0]).expect("a name");
        let nested = |value: &str| client("client_kwargs", json!({ name: value }));
        let only = row[1].strip_prefix("only `").and_then(|rest| rest.split('`').next());
        let given = only.unwrap_or(match name {
            "redirect_uri" => "https://app.example.com/callback",
            "response_mode" => "query",
            _ => "x",
        });
        assert!(nested(given).is_ok(), "{name}: {:?}", nested(given));
        if only.is_some() {
            let refused = nested("x").unwrap_err();
            assert_ne!(refused.problem, Problem::Unknown, "{name}");
        }
    }
}

#[test]
fn every_refused_setting_of_the_page_is_refused_by_name() {
    for row in rows("Refused settings") {
        for spelling in row.iter().take(2).filter_map(|cell| key(cell)) {
            let refused = client(spelling, json!("x")).unwrap_err();
            assert_eq!(refused.key, spelling);
            let code = match refused.problem {
                Problem::ClientSecret => "`client_secret_in_browser`",
                Problem::OAuth1 => "`oauth1_unsupported`",
                Problem::NotInThisVersion => "`config_invalid`",
                other => panic!("{spelling}: {other:?}"),
            };
            assert!(row[2].starts_with(code), "{row:?} is {code}");
        }
    }
}

/// The members of an interface of `index.d.ts`.
fn members(interface: &str) -> BTreeSet<String> {
    let types = read("pkg-template/index.d.ts");
    let (_, body) = types.split_once(&format!("export interface {interface} {{\n")).expect("the interface");
    let body = body.split("\n}").next().expect("its end");
    // Two spaces: the interface's own, and no member of a nested type.
    let own =
        body.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with([' ', '/', '*', '}']));
    own.filter_map(|line| Some(line.split_once(':')?.0.trim_end_matches('?').to_owned())).collect()
}

fn names_of(headings: &[&str]) -> BTreeSet<String> {
    headings.iter().flat_map(|heading| rows(heading)).filter_map(|row| key(&row[0]).map(String::from)).collect()
}

#[test]
fn every_setting_that_the_code_knows_is_on_the_page() {
    let mut known: BTreeSet<String> = client::RULES.iter().map(|(name, _)| (*name).to_owned()).collect();
    known.insert("clientKwargs".to_owned());
    assert_eq!(known, names_of(&["Client settings", "Refused settings"]));
    let declared = members("ClientSettings");
    assert_eq!(declared.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn every_option_that_the_code_knows_is_on_the_page() {
    let read = options::RULES.iter().map(|(name, _)| *name);
    let known: BTreeSet<String> =
        read.chain(["wasm", "verifierWasm", "workerUrl", "fetchToken", "log"]).map(String::from).collect();
    assert_eq!(known, names_of(&["Registry options"]));
    assert_eq!(members("OAuthOptions"), names_of(&["Registry options"]));
}

#[test]
fn every_nested_key_that_the_code_knows_is_on_the_page() {
    let known: BTreeSet<String> = client_kwargs::NAMES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(known, names_of(&["Inside clientKwargs"]));
}

/// As the reader of the settings has it.
fn camel_case(key: &str) -> String {
    let mut words = key.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
}
