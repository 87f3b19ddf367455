//! The changes to the files that wasm-bindgen writes: JavaScript that does nothing when it is imported, and the modules of base64.

use anyhow::{Context, Result, ensure};
use base64ct::{Base64, Encoding};

use crate::files::Files;

/// The JavaScript that wasm-bindgen writes makes its text coders when it is imported. A realm may not have them (jsdom in Jest), and
/// an import must do nothing: they are made when they are first needed, by the functions that [`CODERS`] adds. Each passage is there
/// as often as the number says, or another version of wasm-bindgen needs another look.
const PASSAGES: [(&str, &str); 5] = [
    (
        "let cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });\ncachedTextDecoder.decode();\n",
        "let cachedTextDecoder;\n",
    ),
    (
        "        cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });\n        cachedTextDecoder.decode();\n",
        "        cachedTextDecoder = textDecoder();\n",
    ),
    ("return cachedTextDecoder.decode(bytes);", "return (cachedTextDecoder ??= textDecoder()).decode(bytes);"),
    (
        "const cachedTextEncoder = new TextEncoder();\n\nif (!('encodeInto' in cachedTextEncoder)) {\n    cachedTextEncoder.encodeInto = function (arg, view) {\n        const buf = cachedTextEncoder.encode(arg);\n        view.set(buf);\n        return {\n            read: arg.length,\n            written: buf.length\n        };\n    };\n}\n",
        "let cachedTextEncoder;\n",
    ),
    ("cachedTextEncoder.encode", "(cachedTextEncoder ??= textEncoder()).encode"),
];

/// Where a realm has no coders, these few lines do what the glue asks of them. Rust gives well-formed UTF-8 only.
const DECODER: &str = "
function textDecoder() {
    if (typeof TextDecoder === 'function') return new TextDecoder('utf-8', { ignoreBOM: true });
    const escaped = (octet) => '%' + octet.toString(16).padStart(2, '0');
    return { decode: (bytes) => decodeURIComponent(Array.from(bytes, escaped).join('')) };
}
";
const ENCODER: &str = "
function textEncoder() {
    if (typeof TextEncoder === 'function') return new TextEncoder();
    const octets = (text) => encodeURIComponent(text.replace(/\\p{Surrogate}/gu, '\\uFFFD')).replace(/%(..)/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    return { encode: (text) => Uint8Array.from(octets(text), (octet) => octet.charCodeAt(0)) };
}
";

/// How the list grows that the glue keeps values of JavaScript in, and how it grows without a method that another script may have replaced:
/// such a method would get the list.
const GROWTH: (&str, &str) = ("heap.push(heap.length + 1);", "heap[heap.length] = heap.length + 1;");
const LIST: &str = "let heap = ";

/// What the glue gives each of its classes for code that frees an object by hand: two methods, one after the other, and a line after the
/// class. The skin hands no such object out, and a registry of the browser frees what is left of one.
const FREEING: (&str, &str) = ("    __destroy_into_raw() {\n", "    free() {\n");
const END_OF_METHOD: &str = "    }\n";
const DISPOSING: &str = "if (Symbol.dispose) ";

/// How the glue passes a text: without `realloc` whole, else letter by letter as long as all are of ASCII. The texts here are short, and the
/// quicker way is many bytes.
const PASSING: (&str, &str) =
    ("function passStringToWasm0(arg, malloc, realloc) {\n    if (realloc === undefined) {\n", "    }\n");
const END_OF_FUNCTION: &str = "\n}\n";
const REALLOC: &str = ", wasm.__wbindgen_realloc)";

/// What the glue does in browsers that have no registry for what is freed. Every browser that has the rest of what the package needs has it.
const UNFREED: &str =
    "(typeof FinalizationRegistry === 'undefined')\n    ? { register: () => {}, unregister: () => {} }\n    : ";
/// How the glue asks whether the memory has grown. The second question alone tells it.
const GROWN: (&str, &str) = (
    "cachedDataViewMemory0.buffer.detached === true || (cachedDataViewMemory0.buffer.detached === undefined && ",
    ")) {",
);
/// The names of the global object that the glue tries after `globalThis`, which every such browser has.
const GLOBALS: [&str; 3] = ["global", "self", "window"];

/// The glue's own way to load a module, which the skin does instead (pkg-template/load.js): it knows why a load failed.
const LOADER: &str = "async function __wbg_load(module, imports) {\n";
const EXPORTS: &str = "export { initSync, __wbg_init as default };\n";
const STARTER: &str = "async function __wbg_init(module) {
    if (wasm === undefined) __wbg_finalize_init(await WebAssembly.instantiate(module, __wbg_get_imports()), module);
    return wasm;
}

