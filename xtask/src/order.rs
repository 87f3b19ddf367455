//! The order of a module's functions. Functions that resemble each other become neighbours: brotli and gzip use fewer bits for bytes that
//! resemble the bytes just before them. No function changes, only the number that each one has.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use anyhow::{Context, Result};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionSectionReader, Parser};

use crate::shape::Shape;

/// How many bytes are compared as one piece.
const PIECE: usize = 3;

/// The same module with its functions in an order that compresses well.
pub fn neighbours(wasm: &[u8]) -> Result<Vec<u8>> {
    let shape = Shape::of(wasm)?;
    let bodies: Vec<&[u8]> = shape.bodies.iter().map(|body| &wasm[body.range()]).collect();
    let mut module = Module::new();
    let mut order = Order::new(shape.imported, by_likeness(&bodies));
    order
        .parse_core_module(&mut module, Parser::new(0), wasm)
        .context("the module cannot be written in another order")?;
    Ok(module.finish())
}

/// A chain from function to function, as indices: it begins with the largest, and after each comes the one of the rest that repeats
/// most of it for its own length.
fn by_likeness(bodies: &[&[u8]]) -> Vec<usize> {
    let pieces: Vec<BTreeSet<&[u8]>> = bodies.iter().map(|body| body.windows(PIECE).collect()).collect();
    let mut having = BTreeMap::<&[u8], Vec<usize>>::new();
    for (index, pieces) in pieces.iter().enumerate() {
        for piece in pieces {
            having.entry(piece).or_default().push(index);
        }
    }
    let mut rest: BTreeSet<usize> = (0..bodies.len()).collect();
    let mut chain = Vec::new();
    let mut next = rest.iter().copied().rev().max_by_key(|index| bodies[*index].len());
    while let Some(last) = next {
        rest.remove(&last);
        chain.push(last);
        let mut shared = vec![0_u32; bodies.len()];
        for index in pieces[last].iter().flat_map(|piece| &having[piece]) {
            shared[*index] += 1;
        }
        // The root and the number keep a very short function, which is like every other, from coming first.
        let unlike = (pieces[last].len() as f64).sqrt() + 16.0;
        let likeness = |index: usize| f64::from(shared[index]) / (pieces[index].len() as f64 + unlike);
        next = rest.iter().copied().rev().max_by(|a, b| likeness(*a).total_cmp(&likeness(*b)));
    }
    chain
}

struct Order {
    /// How many functions the module imports: their numbers come first and stay.
    imported: u32,
    /// The functions of the module by their new place: their old one.
    old: Vec<usize>,
    /// And by their old place: their new one.
    new: Vec<u32>,
}

impl Order {
    fn new(imported: u32, old: Vec<usize>) -> Self {
        let mut new = vec![0; old.len()];
        for (place, old) in (0..).zip(&old) {
            new[*old] = place;
        }
        Self { imported, old, new }
    }
}

impl Reencode for Order {
    type Error = Infallible;

    fn function_index(&mut self, number: u32) -> Result<u32, Error> {
        let own = number.checked_sub(self.imported).and_then(|own| self.new.get(own as usize));
        Ok(own.map_or(number, |place| place + self.imported))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for old in &self.old {
            functions.function(types[*old]);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: CodeSectionReader<'_>) -> Result<(), Error> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for old in self.old.clone() {
            self.parse_function_body(code, bodies[old].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function, ImportSection, RefType,
        TableSection, TableType, TypeSection, ValType,
    };
    use wasmparser::{ElementItems, FunctionBody, Operator, Payload};

    #[test]
    fn like_functions_become_neighbours() {
        let bodies: [&[u8]; 4] = [b"0123456789abcdef", b"like no other of these", b"0123456789abc", b"like no other"];
        assert_eq!(by_likeness(&bodies), [1, 3, 0, 2]);
    }

    /// One imported function, and three own ones: number 1 gives 7, number 2 calls number 1 and the import, number 3 takes a number.
    fn module() -> Vec<u8> {
        let (mut types, mut imports, mut functions) =
            (TypeSection::new(), ImportSection::new(), FunctionSection::new());
        types.ty().function([], [ValType::I32]);
        types.ty().function([ValType::I64], []);
        imports.import("a", "b", EntityType::Function(0));
        functions.function(0).function(0).function(1);
        let mut code = CodeSection::new();
        let mut small = Function::new([]);
        small.instructions().i32_const(7).end();
        let mut large = Function::new([]);
        large.instructions().call(1).i32_const(1000).i32_add().call(0).i32_add().i32_const(1).i32_add().end();
        let mut other = Function::new([]);
        other.instructions().end();
        code.function(&small).function(&large).function(&other);
        let (mut tables, mut exports, mut elements) =
            (TableSection::new(), ExportSection::new(), ElementSection::new());
        let two =
            TableType { element_type: RefType::FUNCREF, minimum: 2, maximum: None, table64: false, shared: false };
        tables.table(two);
        exports.export("large", ExportKind::Func, 2);
        elements.active(None, &ConstExpr::i32_const(0), Elements::Functions(vec![2, 1].into()));
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&tables).section(&exports);
        module.section(&elements).section(&code);
        module.finish()
    }

    fn operators(body: &FunctionBody<'_>) -> Vec<String> {
        let reader = body.get_operators_reader().unwrap();
        let name = |operator: Operator<'_>| match operator {
            Operator::Call { function_index } => format!("call {function_index}"),
            Operator::I32Const { value } => value.to_string(),
            _ => String::new(),
        };
        reader.into_iter().map(|operator| name(operator.unwrap())).filter(|name| !name.is_empty()).collect()
    }

    #[test]
    fn types_calls_exports_and_tables_follow_their_functions() {
        let wasm = neighbours(&module()).unwrap();
        let (mut types, mut bodies, mut exported, mut in_table) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(&wasm) {
            match payload.unwrap() {
                Payload::FunctionSection(section) => types.extend(section.into_iter().map(Result::unwrap)),
                Payload::CodeSectionEntry(body) => bodies.push(operators(&body)),
                Payload::ExportSection(section) => {
                    exported.extend(section.into_iter().map(|export| export.unwrap().index))
                }
                Payload::ElementSection(section) => {
                    for element in section {
                        let ElementItems::Functions(functions) = element.unwrap().items else { panic!("no functions") };
                        in_table.extend(functions.into_iter().map(Result::unwrap));
                    }
                }
                _ => {}
            }
        }
        // The large function comes first now, as number 1.
        let place =
            |body: &str| 1 + bodies.iter().position(|found| found.first().is_some_and(|first| first == body)).unwrap();
        let small = place("7") as u32;
        assert_eq!(bodies[0], [format!("call {small}"), "1000".into(), "call 0".into(), "1".into()]);
        assert_eq!((exported, in_table), (vec![1], vec![1, small]));
        assert_eq!((types[0], types[small as usize - 1], types.iter().sum()), (0, 0, 1));
    }
}
