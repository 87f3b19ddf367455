//! The text of a string ([RFC 8259 section 7](https://www.rfc-editor.org/rfc/rfc8259#section-7)).

pub(super) fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for letter in string.chars() {
        let short = match letter {
            '"' | '\\' => letter,
            '\u{8}' => 'b',
            '\u{c}' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\0'..' ' => {
                text.push_str("\\u00");
                text.push(if letter < '\u{10}' { '0' } else { '1' });
                text.extend(char::from_digit(u32::from(letter) & 0xf, 16));
                continue;
            }
            _ => {
                text.push(letter);
                continue;
            }
        };
        text.push('\\');
        text.push(short);
    }
    text.push('"');
}
