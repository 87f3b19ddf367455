use super::*;

/// RFC 8017 section 9.1.1 steps 7 to 12, with a salt of so many octets. The hash in it is any: it is not looked at here.
fn encoded(hash: Hash, salt: usize, bits: usize, seed: u16) -> Vec<u8> {
    let em_length = (bits - 1).div_ceil(8);
    let db_length = em_length - hash.octets() - 1;
    let mut db = vec![0; db_length - salt - 1];
    db.push(1);
    // Each octet of the salt looks like the one that begins it.
    db.extend(std::iter::repeat_n(1, salt));
    let seed = seed.to_be_bytes().repeat(hash.octets() / 2);
    let mut em: Vec<u8> = db.iter().zip(mgf1(hash, &seed, db_length)).map(|(octet, mask)| octet ^ mask).collect();
    if let Some(first) = em.first_mut() {
        *first &= 0xff >> (8 * em_length - (bits - 1));
    }
    em.extend(seed);
    em.push(0xbc);
    em
}

#[test]
fn only_a_salt_as_long_as_the_hash_is_one() {
    for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        // A modulus of 2049 bits has an encoded message of as many octets as one of 2048.
        for bits in [2048, 2049, 2050, 2055, 2056, 4096] {
            for salt in 0..=hash.octets() + 2 {
                let em = encoded(hash, salt, bits, 0x3c);
                assert_eq!(has_salt_of_hash_length(hash, &em, bits), salt == hash.octets(), "{salt} of {bits} bits");
            }
        }
    }
}

#[test]
fn a_message_that_lost_its_leading_zeros_as_a_number_is_the_same() {
    for bits in [2048, 2049, 2056] {
        let all = (0..2000).map(|seed| encoded(Hash::Sha256, 32, bits, seed));
        let messages: Vec<Vec<u8>> = all.filter(|em| em.first() == Some(&0)).collect();
        assert!(!messages.is_empty(), "{bits} bits");
        for em in messages {
            let number = BigUint::from_bytes_be(&em).to_bytes_be();
            assert!(has_salt_of_hash_length(Hash::Sha256, &number, bits), "{bits} bits");
        }
    }
}

#[test]
fn messages_of_other_lengths_have_no_salt() {
    for octets in [0, 1, 32, 65, 255, 257, 400] {
        assert!(!has_salt_of_hash_length(Hash::Sha256, &vec![1; octets], 2048), "{octets} octets");
    }
    for bits in [0, 1, 8, 256, 512] {
        assert!(!has_salt_of_hash_length(Hash::Sha512, &[1; 64], bits), "{bits} bits");
    }
}

#[test]
fn a_mask_is_the_hashes_of_seed_and_counter_one_after_the_other() {
    let of = |counter: u8| Sha256::digest([b"seed".as_slice(), &[0, 0, 0, counter]].concat()).to_vec();
    let mask = mgf1(Hash::Sha256, b"seed", 33);
    assert_eq!(mask, [of(0), of(1)].concat());
}
