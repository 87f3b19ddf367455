//! Functions in place of code that the compiler writes out again and again: the copy of a small struct, member by member, the members of a
//! new struct, and the count of a shared value. The compiler does so because a processor runs it faster. A page runs it rarely, and has to download it first.
//!
//! A function does the steps in the order in which they stood. One difference is left: where the sum of an address and an offset is beyond
//! all memory, a load traps, and the sum that a function gets wraps around. Only a bug makes such an address.

mod find;

use std::collections::BTreeMap;
use std::convert::Infallible;

use anyhow::{Context, Result};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, Function, FunctionSection, Instruction, MemArg, Module, TypeSection, ValType};
use wasmparser::{
    CodeSectionReader, FunctionBody, FunctionSectionReader, Operator, Parser, Payload, TypeSectionReader,
};

use crate::shape::Shape;
use find::find;

/// Code that stands less often stays: its function would be larger than it saves.
const LEAST: usize = 5;

/// The work of a function that is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Work {
    /// Copies these pieces, each an offset and a size, from the second address to the first.
    Copy(Vec<(u64, u64)>),
    /// Adds this to the number at an address, and gives the sum.
    Count(i32),
    /// Stores values at an address, by the offset and the size of each.
    Store(Vec<(u64, u64)>),
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
    let made: Vec<Work> = uses.into_iter().filter(|(_, uses)| *uses >= LEAST).map(|(work, _)| work).collect();
    let mut kinds: Vec<Kind> = made.iter().map(Work::kind).collect();
    kinds.sort_by_key(|kind| format!("{kind:?}"));
    kinds.dedup();
    let first = shape.imported + u32::try_from(shape.bodies.len())?;
    let mut module = Module::new();
    let mut outline = Outline { made, kinds, first, types };
    outline.parse_core_module(&mut module, Parser::new(0), wasm).context("the module cannot be written with calls")?;
    Ok(module.finish())
}

fn operators<'a>(body: &FunctionBody<'a>) -> wasmparser::Result<Vec<Operator<'a>>> {
    body.get_operators_reader()?.into_iter().collect()
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
            Self::Store(places) => {
                for (value, (offset, size)) in (1..).zip(places) {
                    let at = at(*offset);
                    write.local_get(0).local_get(value);
                    match size {
                        8 => write.i64_store(at),
                        4 => write.i32_store(at),
                        _ => write.i32_store8(at),
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

    /// The types of what the function gets and of what it gives.
    fn kind(&self) -> Kind {
        match self {
            Self::Copy(_) => (vec![ValType::I32; 2], Vec::new()),
            Self::Count(_) => (vec![ValType::I32], vec![ValType::I32]),
            Self::Store(places) => {
                let value = |(_, size): &(u64, u64)| if *size == 8 { ValType::I64 } else { ValType::I32 };
                (std::iter::once(ValType::I32).chain(places.iter().map(value)).collect(), Vec::new())
            }
        }
    }
}

type Kind = (Vec<ValType>, Vec<ValType>);

struct Outline {
    made: Vec<Work>,
    /// The types of the functions that are made.
    kinds: Vec<Kind>,
    /// The number of the first function that is made.
    first: u32,
    /// The number of the module's own types.
    types: u32,
}

impl Reencode for Outline {
    type Error = Infallible;

    fn parse_type_section(&mut self, types: &mut TypeSection, section: TypeSectionReader<'_>) -> Result<(), Error> {
        utils::parse_type_section(self, types, section)?;
        for (parameters, results) in &self.kinds {
            types.ty().function(parameters.iter().copied(), results.iter().copied());
        }
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_function_section(self, functions, section)?;
        for work in &self.made {
            let kind = work.kind();
            let number = (self.types..).zip(&self.kinds).find(|(_, made)| **made == kind);
            functions.function(number.map_or(self.types, |(number, _)| number));
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
mod tests;
