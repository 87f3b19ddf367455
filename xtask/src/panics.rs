//! A panic becomes a trap: this target has no place to print a message, so the work of the standard library before the trap has no effect.
//! The functions that end in a panic become one instruction, and wasm-opt removes the code that made their messages.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};
use wasm_encoder::{CodeSection, Function};
use wasmparser::{ElementItems, FunctionBody, Operator, Parser, Payload};

use crate::dead::{self, Dead};
use crate::shape::{self, Shape};

/// The crates whose functions may be replaced: a function of them that never returns can only panic or abort.
const CRATES: [&str; 5] = ["core", "alloc", "std", "hashbrown", "__rustc"];
/// Each module that can panic has this function. Without it, the names are not those that this file knows.
const KNOWN: &str = "core::panicking::panic_fmt";
/// With a hook, a panic could do more than trap.
const HOOK: &str = "std::panicking::set_hook";

/// Gives the module with `unreachable` as the only instruction of each function that can only panic, and without the data and functions
/// that only panics used. `optimise` is wasm-opt.
pub fn trap(wasm: &[u8], optimise: impl FnOnce(&[u8]) -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    let code = Code::parse(wasm)?;
    let trapping = code.panicking()?;
    let Dead { data, functions } = dead::find(wasm, &trapping, optimise)?;
    let mut cleared = wasm.to_vec();
    for place in data {
        cleared.get_mut(place).context("data beyond the file")?.fill(0);
    }
    code.replaced(&cleared, &trapping.union(&functions).copied().collect())
}

/// The calls among a module's functions.
struct Code<'a> {
    shape: Shape<'a>,
    /// By the function that calls.
    calls: Vec<BTreeSet<u32>>,
    /// By the function that is called: whether the caller goes on after some call.
    returns: BTreeMap<u32, bool>,
}

impl<'a> Code<'a> {
    fn parse(wasm: &'a [u8]) -> Result<Self> {
        let mut code = Self { shape: Shape::of(wasm)?, calls: vec![], returns: in_table(wasm)? };
        for body in code.shape.bodies.clone() {
            code.add(&body)?;
        }
        ensure!(!code.shape.names.is_empty(), "the module has no names of functions");
        Ok(code)
    }

    fn add(&mut self, body: &FunctionBody<'_>) -> Result<()> {
        // The functions whose return leads to the next operator, and those whose return leads to the end of each block around it. A
        // function whose return leads to the beginning of a loop counts as one that returns.
        let (mut here, mut ends, mut calls) = (BTreeSet::new(), vec![Some(BTreeSet::new())], BTreeSet::new());
        for operator in body.get_operators_reader()? {
            let operator = operator?;
            match operator {
                Operator::Unreachable => here.clear(),
                Operator::End => here.extend(ends.pop().flatten().unwrap_or_default()),
                Operator::Else => ends.last_mut().into_iter().flatten().for_each(|end| end.append(&mut here)),
                Operator::Br { relative_depth } => {
                    let end = ends.iter_mut().rev().nth(relative_depth as usize);
                    end.into_iter().flatten().for_each(|end| end.append(&mut here));
                }
                _ => {}
            }
            if !matches!(operator, Operator::End) {
                self.go_on(&mut here);
            }
            match operator {
                Operator::Block { .. } | Operator::If { .. } | Operator::TryTable { .. } => {
                    ends.push(Some(BTreeSet::new()));
                }
                Operator::Loop { .. } => ends.push(None),
                Operator::Call { function_index } => {
                    self.returns.entry(function_index).or_default();
                    calls.insert(function_index);
                    here.insert(function_index);
                }
                // Its caller would go on where this function ends.
                Operator::ReturnCall { function_index } => {
                    calls.insert(function_index);
                    self.returns.insert(function_index, true);
                }
                _ => {}
            }
        }
        self.go_on(&mut here);
        self.calls.push(calls);
        Ok(())
    }

    /// These return to code that is more than a trap.
    fn go_on(&mut self, functions: &mut BTreeSet<u32>) {
        for function in std::mem::take(functions) {
            self.returns.insert(function, true);
        }
    }

