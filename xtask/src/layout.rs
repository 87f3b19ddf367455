//! The layout of a module's memory by the linker, on which an option of wasm-opt relies.

use anyhow::{Context, Result, ensure};
use wasmparser::{ConstExpr, DataKind, Operator, Parser, Payload};

/// The end of the addresses that `--low-memory-unused` takes for unused.
const LOW: u32 = 1024;

/// Fails unless the low addresses are the far end of the stack: the stack lies first, with its beginning at the stack pointer's, and all
/// data lies above it.
pub fn check(wasm: &[u8]) -> Result<()> {
    let (mut stack, mut data) = (None, u32::MAX);
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::GlobalSection(globals) => {
                // The linker's first global is the stack pointer, which is mutable.
                let first = globals.into_iter().next().context("the module has no globals")??;
                stack = constant(&first.init_expr).filter(|_| first.ty.mutable);
            }
            Payload::DataSection(segments) => {
                for segment in segments {
                    if let DataKind::Active { offset_expr, .. } = segment?.kind {
                        data = data.min(constant(&offset_expr).context("a segment of data has no constant place")?);
                    }
                }
            }
            _ => {}
        }
    }
    let stack = stack.context("the module has no stack pointer")?;
    ensure!(
        stack > LOW && data >= stack,
        "The linker puts the stack ({stack}) or the data ({data}) in another place: --low-memory-unused in xtask/src/wasm.rs must go."
    );
    Ok(())
}

fn constant(expression: &ConstExpr) -> Option<u32> {
    match expression.get_operators_reader().read().ok()? {
        Operator::I32Const { value } => Some(value.cast_unsigned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{DataSection, GlobalSection, GlobalType, MemorySection, MemoryType, Module, ValType};

    fn module(stack: i32, mutable: bool, data: i32) -> Vec<u8> {
        let mut memories = MemorySection::new();
        memories.memory(MemoryType { minimum: 2, maximum: None, memory64: false, shared: false, page_size_log2: None });
        let mut globals = GlobalSection::new();
        let ty = GlobalType { val_type: ValType::I32, mutable, shared: false };
        globals.global(ty, &wasm_encoder::ConstExpr::i32_const(stack));
        let mut segments = DataSection::new();
        segments.active(0, &wasm_encoder::ConstExpr::i32_const(data), *b"data");
        let mut module = Module::new();
        module.section(&memories).section(&globals).section(&segments);
        module.finish()
    }

    #[test]
    fn data_may_not_lie_where_an_optimisation_takes_memory_for_unused() {
        check(&module(131_072, true, 131_072)).unwrap();
        for (stack, mutable, data) in
            [(131_072, true, 1000), (131_072, true, 65_536), (512, true, 1024), (131_072, false, 131_072)]
        {
            assert!(check(&module(stack, mutable, data)).is_err(), "{stack} {mutable} {data}");
        }
    }
}
