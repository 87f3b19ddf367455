//! docs/limits.md tells every limit, with the number that the code has.

#[path = "support/source.rs"]
#[allow(dead_code)]
mod source;

use std::collections::BTreeSet;

use source::{Source, root, sources};

/// File, constant, its value, and the beginning of the row that tells it.
const CONSTANTS: [(&str, &str, &str, &str); 52] = [
    (
        "protocol/http.rs",
        "BODY_LIMIT",
        "1 << 20",
        "one answer of the provider: metadata, keys, tokens, userinfo | 1 MiB",
    ),
    (
        "protocol/authorization_response.rs",
        "MAX_RESPONSE",
        "64 * 1024",
        "the query or the fragment that a login comes back with | 64 KiB",
    ),
    (
        "protocol/authorization_request.rs",
        "MAX_STORED_HINT",
        "6 * 1024",
        "an id_token that is sent as a hint with `prompt: \"none\"` by itself | 6 KiB",
    ),
    ("protocol/token.rs", "MAX_TOKEN", "128 * 1024", "an access or refresh token | 128 KiB"),
    ("protocol/jose/jws.rs", "MAX_LENGTH", "256 * 1024", "a JWT: an id_token, a signed userinfo answer | 256 KiB"),
    ("protocol/jose/jws.rs", "MAX_SIGNATURE", "4096", "the signature of a JWT | 4 KiB"),
    ("protocol/jose/jwk.rs", "RSA_BITS", "2048..=8192", "an RSA key | 2048 to 8192 bits"),
    ("protocol/json.rs", "MAX_DEPTH", "32", "JSON from outside, nested | 32 levels"),
    ("protocol/json.rs", "MAX_DEPTH_OF_RECORDS", "40", "a record or a message to other tabs, nested | 40 levels"),
    ("protocol/json.rs", "MAX_VALUES", "100_000", "values in one JSON text, all levels together | 100000"),
    ("protocol/json/value.rs", "MAX_MEMBERS", "2000", "members of one object in JSON | 2000"),
    ("js/convert.rs", "MAX_DEPTH", "16", "settings and parameters of a call, nested | 16 levels"),
    ("js/convert.rs", "MAX_VALUES", "10_000", "members and items in settings and parameters of a call | 10,000"),
    ("protocol/challenge.rs", "MAX_LENGTH", "8 * 1024", "a `WWW-Authenticate` header of an API | 8 KiB"),
    ("flow/awake/renewal.rs", "FIRST_RETRY", "5", "`autoRenew` tries again after a fault | 5"),
    (
        "flow/awake/renewal.rs",
        "LONGEST_RETRY",
        "300",
        "`autoRenew` tries again after a fault | 5, then twice as long each time, up to 300",
    ),
    ("flow/tokens/access_token.rs", "MIN_AGE", "10", "`autoRenew` renews no token that came a moment ago | 10"),
    ("flow/session/lifetime.rs", "MAX_SETBACK", "300", "a clock may be set back, where a session has an end | 300"),
    (
        "flow/session/value.rs",
        "MAX_AHEAD",
        "900",
        "the clock of the device is ahead of the provider's, and `session_expiry` comes at its instant | 900",
    ),
    ("flow/session/store.rs", "ACTIVITY_STEP", "10", "`touch()` in one tab counts in other tabs with a delay of | 10"),
    (
        "flow/awake/alarms.rs",
        "WAIT_FOR_END",
        "600",
        "a page that is awake looks at the end of its session, and at a renewal to come | every 600",
    ),
    ("flow/op/asked.rs", "LIFETIME_IN_OUTAGE", "86_400", "both serve while the provider cannot be reached | 86400"),
    ("flow/callback/transactions.rs", "MAX_TRANSACTIONS", "20", "logins and logouts open in one tab | 20"),
    (
        "flow/callback/recorded_responses.rs",
        "MAX_RECORDED",
        "8",
        "answers that a reload or Back gets again | 8 per tab",
    ),
    (
        "flow/tokens/resource_tokens.rs",
        "MAX_RESOURCE_TOKENS",
        "16",
        "tokens for other scopes and resources, in one page | 16",
    ),
    (
        "flow/session/tombstones.rs",
        "MAX_TOMBSTONES",
        "16",
        "logouts that tabs remember, and used states, spent refresh tokens, and sessions at the provider that a front-channel logout can end | 16 of each",
    ),
    ("flow/page_state.rs", "MAX_IDLE", "16", "clients that no object uses any more, remembered by a page | 16"),
    ("flow/session/value.rs", "MAX_REPLACED", "16", "refreshes that a duplicated tab may sleep through | 16"),
    ("browser/verifier/rust.rs", "PATIENCE", "30_000", "the verifier in Rust is waited for | 30"),
    ("protocol/transaction.rs", "LIFETIME", "600", "from the start of a login or logout to the answer | 600"),
    ("flow/op/metadata.rs", "LIFETIME", "3600", "metadata is remembered | 3600"),
    ("flow/op/jwks.rs", "LIFETIME", "300", "keys are remembered | 300"),
    (
        "flow/op/asked.rs",
        "COOL_DOWN",
        "60",
        "between two looks for keys that a token asked for in vain, and two tries while the provider is down | 60",
    ),
    (
        "flow/op/asked.rs",
        "COOL_DOWN",
        "60",
        "between two looks whether an endpoint that is gone (404, 405, 410) or cannot be reached has moved | 60",
    ),
    ("flow/leave/watch.rs", "BETWEEN_LOGINS", "60", "between two silent logins of the session monitor | 60;"),
    ("flow/tokens/access_token.rs", "MIN_VALIDITY", "30", "an access token must still be good for | 30,"),
    ("flow/tokens/access_token.rs", "EXPIRING", "60", "the event `expiring` comes before the end | 60,"),
    ("flow/tokens/revoke.rs", "PATIENCE", "3", "a logout waits for `revoke: true` | 3,"),
    ("flow/session/tabs.rs", "LOOKS", "5", "a duplicated tab asks the others for the tokens | 5 times, 0.2 apart"),
    (
        "flow/session/tabs.rs",
        "BETWEEN_LOOKS",
        "200",
        "a duplicated tab asks the others for the tokens | 5 times, 0.2 apart",
    ),
    (
        "flow/session/sharing.rs",
        "LOOKS",
        "50",
        "a new tab waits for the session of another tab | 0.5, and looks every 0.01",
    ),
    (
        "flow/session/sharing.rs",
        "BETWEEN_LOOKS",
        "10",
        "a new tab waits for the session of another tab | 0.5, and looks every 0.01",
    ),
    (
        "flow/session/sharing.rs",
        "PATIENCE",
        "2",
        "a new tab waits for the session of another tab | 0.5, and looks every 0.01; up to 2",
    ),
    ("flow/session/sharing.rs", "LOOKS_FOR_FIRST", "11", "before a new tab asks every tab, it waits for one | 0.1"),
    ("flow/session/tabs.rs", "MOMENT", "1", "a logout waits for the logout of another tab | 1"),
    ("flow/tokens/lease.rs", "LIFETIME", "6", "without Web Locks, a tab that died keeps others waiting | 6,"),
    (
        "flow/tokens/lease.rs",
        "RENEWAL",
        "2000",
        "without Web Locks, a tab that died keeps others waiting | 6, renewed every 2",
    ),
    (
        "flow/tokens/lease.rs",
        "CONTEST",
        "100",
        "without Web Locks, a refresh waits for other tabs that begin one at once | 0.1",
    ),
    ("flow/tokens/lease.rs", "BETWEEN_LOOKS", "200", "without Web Locks, a waiting tab looks | every 0.2"),
    ("browser/tabs.rs", "ARRIVAL", "1000", "a refresh holds other tabs back until its tokens have reached them | 1"),
    (
        "protocol/token.rs",
        "MAX_LIFETIME",
        "2_147_483_647",
        "the life of an access token that a provider may state | 2147483647",
    ),
    ("protocol/time.rs", "LATEST", "1_000_000_000_000", "a date in a token | the year 33658"),
];
/// Limits that are no constants: the code that has them.
const INLINE: [(&str, &str, &str); 15] = [
    (
        "settings/options.rs",
        "request_timeout: 30",
        "one request to the provider, its body included | 30 | `requestTimeout`, 1 to 600",
    ),
    (
        "settings/options.rs",
        "whole seconds from 1 to 600\", 1, 600)",
        "one request to the provider, its body included | 30 | `requestTimeout`, 1 to 600",
    ),
    (
        "settings/options.rs",
        "whole seconds from 0 to 300\", 0, 300)",
        "difference of the clocks when `exp`, `iat`, `nbf` and `auth_time` are judged | 60 | `clockTolerance`, 0 to 300",
    ),
    (
        "flow/session/value.rs",
        "old.extra.0.len() + new.extra.0.len() <= MAX_MEMBERS",
        "members that the client does not know, of a refreshed token and of the token before it, together | 2000",
    ),
    ("protocol/id_token.rs", "(1..=255).contains(&sub.len())", "`sub` | 1 to 255 bytes"),
    (
        "protocol/jose/jwk.rs",
        "bits(&exponent) < 2 || bits(&exponent) > 33 || !is_odd(&exponent)",
        "an RSA key's exponent | 2 to 33 bits, odd",
    ),
    ("protocol/oauth_error.rs", ".take(100)", "a name from the provider in a message of the client | 100 characters"),
    (
        "flow/tokens/fetch_token.rs",
        "request_timeout.saturating_mul(1000)",
        "a token from `fetchToken` | `requestTimeout`",
    ),
    (
        "flow/tokens/refresh.rs",
        "pause(client.options.request_timeout.saturating_mul(1000))",
        "`getAccessToken`, `refreshToken`, `userinfo`, and `fetch` until it has a token, are waited for | `requestTimeout`",
    ),
    (
        "flow/tokens/turn.rs",
        "request_timeout.saturating_mul(3).saturating_add(5)",
        "a refresh in the background waits for that of another tab | 3 × `requestTimeout` + 5",
    ),
    (
        "flow/leave/login.rs",
        "leave(&url, None, client.options.request_timeout, None)",
        "a page that was told to leave is still there | `requestTimeout`",
    ),
    (
        "flow/session/tabs.rs",
        "lock(&leaving_lock(client), client.options.request_timeout)",
        "a login waits for the logout of another tab | `requestTimeout`",
    ),
    (
        "flow/leave/windows.rs",
        "if popup.is_some() { LIFETIME } else { client.options.request_timeout }",
        "a login in a hidden frame | `requestTimeout`",
    ),
    ("flow/leave/windows.rs", "if popup.is_some() { LIFETIME }", "a login in a popup | 600"),
    (
        "settings/options.rs",
        ".filter(|seconds| *seconds > 0)",
        "a session lasts | without end, or as the provider states | `sessionLifetime`, 1 or more",
    ),
];
/// A file of the package's JavaScript, code in it, and the beginning of the row that tells it.
const SKIN: [(&str, &str, &str); 18] = [
    ("load.js", "TO_LOAD = 60_000;", "the WebAssembly, or a further file of the package, loads | 60"),
    ("vault.js", "TO_LOAD = 10_000;", "the worker of the tokens starts | 10"),
    ("vault.js", "BEAT = 3000;", "the worker of the tokens gives no sign of life while a request waits | 12"),
    ("vault.js", "MAX_MISSED = 3;", "the worker of the tokens gives no sign of life while a request waits | 12"),
    (
        "worker.js",
        "TO_REVOKE = 60_000;",
        "tokens of a session that has ended are in the worker, where they can be revoked",
    ),
    ("hint.js", "MAX_SETBACK = 300;", "a clock may be set back, where a session has an end | 300"),
    ("worker.js", "MAX_TOKENS = 32;", "tokens of one login in the worker, and logins | 32 of each"),
    ("worker.js", "MAX_LOGINS = 32;", "tokens of one login in the worker, and logins | 32 of each"),
    ("cli/dev-provider.js", "MAX_FILE = 1 << 20;", "a file of people for `dev-provider` | 1 MiB"),
    ("testing/provider/options.js", "MAX_USERS = 1000;", "people of the provider | 1000"),
    ("testing/provider/answers.js", "MAX_BODY = 64 * 1024;", "the form of a request to the provider | 64 KiB"),
    ("cli/serve.js", "MAX_BODY = 1 << 20;", "a body that `dev-provider` reads at all | 1 MiB"),
    ("cli/serve.js", "PATIENCE = 30_000;", "a request arrives at `dev-provider` | 30 seconds"),
    (
        "testing/provider/store.js",
        "MOST = 10_000;",
        "sessions, codes, logins, access tokens and refresh tokens of the provider | 10,000 of each",
    ),
    (
        "testing/provider/store.js",
        "questions = table(1000);",
        "pages of the provider that wait for a person | 1000, an hour each",
    ),
    (
        "testing/provider/store.js",
        "PATIENCE = 3600;",
        "pages of the provider that wait for a person | 1000, an hour each",
    ),
    ("testing/provider.js", "MOST_REQUESTS = 1000;", "requests that the provider remembers for a test | 1000"),
    (
        "testing/provider/options.js",
        "LIFETIMES = { code: 60, accessToken: 3600, idToken: 3600, refreshToken: 14 * 24 * 3600, session: 14 * 24 * 3600 };",
        "the life of a code, an access token, an id_token, a refresh token, a session | 60, 3600, 3600 seconds, 14 days, 14 days",
    ),
];
/// Numbers that limit nothing.
const NO_LIMITS: [&str; 4] = ["VERSION", "LONGEST_WAIT", "LARGEST_SCALE", "MAX_KEPT"];

