//! The cases of the JSON parsing test suite ([nst/JSONTestSuite](https://github.com/nst/JSONTestSuite), MIT, Nicolas Seriot), at its
//! commit 1ef36fa: what must be accepted, what must be refused, and what RFC 8259 leaves to the parser.

use super::{parse, without_byte_order_mark};

/// `y_`
const ACCEPTED: [(&str, &[u8]); 93] = [
    ("array_arraysWithSpaces", b"[[]   ]"),
    ("array_empty-string", br#"[""]"#),
    ("array_empty", b"[]"),
    ("array_ending_with_newline", br#"["a"]"#),
    ("array_false", b"[false]"),
    ("array_heterogeneous", br#"[null, 1, "1", {}]"#),
    ("array_null", b"[null]"),
    ("array_with_1_and_newline", b"[1\n]"),
    ("array_with_leading_space", b" [1]"),
    ("array_with_several_null", b"[1,null,null,null,2]"),
    ("array_with_trailing_space", b"[2] "),
    ("number", b"[123e65]"),
    ("number_0e+1", b"[0e+1]"),
    ("number_0e1", b"[0e1]"),
    ("number_after_space", b"[ 4]"),
    ("number_double_close_to_zero", b"[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]\n"),
    ("number_int_with_exp", b"[20e1]"),
    ("number_minus_zero", b"[-0]"),
    ("number_negative_int", b"[-123]"),
    ("number_negative_one", b"[-1]"),
    ("number_negative_zero", b"[-0]"),
    ("number_real_capital_e", b"[1E22]"),
    ("number_real_capital_e_neg_exp", b"[1E-2]"),
    ("number_real_capital_e_pos_exp", b"[1E+2]"),
    ("number_real_exponent", b"[123e45]"),
    ("number_real_fraction_exponent", b"[123.456e78]"),
    ("number_real_neg_exp", b"[1e-2]"),
    ("number_real_pos_exponent", b"[1e+2]"),
    ("number_simple_int", b"[123]"),
    ("number_simple_real", b"[123.456789]"),
    ("object", br#"{"asd":"sdf", "dfg":"fgh"}"#),
    ("object_basic", br#"{"asd":"sdf"}"#),
    ("object_empty", b"{}"),
    ("object_empty_key", br#"{"":0}"#),
    ("object_escaped_null_in_key", br#"{"foo\u0000bar": 42}"#),
    ("object_extreme_numbers", br#"{ "min": -1.0e+28, "max": 1.0e+28 }"#),
    ("object_long_strings", br#"{"x":[{"id": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}], "id": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}"#),
    ("object_simple", br#"{"a":[]}"#),
    ("object_string_unicode", br#"{"title":"\u041f\u043e\u043b\u0442\u043e\u0440\u0430 \u0417\u0435\u043c\u043b\u0435\u043a\u043e\u043f\u0430" }"#),
    ("object_with_newlines", b"{\n\"a\": \"b\"\n}"),
    ("string_1_2_3_bytes_UTF-8_sequences", br#"["\u0060\u012a\u12AB"]"#),
    ("string_accepted_surrogate_pair", br#"["\uD801\udc37"]"#),
    ("string_accepted_surrogate_pairs", br#"["\ud83d\ude39\ud83d\udc8d"]"#),
    ("string_allowed_escapes", br#"["\"\\\/\b\f\n\r\t"]"#),
    ("string_backslash_and_u_escaped_zero", br#"["\\u0000"]"#),
    ("string_backslash_doublequotes", br#"["\""]"#),
    ("string_comments", br#"["a/*b*/c/*d//e"]"#),
    ("string_double_escape_a", br#"["\\a"]"#),
    ("string_double_escape_n", br#"["\\n"]"#),
    ("string_escaped_control_character", br#"["\u0012"]"#),
    ("string_escaped_noncharacter", br#"["\uFFFF"]"#),
    ("string_in_array", br#"["asd"]"#),
    ("string_in_array_with_leading_space", br#"[ "asd"]"#),
    ("string_last_surrogates_1_and_2", br#"["\uDBFF\uDFFF"]"#),
    ("string_nbsp_uescaped", br#"["new\u00A0line"]"#),
    ("string_nonCharacterInUTF-8_U+10FFFF", b"[\"\xf4\x8f\xbf\xbf\"]"),
    ("string_nonCharacterInUTF-8_U+FFFF", b"[\"\xef\xbf\xbf\"]"),
    ("string_null_escape", br#"["\u0000"]"#),
    ("string_one-byte-utf-8", br#"["\u002c"]"#),
    ("string_pi", b"[\"\xcf\x80\"]"),
    ("string_reservedCharacterInUTF-8_U+1BFFF", b"[\"\xf0\x9b\xbf\xbf\"]"),
    ("string_simple_ascii", br#"["asd "]"#),
    ("string_space", br#"" ""#),
    ("string_surrogates_U+1D11E_MUSICAL_SYMBOL_G_CLEF", br#"["\uD834\uDd1e"]"#),
    ("string_three-byte-utf-8", br#"["\u0821"]"#),
    ("string_two-byte-utf-8", br#"["\u0123"]"#),
    ("string_u+2028_line_sep", b"[\"\xe2\x80\xa8\"]"),
    ("string_u+2029_par_sep", b"[\"\xe2\x80\xa9\"]"),
    ("string_uEscape", br#"["\u0061\u30af\u30EA\u30b9"]"#),
    ("string_uescaped_newline", br#"["new\u000Aline"]"#),
    ("string_unescaped_char_delete", b"[\"\x7f\"]"),
    ("string_unicode", br#"["\uA66D"]"#),
    ("string_unicodeEscapedBackslash", br#"["\u005C"]"#),
    ("string_unicode_2", b"[\"\xe2\x8d\x82\xe3\x88\xb4\xe2\x8d\x82\"]"),
    ("string_unicode_U+10FFFE_nonchar", br#"["\uDBFF\uDFFE"]"#),
    ("string_unicode_U+1FFFE_nonchar", br#"["\uD83F\uDFFE"]"#),
    ("string_unicode_U+200B_ZERO_WIDTH_SPACE", br#"["\u200B"]"#),
    ("string_unicode_U+2064_invisible_plus", br#"["\u2064"]"#),
    ("string_unicode_U+FDD0_nonchar", br#"["\uFDD0"]"#),
    ("string_unicode_U+FFFE_nonchar", br#"["\uFFFE"]"#),
    ("string_unicode_escaped_double_quote", br#"["\u0022"]"#),
    ("string_utf8", b"[\"\xe2\x82\xac\xf0\x9d\x84\x9e\"]"),
    ("string_with_del_character", b"[\"a\x7fa\"]"),
    ("structure_lonely_false", b"false"),
    ("structure_lonely_int", b"42"),
    ("structure_lonely_negative_real", b"-0.1"),
    ("structure_lonely_null", b"null"),
    ("structure_lonely_string", br#""asd""#),
    ("structure_lonely_true", b"true"),
    ("structure_string_empty", br#""""#),
    ("structure_trailing_newline", b"[\"a\"]\n"),
    ("structure_true_in_array", b"[true]"),
    ("structure_whitespace_array", b" [] "),
];

/// `y_` as well: the grammar allows a name twice in one object, and this parser does not.
const DUPLICATES: [(&str, &[u8]); 2] =
    [("object_duplicated_key", br#"{"a":"b","a":"c"}"#), ("object_duplicated_key_and_value", br#"{"a":"b","a":"b"}"#)];

/// `i_`: numbers have any number of digits, and may be as good as zero.
const LEFT_AND_ACCEPTED: [(&str, &[u8]); 5] = [
    ("number_double_huge_neg_exp", b"[123.456e-789]"),
    ("number_real_underflow", b"[123e-10000000]"),
    ("number_too_big_neg_int", b"[-123123123123123123123123123123]"),
    ("number_too_big_pos_int", b"[100000000000000000000]"),
    ("number_very_big_negative_int", b"[-237462374673276894279832749832423479823246327846]"),
];

/// `i_`: numbers that are not finite, lone surrogates, what is not UTF-8, and a byte order mark.
const LEFT_AND_REFUSED: [(&str, &[u8]); 29] = [
    ("number_huge_exp", b"[0.4e00669999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999969999999006]"),
    ("number_neg_int_huge_exp", b"[-1e+9999]"),
    ("number_pos_double_huge_exp", b"[1.5e+9999]"),
    ("number_real_neg_overflow", b"[-123123e100000]"),
    ("number_real_pos_overflow", b"[123123e100000]"),
    ("object_key_lone_2nd_surrogate", br#"{"\uDFAA":0}"#),
    ("string_1st_surrogate_but_2nd_missing", br#"["\uDADA"]"#),
    ("string_1st_valid_surrogate_2nd_invalid", br#"["\uD888\u1234"]"#),
    ("string_UTF-16LE_with_BOM", b"\xff\xfe[\x00\"\x00\xe9\x00\"\x00]\x00"),
    ("string_UTF-8_invalid_sequence", b"[\"\xe6\x97\xa5\xd1\x88\xfa\"]"),
    ("string_UTF8_surrogate_U+D800", b"[\"\xed\xa0\x80\"]"),
    ("string_incomplete_surrogate_and_escape_valid", br#"["\uD800\n"]"#),
    ("string_incomplete_surrogate_pair", br#"["\uDd1ea"]"#),
    ("string_incomplete_surrogates_escape_valid", br#"["\uD800\uD800\n"]"#),
    ("string_invalid_lonely_surrogate", br#"["\ud800"]"#),
    ("string_invalid_surrogate", br#"["\ud800abc"]"#),
    ("string_invalid_utf-8", b"[\"\xff\"]"),
    ("string_inverted_surrogates_U+1D11E", br#"["\uDd1e\uD834"]"#),
    ("string_iso_latin_1", b"[\"\xe9\"]"),
    ("string_lone_second_surrogate", br#"["\uDFAA"]"#),
    ("string_lone_utf8_continuation_byte", b"[\"\x81\"]"),
    ("string_not_in_unicode_range", b"[\"\xf4\xbf\xbf\xbf\"]"),
    ("string_overlong_sequence_2_bytes", b"[\"\xc0\xaf\"]"),
    ("string_overlong_sequence_6_bytes", b"[\"\xfc\x83\xbf\xbf\xbf\xbf\"]"),
    ("string_overlong_sequence_6_bytes_null", b"[\"\xfc\x80\x80\x80\x80\x80\"]"),
    ("string_truncated-utf-8", b"[\"\xe0\xff\"]"),
    ("string_utf16BE_no_BOM", b"\x00[\x00\"\x00\xe9\x00\"\x00]"),
    ("string_utf16LE_no_BOM", b"[\x00\"\x00\xe9\x00\"\x00]\x00"),
    ("structure_UTF-8_BOM_empty_object", b"\xef\xbb\xbf{}"),
];

#[test]
fn what_the_suite_says_must_be_accepted_is_accepted() {
    for (name, text) in ACCEPTED.iter().chain(&LEFT_AND_ACCEPTED) {
        assert!(parse(text).is_ok(), "{name}");
    }
}

#[test]
fn what_the_suite_leaves_to_the_parser_is_decided() {
    for (name, text) in DUPLICATES {
        assert_eq!(parse(text).unwrap_err().twice.as_deref(), Some("a"), "{name}");
    }
    for (name, text) in LEFT_AND_REFUSED {
        assert!(parse(text).is_err(), "{name}");
    }
    // `structure_500_nested_arrays`
    assert!(parse(&[[b'['; 500], [b']'; 500]].concat()).is_err());
    // A caller that accepts a byte order mark removes the mark first.
    let (_, marked) = LEFT_AND_REFUSED.iter().find(|(name, _)| *name == "structure_UTF-8_BOM_empty_object").unwrap();
    assert!(parse(without_byte_order_mark(marked)).is_ok());
}
