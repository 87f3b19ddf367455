//! The downloads of a page, as shipped: raw, and in the two encodings that servers use, at their best level.

use std::fmt::Write as _;
use std::io::Write as _;

use crate::files::Files;

pub struct Row {
    pub label: String,
    pub raw: usize,
    pub gzip: usize,
    pub brotli: usize,
    /// Whether this is the adapter of a framework, for which all have the same ceiling.
    pub is_adapter: bool,
}

/// The entries that stand on the others: the store, and the adapters of frameworks.
pub const FRAMEWORKS: &str = "frameworks/";
/// The file of an adapter's folder that every app with the adapter downloads. Another file there is for apps that use it, and has a row of its own.
const PART: &str = "/auth";
/// What the devtools import for a diagnosis.
const DIAGNOSIS: &str = "devtools/provider.js";
/// What runs on a developer's machine and not in an app. A page has the content of `state.js` in `core.js`.
const TOOLS: [&str; 4] = ["testing/", "cli/", "doctor/", "state.js"];

/// The files of the package that pages download. The default entry is the sum of the two rows after it.
pub fn rows(files: &Files) -> Vec<Row> {
    let row = |label: &str, is_of: &dyn Fn(&str) -> bool| {
        let mut row = Row { label: label.to_owned(), raw: 0, gzip: 0, brotli: 0, is_adapter: false };
        for (_, bytes) in files.iter().filter(|(name, _)| is_of(name)) {
            row.raw += bytes.len();
            row.gzip += gzip(bytes);
            row.brotli += brotli(bytes);
        }
        row
    };
    let mut rows = vec![
        row("default entry", &|name| is_wasm(name) || is_skin(name)),
        row("wasm", &is_wasm),
        row("JavaScript", &is_skin),
        row("verifier", &is_of_verifier),
        row("inline", &|name| name == "inline/client.js"),
        row("hint", &|name| name == "hint.js"),
        row("windows", &|name| name == "windows.js"),
        row("worker", &|name| name == "vault.js" || name == "worker.js"),
        row("monitor", &|name| name == "monitor.js"),
        row("callback", &|name| name.starts_with("callback.")),
        row("store", &|name| name == "frameworks/store.js"),
        row("log", &|name| name == "log.js"),
        row("devtools", &|name| name.starts_with("devtools/") && name.ends_with(".js") && name != DIAGNOSIS),
        row("diagnosis", &|name| name == DIAGNOSIS),
    ];
    let names = files.keys().filter_map(|name| name.strip_prefix(FRAMEWORKS)?.strip_suffix(".js"));
    for label in names.filter(|label| *label != "store" && !label.ends_with(PART)) {
        let [name, part] = ["", PART].map(|end| format!("{FRAMEWORKS}{label}{end}.js"));
        rows.push(Row { is_adapter: true, ..row(label, &|file| file == name || file == part) });
    }
    rows
}

fn is_wasm(name: &str) -> bool {
    name.ends_with(".wasm") && !is_of_verifier(name)
}

fn is_skin(name: &str) -> bool {
    name.ends_with(".js") && !is_of_verifier(name) && !is_of_another_entry(name)
}

/// Both of its files: a page downloads them only where its browser cannot verify signatures.
fn is_of_verifier(name: &str) -> bool {
    name.starts_with("verifier/")
}

/// The files that a page with `oidc-client-wasm` does not download, or only for a login in a popup or in a hidden frame, with its tokens in a worker, for the session monitor, with a log or the devtools, or in a framework, and the tools of developers.
fn is_of_another_entry(name: &str) -> bool {
    ["inline", "slim", "hint", "windows", "vault", "worker", "monitor", "callback", "log.", "devtools/", FRAMEWORKS]
        .iter()
        .chain(&TOOLS)
        .any(|entry| name.starts_with(entry))
}

pub fn table(rows: &[Row]) -> String {
    let mut table = format!("{:<14}{:>10}{:>10}{:>10}\n", "bytes", "raw", "gzip", "brotli");
    for Row { label, raw, gzip, brotli, .. } in rows {
        // Writing to a String cannot fail.
        let _ = writeln!(table, "{label:<14}{raw:>10}{gzip:>10}{brotli:>10}");
    }
    table
}

fn gzip(bytes: &[u8]) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map_or(0, |out| out.len())
}

pub fn brotli(bytes: &[u8]) -> usize {
    let params = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut out, &params).map_or(0, |_| out.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_summed_by_kind_in_aligned_columns() {
        let file = |name: &str, size| (name.to_owned(), vec![b'a'; size]);
        let table = table(&rows(&Files::from([
            file("a.js", 1000),
            file("b.js", 234),
            file("c.wasm", 5),
            file("d.md", 9),
            file("verifier/v.js", 7),
            file("inline.js", 77),
            file("inline/client.js", 8),
            file("inline/verifier.js", 88),
            file("hint.js", 6),
            file("windows.js", 5),
            file("vault.js", 2),
            file("worker.js", 2),
            file("monitor.js", 2),
            file("callback.js", 3),
            file("callback.html", 1),
            file("frameworks/angular.js", 3),
            file("frameworks/angular/auth.js", 8),
            file("frameworks/angular/http.js", 9),
            file("frameworks/store.js", 12),
            file("log.js", 4),
            file("devtools/index.js", 20),
            file("devtools/provider.js", 21),
            file("frameworks/react.js", 13),
            file("frameworks/vue.js", 14),
            file("testing/fake.js", 15),
            file("cli/main.js", 16),
        ])));
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines.iter().all(|line| line.len() == lines[0].len()), "{table}");
        assert!(lines[1].starts_with("default entry       1239"), "{table}");
        assert!(lines[2].starts_with("wasm                   5"), "{table}");
        assert!(lines[3].starts_with("JavaScript          1234"), "{table}");
        assert!(lines[4].starts_with("verifier               7"), "{table}");
        assert!(lines[5].starts_with("inline                 8"), "{table}");
        assert!(lines[6].starts_with("hint                   6"), "{table}");
        assert!(lines[7].starts_with("windows                5"), "{table}");
        assert!(lines[8].starts_with("worker                 4"), "{table}");
        assert!(lines[9].starts_with("monitor                2"), "{table}");
        assert!(lines[10].starts_with("callback               4"), "{table}");
        assert!(lines[11].starts_with("store                 12"), "{table}");
        assert!(lines[12].starts_with("log                    4"), "{table}");
        assert!(lines[13].starts_with("devtools              20"), "{table}");
        assert!(lines[14].starts_with("diagnosis             21"), "{table}");
        assert!(lines[15].starts_with("angular               11"), "{table}");
        assert!(lines[16].starts_with("angular/http           9"), "{table}");
        assert!(lines[17].starts_with("react                 13"), "{table}");
        assert!(lines[18].starts_with("vue                   14"), "{table}");
        assert_eq!(lines.len(), 19, "{table}");
    }
}
