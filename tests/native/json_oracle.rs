//! `protocol/json` and serde_json give one another's answers (`fuzz/targets/json.rs` says to which questions), for texts that are
//! almost JSON, for JSON, and for JSON with a mistake.

use proptest::prelude::*;

use crate::fuzz_targets::json::check;

/// White space as it may stand between tokens.
fn space() -> impl Strategy<Value = &'static str> {
    prop_oneof![6 => Just(""), 1 => Just(" "), 1 => Just("\r\n\t ")]
}

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("false".to_owned()),
        "-?(0|[1-9][0-9]{0,22})",
        r"-?(0|[1-9][0-9]{0,3})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?",
        any::<f64>()
            .prop_filter("JSON has finite numbers", |number| number.is_finite())
            .prop_map(|number| number.to_string()),
        text(),
    ]
}

fn text() -> impl Strategy<Value = String> {
    let short = r#"[bfnrt"/\\]"#.prop_map(|letter: String| format!("\\{letter}"));
    let long = any::<u16>().prop_map(|unit| format!("\\u{unit:04x}"));
    let plain = any::<char>().prop_filter("must be escaped", |letter| *letter >= ' ' && !"\"\\".contains(*letter));
    let any_character = any::<char>().prop_map(|letter| {
        let mut units = [0; 2];
        letter.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04X}")).collect::<String>()
    });
    let piece = prop_oneof![4 => plain.prop_map(String::from), 1 => short, 1 => any_character, 1 => long, 4 => "[a-c]"];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

fn document() -> impl Strategy<Value = String> {
    let scalar = (space(), scalar(), space()).prop_map(|(before, scalar, after)| format!("{before}{scalar}{after}"));
    scalar.prop_recursive(5, 40, 6, |inner| {
        let member = (space(), text(), space(), inner.clone());
        let member = member.prop_map(|(before, name, after, value)| format!("{before}{name}{after}:{value}"));
        prop_oneof![
            proptest::collection::vec(inner, 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            proptest::collection::vec(member, 0..6).prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    })
}

proptest! {
    #[test]
    fn octets_are_read_as_serde_json_reads_them(octets in proptest::collection::vec(any::<u8>(), 0..40)) {
        check(&octets);
    }

    #[test]
    fn what_looks_like_json_is_read_as_serde_json_reads_it(text in r#"[\[\]{}:,"0-9a-c\\ue. -]{0,60}"#) {
        check(text.as_bytes());
    }

    #[test]
    fn json_is_read_as_serde_json_reads_it(text in document()) {
        check(text.as_bytes());
    }

    #[test]
    fn json_with_a_mistake_is_read_as_serde_json_reads_it(
        (text, at, octet, is_more) in (document(), any::<prop::sample::Index>(), any::<u8>(), any::<bool>())
    ) {
        let mut octets = text.into_bytes();
        let at = at.index(octets.len());
        match (is_more, octet % 4) {
            (true, _) => octets.insert(at, octet),
            (false, 0) => drop(octets.remove(at)),
            (false, 1) => octets.truncate(at),
            (false, _) => octets[at] = b"{}[]:,\"\\0e.-"[usize::from(octet) % 12],
        }
        check(&octets);
    }
}
