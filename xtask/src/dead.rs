//! Data and functions that only panics used. wasm-opt cannot take them away, because to wasm-opt an address is a number like another. The
//! linker knows the addresses (`--emit-relocs`): it lists each place of the code and of the data that holds an address, and the symbol that
//! lies there. Each address in the code becomes a read of a variable of its own, whose value wasm-opt cannot know, and wasm-opt takes away
//! the code that cannot run. Where no read is left, the code does not depend on that address: only other data can still lead to its symbol.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use anyhow::{Context, Result, ensure};
use wasm_encoder::{CodeSection, ConstExpr, Encode, ExportKind, ExportSection, GlobalSection, GlobalType, ValType};
use wasmparser::{ExternalKind, FunctionBody, Operator, Payload};

use crate::linked::{Address, Linked};
use crate::shape::{self, Shape};

/// The beginning of the names of the exports that are added.
const ADDED: &str = "xtask:";

/// The data and functions that no code can reach.
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
        for (index, body) in self.shape.functions() {
            code.raw(&self.body(wasm, body, trapping, trapping.contains(&index), &variables)?);
        }
        shape::rewrite(wasm, |payload, written| {
            match payload {
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
                Payload::ExportSection(_) => {
                    let mut exports = ExportSection::new();
                    for export in &self.shape.exports {
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
                _ => return Ok(false),
            }
            Ok(true)
        })
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

    /// The addresses that the optimised module can reach from its exports.
    fn used(&self, optimised: &[u8]) -> Result<BTreeSet<Address>> {
        let variables = self.variables();
        let shape = Shape::of(optimised)?;
        let (mut addresses, mut functions) = (BTreeMap::new(), BTreeMap::new());
        let mut next: Vec<u32> = shape.start.into_iter().collect();
        for export in &shape.exports {
            let added = export.name.strip_prefix(ADDED).map(|name| name.split_at(1));
            match (added, export.kind) {
                (Some(("v", number)), ExternalKind::Global) => {
                    let address = variables.get(number.parse::<usize>()?).context("a variable")?;
                    addresses.insert(export.index, *address);
                }
                (Some(("f", index)), ExternalKind::Func) => {
                    functions.insert(index.parse::<u32>()?, export.index);
                }
                (None, ExternalKind::Func) => next.push(export.index),
                _ => {}
            }
        }
        ensure!(addresses.len() == variables.len(), "wasm-opt changed what it was to keep");
        // Data leads to the addresses in it. Code leads to the functions that it calls and the variables that it reads.
        let (mut used, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut found: Vec<Address> = self.always.iter().copied().collect();
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
                let Some(at) = index.checked_sub(shape.imported) else { continue };
                let body = shape.bodies.get(at as usize).context("a function without a body")?;
                for operator in body.get_operators_reader()? {
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
        let kept: Vec<_> = self.data.iter().filter(|(symbol, _)| is_used(symbol)).map(|(_, place)| place).collect();
        let unused = self.data.iter().filter(|(symbol, _)| !is_used(symbol));
        let data = unused.flat_map(|(_, place)| without(place, &kept)).collect();
        let mut functions = self.functions();
        let called = self.called(used, trapping)?;
        functions.retain(|index| !called.contains(index));
        Ok(Dead { data, functions })
    }

    /// The functions that the module as it is can reach by calls: from its exports, and from the functions whose addresses are used.
    /// wasm-opt may have put a function into the one that calls it: here the call is there still.
    fn called(&self, used: &BTreeSet<Address>, trapping: &BTreeSet<u32>) -> Result<BTreeSet<u32>> {
        let exported = self.shape.exports.iter().filter(|export| export.kind == ExternalKind::Func);
        let mut next: Vec<u32> = exported.map(|export| export.index).chain(self.shape.start).collect();
        next.extend(used.iter().filter_map(|address| match address {
            Address::Function(index) => Some(*index),
            Address::Data(_) => None,
        }));
        let mut called = BTreeSet::new();
        while let Some(index) = next.pop() {
            let Some(at) = index.checked_sub(self.shape.imported) else { continue };
            if !called.insert(index) || trapping.contains(&index) {
                continue;
            }
            let body = self.shape.bodies.get(at as usize).context("a function without a body")?;
            for operator in body.get_operators_reader()? {
                if let Operator::Call { function_index }
                | Operator::ReturnCall { function_index }
                | Operator::RefFunc { function_index } = operator?
                {
                    next.push(function_index);
                }
            }
        }
        Ok(called)
    }
}

/// The parts of a place that no kept place has. Two symbols may name one place, or the end of one place, and the end of a symbol may be an
/// address of the next.
fn without(place: &Range<usize>, kept: &[&Range<usize>]) -> Vec<Range<usize>> {
    let mut parts = vec![place.clone()];
    for kept in kept {
        let end = kept.end.max(kept.start + 1);
        if kept.start < place.end && place.start < end {
            let cut = |part: Range<usize>| [part.start..part.end.min(kept.start), part.start.max(end)..part.end];
            parts = parts.into_iter().flat_map(cut).collect();
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests;
