//! Finds code that a call can replace.

use wasm_encoder::Instruction;
use wasmparser::Operator;

use super::Work;

/// The longest run of stores that becomes one function.
const MOST_STORES: usize = 10;

/// Code that a call can replace.
pub struct Found {
    pub work: Work,
    /// The number of its operators.
    pub length: usize,
    pub arguments: Vec<Instruction<'static>>,
    /// What is done with the result of the function.
    pub result: Option<Instruction<'static>>,
}

/// What stands at the beginning of these operators, if a call can replace it. Of copies and of stores, the most that are `wanted`.
pub fn find(operators: &[Operator], wanted: &dyn Fn(&Work) -> bool) -> Option<Found> {
    let counted = || count(operators).filter(|found| wanted(&found.work));
    copy(operators, wanted).or_else(counted).or_else(|| store(operators, wanted))
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
    arguments.extend(plus(to)?);
    arguments.extend_from_slice(source);
    arguments.extend(plus(from)?);
    (pieces.len() > 1).then_some(Found { work: Work::Copy(offsets), length, arguments, result: None })
}

/// Adds an offset to the address on the stack. `None` where the offset is beyond what a constant can have.
fn plus(offset: u64) -> Option<Vec<Instruction<'static>>> {
    let offset = i32::try_from(offset).ok()?;
    Some(if offset == 0 { Vec::new() } else { vec![Instruction::I32Const(offset), Instruction::I32Add] })
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
    arguments.extend(plus(load.offset)?);
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

/// Stores at one address, of values that a local or the code itself has.
fn store(operators: &[Operator], wanted: &dyn Fn(&Work) -> bool) -> Option<Found> {
    let (mut rest, mut longest, mut base) = (operators, None, None);
    let (mut places, mut values) = (Vec::<(u64, u64)>::new(), Vec::new());
    while let [Operator::LocalGet { local_index }, further @ ..] = rest
        && *base.get_or_insert(*local_index) == *local_index
        && places.len() < MOST_STORES
        && let Some((value, [store, further @ ..])) = value(further)
    {
        let place = match store {
            Operator::I64Store { memarg } => (memarg.offset, 8),
            Operator::I32Store { memarg } => (memarg.offset, 4),
            Operator::I32Store8 { memarg } => (memarg.offset, 1),
            _ => break,
        };
        places.push(place);
        values.extend(value);
        let lowest = places.iter().map(|(offset, _)| *offset).min()?;
        let work = Work::Store(places.iter().map(|(offset, size)| (offset - lowest, *size)).collect());
        if places.len() > 1 && wanted(&work) {
            let mut arguments = vec![Instruction::LocalGet(*local_index)];
            arguments.extend(plus(lowest)?);
            arguments.extend_from_slice(&values);
            longest = Some(Found { work, length: operators.len() - further.len(), arguments, result: None });
        }
        rest = further;
    }
    longest
}

/// A value that is the same before the stores as between them, and the operators after it.
fn value<'a, 'b>(operators: &'a [Operator<'b>]) -> Option<(Vec<Instruction<'static>>, &'a [Operator<'b>])> {
    use Operator::{I32Add, I32Const, I64Const, LocalGet};
    Some(match operators {
        [LocalGet { local_index }, I32Const { value }, I32Add, rest @ ..] => {
            (vec![Instruction::LocalGet(*local_index), Instruction::I32Const(*value), Instruction::I32Add], rest)
        }
        [LocalGet { local_index }, rest @ ..] => (vec![Instruction::LocalGet(*local_index)], rest),
        [I32Const { value }, rest @ ..] => (vec![Instruction::I32Const(*value)], rest),
        [I64Const { value }, rest @ ..] => (vec![Instruction::I64Const(*value)], rest),
        _ => return None,
    })
}
