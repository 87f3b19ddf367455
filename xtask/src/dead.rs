//! Data and functions that only panics used. wasm-opt cannot take them away, because to wasm-opt an address is a number like another.
//! The linker knows better (`--emit-relocs`): it lists each place of the code and of the data that holds an address, and what lies there.
//!
//! Each address in the code becomes a read of a variable of its own, whose value wasm-opt cannot know, and wasm-opt takes away the code
//! that cannot run. Where no read is left, what the code does depends on that address no more: nothing reads or calls what lies there,
//! but for what other data leads to.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use anyhow::{Context, Result, ensure};
use wasm_encoder::{
    CodeSection, ConstExpr, Encode, ExportKind, ExportSection, GlobalSection, GlobalType, Module, RawSection, ValType,
};
use wasmparser::{ExternalKind, FunctionBody, Operator, Parser, Payload, TypeRef};

use crate::linked::{Address, Linked};

/// The beginning of the names of the exports that are added.
const ADDED: &str = "xtask:";

/// What no code can reach.
#[derive(Debug, Default, PartialEq)]
pub struct Dead {
    /// Places in the file.
    pub data: Vec<Range<usize>>,
    pub functions: BTreeSet<u32>,
}

/// `optimise` is wasm-opt.
pub fn find(wasm: &[u8], trapping: &BTreeSet<u32>, optimise: impl FnOnce(&[u8]) -> Result<Vec<u8>>) -> Result<Dead> {
    let linked = Linked::parse(wasm)?;
    let used = linked.used(&optimise(&linked.with_variables(wasm, trapping)?)?)?;
    linked.dead(&used, trapping)
}

