//! An id_token that is no compact JWS of two JSON objects: every way to be malformed.

use crate::support::keys::base64url;
use crate::support::*;
use oidc_client_wasm::protocol::json::json;

use super::nested;

const MALFORMED: [&str; 3] = ["malformed_jwt", "rejected", "id_token"];

/// The three parts of a good token, and what is made of them.
#[track_caller]
fn rejects(label: &str, spoil: impl Fn(&str, &str, &str) -> String + 'static + Clone) {
    let _row = row(label);
    let lie = |op: &FakeProvider| {
        let spoil = spoil.clone();
        op.id_token.tell(move |token| {
            let parts: Vec<&str> = token.split('.').collect();
            *token = spoil(parts[0], parts[1], parts[2]);
        });
    };
    rejects_login(lie, MALFORMED);
}

/// Header and payload as octets, signed for real.
#[track_caller]
fn rejects_signed(label: &str, spoil: impl Fn(&mut Vec<u8>, &mut Vec<u8>) + 'static + Clone) {
    let _row = row(label);
    let lie = |op: &FakeProvider| {
        let spoil = spoil.clone();
        op.signed.tell(move |(header, payload)| spoil(header, payload));
    };
    rejects_login(lie, MALFORMED);
}

#[test]
fn another_number_of_parts() {
    rejects("dots alone", |_, _, _| "..".into());
    rejects("one part", |h, _, _| h.into());
    rejects("two parts", |h, p, _| format!("{h}.{p}"));
    rejects("four parts", |h, p, s| format!("{h}.{p}.{s}.{s}"));
    rejects("five parts, as an encrypted token has", |h, p, s| format!("{h}.{p}.{s}.{p}.{s}"));
    rejects("six parts", |h, p, s| format!("{h}.{p}.{s}.{h}.{p}.{s}"));
    rejects("a dot before", |h, p, s| format!(".{h}.{p}.{s}"));
    rejects("a dot after", |h, p, s| format!("{h}.{p}.{s}."));
    rejects("ten thousand dots", |h, p, s| format!("{h}.{p}.{s}{}", ".".repeat(10_000)));
}

#[test]
fn an_empty_part() {
    rejects("no header", |_, p, s| format!(".{p}.{s}"));
    rejects("no signature", |h, p, _| format!("{h}.{p}."));
}

