//! What can be sent: whatever arrives as it was.

use js_sys::Function;
use registry_client::browser::js;
use registry_js::message;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::errors::assert_error;

fn evaluated(expression: &str) -> JsValue {
    Function::new_no_args(&format!("return {expression};")).call0(&JsValue::UNDEFINED).unwrap()
}

#[wasm_bindgen_test]
fn what_json_has_is_sent() {
    for (value, json) in [
        ("'text'", r#""text""#),
        ("null", "null"),
        ("-1.5e10", "-15000000000"),
        ("[1, [null, {}], true]", "[1,[null,{}],true]"),
        ("({ a: { b: undefined, c: 1 } })", r#"{"a":{"c":1}}"#),
        ("new Date(0)", r#""1970-01-01T00:00:00.000Z""#),
        ("({ toJSON: () => 7, inside: new Map() })", "7"),
        ("({ [Symbol.toStringTag]: 'Move', from: 'e2' })", r#"{"from":"e2"}"#),
        ("new (class Move { from = 'e2'; step() {} })()", r#"{"from":"e2"}"#),
        ("Object.assign(Object.create(null), { a: 1 })", r#"{"a":1}"#),
        ("[new String('boxed'), Object(1)]", r#"["boxed",1]"#),
    ] {
        assert_eq!(message(&evaluated(value)).unwrap().as_str(), json, "{value}");
    }
}

#[wasm_bindgen_test]
fn what_json_would_change_is_refused_with_its_place_and_what_to_do() {
    for (value, reason) in [
        ("undefined", "undefined has no JSON"),
        ("() => 1", "a function has no JSON"),
        ("NaN", "NaN has no JSON"),
        ("new ArrayBuffer(2)", "an ArrayBuffer has no JSON: send its bytes as text, for example in Base64"),
        ("({ frame: new Uint8Array(2) })", "a Uint8Array at frame has no JSON: send its bytes as text"),
        ("[new Blob([])]", "a Blob at 0 has no JSON: read it"),
        ("({ players: [new Map()] })", "a Map at players.0 has no JSON: send Object.fromEntries of it"),
        ("new Set([1])", "a Set has no JSON: send an array of its elements"),
        ("({ answer: Promise.resolve() })", "a Promise at answer has no JSON: await it first"),
        ("[1, undefined]", "undefined at 1 has no JSON"),
        ("[1, , 3]", "undefined at 1 has no JSON"),
        ("Object.assign([, 1], { more: 1 })", "undefined at 0 has no JSON"),
        ("({ toJSON() {} })", "undefined has no JSON"),
        ("[{ toJSON() {} }]", "undefined at 0 has no JSON"),
        ("[{ toJSON: () => new Map() }]", "a Map at 0 has no JSON"),
        ("[new Number(NaN)]", "NaN at 0 has no JSON"),
        ("({ speed: -Infinity })", "-Infinity at speed has no JSON"),
        ("({ call: () => 1 })", "a function at call has no JSON"),
        ("[Symbol()]", "a symbol at 0 has no JSON"),
        ("new Error('x')", "an Error has no JSON"),
        ("(() => { const self = {}; self.self = self; return self; })()", ""),
        ("10n", ""),
    ] {
        let refused = message(&evaluated(value)).unwrap_err();
        assert!(refused.contains(reason), "{value}: {refused}");
    }
}

#[wasm_bindgen_test]
fn the_client_says_that_it_was_the_message() {
    let client = crate::client(&[]);
    let refused = js::call(&client, "sendMessage", &[evaluated("new Map()")]).unwrap_err();
    assert_error(&refused, "state", "bad_argument");
    let message = js::get_string(&refused, "message").unwrap();
    assert!(message.contains("the message cannot be sent: ") && message.contains("a Map has no JSON"), "{message}");
}
