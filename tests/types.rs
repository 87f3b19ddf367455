//! The witness between two truths: what the shipped declarations promise and what the Rust code takes and gives.
//! The declarations are prose for people, written by hand; this holds them to the code.

use std::collections::BTreeSet;

use oidc_client_wasm::error::{Code, Error, Phase};
use oidc_client_wasm::protocol::json::{Value, json};
use oidc_client_wasm::protocol::oauth_error::ProviderError;
use oidc_client_wasm::settings::options::Options;
use oidc_client_wasm::settings::{client, params};
use oidc_client_wasm::wire::Fields;

const DECLARATIONS: &str =
    concat!(include_str!("../pkg-template/index.d.ts"), include_str!("../pkg-template/error.d.ts"));

fn between<'a>(start: &str, end: &str) -> &'a str {
    let (_, rest) = DECLARATIONS.split_once(start).unwrap_or_else(|| panic!("the declarations have no `{start}`"));
    rest.split_once(end).expect("an end").0
}

/// The member names of an interface: its lines at an indent of two that begin with a name and a colon.
fn members(interface: &str) -> BTreeSet<String> {
    let body = between(&format!("{interface} {{\n"), "\n}");
    let names = body.lines().filter_map(|line| {
        let line = line.strip_prefix("  ")?;
        let line = line.strip_prefix("readonly ").unwrap_or(line);
        let (name, _) = line.split_once(':')?;
        let name = name.strip_suffix('?').unwrap_or(name);
        (!name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_'))
            .then(|| name.to_owned())
    });
    names.collect()
}

/// The string literals of a union type.
fn literals(union: &str) -> BTreeSet<String> {
    union.split('"').skip(1).step_by(2).map(String::from).collect()
}

/// A good value for each declared member. A member without one here is declared and untested, which fails.
fn sample(name: &str) -> Value {
    match name {
        "issuer" | "serverMetadataUrl" | "authorizeUrl" | "accessTokenUrl" | "refreshTokenUrl" | "apiBaseUrl" => {
            json!("https://id.example.com")
        }
        "redirectUri" | "popupRedirectUri" | "silentRedirectUri" | "postLogoutRedirectUri" => {
            json!("https://app.example/cb")
        }
        "metadata" => json!({ "jwks_uri": "https://id.example.com/jwks" }),
        "jwks" => json!({ "keys": [] }),
        "authorizeParams" | "accessTokenParams" | "refreshTokenParams" | "params" => json!({ "audience": "x" }),
        "apiOrigins" => json!(["https://api.example.com"]),
        "idTokenSigningAlgs" => json!(["RS256"]),
        "allowMissingNonce" | "shareSession" | "autoRenew" => json!(true),
        "essentialAcr" => json!(false),
        "responseMode" => json!("query"),
        "clientKwargs" => json!({ "scope": "email" }),
        "claims" => json!({}),
        "authorizationDetails" => json!([{ "type": "t" }]),
        "maxAge" | "clockTolerance" | "requestTimeout" => json!(60),
        "sessionLifetime" => json!({ "max": 28_800, "idle": 900 }),
        "tokenStorage" => json!("session"),
        "verifier" => json!("auto"),
        "clientId"
        | "insecureClientSecret"
        | "scope"
        | "trustedAudiences"
        | "resource"
        | "storagePrefix"
        | "prompt"
        | "loginHint"
        | "idTokenHint"
        | "acrValues"
        | "uiLocales"
        | "display"
        | "state"
        | "logoutHint" => json!("x"),
        _ => panic!("`{name}` is declared, but this test has no value for it"),
    }
}

/// Taken out by the skin or by `js/` before the rest is read: they are no JSON. And the one that is declared to be refused.
const NOT_READ: [&str; 10] = [
    "wasm",
    "verifierWasm",
    "workerUrl",
    "signal",
    "appState",
    "clientSecret",
    "expectedIssuer",
    "hooks",
    "fetchToken",
    "log",
];

fn holds<E: std::fmt::Debug>(interface: &str, base: Value, parse: impl Fn(Value) -> Result<(), E>) {
    let names = members(interface);
    assert!(names.len() > 3, "{interface}: {names:?}");
    for name in names.iter().filter(|name| !NOT_READ.contains(&name.as_str())) {
        let mut value = base.clone();
        value[name] = sample(name);
        parse(value).unwrap_or_else(|error| panic!("{interface}.{name} is declared, but refused: {error:?}"));
    }
    let mut unknown = base;
    unknown["noSuchMember"] = json!(1);
    assert!(parse(unknown).is_err(), "{interface} takes anything");
}

#[test]
fn every_declared_setting_and_parameter_is_taken() {
    holds("interface ClientSettings", json!({ "clientId": "x" }), |value| client::parse(value).map(drop));
    holds("interface OAuthOptions", json!({}), |value| Options::from_json(value).map(drop));
    holds("interface AuthorizeParams", json!({}), |value| params::authorize(value, Default::default()).map(drop));
    holds("interface LogoutParams", json!({}), |value| params::logout(value).map(drop));
}

#[test]
fn every_kind_and_phase_is_declared() {
    let kinds: BTreeSet<_> = Code::ALL.iter().map(|code| code.kind().as_str().to_owned()).collect();
    assert_eq!(literals(between("readonly kind:", ";")), kinds);
    let phases = [
        Phase::Config,
        Phase::Metadata,
        Phase::Authorize,
        Phase::Callback,
        Phase::Token,
        Phase::IdToken,
        Phase::Userinfo,
        Phase::Refresh,
        Phase::Logout,
        Phase::Request,
        Phase::Storage,
    ];
    assert_eq!(literals(between("readonly phase:", ";")), phases.map(|phase| phase.as_str().to_owned()).into());
}

#[test]
fn an_error_has_the_declared_fields() {
    let mut error = Error::new(Code::TokenRefused, Phase::Token, "No.").of_client("demo");
    error.provider =
        Some(ProviderError { error: "a".into(), error_description: Some("b".into()), error_uri: Some("c".into()) });
    error.status = Some(400);
    let serde_json::Value::Object(fields) = serde_json::to_value(Fields::of_error(&error)).unwrap() else {
        panic!("an object")
    };
    let given: BTreeSet<String> = fields.keys().cloned().collect();
    let mut declared = members("class OAuthError extends Error");
    // `name` is on the class, which also makes `docs` and `kind` of the code; `message` comes from Error, `appState` and `cause` are added where there is one.
    declared.remove("name");
    declared.remove("docs");
    declared.remove("kind");
    declared.remove("cause");
    declared.remove("appState");
    declared.insert("message".into());
    assert_eq!(given, declared);
}

/// The module knows the members of a client by numbers, and the skin gives them their names.
#[test]
fn the_members_of_a_client_have_the_numbers_of_their_places_in_the_skin() {
    let (skin, numbered) = (include_str!("../pkg-template/core.js"), include_str!("../src/js/client/members.rs"));
    for (list, function) in [("VERBS", "pub fn call("), ("GETTERS", "pub fn see(")] {
        let (_, definition) = skin.split_once(&format!("const {list} = ")).expect(list);
        let (names, _) = definition.split_once(".split(").expect(list);
        let names: Vec<String> =
            names.split('"').skip(1).step_by(2).flat_map(str::split_whitespace).map(snake_case).collect();
        let (_, body) = numbered.split_once(function).expect(function);
        let (body, _) = body.split_once("_ => ").expect("the end of the numbers");
        let arms: Vec<(&str, &str)> = body.lines().filter_map(|line| line.trim().split_once(" => self.")).collect();
        assert_eq!(arms.len(), names.len(), "{list}");
        for (place, ((number, called), name)) in arms.iter().zip(&names).enumerate() {
            // The verbs of `fetch` are one method, which gets the name as it stands in a request.
            let of_fetch = match name.as_str() {
                "fetch" => "request(None".to_owned(),
                verb => format!("request(Some(\"{}\")", verb.to_uppercase()),
            };
            assert_eq!(number.parse(), Ok(place), "{name}");
            assert!(called.starts_with(&format!("{name}(")) || called.starts_with(&of_fetch), "{number} is {called}");
        }
    }
}

fn snake_case(name: &str) -> String {
    name.chars().fold(String::new(), |snake, letter| match letter.is_ascii_uppercase() {
        true => snake + "_" + &letter.to_lowercase().to_string(),
        false => snake + &letter.to_string(),
    })
}
