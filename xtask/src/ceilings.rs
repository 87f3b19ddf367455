//! The most bytes that a page may download: `cargo xtask dist` fails above these numbers, and prints which of them grew.

use anyhow::{Result, ensure};

use crate::sizes::Row;

/// Bytes of `brotli -q 11`, by the rows of `cargo xtask dist`. A change that makes a row smaller lowers its number; a change that must
/// make a row larger says why in its commit. The goal of the default entry is 100,000.
#[rustfmt::skip]
const CEILINGS: [(&str, usize); 14] = [
    ("default entry", 127_765),
    ("wasm", 119_650),
    ("JavaScript", 8_130),
    ("verifier", 67_700),
    ("inline", 148_700),
    ("hint", 1_000),
    ("windows", 1_200),
    ("worker", 3_300),
    ("monitor", 1_200),
    ("callback", 600),
    ("store", 1_700),
    ("log", 2_900),
    ("devtools", 18_600),
    ("diagnosis", 14_700),
];

/// The most bytes of each adapter of a framework, beside the store.
const ADAPTER: usize = 2_000;

/// Fails where a row is above its ceiling.
pub fn check(rows: &[Row]) -> Result<()> {
    compare(rows, &CEILINGS)
}

fn compare(rows: &[Row], ceilings: &[(&str, usize)]) -> Result<()> {
    let mut grown = Vec::new();
    for row in rows {
        let label = &row.label;
        let own = ceilings.iter().find(|(of, _)| of == label).map(|(_, ceiling)| *ceiling);
        let Some(ceiling) = own.or(row.is_adapter.then_some(ADAPTER)) else {
            grown.push(format!("  {label} has no ceiling"));
            continue;
        };
        if let Some(more @ 1..) = row.brotli.checked_sub(ceiling) {
            grown.push(format!("  {label}: {} bytes, {more} more than the {ceiling} that are allowed", row.brotli));
        }
    }
    ensure!(
        grown.is_empty(),
        "The package grew beyond its ceiling (brotli):\n{}\nMake the change smaller, or raise the number in xtask/src/ceilings.rs and say why in the commit.",
        grown.join("\n")
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(label: &str, brotli: usize) -> Row {
        Row { label: label.to_owned(), raw: 0, gzip: 0, brotli, is_adapter: false }
    }

    #[test]
    fn a_row_above_its_ceiling_is_named_with_what_it_has_too_much() {
        let ceilings = [("wasm", 100), ("JavaScript", 10)];
        compare(&[row("wasm", 100), row("JavaScript", 9)], &ceilings).unwrap();
        let refusal = compare(&[row("wasm", 99), row("JavaScript", 12)], &ceilings).unwrap_err().to_string();
        assert!(refusal.contains("JavaScript: 12 bytes, 2 more than the 10"), "{refusal}");
        assert!(!refusal.contains("wasm:"), "{refusal}");
    }

    #[test]
    fn a_row_without_a_ceiling_is_refused() {
        assert!(compare(&[row("gadget", 1)], &CEILINGS).unwrap_err().to_string().contains("gadget has no ceiling"));
    }

    #[test]
    fn an_adapter_has_the_ceiling_of_all_adapters() {
        let adapter = |brotli| Row { is_adapter: true, ..row("react", brotli) };
        compare(&[adapter(2_000)], &CEILINGS).unwrap();
        assert!(compare(&[adapter(2_001)], &CEILINGS).unwrap_err().to_string().contains("react: 2001 bytes, 1 more"));
    }

    #[test]
    fn every_row_of_the_table_has_a_ceiling() {
        check(&crate::sizes::rows(&crate::files::Files::new())).unwrap();
    }
}
