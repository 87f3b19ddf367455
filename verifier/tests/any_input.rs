//! Whatever octets come for key, text and signature: a verdict, never a panic. A panic in WebAssembly takes the page's other
//! logins with it.

#[path = "support/vectors.rs"]
mod vectors;

use std::sync::LazyLock;

use oidc_client_wasm_verifier::{PublicKey, verify};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use vectors::{Vector, vectors};

const ALGORITHMS: [&str; 10] =
    ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"];
/// About the sizes of coordinates, of moduli of 2048 and 8192 bits, and of their signatures.
const LENGTHS: [usize; 18] = [0, 1, 31, 32, 33, 47, 48, 64, 66, 96, 132, 255, 256, 257, 1023, 1024, 1025, 1100];

/// Real keys with real signatures, a few of each sort.
static REAL: LazyLock<Vec<Vector>> = LazyLock::new(|| vectors().into_iter().step_by(97).collect());

/// What happens to an octet string on its way.
#[derive(Clone, Debug)]
enum Edit {
    None,
    Flip(Index, u8),
    Cut(Index),
    Grow(Vec<u8>),
    /// Another one altogether.
    Replace(Vec<u8>),
}

fn octets() -> impl Strategy<Value = Vec<u8>> {
    let of_length =
        |byte: BoxedStrategy<u8>| select(&LENGTHS[..]).prop_flat_map(move |length| vec(byte.clone(), length));
    prop_oneof![
        of_length(any::<u8>().boxed()),
        of_length(select(vec![0, 1, 0x7f, 0xff]).boxed()),
        vec(any::<u8>(), 0..1100)
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        3 => Just(Edit::None),
        3 => (any::<Index>(), 1_u8..).prop_map(|(at, bits)| Edit::Flip(at, bits)),
        1 => any::<Index>().prop_map(Edit::Cut),
        1 => vec(any::<u8>(), 1..40).prop_map(Edit::Grow),
        2 => octets().prop_map(Edit::Replace),
    ]
}

fn edited(octets: &[u8], edit: &Edit) -> Vec<u8> {
    let mut octets = octets.to_vec();
    match edit {
        Edit::Flip(at, bits) if !octets.is_empty() => {
            let at = at.index(octets.len());
            octets[at] ^= bits;
        }
        Edit::Cut(at) if !octets.is_empty() => octets.truncate(at.index(octets.len())),
        Edit::Grow(more) => octets.splice(0..0, more.iter().copied()).for_each(drop),
        Edit::Replace(other) => octets.clone_from(other),
        Edit::None | Edit::Flip(..) | Edit::Cut(_) => {}
    }
    octets
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_octets_make_the_verifier_panic(
        algorithm in select(&ALGORITHMS[..]),
        first in octets(),
        second in octets(),
        text in vec(any::<u8>(), 0..64),
        signature in octets(),
    ) {
        let verdict = verify(algorithm, PublicKey { first: &first, second: &second }, &text, &signature);
        prop_assert_ne!(verdict, Ok(true));
    }

    #[test]
    fn no_edit_of_a_real_key_or_signature_makes_the_verifier_panic(
        which in any::<Index>(),
        edits in [edit(), edit(), edit(), edit()],
        // Seldom: the key of one algorithm used for another.
        other in proptest::option::weighted(0.1, select(&ALGORITHMS[..])),
    ) {
        let vector = which.get(&REAL);
        let [first, second] = &vector.key;
        let [first, second] = [edited(first, &edits[0]), edited(second, &edits[1])];
        let (text, signature) = (edited(&vector.message, &edits[2]), edited(&vector.signature, &edits[3]));
        let algorithm = other.unwrap_or(vector.algorithm);
        let verdict = verify(algorithm, PublicKey { first: &first, second: &second }, &text, &signature);
        let told = || format!("{}: {}", vector.name, vector.comment);
        match (&edits, vector.is_valid) {
            // No edit finds one of the many other signatures that ECDSA and PSS have.
            ([Edit::None, Edit::None, Edit::None, Edit::Flip(..)], Some(true)) => {
                prop_assert_ne!(verdict, Ok(true), "{}", told());
            }
            ([Edit::None, Edit::None, Edit::None, Edit::None], Some(false)) => {
                prop_assert_ne!(verdict, Ok(true), "{}", told());
            }
            _ => {}
        }
    }
}