#[test]
fn another_serialization() {
    rejects("flattened JSON", |h, p, s| format!(r#"{{"protected":"{h}","payload":"{p}","signature":"{s}"}}"#));
    rejects("a URL", |_, _, _| "https://evil.example/a.b.c".into());
    rejects("an opaque token", |_, _, _| "2YotnFZFEjr1zCsicMWpAA".into());
    rejects("with its scheme", |h, p, s| format!("Bearer {h}.{p}.{s}"));
    rejects("in quotes", |h, p, s| format!("\"{h}.{p}.{s}\""));
    rejects("percent-encoded", |h, p, s| format!("{h}%2E{p}%2E{s}"));
    rejects("SD-JWT", |h, p, s| format!("{h}.{p}.{s}~"));
}

#[test]
fn white_space_anywhere() {
    for (label, space) in [
        ("a space", " "),
        ("a line feed", "\n"),
        ("a line break", "\r\n"),
        ("a tab", "\t"),
        ("a no-break space", "\u{a0}"),
        ("a NUL", "\0"),
    ] {
        rejects(&format!("{label} before"), move |h, p, s| format!("{space}{h}.{p}.{s}"));
        rejects(&format!("{label} after"), move |h, p, s| format!("{h}.{p}.{s}{space}"));
        rejects(&format!("{label} in the payload"), move |h, p, s| format!("{h}.{}{space}{}.{s}", &p[..8], &p[8..]));
        rejects(&format!("{label} at a dot"), move |h, p, s| format!("{h}.{p}{space}.{s}"));
    }
}

/// RFC 7515 section 2: base64url without padding, and one spelling for one value.
#[test]
fn another_base64() {
    rejects("padding of the header", |h, p, s| format!("{h}=.{p}.{s}"));
    rejects("padding of the payload", |h, p, s| format!("{h}.{p}==.{s}"));
    rejects("padding of the signature", |h, p, s| format!("{h}.{p}.{s}=="));
    rejects("percent-encoded padding", |h, p, s| format!("{h}.{p}.{s}%3D%3D"));
    rejects("a plus", |h, p, s| format!("{h}.{p}.+{}", &s[1..]));
    rejects("a slash", |h, p, s| format!("{h}.{p}./{}", &s[1..]));
    rejects("a letter beyond ASCII", |h, p, s| format!("{h}.{p}.\u{e4}{}", &s[1..]));
    rejects("a length that nothing has", |h, p, s| format!("{h}.{p}.{}", &s[..s.len() - 1]));
    rejects("hexadecimal with a colon", |h, p, _| format!("{h}.{p}.AA:BB"));
}

/// 256 octets end in a character of which four bits count; the other two must be zero, or one signature had four spellings.
#[test]
fn bits_that_do_not_count_and_are_set() {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for bits in [1, 2, 3, 15] {
        rejects(&format!("trailing bits {bits:b} of the signature"), move |h, p, s| {
            let (rest, last) = s.split_at(s.len() - 1);
            let value = alphabet.find(last).expect("base64url");
            let other = alphabet.as_bytes()[value | bits] as char;
            assert_ne!(other.to_string(), last, "these bits count for nothing in 256 octets");
            format!("{h}.{p}.{rest}{other}")
        });
    }
}

#[test]
fn a_signature_of_an_impossible_length() {
    rejects("4097 octets", |h, p, _| format!("{h}.{p}.{}", base64url(&[1; 4097])));
    rejects("100,000 octets", |h, p, _| format!("{h}.{p}.{}", base64url(&[1; 100_000])));
}

#[test]
fn a_token_that_is_too_long() {
    for (label, length) in [("just over the limit", 256 * 1024), ("half a megabyte", 500_000)] {
        rejects(&format!("{label}, in the payload"), move |h, _, s| format!("{h}.{}.{s}", "A".repeat(length)));
        rejects(&format!("{label}, in the header"), move |_, p, s| format!("{}.{p}.{s}", "A".repeat(length)));
    }
    // Larger than any answer may be, it does not even get here.
    let huge = |op: &FakeProvider| op.id_token.tell(|token| *token = "A".repeat(5_000_000));
    rejects_login(huge, ["invalid_token_response", "rejected", "token"]);
}

#[test]
fn a_long_token_that_is_good_is_none_the_worse() {
    let world = World::new();
    let groups: Vec<String> = (0..4_000).map(|n| format!("group-{n:020}")).collect();
    world.provider.claims.tell(set("groups", json!(groups)));
    assert_eq!(world.tab().sign_in().token()["userinfo"]["groups"], json!(groups));
}

// ---------------------------------------------------------------- what lies in the parts

/// The part of the two.
fn of<'a>(name: &str, header: &'a mut Vec<u8>, payload: &'a mut Vec<u8>) -> &'a mut Vec<u8> {
    if name == "header" { header } else { payload }
}

/// Good otherwise, with this member before the others.
fn with_member(octets: &mut Vec<u8>, member: &str) {
    let rest = octets.split_off(1);
    octets.extend(member.bytes().chain([b',']).chain(rest));
}

#[test]
fn a_part_that_is_no_json_object() {
    for name in ["header", "payload"] {
        for (label, octets) in [
            ("nothing", &b""[..]),
            ("white space", b" \n"),
            ("a text", b"\"text\""),
            ("a list", b"[]"),
            ("null", b"null"),
            ("a number", b"1"),
            ("a word", b"true"),
            ("half an object", b"{\"alg\":\"RS256\""),
            ("two objects", b"{}{}"),
            ("text", b"Example of Ed25519 signing"),
            ("octets that are no UTF-8", b"{\"a\":\"\xff\"}"),
            ("single quotes", b"{'alg':'RS256'}"),
        ] {
            rejects_signed(&format!("{name}: {label}"), move |header, payload| {
                *of(name, header, payload) = octets.to_vec();
            });
        }
        rejects_signed(&format!("{name}: a byte order mark"), move |header, payload| {
            of(name, header, payload).splice(0..0, "\u{feff}".bytes());
        });
        rejects_signed(&format!("{name}: something after the object"), move |header, payload| {
            of(name, header, payload).extend(b"x");
        });
        rejects_signed(&format!("{name}: a NUL after the object"), move |header, payload| {
            of(name, header, payload).push(0);
        });
        rejects_signed(&format!("{name}: UTF-16"), move |header, payload| {
            let part = of(name, header, payload);
            *part = part.iter().flat_map(|octet| [*octet, 0]).collect();
        });
    }
}

/// RFC 7515 section 4 and RFC 7519 section 4: names must be unique. A reader that takes the first and one that takes the last
/// would see two different tokens.
#[test]
fn a_name_that_stands_twice() {
    for (name, member) in [
        ("header", r#""alg":"none""#),
        ("header", r#""alg":"RS256""#),
        ("header", r#""\u0061lg":"none""#),
        ("header", r#""kid":"key-1""#),
        ("header", r#""x":1,"x":1"#),
        ("payload", r#""sub":"mallory""#),
        ("payload", r#""\u0073ub":"mallory""#),
        ("payload", r#""iss":"https://evil.example""#),
        ("payload", r#""aud":"another""#),
        ("payload", r#""exp":9999999999"#),
        ("payload", r#""nonce":"x""#),
        ("payload", r#""address":{"country":"a","country":"b"}"#),
        ("payload", r#""__proto__":1,"__proto__":2"#),
    ] {
        rejects_signed(&format!("{name}: {member}"), move |header, payload| {
            with_member(of(name, header, payload), member);
        });
    }
}

#[test]
fn a_member_that_nobody_can_read() {
    for name in ["header", "payload"] {
        for (label, value) in [
            ("a number out of range", "1e400".to_owned()),
            ("NaN", "NaN".into()),
            ("a lone surrogate", r#""\ud800""#.into()),
            ("surrogates the wrong way round", r#""\udc00\ud800""#.into()),
            ("a raw line break", "\"a\nb\"".into()),
            ("forty levels", nested(40)),
            ("ten thousand levels", nested(10_000)),
            ("ten thousand lists", format!("{}{}", "[".repeat(10_000), "]".repeat(10_000))),
            ("ten thousand lists that do not end", "[".repeat(10_000)),
        ] {
            rejects_signed(&format!("{name}: {label}"), move |header, payload| {
                with_member(of(name, header, payload), &format!(r#""x":{value}"#));
            });
        }
    }
}

#[test]
fn members_that_are_odd_and_readable_are_none_the_worse() {
    for (label, value) in [
        ("twenty levels", nested(20)),
        ("a number that no integer holds", "18446744073709551616".to_owned()),
        ("1e308", "1e308".into()),
        ("a pair of surrogates", r#""\ud83d\ude00""#.into()),
        ("a NUL in escapes", r#""\u0000""#.into()),
        ("an empty name", r#"{"":1}"#.into()),
    ] {
        for name in ["header", "payload"] {
            let _row = row(format!("{name}: {label}"));
            let world = World::new();
            let member = format!(r#""x":{value}"#);
            world.provider.signed.tell(move |(header, payload)| with_member(of(name, header, payload), &member));
            let page = world.tab().sign_in();
            assert_eq!(page.tab.reload().sub().as_deref(), Some("alice"), "and it is restored");
        }
    }
}

/// Compressed by an issuer that took JWE's `zip` for JWS's: its payload is no JSON.
#[test]
fn a_payload_that_was_compressed() {
    rejects_signed("zip: DEF", |header, payload| {
        with_member(header, r#""zip":"DEF""#);
        // RFC 1951: one block that is stored as it is.
        let length = (payload.len() as u16).to_le_bytes();
        let complement = (!(payload.len() as u16)).to_le_bytes();
        let stored: Vec<u8> = [&[1][..], &length, &complement, payload].concat();
        *payload = stored;
    });
}

/// RFC 7519 section 5.2: a token in a token.
#[test]
fn a_payload_that_is_a_token() {
    rejects_signed("cty: JWT", |header, payload| {
        with_member(header, r#""cty":"JWT""#);
        let inner = format!("{}.{}.", base64url(br#"{"alg":"none"}"#), base64url(payload));
        *payload = inner.into_bytes();
    });
}
