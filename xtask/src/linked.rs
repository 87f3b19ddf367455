//! The linker's description of a module (`--emit-relocs`): the symbols in its data, and the places of its code and its data that hold
//! addresses.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use anyhow::{Context, Result, bail, ensure};
use wasmparser::{
    BinaryReader, Linking, LinkingSectionReader, Parser, Payload, RelocSectionReader, RelocationType, SymbolInfo,
    TypeRef,
};

use crate::shape::Shape;

/// An address: of data, or of a function in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Address {
    Data(u32),
    Function(u32),
}

/// A linked module, with the description by its linker.
#[derive(Default)]
pub struct Linked<'a> {
    pub shape: Shape<'a>,
    /// The number of global variables.
    pub globals: u32,
    symbols: Vec<Option<Address>>,
    /// By symbol: the place in the file.
    pub data: BTreeMap<u32, Range<usize>>,
    /// By the place in the file: the symbol of the address, and the number that is added to it.
    pub in_code: BTreeMap<usize, (Address, i64)>,
    pub in_data: BTreeMap<usize, Address>,
    /// Addresses in the code that are no constants of their own.
    pub always: BTreeSet<Address>,
}

impl<'a> Linked<'a> {
    pub fn parse(wasm: &'a [u8]) -> Result<Self> {
        let mut linked = Self { shape: Shape::of(wasm)?, ..Self::default() };
        let (mut code, mut segments, mut data) = (0, Vec::new(), 0);
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        linked.globals += u32::from(matches!(import?.ty, TypeRef::Global(_)));
                    }
                }
                Payload::GlobalSection(globals) => linked.globals += globals.count(),
                Payload::CodeSectionStart { range, .. } => code = range.start,
                Payload::DataSection(section) => {
                    data = section.range().start;
                    for segment in section {
                        let segment = segment?;
                        segments.push(segment.range.end - segment.data.len()..segment.range.end);
                    }
                }
                Payload::CustomSection(section) => {
                    let reader = BinaryReader::new(section.data(), section.data_offset());
                    match section.name() {
                        "linking" => linked.read_symbols(reader, &segments)?,
                        "reloc.CODE" => linked.read_code(reader, code)?,
                        "reloc.DATA" => linked.read_data(reader, data)?,
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        ensure!(
            !linked.in_code.is_empty() && !linked.data.is_empty(),
            "the linker did not tell where the addresses are"
        );
        Ok(linked)
    }

    fn read_symbols(&mut self, reader: BinaryReader<'_>, segments: &[Range<usize>]) -> Result<()> {
        for part in LinkingSectionReader::new(reader)?.subsections() {
            let Linking::SymbolTable(symbols) = part? else { continue };
            for symbol in symbols {
                let index = self.symbols.len() as u32;
                self.symbols.push(match symbol? {
                    SymbolInfo::Func { index, .. } => Some(Address::Function(index)),
                    SymbolInfo::Data { symbol: Some(place), .. } => {
                        let segment = segments.get(place.index as usize).context("a symbol of no segment")?;
                        let start = segment.start + place.offset as usize;
                        ensure!(start + place.size as usize <= segment.end, "a symbol beyond its segment");
                        self.data.insert(index, start..start + place.size as usize);
                        Some(Address::Data(index))
                    }
                    _ => None,
                });
            }
        }
        Ok(())
    }

    fn symbol(&self, index: u32) -> Result<Address> {
        self.symbols.get(index as usize).copied().flatten().context("an address of no symbol")
    }

    fn read_code(&mut self, reader: BinaryReader<'_>, start: usize) -> Result<()> {
        for entry in RelocSectionReader::new(reader)?.entries() {
            let entry = entry?;
            match entry.ty {
                RelocationType::MemoryAddrSleb | RelocationType::TableIndexSleb => {
                    let address = (self.symbol(entry.index)?, entry.addend);
                    self.in_code.insert(start + entry.offset as usize, address);
                }
                RelocationType::MemoryAddrLeb => {
                    self.always.insert(self.symbol(entry.index)?);
                }
                RelocationType::FunctionIndexLeb
                | RelocationType::TypeIndexLeb
                | RelocationType::GlobalIndexLeb
                | RelocationType::TableNumberLeb => {}
                other => bail!("the linker tells of a {other:?} in the code"),
            }
        }
        Ok(())
    }

    fn read_data(&mut self, reader: BinaryReader<'_>, start: usize) -> Result<()> {
        for entry in RelocSectionReader::new(reader)?.entries() {
            let entry = entry?;
            let is_known = matches!(entry.ty, RelocationType::MemoryAddrI32 | RelocationType::TableIndexI32);
            ensure!(is_known, "the linker tells of a {:?} in the data", entry.ty);
            self.in_data.insert(start + entry.offset as usize, self.symbol(entry.index)?);
        }
        Ok(())
    }
}
