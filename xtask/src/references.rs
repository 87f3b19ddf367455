//! A module whose glue keeps JavaScript's values in an array of its own. With reference types, wasm-bindgen keeps them in a table of the
//! module: that costs a shim for each import and export that takes a value, and more bytes in sum.

use anyhow::Result;
use wasm_encoder::{CustomSection, Encode};
use wasmparser::{BinaryReader, Payload};

use crate::shape;

const SECTION: &str = "target_features";
const FEATURE: &str = "reference-types";

/// The module, which no longer says that it was compiled with reference types. Only the standard library was
/// (`-C target-feature=-reference-types` in .cargo/config.toml), and it has no values of JavaScript.
pub fn without(wasm: &[u8]) -> Result<Vec<u8>> {
    shape::rewrite(wasm, |payload, written| {
        let Payload::CustomSection(section) = payload else { return Ok(false) };
        if section.name() != SECTION {
            return Ok(false);
        }
        let mut reader = BinaryReader::new(section.data(), 0);
        let (mut count, mut kept) = (0_u32, Vec::new());
        for _ in 0..reader.read_var_u32()? {
            let (prefix, feature) = (reader.read_u8()?, reader.read_string()?);
            if feature != FEATURE {
                count += 1;
                kept.push(prefix);
                feature.encode(&mut kept);
            }
        }
        let mut data = Vec::new();
        count.encode(&mut data);
        data.extend(kept);
        written.section(&CustomSection { name: SECTION.into(), data: data.into() });
        Ok(true)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::Module;

    fn module(features: &[u8]) -> Vec<u8> {
        let mut module = Module::new();
        module.section(&CustomSection { name: SECTION.into(), data: features.into() });
        module.finish()
    }

    #[test]
    fn the_other_features_stay() {
        let with = module(b"\x03+\x08sign-ext+\x0freference-types+\x0amultivalue");
        assert_eq!(without(&with).unwrap(), module(b"\x02+\x08sign-ext+\x0amultivalue"));
    }
}
