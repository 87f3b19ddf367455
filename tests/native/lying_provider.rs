//! Any combination of lies: a session exists afterwards only if a naive checker agrees (`support/naive.rs`), which reads the
//! specifications anew. The same for what a refresh brings and for what userinfo says.

use proptest::prelude::*;
use proptest::sample::select;

use crate::support::lies::{Change, Lies, Published, Told};
use crate::support::trial::{NOW, Plan};
use crate::support::*;
use oidc_client_wasm::protocol::json::{Value, json};

fn change(name: &'static str, values: &[Value]) -> impl Strategy<Value = Change> + use<> {
    let values: Vec<Option<Value>> = values.iter().cloned().map(Some).chain([None]).collect();
    select(values).prop_map(move |value| (name.to_owned(), value))
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
        change("auth_time", &[json!(NOW), json!(NOW - 9999), json!(0.5), json!("x"), json!(-1), json!(null)]),
        change("acr", &[json!("gold"), json!(1), json!(null)]),
        change("amr", &[json!(["pwd"]), json!("pwd"), json!([1]), json!(null)]),
        change("email", &[json!("a@example.com"), json!({ "deep": [1] })]),
    ]
}

fn header() -> impl Strategy<Value = Change> {
    let algorithms = ["RS256", "none", "HS256", "PS256", "rs256", "EdDSA", "Ed25519", "ES256"].map(|name| json!(name));
    prop_oneof![
        change("alg", &algorithms),
        change("kid", &[json!("key-0"), json!("key-9"), json!(null), json!(0)]),
        change("typ", &[json!("JWT"), json!("at+jwt"), json!(1)]),
        change("crit", &[json!([]), json!(["exp"])]),
        change("b64", &[json!(true), json!(false)]),
        change("jwk", &[SigningKey::new("RS256", 1, None).jwk()]),
        change("client_id", &[json!(CLIENT_ID)]),
    ]
}

fn token() -> impl Strategy<Value = Change> {
    prop_oneof![
        change("access_token", &[json!("another"), json!(""), json!("a\nb"), json!("\u{7f}"), json!("é"), json!(1)]),
        change("token_type", &[json!("bearer"), json!("DPoP"), json!(null)]),
        change("expires_in", &[json!(0), json!("60"), json!("x"), json!(-1), json!(0.5), json!(1e300), json!(null)]),
        change("refresh_token", &[json!(null), json!(""), json!([]), json!("a b"), json!("a\rb")]),
        change("scope", &[json!("openid"), json!([]), json!(null)]),
        change("id_token", &[json!("x"), json!(null), json!({})]),
        change("error", &[json!("invalid_grant"), json!("invalid_scope"), json!(null), json!(1)]),
        change("userinfo", &[json!({ "sub": "mallory" })]),
    ]
}

fn userinfo() -> impl Strategy<Value = Change> {
    prop_oneof![
        change("sub", &[json!("alice"), json!("bob"), json!(""), json!(["alice"]), json!(null)]),
        change("iss", &[json!(ISSUER), json!("https://id.example.com/"), json!(1)]),
        change("aud", &[json!([CLIENT_ID, "x"]), json!("x"), json!([]), json!([CLIENT_ID, 1]), json!(null)]),
        change("exp", &[json!(NOW + 1), json!(NOW - 59), json!(NOW - 60), json!("soon"), json!(1e300), json!(null)]),
    ]
}

fn response() -> impl Strategy<Value = Told> {
    let name = select(vec!["code", "state", "iss", "error", "error_uri", "session_state", "lang"]);
    let value = select(vec!["", "x", ISSUER, "access_denied"]);
    (name, value, 0..3).prop_map(|(name, value, how)| match how {
        0 => Told::Set(name, value.into()),
        1 => Told::Omit(name),
        _ => Told::Repeat(name, value.into()),
    })
}

fn published() -> impl Strategy<Value = Published> {
    let changes = prop_oneof![
        change("kid", &[json!("key-0"), json!("key-9"), json!(0)]),
        change("use", &[json!("sig"), json!("enc"), json!(1), json!(null)]),
        change(
            "key_ops",
            &[json!(["verify"]), json!(["sign", "verify"]), json!(["sign"]), json!("verify"), json!(null)]
        ),
        change("alg", &[json!("RS256"), json!("RS512"), json!("EdDSA"), json!("none"), json!(7), json!(null)]),
        change("kty", &[json!("RSA"), json!("EC"), json!("oct")]),
        change("d", &[json!("AQAB"), json!(null)]),
        change("k", &[json!("AQAB"), json!(null)]),
    ];
    prop_oneof![
        4 => Just(Published::Right),
        4 => changes.prop_map(Published::Changed),
        1 => Just(Published::Impostor),
        1 => Just(Published::Stranger),
        1 => select(vec![json!(null), json!({}), json!([1]), json!({ "kty": [] })]).prop_map(Published::Garbage),
    ]
}

fn lies() -> impl Strategy<Value = Lies> {
    let algorithm = prop_oneof![2 => Just("RS256"), 1 => select(keys::ALGORITHMS.to_vec())];
    let supported =
        select(vec![json!(null), json!([]), json!(["RS256"]), json!(["none", "PS256", "Ed25519"]), json!("RS256")]);
    // Few at a time, or nothing would ever be believed.
    (
        prop::collection::vec(response(), 0..2),
        prop::collection::vec(token(), 0..2),
        prop::collection::vec(header(), 0..2),
        prop::collection::vec(claims(), 0..3),
        prop::collection::vec(userinfo(), 0..2),
        prop_oneof![1 => Just(vec![Published::Right]), 1 => prop::collection::vec(published(), 0..4)],
        (algorithm, prop::option::weighted(0.2, supported)),
        (prop::bool::weighted(0.05), prop::bool::weighted(0.05)),
    )
        .prop_map(
            |(response, token, header, claims, userinfo, keys, (algorithm, supported), (by_another, is_damaged))| {
                let is_signed_by_another = by_another;
                Lies {
                    response,
                    token,
                    header,
                    claims,
                    userinfo,
                    keys,
                    algorithm,
                    supported,
                    is_signed_by_another,
                    is_damaged,
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_session_exists_exactly_when_everything_the_provider_said_is_right(
        lies in lies(),
        is_fragment: bool,
        is_misplaced in prop::bool::weighted(0.05),
        max_age in prop::option::weighted(0.2, select(vec![1, 60, 10_000])),
        pause in prop_oneof![4 => Just(0_i64), 1 => -700_i64..700],
    ) {
        trial::login(&lies, &Plan { is_fragment, is_misplaced, max_age, pause });
    }

    #[test]
    fn a_refresh_brings_what_is_right_or_changes_nobody(lies in lies()) {
        trial::refresh(&lies);
    }

    #[test]
    fn userinfo_is_believed_exactly_when_it_is_about_who_signed_in(lies in lies(), is_signed: bool) {
        trial::userinfo(&lies, is_signed);
    }
}
