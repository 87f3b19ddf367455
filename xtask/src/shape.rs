//! The parts of a module that several steps of the build read, and the way in which they write a module with some of its sections changed.

use std::collections::BTreeMap;

use anyhow::Result;
use wasm_encoder::{Module, RawSection};
use wasmparser::{Export, FunctionBody, KnownCustom, Name, Parser, Payload, TypeRef};

/// The functions and the exports of a module.
#[derive(Default)]
pub struct Shape<'a> {
    /// The number of functions that the module imports. Their numbers come before those of its own functions.
    pub imported: u32,
    /// The module's own functions.
    pub bodies: Vec<FunctionBody<'a>>,
    /// The names of functions by their number, demangled. rustc's short form of a name has no hash.
    pub names: BTreeMap<u32, String>,
    pub exports: Vec<Export<'a>>,
    /// The function that runs when the module starts.
    pub start: Option<u32>,
}

impl<'a> Shape<'a> {
    pub fn of(wasm: &'a [u8]) -> Result<Self> {
        let mut shape = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        shape.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        shape.exports.push(export?);
                    }
                }
                Payload::StartSection { func, .. } => shape.start = Some(func),
                Payload::CodeSectionEntry(body) => shape.bodies.push(body),
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(names) = section.as_known() {
                        for name in names {
                            shape.add_names(name?)?;
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(shape)
    }

    fn add_names(&mut self, name: Name<'_>) -> Result<()> {
        if let Name::Function(names) = name {
            for naming in names {
                let naming = naming?;
                self.names.insert(naming.index, format!("{:#}", rustc_demangle::demangle(naming.name)));
            }
        }
        Ok(())
    }

    /// The module's own functions with their numbers.
    pub fn functions(&self) -> impl Iterator<Item = (u32, &FunctionBody<'a>)> {
        (self.imported..).zip(&self.bodies)
    }
}

/// Writes a module section by section. `change` says of a section that it has written or dropped it; every other section stays.
pub fn rewrite(wasm: &[u8], mut change: impl FnMut(&Payload<'_>, &mut Module) -> Result<bool>) -> Result<Vec<u8>> {
    let mut written = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        if !change(&payload, &mut written)?
            && let Some((id, range)) = payload.as_section()
        {
            written.section(&RawSection { id, data: &wasm[range] });
        }
    }
    Ok(written.finish())
}
