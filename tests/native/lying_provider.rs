//! Any combination of lies: a session exists afterwards only if a naive checker agrees, which reads the specifications anew and
//! shares no line with the code under test.

use std::cell::RefCell;
use std::rc::Rc;

use aws_lc_rs::digest::{SHA256, digest};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::front_channel::read_params;
use crate::support::keys::base64url;
use crate::support::*;

/// A member's new value; `None` leaves it out.
type Change = (&'static str, Option<Value>);

#[derive(Clone, Debug)]
enum Told {
    Set(&'static str, &'static str),
    Omit(&'static str),
    Repeat(&'static str, &'static str),
}

#[derive(Clone, Debug)]
struct Lies {
    response: Vec<Told>,
    token: Vec<Change>,
    header: Vec<Change>,
    claims: Vec<Change>,
    is_signed_by_another: bool,
    is_damaged: bool,
}

/// What the provider said in the end.
#[derive(Default)]
struct Said {
    response: Vec<(String, String)>,
    token: Value,
    header: Value,
    claims: Value,
}

const NOW: i64 = 1_800_000_000;

fn change(name: &'static str, values: &[Value]) -> impl Strategy<Value = Change> + use<> {
    let values: Vec<Option<Value>> = values.iter().cloned().map(Some).chain([None]).collect();
    prop::sample::select(values).prop_map(move |value| (name, value))
}

fn claims() -> impl Strategy<Value = Change> {
    let client = json!(CLIENT_ID);
    prop_oneof![
        change("iss", &[json!(ISSUER), json!("https://id.example.com/"), json!("https://evil.example"), json!(1)]),
        change("sub", &[json!("bob"), json!(""), json!("s".repeat(255)), json!("s".repeat(256)), json!(7)]),
        change("aud", &[client.clone(), json!([CLIENT_ID]), json!([]), json!([CLIENT_ID, "x"]), json!("x"), json!({})]),
        change("azp", &[client, json!("x"), json!(null), json!([])]),
        change("exp", &[json!(NOW + 1), json!(NOW - 59), json!(NOW - 60), json!("soon"), json!(1e300), json!(null)]),
        change("iat", &[json!(NOW - 9999), json!(NOW + 60), json!(NOW + 61), json!(-1), json!(null)]),
        change("nbf", &[json!(NOW), json!(NOW + 60), json!(NOW + 61), json!("x")]),
        change("nonce", &[json!("x"), json!(null), json!(1), json!([])]),
        change("at_hash", &[json!("x"), json!(null), json!(1)]),
        change("amr", &[json!(["pwd"]), json!("pwd"), json!([1]), json!(null)]),
        change("email", &[json!("a@example.com"), json!({ "deep": [1] })]),
    ]
}

fn header() -> impl Strategy<Value = Change> {
    prop_oneof![
        change("alg", &[json!("RS256"), json!("none"), json!("HS256"), json!("PS256"), json!("rs256"), json!(null)]),
        change("kid", &[json!("key-0"), json!("key-9"), json!(null), json!(0)]),
        change("typ", &[json!("JWT"), json!("at+jwt"), json!(1)]),
        change("crit", &[json!([]), json!(["exp"])]),
        change("jwk", &[SigningKey::new("RS256", 1, None).jwk()]),
        change("client_id", &[json!(CLIENT_ID)]),
    ]
}

fn token() -> impl Strategy<Value = Change> {
    prop_oneof![
        change("access_token", &[json!("another"), json!(""), json!("a\nb"), json!(1)]),
        change("token_type", &[json!("bearer"), json!("DPoP"), json!(null)]),
        change("expires_in", &[json!(0), json!("60"), json!("x"), json!(-1), json!(null)]),
        change("refresh_token", &[json!(null), json!(""), json!([])]),
        change("scope", &[json!("openid"), json!([]), json!(null)]),
        change("id_token", &[json!("x"), json!(null), json!({})]),
        change("error", &[json!("invalid_grant"), json!(null), json!(1)]),
        change("userinfo", &[json!({ "sub": "mallory" })]),
    ]
}

fn response() -> impl Strategy<Value = Told> {
    let name = prop::sample::select(vec!["code", "state", "iss", "error", "session_state", "lang"]);
    let value = prop::sample::select(vec!["", "x", ISSUER, "access_denied"]);
    (name, value, 0..3).prop_map(|(name, value, how)| match how {
        0 => Told::Set(name, value),
        1 => Told::Omit(name),
        _ => Told::Repeat(name, value),
    })
}

fn lies() -> impl Strategy<Value = Lies> {
    // Few at a time, or nothing would ever be accepted.
    let few = 0..3usize;
    (
        prop::collection::vec(response(), 0..2),
        prop::collection::vec(token(), 0..2),
        prop::collection::vec(header(), 0..2),
        prop::collection::vec(claims(), few),
        prop::bool::weighted(0.05),
        prop::bool::weighted(0.05),
    )
        .prop_map(|(response, token, header, claims, is_signed_by_another, is_damaged)| Lies {
            response,
            token,
            header,
            claims,
            is_signed_by_another,
            is_damaged,
        })
}

fn apply(changes: &[Change], object: &mut Value) {
    let members = object.as_object_mut().expect("an object");
    for (name, value) in changes {
        match value {
            Some(value) => members.insert((*name).to_owned(), value.clone()),
            None => members.remove(*name),
        };
    }
}

fn tell(lies: &Lies, op: &FakeProvider) -> Rc<RefCell<Said>> {
    let said = Rc::new(RefCell::new(Said::default()));
    let (told, record) = (lies.response.clone(), said.clone());
    op.response.tell(move |params| {
        for lie in &told {
            match lie {
                Told::Set(name, value) => set_param(name, value)(params),
                Told::Omit(name) => without_param(name)(params),
                Told::Repeat(name, value) => repeat_param(name, value)(params),
            }
        }
        record.borrow_mut().response = params.clone();
    });
    let (told, record) = (lies.token.clone(), said.clone());
    op.token.tell(move |token| {
        apply(&told, token);
        record.borrow_mut().token = token.clone();
    });
    let (told, record) = (lies.header.clone(), said.clone());
    op.header.tell(move |header| {
        apply(&told, header);
        record.borrow_mut().header = header.clone();
    });
    let (told, record) = (lies.claims.clone(), said.clone());
    op.claims.tell(move |claims| {
        apply(&told, claims);
        record.borrow_mut().claims = claims.clone();
    });
    if lies.is_signed_by_another {
        op.key.replace(SigningKey::new("RS256", 2, Some("key-0")));
    }
    if lies.is_damaged {
        op.id_token.tell(|token| {
            let at = token.len() - 20;
            let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
            token.replace_range(at..=at, other);
        });
    }
    said
}

// ---------------------------------------------------------------- the naive checker

fn response_is_good(params: &[(String, String)], state: &str, code: &str) -> bool {
    let all =
        |name: &str| params.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect::<Vec<_>>();
    let at_most_once = ["session_state", "error"].iter().all(|name| all(name).len() < 2);
    at_most_once
        && all("state") == [state]
        && all("iss") == [ISSUER]
        && all("error").is_empty()
        && all("code") == [code]
}

fn token_is_good(token: &Value, id_token: &str) -> bool {
    let absent = |name: &str| token.get(name).is_none_or(Value::is_null);
    let text = |name: &str| token.get(name).and_then(Value::as_str);
    let printable = |name: &str| text(name).is_some_and(|text| !text.is_empty() && !text.contains('\n'));
    let lifetime = match &token["expires_in"] {
        Value::Null => true,
        Value::Number(number) => number.as_f64().is_some_and(|seconds| seconds >= 0.0),
        Value::String(text) => text.parse::<u32>().is_ok(),
        _ => false,
    };
    absent("error")
        && printable("access_token")
        && text("token_type").is_some_and(|name| name.to_lowercase() == "bearer")
        && lifetime
        && (absent("refresh_token") || printable("refresh_token"))
        && (absent("scope") || text("scope").is_some())
        && text("id_token") == Some(id_token)
}

fn header_is_good(header: &Value) -> bool {
    header["alg"] == "RS256"
        && header.get("kid").is_none_or(|kid| kid == "key-0")
        && header.get("typ").is_none_or(|typ| typ == "JWT")
        && header.get("crit").is_none()
}

fn claims_are_good(claims: &Value, nonce: &str, access_token: &str) -> bool {
    let absent = |name: &str| claims.get(name).is_none_or(Value::is_null);
    let date = |name: &str| {
        claims[name].as_f64().filter(|seconds| (0.0..1e12).contains(seconds)).map(|seconds| seconds as i64)
    };
    let audiences = match &claims["aud"] {
        Value::Array(list) => list.clone(),
        one => vec![one.clone()],
    };
    let half = &digest(&SHA256, access_token.as_bytes());
    let at_hash = base64url(&half.as_ref()[..16]);
    claims["iss"] == ISSUER
        && claims["sub"].as_str().is_some_and(|sub| !sub.is_empty() && sub.len() < 256)
        && !audiences.is_empty()
        && audiences.iter().all(|audience| audience == CLIENT_ID)
        && (absent("azp") || claims["azp"] == CLIENT_ID)
        && date("exp").is_some_and(|exp| NOW < exp + 60)
        && date("iat").is_some_and(|iat| iat <= NOW + 60)
        && (absent("nbf") || date("nbf").is_some_and(|nbf| nbf <= NOW + 60))
        && claims["nonce"] == nonce
        && (absent("at_hash") || claims["at_hash"] == at_hash.as_str())
        && (absent("amr") || claims["amr"].as_array().is_some_and(|list| list.iter().all(Value::is_string)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_session_exists_exactly_when_everything_the_provider_said_is_right(lies in lies()) {
        let world = World::new();
        world.provider.is_suite.set(false);
        let said = tell(&lies, &world.provider);
        let tab = world.tab();
        let url = tab.open(HOME).login().expect("a login");
        let sent = read_params(&url);
        let page = tab.open(&world.provider.authorize(&url));
        let result = page.handle_redirect();

        let said = said.borrow();
        let code = world.provider.only_code();
        let is_good = response_is_good(&said.response, &sent["state"], &code)
            && token_is_good(&said.token, world.provider.id_tokens.borrow().first().map_or("", String::as_str))
            && header_is_good(&said.header)
            && claims_are_good(&said.claims, &sent["nonce"], said.token["access_token"].as_str().unwrap_or_default())
            && !lies.is_signed_by_another
            && !lies.is_damaged;
        prop_assert_eq!(page.session().is_some(), is_good, "{:?}", result);
        prop_assert_eq!(tab.reload().session().is_some(), is_good);
        prop_assert_eq!(matches!(result, Ok(Some(_))), is_good);
    }
}
