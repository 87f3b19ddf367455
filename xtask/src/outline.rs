//! Functions in place of code that the compiler writes out again and again: the copy of a small struct, member by member, and the count of
//! a shared value. The compiler does so because a processor runs it faster. A page runs it rarely, and has to download it first.
//!
//! A function does the steps in the order in which they stood. One difference is left: where the sum of an address and an offset is beyond
//! all memory, a load traps, and the sum that a function gets wraps around. Only a bug makes such an address.

use std::collections::BTreeMap;
use std::convert::Infallible;

use anyhow::{Context, Result};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, Function, FunctionSection, Instruction, MemArg, Module, TypeSection, ValType};
use wasmparser::{
    CodeSectionReader, FunctionBody, FunctionSectionReader, Operator, Parser, Payload, TypeSectionReader,
};

use crate::shape::Shape;

/// Code that stands less often stays: its function would be larger than it saves.
const LEAST: usize = 8;

/// The work of a function that is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Work {
    /// Copies these pieces, each an offset and a size, from the second address to the first.
    Copy(Vec<(u64, u64)>),
    /// Adds this to the number at an address, and gives the sum.
    Count(i32),
}

/// Code that a call can replace.
struct Found {
    work: Work,
    /// The number of its operators.
    length: usize,
    arguments: Vec<Instruction<'static>>,
    /// What is done with the result of the function.
    result: Option<Instruction<'static>>,
}

/// The same module with functions for what stands in it often.
pub fn outlined(wasm: &[u8]) -> Result<Vec<u8>> {
    let shape = Shape::of(wasm)?;
    let (mut uses, mut types) = (BTreeMap::<Work, usize>::new(), 0);
    for body in &shape.bodies {
        let operators = operators(body)?;
        let mut at = 0;
        while let Some(rest) = operators.get(at..).filter(|rest| !rest.is_empty()) {
            let found = find(rest, &|_| true);
            at += found.as_ref().map_or(1, |found| found.length);
            if let Some(found) = found {
                *uses.entry(found.work).or_default() += 1;
            }
        }
    }
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::TypeSection(section) = payload? {
            types = section.count();
        }
    }
    let made = uses.into_iter().filter(|(_, uses)| *uses >= LEAST).map(|(work, _)| work).collect();
    let first = shape.imported + u32::try_from(shape.bodies.len())?;
    let mut module = Module::new();
    let mut outline = Outline { made, first, types };
    outline.parse_core_module(&mut module, Parser::new(0), wasm).context("the module cannot be written with calls")?;
    Ok(module.finish())
}

fn operators<'a>(body: &FunctionBody<'a>) -> wasmparser::Result<Vec<Operator<'a>>> {
    body.get_operators_reader()?.into_iter().collect()
}

/// What stands at the beginning of these operators, if a call can replace it. Of a copy, the longest that is `wanted`.
fn find(operators: &[Operator], wanted: &dyn Fn(&Work) -> bool) -> Option<Found> {
    copy(operators, wanted).or_else(|| count(operators).filter(|found| wanted(&found.work)))
}

/// One piece of a copy: a load from one address, stored at another.
#[derive(Clone, Copy)]
struct Piece {
    to: u64,
    from: u64,
    size: u64,
}

impl Piece {
    fn of(load: &Operator, store: &Operator) -> Option<Self> {
        let (from, size) = match load {
            Operator::I64Load { memarg } => (memarg.offset, 8),
            Operator::I32Load { memarg } => (memarg.offset, 4),
            Operator::I32Load16U { memarg } => (memarg.offset, 2),
            Operator::I32Load8U { memarg } => (memarg.offset, 1),
            _ => return None,
        };
        let (to, stored) = match store {
            Operator::I64Store { memarg } => (memarg.offset, 8),
            Operator::I32Store { memarg } => (memarg.offset, 4),
            Operator::I32Store16 { memarg } => (memarg.offset, 2),
            Operator::I32Store8 { memarg } => (memarg.offset, 1),
            _ => return None,
        };
        (size == stored).then_some(Self { to, from, size })
    }
}