impl Linked<'_> {
    /// Each address that is read by a variable, by the number of that variable.
    fn variables(&self) -> Vec<Address> {
        self.in_code.values().map(|(address, _)| *address).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The functions whose addresses are somewhere.
    fn functions(&self) -> BTreeSet<u32> {
        let in_code = self.in_code.values().map(|(address, _)| address);
        let all = in_code.chain(self.in_data.values()).chain(&self.always);
        all.filter_map(|address| if let Address::Function(index) = address { Some(*index) } else { None }).collect()
    }

    /// The module with a variable for each address in its code. JavaScript could write the variables, so wasm-opt knows no value of them.
    fn with_variables(&self, wasm: &[u8], trapping: &BTreeSet<u32>) -> Result<Vec<u8>> {
        let variables = self.variables();
        let mut code = CodeSection::new();
        for (index, body) in (self.imported..).zip(&self.bodies) {
            code.raw(&self.body(wasm, body, trapping, trapping.contains(&index), &variables)?);
        }
        let mut written = Module::new();
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            match &payload {
                Payload::GlobalSection(read) => {
                    let mut globals = GlobalSection::new();
                    for global in read.clone() {
                        let global = global?;
                        globals.global(GlobalType::try_from(global.ty)?, &ConstExpr::try_from(global.init_expr)?);
                    }
                    for _ in &variables {
                        let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
                        globals.global(ty, &ConstExpr::i32_const(0));
                    }
                    written.section(&globals);
                }
                Payload::ExportSection(read) => {
                    let mut exports = ExportSection::new();
                    for export in read.clone() {
                        let export = export?;
                        exports.export(export.name, ExportKind::from(export.kind), export.index);
                    }
                    for number in 0..variables.len() as u32 {
                        exports.export(&format!("{ADDED}v{number}"), ExportKind::Global, self.globals + number);
                    }
                    for function in self.functions() {
                        exports.export(&format!("{ADDED}f{function}"), ExportKind::Func, function);
                    }
                    written.section(&exports);
                }
                Payload::CodeSectionStart { .. } => {
                    written.section(&code);
                }
                Payload::CustomSection(_) => {}
                other => {
                    if let Some((id, range)) = other.as_section() {
                        written.section(&RawSection { id, data: &wasm[range] });
                    }
                }
            }
        }
        Ok(written.finish())
    }

    fn body(
        &self,
        wasm: &[u8],
        body: &FunctionBody<'_>,
        trapping: &BTreeSet<u32>,
        is_trap: bool,
        variables: &[Address],
    ) -> Result<Vec<u8>> {
        const UNREACHABLE: u8 = 0x00;
        const END: u8 = 0x0B;
        if is_trap {
            return Ok(vec![0, UNREACHABLE, END]);
        }
        let (mut written, mut done) = (Vec::new(), body.range().start);
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let (operator, at) = operators.read_with_offset()?;
            let mut instead = Vec::new();
            match operator {
                Operator::Call { function_index } if trapping.contains(&function_index) => instead.push(UNREACHABLE),
                Operator::I32Const { .. } => {
                    if let Some((address, addend)) = self.in_code.get(&(at + 1)) {
                        let number = variables.binary_search(address).ok().context("an address without a variable")?;
                        wasm_encoder::Instruction::GlobalGet(self.globals + number as u32).encode(&mut instead);
                        if *addend != 0 {
                            wasm_encoder::Instruction::I32Const(i32::try_from(*addend)?).encode(&mut instead);
                            wasm_encoder::Instruction::I32Add.encode(&mut instead);
                        }
                    }
                }
                _ => {}
            }
            if !instead.is_empty() {
                written.extend(&wasm[done..at]);
                written.extend(instead);
                done = operators.original_position();
            }
        }
        written.extend(&wasm[done..body.range().end]);
        Ok(written)
    }

    /// What the optimised module can reach, from its exports on.
    fn used(&self, optimised: &[u8]) -> Result<BTreeSet<Address>> {
        let variables = self.variables();
        let (mut imported, mut bodies, mut next) = (0, Vec::new(), Vec::new());
        let (mut addresses, mut functions) = (BTreeMap::new(), BTreeMap::new());
        let mut elements = 0;
        for payload in Parser::new(0).parse_all(optimised) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        let added = export.name.strip_prefix(ADDED).map(|name| name.split_at(1));
                        match (added, export.kind) {
                            (Some(("v", number)), ExternalKind::Global) => {
                                addresses.insert(
                                    export.index,
                                    *variables.get(number.parse::<usize>()?).context("a variable")?,
                                );
                            }
                            (Some(("f", index)), ExternalKind::Func) => {
                                functions.insert(index.parse::<u32>()?, export.index);
                            }
                            (None, ExternalKind::Func) => next.push(export.index),
                            _ => {}
                        }
                    }
                }
                Payload::StartSection { func, .. } => next.push(func),
                Payload::ElementSection(_) => elements += 1,
                Payload::CodeSectionEntry(body) => bodies.push(body),
                _ => {}
            }
        }
        ensure!(addresses.len() == variables.len() && elements <= 1, "wasm-opt changed what it was to keep");
        // The data by what it leads to, and the code by what it calls and reads.
        let mut used = BTreeSet::new();
        let mut found: Vec<Address> = self.always.iter().copied().collect();
        let mut seen = BTreeSet::new();
        loop {
            if let Some(address) = found.pop() {
                if !used.insert(address) {
                    continue;
                }
                match address {
                    Address::Function(index) => next.extend(functions.get(&index)),
                    Address::Data(symbol) => {
                        let place = self.data.get(&symbol).cloned().unwrap_or_default();
                        found.extend(self.in_data.range(place).map(|(_, address)| *address));
                    }
                }
            } else if let Some(index) = next.pop() {
                if !seen.insert(index) {
                    continue;
                }
                let Some(at) = index.checked_sub(imported) else { continue };
                for operator in bodies.get(at as usize).context("a function without a body")?.get_operators_reader()? {
                    match operator? {
                        Operator::Call { function_index }
                        | Operator::ReturnCall { function_index }
                        | Operator::RefFunc { function_index } => {
                            next.push(function_index);
                        }
                        Operator::GlobalGet { global_index } => found.extend(addresses.get(&global_index)),
                        _ => {}
                    }
                }
            } else {
                return Ok(used);
            }
        }
    }

    fn dead(&self, used: &BTreeSet<Address>, trapping: &BTreeSet<u32>) -> Result<Dead> {
        let is_used = |symbol: &u32| used.contains(&Address::Data(*symbol));
        // Two symbols may name one place, and the end of one may be an address of the next.
        let kept: Vec<_> = self.data.iter().filter(|(symbol, _)| is_used(symbol)).map(|(_, place)| place).collect();
        let is_free = |place: &Range<usize>| {
            kept.iter().all(|kept| kept.end.max(kept.start + 1) <= place.start || place.end <= kept.start)
        };
        let data = self.data.iter().filter(|(symbol, place)| !is_used(symbol) && !place.is_empty() && is_free(place));
        let mut functions = self.functions();
        functions.retain(|index| !used.contains(&Address::Function(*index)) && !self.exported.contains(index));
        // wasm-opt may have put a function into the one that calls it: here the call is there still.
        for (_, body) in (self.imported..).zip(&self.bodies).filter(|(index, _)| !trapping.contains(index)) {
            for operator in body.get_operators_reader()? {
                if let Operator::Call { function_index }
                | Operator::ReturnCall { function_index }
                | Operator::RefFunc { function_index } = operator?
                {
                    functions.remove(&function_index);
                }
            }
        }
        Ok(Dead { data: data.map(|(_, place)| place.clone()).collect(), functions })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        CustomSection, DataSection, DataSymbolDefinition, ElementSection, Elements, Function, FunctionSection,
        LinkingSection, MemorySection, MemoryType, RefType, SymbolTable, TableSection, TableType, TypeSection,
    };
    use wasmparser::RelocationType;

    const USED: u32 = 0;
    const REACHED: u32 = 1;
    const DEAD: u32 = 2;

    /// Three functions: the first is exported and reads `USED`; nothing calls the second, which reads `DEAD`; the address of the third is
    /// in the table. Four bytes of data for each symbol: `USED` leads to `REACHED`, and the one that `leads` to the third function.
    fn module(leads: u32, is_exported: bool, calls: bool) -> Vec<u8> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
        for symbol in [Some(USED), Some(DEAD), None] {
            functions.function(0);
            let mut body = Function::new([]);
            if let Some(symbol) = symbol {
                body.instructions().i32_const(0x1000_0000 + symbol.cast_signed()).drop();
            }
            if calls && symbol == Some(USED) {
                body.instructions().call(2);
            }
            body.instructions().end();
            code.function(&body);
        }
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: 2,
            maximum: None,
            shared: false,
        });
        let mut memories = MemorySection::new();
        memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
        let mut globals = GlobalSection::new();
        globals
            .global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(1024));
        let mut exports = ExportSection::new();
        exports.export("start", ExportKind::Func, 0);
        if is_exported {
            exports.export("third", ExportKind::Func, 2);
        }
        let mut elements = ElementSection::new();
        elements.active(None, &ConstExpr::i32_const(1), Elements::Functions([2].as_slice().into()));
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(1024), *b"useddatadead");
        module.section(&types).section(&functions).section(&tables).section(&memories).section(&globals);
        module.section(&exports).section(&elements).section(&code).section(&data);

        let mut symbols = SymbolTable::new();
        for index in [USED, REACHED, DEAD] {
            symbols.data(0, &format!("s{index}"), Some(DataSymbolDefinition { index: 0, offset: index * 4, size: 4 }));
        }
        symbols.function(0, 2, Some("third"));
        let mut linking = LinkingSection::new();
        linking.symbol_table(&symbols);
        let wasm = module.clone().finish();
        let constants = constants(&wasm).into_iter().map(|(at, symbol)| (RelocationType::MemoryAddrSleb, at, symbol));
        let in_code = relocations(constants);
        // The segment's head is five bytes after the count: its flags, its place and its length.
        let head = 1 + 1 + 4 + 1;
        let in_data = relocations([
            (RelocationType::MemoryAddrI32, head + USED * 4, REACHED),
            (RelocationType::TableIndexI32, head + leads * 4, 3),
        ]);
        module.section(&linking);
        module.section(&CustomSection { name: "reloc.CODE".into(), data: in_code.into() });
        module.section(&CustomSection { name: "reloc.DATA".into(), data: in_data.into() });
        module.finish()
    }

    /// The places of the constants below the code section, and the symbols that they stand for.
    fn constants(wasm: &[u8]) -> Vec<(u32, u32)> {
        let (mut found, mut start) = (Vec::new(), 0);
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.unwrap() {
                Payload::CodeSectionStart { range, .. } => start = range.start,
                Payload::CodeSectionEntry(body) => {
                    for read in body.get_operators_reader().unwrap().into_iter_with_offsets() {
                        if let (Operator::I32Const { value }, at) = read.unwrap() {
                            found.push(((at + 1 - start) as u32, (value - 0x1000_0000).cast_unsigned()));
                        }
                    }
                }
                _ => {}
            }
        }
        found
    }

    fn relocations(entries: impl IntoIterator<Item = (RelocationType, u32, u32)>) -> Vec<u8> {
        let mut encoded = Vec::new();
        let entries: Vec<_> = entries.into_iter().collect();
        0u32.encode(&mut encoded);
        (entries.len() as u32).encode(&mut encoded);
        for (kind, at, symbol) in entries {
            encoded.push(kind as u8);
            at.encode(&mut encoded);
            symbol.encode(&mut encoded);
            if kind != RelocationType::TableIndexI32 {
                encoded.push(0);
            }
        }
        encoded
    }

    /// The data that is dead, and the functions. Nothing is optimised: the second function cannot be reached as it is.
    fn dead(wasm: &[u8]) -> (Vec<String>, Vec<u32>) {
        let found = find(wasm, &BTreeSet::new(), |module| {
            wasmparser::validate(module)?;
            Ok(module.to_vec())
        })
        .unwrap();
        let data = found.data.into_iter().map(|place| String::from_utf8(wasm[place].to_vec()).unwrap()).collect();
        (data, found.functions.into_iter().collect())
    }

    #[test]
    fn data_that_only_unreachable_code_reads_is_dead_and_so_is_the_function_that_it_leads_to() {
        assert_eq!(dead(&module(DEAD, false, false)), (vec!["dead".to_owned()], vec![2]));
    }

    #[test]
    fn a_function_that_used_data_leads_to_lives() {
        assert_eq!(dead(&module(REACHED, false, false)), (vec!["dead".to_owned()], vec![]));
    }

    #[test]
    fn a_function_that_is_exported_or_called_lives() {
        assert_eq!(dead(&module(DEAD, true, false)).1, Vec::<u32>::new());
        assert_eq!(dead(&module(DEAD, false, true)).1, Vec::<u32>::new());
    }

    #[test]
    fn a_call_that_panics_does_not_reach_what_it_is_given() {
        let wasm = module(DEAD, false, false);
        let linked = Linked::parse(&wasm).unwrap();
        let trapping = BTreeSet::from([0]);
        // The exported function is a trap: it reads nothing.
        let used = linked.used(&linked.with_variables(&wasm, &trapping).unwrap()).unwrap();
        assert_eq!(linked.dead(&used, &trapping).unwrap().data.len(), 3);
    }

    #[test]
    fn a_module_whose_linker_tells_nothing_fails_the_build() {
        let refusal = find(&Module::new().finish(), &BTreeSet::new(), |module| Ok(module.to_vec())).unwrap_err();
        assert!(refusal.to_string().contains("where the addresses are"), "{refusal}");
    }
}
