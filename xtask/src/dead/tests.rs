use super::*;
use wasm_encoder::{
    CustomSection, DataSection, DataSymbolDefinition, ElementSection, Elements, Function, FunctionSection,
    LinkingSection, MemorySection, MemoryType, Module, RefType, SymbolTable, TableSection, TableType, TypeSection,
};
use wasmparser::{Parser, RelocationType};

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
    globals.global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(1024));
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
fn a_function_that_only_an_unreachable_function_calls_is_dead() {
    const NOP: u8 = 0x01;
    const CALL: u8 = 0x10;
    const END: u8 = 0x0B;
    let mut wasm = module(DEAD, false, false);
    // The second function, which nothing calls, calls the third instead of reading its address.
    let body = Linked::parse(&wasm).unwrap().shape.bodies[1].range();
    wasm[body.start + 1..body.end].copy_from_slice(&[NOP, NOP, NOP, NOP, NOP, CALL, 2, END]);
    let linked = Linked::parse(&wasm).unwrap();
    assert_eq!(linked.dead(&BTreeSet::new(), &BTreeSet::new()).unwrap().functions, BTreeSet::from([2]));
}

#[test]
fn the_end_of_dead_data_that_is_also_live_data_stays() {
    assert_eq!(without(&(10..20), &[&(0..5), &(19..20), &(30..31)]), vec![10..19]);
    assert_eq!(without(&(10..20), &[&(12..13), &(15..15)]), vec![10..12, 13..15, 16..20]);
    assert_eq!(without(&(10..20), &[&(8..22)]), Vec::<Range<usize>>::new());
    assert_eq!(without(&(10..20), &[&(10..10), &(20..25)]), vec![11..20]);
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