/// A copy of several pieces between the same two addresses. The first piece may compute the address that it loads from.
fn copy(operators: &[Operator], wanted: &dyn Fn(&Work) -> bool) -> Option<Found> {
    use Operator::{I32Add, I32Const, LocalGet, LocalTee};
    let [first, rest @ ..] = operators else { return None };
    let (target, to) = address(first)?;
    let (source, from, mut rest) = match rest {
        [LocalGet { local_index: base }, I32Const { value }, I32Add, LocalTee { local_index }, rest @ ..] => {
            let computed = vec![
                Instruction::LocalGet(*base),
                Instruction::I32Const(*value),
                Instruction::I32Add,
                Instruction::LocalTee(*local_index),
            ];
            // The store uses the target as it was before.
            (*local_index, computed, if *local_index == target { return None } else { rest })
        }
        [LocalGet { local_index }, rest @ ..] => (*local_index, vec![Instruction::LocalGet(*local_index)], rest),
        _ => return None,
    };
    let (mut pieces, mut longest) = (Vec::<Piece>::new(), None);
    while let [load, store, further @ ..] = rest
        && let Some(piece) = Piece::of(load, store)
    {
        // The pieces lie to each other at the target as they do at the source.
        let is_apart = |first: &Piece| piece.to.wrapping_sub(first.to) != piece.from.wrapping_sub(first.from);
        if pieces.first().is_some_and(is_apart) {
            break;
        }
        pieces.push(piece);
        let length = operators.len() - further.len();
        if let Some(found) = copied(&pieces, length, &to, &from).filter(|found| wanted(&found.work)) {
            longest = Some(found);
        }
        match further {
            [LocalGet { local_index: a }, LocalGet { local_index: b }, next @ ..] if (*a, *b) == (target, source) => {
                rest = next;
            }
            _ => break,
        }
    }
    longest
}

fn copied(
    pieces: &[Piece],
    length: usize,
    target: &Instruction<'static>,
    source: &[Instruction<'static>],
) -> Option<Found> {
    let to = pieces.iter().map(|piece| piece.to).min()?;
    let from = pieces.iter().map(|piece| piece.from).min()?;
    let offsets = pieces.iter().map(|piece| (piece.to - to, piece.size)).collect();
    let mut arguments = vec![target.clone()];
    arguments.extend(plus(to));
    arguments.extend_from_slice(source);
    arguments.extend(plus(from));
    (pieces.len() > 1).then_some(Found { work: Work::Copy(offsets), length, arguments, result: None })
}

/// Adds an offset to the address on the stack.
fn plus(offset: u64) -> Vec<Instruction<'static>> {
    match i32::try_from(offset) {
        Ok(0) | Err(_) => Vec::new(),
        Ok(offset) => vec![Instruction::I32Const(offset), Instruction::I32Add],
    }
}

/// A number in memory that becomes larger or smaller by one.
fn count(operators: &[Operator]) -> Option<Found> {
    use Operator::{I32Add, I32Const, I32Load, I32Store, I32Sub, LocalGet, LocalSet, LocalTee};
    let [first, rest @ ..] = operators else { return None };
    let (a, address) = address(first)?;
    let (load, operator, sum, store, further) = match rest {
        [
            LocalGet { local_index: b },
            I32Load { memarg: load },
            I32Const { value: 1 },
            operator,
            LocalTee { local_index: sum },
            I32Store { memarg: store },
            further @ ..,
        ] if a == *b => (load, operator, Some(*sum), store, further),
        [
            I32Load { memarg: load },
            I32Const { value: 1 },
            operator,
            LocalSet { local_index: sum },
            LocalGet { local_index: b },
            LocalGet { local_index: stored },
            I32Store { memarg: store },
            further @ ..,
        ] if a == *b && sum == stored && *sum != a => (load, operator, Some(*sum), store, further),
        [
            LocalGet { local_index: b },
            I32Load { memarg: load },
            I32Const { value: 1 },
            operator,
            I32Store { memarg: store },
            further @ ..,
        ] if a == *b => (load, operator, None, store, further),
        _ => return None,
    };
    let by = match operator {
        I32Add => 1,
        I32Sub => -1,
        _ => return None,
    };
    if load.offset != store.offset {
        return None;
    }
    let mut arguments = vec![address];
    arguments.extend(plus(load.offset));
    let length = operators.len() - further.len();
    // The sum often stands on the stack at once.
    let (result, length) = match (sum, further.first()) {
        (Some(sum), Some(LocalGet { local_index })) if *local_index == sum => (Instruction::LocalTee(sum), length + 1),
        (Some(sum), _) => (Instruction::LocalSet(sum), length),
        (None, _) => (Instruction::Drop, length),
    };
    Some(Found { work: Work::Count(by), length, arguments, result: Some(result) })
}

