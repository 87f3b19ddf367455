//! What a hand in the developer tools, another script of the origin or an older version of the package may leave in storage: every
//! member of a record changed in every way, and the record as a whole.

use oidc_client_wasm::protocol::json::{self, Object, Value, json};

/// What is done to a record.
pub struct Edit {
    pub what: String,
    /// The path of the member, e.g. `token.expires_at`; empty for the whole record.
    pub path: String,
    change: Box<dyn Fn(&Value) -> String>,
}

impl Edit {
    /// The edited record as it lies in storage: it need not be JSON any more.
    pub fn of(&self, record: &Value) -> String {
        (self.change)(record)
    }
}

/// What a reader makes of it.
pub fn value(text: &str) -> Option<Value> {
    json::parse_record(text.as_bytes()).ok()
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!("deep"), |inner, _| json!([inner]))
}

/// In place of any member: nothing, every type, and the extremes of each.
fn replacements() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(1),
        json!(2),
        json!(1.5),
        json!(1_800_000_001i64),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e300),
        json!(""),
        json!("2"),
        json!("x"),
        json!("two words"),
        json!("a line\r\nbreak"),
        json!("https://evil.example"),
        json!("A".repeat(43)),
        json!("A".repeat(140_000)),
        json!([]),
        json!([1]),
        json!(["openid"]),
        json!({}),
        json!({ "login": {} }),
        nested(20),
    ]
}

type Change = Box<dyn Fn(&mut Object, &str)>;

fn member(path: &[String], what: &str, change: Change) -> Edit {
    let path = path.to_vec();
    let name = path.join(".");
    let change = move |record: &Value| {
        let mut edited = record.clone();
        let (name, parents) = path.split_last().expect("a name");
        let parent = parents.iter().fold(&mut edited, |object, name| &mut object[name.as_str()]);
        change(parent.as_object_mut().expect("an object"), name);
        edited.to_string()
    };
    Edit { what: format!("{name} {what}"), path: name, change: Box::new(change) }
}

/// Every member changed in every way, one at a time, and the whole. They fit every record of the same members.
pub fn edits(record: &Value) -> Vec<Edit> {
    let mut all = Vec::new();
    let mut paths = Vec::new();
    collect(record, &mut Vec::new(), &mut paths);
    for path in &paths {
        all.push(member(path, "removed", Box::new(|object, name| drop(object.remove(name)))));
        let rename = |object: &mut Object, name: &str| {
            let value = object.remove(name).expect("a member");
            object.insert(name.to_uppercase(), value);
        };
        all.push(member(path, "under another name", Box::new(rename)));
        all.push(member(path, "one more of it", Box::new(|object, name| object[name] = more(object[name].take()))));
        for value in replacements() {
            let shown: String = value.to_string().chars().take(30).collect();
            let replace = move |object: &mut Object, name: &str| object[name] = value.clone();
            all.push(member(path, &format!("= {shown}"), Box::new(replace)));
        }
    }
    all.extend(wholes(record.to_string().len()));
    all
}

fn more(value: Value) -> Value {
    match value {
        Value::String(text) => json!(format!("{text}x")),
        Value::Number(number) => json!(number.as_i64().map(|number| number + 1)),
        Value::Bool(flag) => json!(!flag),
        Value::Array(mut list) => {
            list.push(json!("x"));
            Value::Array(list)
        }
        other => other,
    }
}

fn collect(value: &Value, at: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    for (name, inner) in value.as_object().into_iter().flatten() {
        at.push(name.clone());
        paths.push(at.clone());
        collect(inner, at, paths);
        at.pop();
    }
}

/// Of the record's text and a number.
type OfText = fn(&str, usize) -> String;

fn wholes(length: usize) -> Vec<Edit> {
    let whole = |what: String, change: OfText, number: usize| Edit {
        what,
        path: String::new(),
        change: Box::new(move |record| change(&record.to_string(), number)),
    };
    let cut = |text: &str, at: usize| text.chars().take(at).collect();
    let mut all: Vec<Edit> = (0..length).step_by(7).map(|at| whole(format!("cut at {at}"), cut, at)).collect();
    for number in 0..replacements().len() {
        let nothing_but = |_: &str, number: usize| replacements().remove(number).to_string();
        all.push(whole(format!("nothing but replacement {number}"), nothing_but, number));
    }
    let others: [(&str, OfText); 7] = [
        ("in a list", |text, _| format!("[{text}]")),
        ("as a text", |text, _| json!(text).to_string()),
        ("twice", |text, _| format!("{text}{text}")),
        ("with a member twice", |text, _| text.replacen('{', "{\"v\":1,", 1)),
        ("nested deeply", |text, _| format!("{}{text}{}", "{\"a\":".repeat(200), "}".repeat(200))),
        ("no JSON", |_, _| "[object Object]".into()),
        ("with a mark before it", |text, _| format!("\u{feff}{text}")),
    ];
    all.extend(others.map(|(what, change)| whole(what.into(), change, 0)));
    all
}
