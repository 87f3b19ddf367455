use super::*;
use wasm_encoder::{InstructionSink, MemorySection, MemoryType};

const AT: fn(u64) -> MemArg = |offset| MemArg { offset, align: 0, memory_index: 0 };

/// A module of `copies` functions with the same body, which takes two addresses and has one more local.
fn module(copies: usize, write: impl Fn(&mut InstructionSink)) -> Vec<u8> {
    let (mut types, mut functions, mut memories, mut code) =
        (TypeSection::new(), FunctionSection::new(), MemorySection::new(), CodeSection::new());
    types.ty().function([ValType::I32, ValType::I32], []);
    memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
    for _ in 0..copies {
        functions.function(0);
        let mut function = Function::new([(1, ValType::I32)]);
        write(&mut function.instructions());
        function.instructions().end();
        code.function(&function);
    }
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&memories).section(&code);
    module.finish()
}

/// The operators of the first function and of the last.
fn first_and_last(wasm: &[u8]) -> [Vec<String>; 2] {
    wasmparser::validate(wasm).unwrap();
    let bodies = Shape::of(wasm).unwrap().bodies;
    [&bodies[0], &bodies[bodies.len() - 1]].map(|body| {
        let short = |operator: &Operator| match operator {
            Operator::LocalGet { local_index } => format!("get {local_index}"),
            Operator::LocalSet { local_index } => format!("set {local_index}"),
            Operator::LocalTee { local_index } => format!("tee {local_index}"),
            Operator::Call { function_index } => format!("call {function_index}"),
            Operator::I32Const { value } => value.to_string(),
            Operator::I64Load { memarg } => format!("load8 {}", memarg.offset),
            Operator::I64Store { memarg } => format!("store8 {}", memarg.offset),
            Operator::I32Load { memarg } => format!("load4 {}", memarg.offset),
            Operator::I32Store { memarg } => format!("store4 {}", memarg.offset),
            Operator::I32Store8 { memarg } => format!("store1 {}", memarg.offset),
            Operator::I64Const { value } => format!("long {value}"),
            other => format!("{other:?}"),
        };
        operators(body).unwrap().iter().map(short).collect()
    })
}

/// The same steps, if it stands so `LEAST` times.
fn outline_of(write: impl Fn(&mut InstructionSink)) -> [Vec<String>; 2] {
    first_and_last(&outlined(&module(LEAST, write)).unwrap())
}

fn copy_of_a_string(write: &mut InstructionSink) {
    write.local_get(0).local_get(1).i32_load(AT(28)).i32_store(AT(16));
    write.local_get(0).local_get(1).i64_load(AT(20)).i64_store(AT(8));
}

#[test]
fn a_copy_becomes_a_call_with_the_two_addresses() {
    let [caller, made] = outline_of(copy_of_a_string);
    assert_eq!(caller, ["get 0", "8", "I32Add", "get 1", "20", "I32Add", "call 5", "End"]);
    // In the order in which the pieces stood.
    let steps = ["get 0", "get 1", "load4 8", "store4 8", "get 0", "get 1", "load8 0", "store8 0", "End"];
    assert_eq!(made, steps);
}

#[test]
fn an_address_that_the_copy_computes_is_computed_before_the_call() {
    let [caller, _] = outline_of(|write| {
        write.local_get(0).local_get(1).i32_const(40).i32_add().local_tee(2).i64_load(AT(0)).i64_store(AT(0));
        write.local_get(0).local_get(2).i32_load(AT(8)).i32_store(AT(8)).local_get(2).drop();
    });
    assert_eq!(caller, ["get 0", "get 1", "40", "I32Add", "tee 2", "call 5", "get 2", "Drop", "End"]);
}

#[test]
fn a_copy_that_stands_seldom_stays() {
    let before = module(LEAST - 1, copy_of_a_string);
    let after = outlined(&before).unwrap();
    assert_eq!(first_and_last(&after), first_and_last(&before));
}

