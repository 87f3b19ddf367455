//! The grammar of JSON ([RFC 8259 section 2](https://www.rfc-editor.org/rfc/rfc8259#section-2)), and the texts that this client refuses
//! beyond it. The parser does not call itself: a text cannot fill the small stack of WebAssembly.

use std::collections::BinaryHeap;

use super::number::Number;
use super::value::{MAX_MEMBERS, Object, Value};

pub struct Rules {
    /// The number of arrays and objects that may stand in one another.
    pub depth: usize,
    /// The number of members and items that a text may have, all levels together.
    pub values: u32,
    /// Takes all that the grammar allows: a name twice, members without number, lone surrogates (as U+FFFD), numbers that are not finite.
    /// Arrays and objects inside the outermost value are read and not kept, so that no value is deep.
    pub is_lenient: bool,
}

pub struct Parser<'a> {
    text: &'a str,
    at: usize,
    rules: Rules,
    /// A name that stands twice in one object, where the parser stopped at that.
    pub twice: Option<String>,
}

/// An array or object whose end has not come.
enum Open {
    Array(Vec<Value>),
    /// With the name of the member whose value comes next.
    Object(Object, String),
}

impl<'a> Parser<'a> {
    pub fn new(text: &'a str, rules: Rules) -> Self {
        Self { text, at: 0, rules, twice: None }
    }

    /// The value that the whole text is.
    pub fn document(&mut self) -> Option<Value> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            let mut value = match self.next_token()? {
                b'[' | b'{' if open.len() >= self.rules.depth => return None,
                b'[' if !self.is_next(b']') => {
                    open.push(Open::Array(Vec::new()));
                    continue;
                }
                b'[' => Value::Array(Vec::new()),
                b'{' if !self.is_next(b'}') => {
                    let name = self.name()?;
                    open.push(Open::Object(Object::new(), name));
                    continue;
                }
                b'{' => Value::Object(Object::new()),
                b'"' => Value::String(self.string()?),
                b'n' => self.word("ull", Value::Null)?,
                b't' => self.word("rue", Value::Bool(true))?,
                b'f' => self.word("alse", Value::Bool(false))?,
                _ => self.number()?,
            };
            // The value is complete. It may be the last one of its array or object, which may be the last one of the next outer one, and so
            // on.
            loop {
                let is_kept = !self.rules.is_lenient || open.len() == 1;
                match open.last_mut() {
                    None => {
                        self.space();
                        return self.peek().is_none().then_some(value);
                    }
                    Some(Open::Array(items)) => {
                        if is_kept {
                            items.push(value);
                        }
                        match self.next_item()? {
                            b',' => break,
                            b']' => {}
                            _ => return None,
                        }
                    }
                    Some(Open::Object(members, name)) => {
                        if is_kept {
                            members.push(std::mem::take(name), value);
                        }
                        match self.next_item()? {
                            b',' => {
                                *name = self.name()?;
                                break;
                            }
                            b'}' => {}
                            _ => return None,
                        }
                    }
                }
                value = match open.pop()? {
                    Open::Array(items) => Value::Array(items),
                    Open::Object(members, _) => Value::Object(self.checked(members)?),
                };
            }
        }
    }

    /// Refuses an object of too many members, or in which a name stands twice. In order of their names such members are neighbours.
    fn checked(&mut self, members: Object) -> Option<Object> {
        if !self.rules.is_lenient {
            if members.len() > MAX_MEMBERS {
                return None;
            }
            let mut names: BinaryHeap<&str> = members.keys().map(String::as_str).collect();
            while let Some(name) = names.pop() {
                if names.peek() == Some(&name) {
                    self.twice = Some(name.to_owned());
                    return None;
                }
            }
        }
        Some(members)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn next_token(&mut self) -> Option<u8> {
        self.space();
        self.next()
    }

    /// Reads the token after a member or an item, and counts the member or item.
    fn next_item(&mut self) -> Option<u8> {
        self.rules.values = self.rules.values.checked_sub(1)?;
        self.next_token()
    }

    /// Passes over a token, if it comes next.
    fn is_next(&mut self, token: u8) -> bool {
        self.space();
        let is_next = self.peek() == Some(token);
        self.at += usize::from(is_next);
        is_next
    }

    /// The name of a member, with the colon behind it.
    fn name(&mut self) -> Option<String> {
        let name = if self.is_next(b'"') { self.string()? } else { return None };
        self.is_next(b':').then_some(name)
    }

    fn word(&mut self, rest: &str, value: Value) -> Option<Value> {
        let is_word = self.text.get(self.at..)?.starts_with(rest);
        self.at += rest.len();
        is_word.then_some(value)
    }

    /// A number, whose first octet was taken.
    fn number(&mut self) -> Option<Value> {
        self.at -= 1;
        let number = Number::beginning_of(self.text.get(self.at..)?)?;
        self.at += number.as_str().len();
        (self.rules.is_lenient || number.is_finite()).then_some(Value::Number(number))
    }

    /// A string, whose opening quotation mark was taken.
    fn string(&mut self) -> Option<String> {
        let mut string = String::new();
        loop {
            let from = self.at;
            while !matches!(self.peek()?, b'"' | b'\\' | 0..0x20) {
                self.at += 1;
            }
            string.push_str(self.text.get(from..self.at)?);
            match self.next()? {
                b'"' => return Some(string),
                b'\\' => string.push(self.escaped()?),
                _ => return None,
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.next()? {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.code_point(),
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            _ => return None,
        })
    }

    /// Four hexadecimal digits, or twice four: UTF-16.
    fn code_point(&mut self) -> Option<char> {
        let unit = self.hexadecimal()?;
        if !(0xd800..0xe000).contains(&unit) {
            return char::from_u32(unit);
        }
        let after = self.at;
        let pair = if unit < 0xdc00 { self.low_surrogate() } else { None };
        let found = pair.and_then(|low| char::from_u32(0x1_0000 + ((unit & 0x3ff) << 10) + low));
        if found.is_none() && self.rules.is_lenient {
            self.at = after;
            return Some(char::REPLACEMENT_CHARACTER);
        }
        found
    }

    /// The ten bits of the second half of a pair.
    fn low_surrogate(&mut self) -> Option<u32> {
        let (backslash, u, low) = (self.next()?, self.next()?, self.hexadecimal()?);
        ((backslash, u) == (b'\\', b'u') && (0xdc00..0xe000).contains(&low)).then_some(low & 0x3ff)
    }

    fn hexadecimal(&mut self) -> Option<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit * 16 + char::from(self.next()?).to_digit(16)?;
        }
        Some(unit)
    }
}