export { __wbg_init as default };
";

/// Makes a file of glue do nothing when it is imported, and no more than the package needs after that.
pub fn mend(glue: &str) -> Result<String> {
    let start = glue.find(LOADER).filter(|_| glue.ends_with(EXPORTS));
    let start = start.context("wasm-bindgen writes its loader in another way: xtask/src/glue.rs must follow it.")?;
    let mended = coders_when_needed(glue.get(..start).unwrap_or_default())?;
    let is_known = mended.contains(LIST) == mended.contains(GROWTH.0);
    ensure!(is_known, "wasm-bindgen lets its list of values grow in another way: xtask/src/glue.rs must follow it.");
    let mended = without_freeing(&without_comments(&texts_whole(&mended)?))?.replace(GROWTH.0, GROWTH.1);
    Ok(for_browsers_of_today(mended) + STARTER)
}

fn texts_whole(glue: &str) -> Result<String> {
    let Some((before, passing)) = glue.split_once(PASSING.0) else {
        ensure!(!glue.contains(REALLOC), "wasm-bindgen passes texts in another way: xtask/src/glue.rs must follow it.");
        return Ok(glue.to_owned());
    };
    let whole =
        passing.split_once(PASSING.1).and_then(|(whole, quick)| Some((whole, quick.split_once(END_OF_FUNCTION)?.1)));
    let (whole, after) =
        whole.context("wasm-bindgen passes texts in another way: xtask/src/glue.rs must follow it.")?;
    let glue = [before, "function passStringToWasm0(arg, malloc) {\n", whole, "}\n", after].concat();
    Ok(glue.replace(REALLOC, ")"))
}

fn for_browsers_of_today(glue: String) -> String {
    let mut glue = glue.replace(UNFREED, "");
    if let Some((before, (question, after))) =
        glue.split_once(GROWN.0).and_then(|(before, rest)| Some((before, rest.split_once(GROWN.1)?)))
    {
        glue = [before, question, ") {", after].concat();
    }
    GLOBALS.iter().fold(glue, |glue, name| {
        let tried = format!("const ret = typeof {name} === 'undefined' ? undefined : {name};\n            return isLikeNone(ret) ? 0 : addHeapObject(ret);");
        glue.replace(&tried, "return 0;")
    })
}

fn without_freeing(glue: &str) -> Result<String> {
    let (mut kept, mut rest) = (String::new(), glue);
    while let Some((before, methods)) = rest.split_once(FREEING.0) {
        let free = methods.split_once(FREEING.1).and_then(|(_, free)| free.split_once(END_OF_METHOD));
        kept.push_str(before);
        rest = free.context("wasm-bindgen frees its objects in another way: xtask/src/glue.rs must follow it.")?.1;
    }
    kept.push_str(rest);
    Ok(kept.split_inclusive('\n').filter(|line| !line.starts_with(DISPOSING)).collect())
}

/// The comments of generated code have no reader, and pages download them where no tool removes them.
fn without_comments(glue: &str) -> String {
    let mut is_comment = false;
    let mut kept = String::new();
    for line in glue.split_inclusive('\n') {
        let text = line.trim();
        is_comment |= text.starts_with("/**");
        if !is_comment && !text.starts_with("//") {
            kept.push_str(line);
        }
        is_comment &= !text.ends_with("*/");
    }
    kept
}

fn coders_when_needed(glue: &str) -> Result<String> {
    let (mut mended, mut coders) = (glue.to_owned(), String::new());
    for (name, count, passages, coder) in
        [("TextDecoder", 3, &PASSAGES[..3], DECODER), ("TextEncoder", 3, &PASSAGES[3..], ENCODER)]
    {
        // The glue has a coder only where the module passes texts that way.
        if !glue.contains(&format!("new {name}")) {
            continue;
        }
        let mut found = 0;
        for (before, after) in passages {
            found += mended.matches(before).count();
            mended = mended.replace(before, after);
        }
        ensure!(found == count, "wasm-bindgen writes its {name} in another way: xtask/src/glue.rs must follow it.");
        coders.push_str(coder);
    }
    Ok(mended + &coders)
}