    /// The functions that can only panic.
    fn panicking(&self) -> Result<BTreeSet<u32>> {
        let has_hook = self.shape.names.values().any(|name| name == HOOK);
        ensure!(!has_hook, "the module sets a panic hook: xtask/src/panics.rs would take it away");
        let trapping = self.trapping();
        let is_known = |index: &u32| self.shape.names.get(index).is_some_and(|name| name == KNOWN);
        ensure!(trapping.iter().any(is_known), "{KNOWN} was not found among the functions that never return");
        Ok(trapping)
    }

    /// The functions of the standard library that never return: after each call of them, the compiler has written `unreachable`, there or
    /// behind the end of the block. One that can reach an import stays, because JavaScript could see it run.
    fn trapping(&self) -> BTreeSet<u32> {
        let never_returns = self.returns.iter().filter(|(_, returns)| !**returns).map(|(index, _)| *index);
        never_returns.filter(|index| self.is_of_std(*index) && !self.reaches_an_import(*index)).collect()
    }

    fn is_of_std(&self, index: u32) -> bool {
        // `<alloc::vec::Vec<T>>::remove::assert_failed`
        let name = self.shape.names.get(&index).map_or("", |name| name.trim_start_matches('<'));
        name.split_once("::").is_some_and(|(first, _)| CRATES.contains(&first))
    }

    fn reaches_an_import(&self, index: u32) -> bool {
        let (mut seen, mut next) = (BTreeSet::from([index]), vec![index]);
        while let Some(index) = next.pop() {
            let Some(at) = index.checked_sub(self.shape.imported) else { return true };
            next.extend(self.calls[at as usize].iter().filter(|called| seen.insert(**called)));
        }
        false
    }

    fn replaced(&self, wasm: &[u8], trapping: &BTreeSet<u32>) -> Result<Vec<u8>> {
        let mut code = CodeSection::new();
        for (index, body) in self.shape.functions() {
            if trapping.contains(&index) {
                let mut trap = Function::new([]);
                trap.instructions().unreachable().end();
                code.function(&trap);
            } else {
                code.raw(&wasm[body.range()]);
            }
        }
        shape::rewrite(wasm, |payload, written| {
            match payload {
                Payload::CodeSectionStart { .. } => {
                    written.section(&code);
                }
                // The places in the code that the linker has listed are no longer right.
                Payload::CustomSection(section)
                    if section.name() == "linking" || section.name().starts_with("reloc.") => {}
                _ => return Ok(false),
            }
            Ok(true)
        })
    }
}