/// The local that an operator puts on the stack, and the same as an instruction.
fn address(operator: &Operator) -> Option<(u32, Instruction<'static>)> {
    match operator {
        Operator::LocalGet { local_index } => Some((*local_index, Instruction::LocalGet(*local_index))),
        Operator::LocalTee { local_index } => Some((*local_index, Instruction::LocalTee(*local_index))),
        _ => None,
    }
}

impl Work {
    fn function(&self) -> Function {
        let at = |offset| MemArg { offset, align: 0, memory_index: 0 };
        let mut function = Function::new([]);
        let mut write = function.instructions();
        match self {
            Self::Copy(pieces) => {
                for (offset, size) in pieces {
                    let at = at(*offset);
                    write.local_get(0).local_get(1);
                    match size {
                        8 => write.i64_load(at).i64_store(at),
                        4 => write.i32_load(at).i32_store(at),
                        2 => write.i32_load16_u(at).i32_store16(at),
                        _ => write.i32_load8_u(at).i32_store8(at),
                    };
                }
            }
            Self::Count(by) => {
                write.local_get(0).local_get(0).i32_load(at(0)).i32_const(*by).i32_add().i32_store(at(0));
                write.local_get(0).i32_load(at(0));
            }
        }
        write.end();
        function
    }

    /// The number of its type among the two that are made.
    fn kind(&self) -> u32 {
        match self {
            Self::Copy(_) => 0,
            Self::Count(_) => 1,
        }
    }
}

struct Outline {
    made: Vec<Work>,
    /// The number of the first function that is made.
    first: u32,
    /// The number of the module's own types.
    types: u32,
}

impl Reencode for Outline {
    type Error = Infallible;

    fn parse_type_section(&mut self, types: &mut TypeSection, section: TypeSectionReader<'_>) -> Result<(), Error> {
        utils::parse_type_section(self, types, section)?;
        types.ty().function([ValType::I32, ValType::I32], []);
        types.ty().function([ValType::I32], [ValType::I32]);
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_function_section(self, functions, section)?;
        for work in &self.made {
            functions.function(self.types + work.kind());
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: CodeSectionReader<'_>) -> Result<(), Error> {
        utils::parse_code_section(self, code, section)?;
        for work in &self.made {
            code.function(&work.function());
        }
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<(), Error> {
        let mut locals = Vec::new();
        for group in body.get_locals_reader()? {
            let (count, kind) = group?;
            locals.push((count, self.val_type(kind)?));
        }
        let mut function = Function::new(locals);
        let operators = operators(&body)?;
        let mut rest = operators.as_slice();
        while let [first, further @ ..] = rest {
            let Some(found) = find(rest, &|work| self.made.contains(work)) else {
                function.instruction(&self.instruction(first.clone())?);
                rest = further;
                continue;
            };
            for argument in &found.arguments {
                function.instruction(argument);
            }
            let made = (self.first..).zip(&self.made).find(|(_, made)| **made == found.work);
            function.instruction(&Instruction::Call(made.map_or(self.first, |(number, _)| number)));
            if let Some(result) = &found.result {
                function.instruction(result);
            }
            rest = rest.get(found.length..).unwrap_or_default();
        }
        code.function(&function);
        Ok(())
    }
}

#[cfg(test)]
#[path = "outline_tests.rs"]
mod tests;