/// The modules of `oidc-client-wasm/inline`: each has the octets of one module as base64.
pub fn inline(files: &Files) -> Result<Files> {
    let module = |wasm: &str| -> Result<Vec<u8>> {
        let octets = files.get(wasm).with_context(|| format!("{wasm} was not built"))?;
        Ok(format!("export default \"{}\";\n", Base64::encode_string(octets)).into_bytes())
    };
    Ok(Files::from([
        ("inline/client.js".to_owned(), module("oidc_client_wasm_bg.wasm")?),
        ("inline/verifier.js".to_owned(), module("verifier/verifier_bg.wasm")?),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glue() -> String {
        format!(
            "{}/**\n * @param {{any}} bytes\n */\nfunction decodeText(bytes) {{\n    if (full) {{\n{}    }}\n    {}\n}}\n{}{}Into(a, b);{}(a);\n// so be it\n{LOADER}    rest\n{EXPORTS}",
            PASSAGES[0].0, PASSAGES[1].0, PASSAGES[2].0, PASSAGES[3].0, PASSAGES[4].0, PASSAGES[4].0
        )
    }

    #[test]
    fn glue_that_is_imported_makes_no_coder() {
        let mended = mend(&glue()).unwrap();
        assert!(mended.starts_with("let cachedTextDecoder;\nfunction decodeText"), "{mended}");
        assert!(
            mended.contains("\nlet cachedTextEncoder;\n(cachedTextEncoder ??= textEncoder()).encodeInto(a, b);"),
            "{mended}"
        );
        assert_eq!(mended.matches("new TextDecoder").count() + mended.matches("new TextEncoder").count(), 2);
        assert!(!["any", "so be it", "rest", "initSync"].iter().any(|gone| mended.contains(gone)), "{mended}");
        assert_eq!(mend(&format!("no coder\n{LOADER}{EXPORTS}")).unwrap(), format!("no coder\n{STARTER}"));
    }

    #[test]
    fn a_class_has_nothing_that_frees_an_object_by_hand() {
        let class = "export class A {\n    __destroy_into_raw() {\n        gone\n    }\n    free() {\n        gone\n    }\n    call() {\n    }\n}\nif (Symbol.dispose) gone;\n";
        let mended = mend(&format!("{class}{LOADER}{EXPORTS}")).unwrap();
        assert_eq!(mended, format!("export class A {{\n    call() {{\n    }}\n}}\n{STARTER}"));
    }

    #[test]
    fn a_text_is_passed_whole() {
        let quick = "    for (;;) {\n        ptr = realloc(ptr);\n    }\n    return ptr;\n}\n";
        let passing = format!("{}        return whole;\n{}{quick}", PASSING.0, PASSING.1);
        let mended =
            mend(&format!("{passing}passStringToWasm0(ret, wasm.__wbindgen_malloc{REALLOC};\n{LOADER}{EXPORTS}"));
        let expected = "function passStringToWasm0(arg, malloc) {\n        return whole;\n}\npassStringToWasm0(ret, wasm.__wbindgen_malloc);\n";
        assert_eq!(mended.unwrap(), format!("{expected}{STARTER}"));
        let other = mend(&format!("pass(ret, wasm.__wbindgen_malloc{REALLOC};\n{LOADER}{EXPORTS}"));
        assert!(other.unwrap_err().to_string().contains("passes texts"));
    }

    #[test]
    fn what_every_browser_has_is_not_looked_for() {
        let registry = |before: &str| format!("const A = {before}new FinalizationRegistry(free);\n");
        assert_eq!(for_browsers_of_today(registry(UNFREED)), registry(""));
        let tried = |name: &str| {
            format!(
                "            const ret = typeof {name} === 'undefined' ? undefined : {name};\n            return isLikeNone(ret) ? 0 : addHeapObject(ret);"
            )
        };
        assert_eq!(for_browsers_of_today(tried("self")), "            return 0;");
        assert_eq!(for_browsers_of_today(tried("globalThis")), tried("globalThis"));
    }

    #[test]
    fn glue_of_another_wasm_bindgen_is_no_glue_of_ours() {
        let other = glue().replace("ignoreBOM", "fatal");
        assert!(mend(&other).unwrap_err().to_string().contains("TextDecoder"));
        assert!(mend("another loader").unwrap_err().to_string().contains("its loader"));
    }

    #[test]
    fn the_list_of_values_grows_without_a_method_that_a_page_may_replace() {
        let list = |growth: &str| format!("{LIST}[];\nif (full) {growth}\n{LOADER}{EXPORTS}");
        assert!(mend(&list(GROWTH.0)).unwrap().contains(&format!("if (full) {}", GROWTH.1)));
        assert!(mend(&list("heap.unshift();")).unwrap_err().to_string().contains("list of values"));
    }

    #[test]
    fn the_octets_of_each_module_are_base64() {
        let wasm = |name: &str| (name.to_owned(), b"\0asm".to_vec());
        let modules =
            inline(&Files::from([wasm("oidc_client_wasm_bg.wasm"), wasm("verifier/verifier_bg.wasm")])).unwrap();
        assert_eq!(modules["inline/client.js"], b"export default \"AGFzbQ==\";\n");
        assert!(inline(&Files::new()).is_err());
    }
}