#[test]
fn loads_and_stores_that_are_no_copy_stay() {
    type Write = fn(&mut InstructionSink);
    let others: [Write; 4] = [
        // The members change their places.
        |write| {
            write.local_get(0).local_get(1).i32_load(AT(0)).i32_store(AT(4));
            write.local_get(0).local_get(1).i32_load(AT(4)).i32_store(AT(0));
        },
        // Another source.
        |write| {
            write.local_get(0).local_get(1).i64_load(AT(0)).i64_store(AT(0));
            write.local_get(0).local_get(2).i32_load(AT(8)).i32_store(AT(8));
        },
        // A member becomes longer.
        |write| {
            write.local_get(0).local_get(1).i32_load8_u(AT(0)).i32_store(AT(0));
            write.local_get(0).local_get(1).i32_load(AT(4)).i32_store(AT(4));
        },
        // The address of the source takes the place of that of the target.
        |write| {
            write.local_get(0).local_get(1).i32_const(8).i32_add().local_tee(0).i64_load(AT(0)).i64_store(AT(0));
            write.local_get(0).local_get(0).i32_load(AT(8)).i32_store(AT(8));
        },
    ];
    for write in others {
        let before = module(LEAST, write);
        assert_eq!(first_and_last(&outlined(&before).unwrap()), first_and_last(&before));
    }
}

#[test]
fn a_count_becomes_a_call_whose_result_goes_where_the_sum_went() {
    let [caller, made] = outline_of(|write| {
        write.local_get(0).local_get(0).i32_load(AT(4)).i32_const(1).i32_sub().local_tee(2).i32_store(AT(4));
        write.local_get(2).drop();
    });
    assert_eq!(caller, ["get 0", "4", "I32Add", "call 5", "tee 2", "Drop", "End"]);
    assert_eq!(made, ["get 0", "get 0", "load4 0", "-1", "I32Add", "store4 0", "get 0", "load4 0", "End"]);
    let [caller, _] = outline_of(|write| {
        write.local_get(0).i32_load(AT(0)).i32_const(1).i32_add().local_set(2);
        write.local_get(0).local_get(2).i32_store(AT(0));
    });
    assert_eq!(caller, ["get 0", "call 5", "set 2", "End"]);
    let [caller, _] = outline_of(|write| {
        write.local_get(1).local_tee(0).i32_load(AT(0)).i32_const(1).i32_add().local_set(2);
        write.local_get(0).local_get(2).i32_store(AT(0));
    });
    assert_eq!(caller, ["get 1", "tee 0", "call 5", "set 2", "End"]);
    let [caller, _] = outline_of(|write| {
        write.local_get(0).local_get(0).i32_load(AT(0)).i32_const(1).i32_add().i32_store(AT(0));
    });
    assert_eq!(caller, ["get 0", "call 5", "Drop", "End"]);
}

#[test]
fn stores_at_one_address_become_a_call_with_the_values() {
    let [caller, made] = outline_of(|write| {
        write.local_get(0).i32_const(7).i32_store(AT(12)).local_get(0).local_get(1).i32_store(AT(8));
        write.local_get(0).i64_const(3).i64_store(AT(16)).local_get(0).i32_const(1).i32_store8(AT(24));
        write.local_get(0).local_get(1).i32_const(4).i32_add().i32_store(AT(28));
    });
    let values = ["7", "get 1", "long 3", "1", "get 1", "4", "I32Add"];
    assert_eq!(caller, [&["get 0", "8", "I32Add"][..], &values, &["call 5", "End"]].concat());
    let steps = "get 0,get 1,store4 4,get 0,get 2,store4 0,get 0,get 3,store8 8,get 0,get 4,store1 16,get 0,get 5,store4 20,End";
    assert_eq!(made.join(","), steps);
}

/// The address of the second store is what the first one stored, for example.
#[test]
fn stores_of_values_that_may_change_between_them_stay() {
    let before = module(LEAST, |write| {
        write.local_get(0).local_get(1).i32_store(AT(0));
        write.local_get(0).local_get(1).i32_load(AT(0)).i32_store(AT(4));
        write.local_get(2).local_get(1).i32_store(AT(8));
    });
    assert_eq!(first_and_last(&outlined(&before).unwrap()), first_and_last(&before));
}