/// The functions in the table. A caller that finds a function there may go on after the call.
fn in_table(wasm: &[u8]) -> Result<BTreeMap<u32, bool>> {
    let mut returns = BTreeMap::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::ElementSection(elements) = payload? else { continue };
        for element in elements {
            let ElementItems::Functions(functions) = element?.items else {
                bail!("the linker writes the table in another way: xtask/src/panics.rs must follow it")
            };
            for function in functions {
                returns.insert(function?, true);
            }
        }
    }
    Ok(returns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{EntityType, FunctionSection, ImportSection, Module, NameMap, NameSection, TypeSection};

    /// What a function does: it calls others, and goes on after that or does not.
    type Body<'a> = (&'a str, &'a [u32], bool);

    /// The function 0 is imported; the others have these names and bodies.
    fn module(functions: &[Body<'_>]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("a", "b", EntityType::Function(0));
        let (mut declared, mut code, mut names) = (FunctionSection::new(), CodeSection::new(), NameMap::new());
        for (index, (name, calls, goes_on)) in (1..).zip(functions) {
            declared.function(0);
            let mut body = Function::new([]);
            for called in *calls {
                body.instructions().call(*called);
                if !goes_on {
                    body.instructions().unreachable();
                }
            }
            body.instructions().nop().end();
            code.function(&body);
            names.append(index, name);
        }
        let mut named = NameSection::new();
        named.functions(&names);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&declared).section(&code).section(&named);
        module.finish()
    }

    /// Whether each function is the trap alone.
    fn traps(functions: &[Body<'_>]) -> Vec<bool> {
        let wasm = module(functions);
        let code = Code::parse(&wasm).unwrap();
        let trapped = code.replaced(&wasm, &code.panicking().unwrap()).unwrap();
        wasmparser::validate(&trapped).unwrap();
        let code = Code::parse(&trapped).unwrap();
        let is_trap = |body: &FunctionBody<'_>| {
            body.get_operators_reader().is_ok_and(|mut operators| matches!(operators.read(), Ok(Operator::Unreachable)))
        };
        code.shape.bodies.iter().map(is_trap).collect()
    }

    const PANIC: Body<'_> = ("_RNvNtCsgXGp5Oqx2Ny_4core9panicking9panic_fmt", &[], true);
    const CALLER: Body<'_> = ("oidc_client_wasm::flow", &[1], false);

    #[test]
    fn a_panic_is_a_trap_and_its_caller_stays() {
        assert_eq!(traps(&[PANIC, CALLER]), [true, false]);
    }

    #[test]
    fn a_function_that_returns_to_one_of_its_callers_stays() {
        let functions = [PANIC, CALLER, ("core::str::slice", &[], true), ("a::b", &[3], false), ("a::c", &[3], true)];
        assert_eq!(traps(&functions), [true, false, false, false, false]);
    }

    #[test]
    fn a_call_at_the_end_of_a_block_leads_to_what_stands_behind() {
        use wasm_encoder::{BlockType, InstructionSink};
        let returns = |write: &dyn Fn(&mut InstructionSink<'_>)| {
            let (mut types, mut declared) = (TypeSection::new(), FunctionSection::new());
            types.ty().function([], []);
            declared.function(0).function(0);
            let (mut called, mut caller) = (Function::new([]), Function::new([]));
            called.instructions().unreachable().end();
            write(&mut caller.instructions());
            let (mut code, mut names) = (CodeSection::new(), NameMap::new());
            code.function(&called).function(&caller);
            names.append(0, "core::panic");
            let mut named = NameSection::new();
            named.functions(&names);
            let mut module = Module::new();
            let wasm = module.section(&types).section(&declared).section(&code).section(&named).as_slice().to_vec();
            wasmparser::validate(&wasm).unwrap();
            Code::parse(&wasm).unwrap().returns[&0]
        };
        assert!(!returns(&|code| {
            code.block(BlockType::Empty).call(0).end().unreachable().end();
        }));
        assert!(!returns(&|code| {
            code.block(BlockType::Empty)
                .loop_(BlockType::Empty)
                .call(0)
                .br(1)
                .end()
                .unreachable()
                .end()
                .unreachable()
                .end();
        }));
        assert!(!returns(&|code| {
            code.i32_const(0).if_(BlockType::Empty).call(0).else_().nop().end().unreachable().end();
        }));
        assert!(returns(&|code| {
            code.block(BlockType::Empty).call(0).end().nop().unreachable().end();
        }));
        assert!(returns(&|code| {
            code.loop_(BlockType::Empty).call(0).br(0).end().unreachable().end();
        }));
        assert!(returns(&|code| {
            code.block(BlockType::Empty).call(0).br(0).end().nop().unreachable().end();
        }));
        assert!(returns(&|code| {
            code.block(BlockType::Empty).call(0).br(1).end().unreachable().end();
        }));
        assert!(returns(&|code| {
            code.call(0).end();
        }));
    }

    #[test]
    fn a_function_that_javascript_could_see_stays() {
        let functions =
            [PANIC, CALLER, ("std::process::exit", &[4], true), ("std::sys::exit", &[0], true), ("a::b", &[3], false)];
        assert_eq!(traps(&functions), [true, false, false, false, false]);
    }

    #[test]
    fn a_function_of_another_crate_stays() {
        let functions = [PANIC, CALLER, ("wasm_bindgen::throw", &[], true), ("a::b", &[3], false)];
        assert_eq!(traps(&functions), [true, false, false, false]);
    }

    #[test]
    fn names_that_are_missing_and_a_panic_hook_fail_the_build() {
        let refusal = |functions: &[Body<'_>]| {
            let wasm = module(functions);
            Code::parse(&wasm).and_then(|code| code.panicking()).unwrap_err().to_string()
        };
        assert!(refusal(&[]).contains("no names"));
        assert!(refusal(&[("a::b", &[], true)]).contains(KNOWN));
        assert!(refusal(&[PANIC, CALLER, (HOOK, &[], true)]).contains("hook"));
    }
}