/// Name and value of the file's constants that are numbers.
fn numbers(source: &Source) -> Vec<(String, String)> {
    let types = ["u8", "u16", "u32", "u64", "usize", "i32", "i64", "f64", "std::ops::RangeInclusive<usize>"];
    let read = |(_, line): (usize, &str)| {
        let (_, declared) = line.split_once("const ")?;
        let (name, rest) = declared.split_once(": ")?;
        let (kind, value) = rest.split_once(" = ")?;
        types.contains(&kind).then(|| (name.to_owned(), value.trim_end_matches(';').to_owned()))
    };
    source.code_lines().filter_map(read).collect()
}

/// The rows of the page's tables without their first `| `.
fn rows() -> Vec<String> {
    let page = std::fs::read_to_string(root().join("docs/limits.md")).expect("the page");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")).filter(|row| !row.starts_with("what |"));
    rows.map(String::from).collect()
}

#[test]
fn every_number_of_the_source_is_the_one_on_the_page() {
    let (sources, rows) = (sources(), rows());
    for (file, name, value, row) in CONSTANTS {
        let path = format!("src/{file}");
        let source = sources.iter().find(|source| source.path == path).unwrap_or_else(|| panic!("{path} is gone"));
        let found = numbers(source).into_iter().find(|(other, _)| other == name);
        assert_eq!(found.map(|(_, value)| value).as_deref(), Some(value), "{path}: {name}: change docs/limits.md, too");
        assert!(rows.iter().any(|other| other.starts_with(row)), "docs/limits.md has no row that begins: {row}");
    }
    for (file, code, row) in INLINE {
        let source = sources.iter().find(|source| source.path == format!("src/{file}")).expect("a source");
        assert!(source.text.contains(code), "src/{file} has no `{code}`: change docs/limits.md, too");
        assert!(rows.iter().any(|other| other.starts_with(row)), "docs/limits.md has no row that begins: {row}");
    }
    for (file, code, row) in SKIN {
        let text = std::fs::read_to_string(root().join("pkg-template").join(file)).expect("a file of the package");
        assert!(text.contains(code), "{file} has no `{code}`: change docs/limits.md, too");
        assert!(rows.iter().any(|other| other.starts_with(row)), "docs/limits.md has no row that begins: {row}");
    }
}

#[test]
fn every_limit_of_the_source_has_a_row() {
    let told: BTreeSet<(String, &str)> =
        CONSTANTS.into_iter().map(|(file, name, _, _)| (format!("src/{file}"), name)).collect();
    for source in sources() {
        for (name, value) in numbers(&source) {
            let is_told = told.contains(&(source.path.clone(), name.as_str())) || NO_LIMITS.contains(&name.as_str());
            assert!(is_told, "{}: {name} = {value} is on no row of docs/limits.md", source.path);
        }
    }
}

#[test]
fn every_row_of_the_page_is_held_by_the_source() {
    let held: Vec<&str> = CONSTANTS
        .into_iter()
        .map(|(_, _, _, row)| row)
        .chain(INLINE.map(|(_, _, row)| row))
        .chain(SKIN.map(|(_, _, row)| row))
        .collect();
    for row in rows() {
        assert!(held.iter().any(|beginning| row.starts_with(beginning)), "nothing in tests/limits.rs holds: {row}");
    }
}
