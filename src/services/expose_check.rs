//! `harness.check()`: a check for scripts.

use js_sys::{Function, JSON, Promise};
use registry_client::browser::js;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;

use super::check;
use crate::check::Plan;

/// A function `check({ addresses })` that runs a check and returns a promise of its report, as an object. The garbage collector
/// frees it.
pub(super) fn function(plan: impl Fn() -> Plan + 'static) -> Function {
    let run = move |options: JsValue| -> Promise {
        let (plan, with_addresses) = (plan(), js::get(&options, "addresses").is_truthy());
        future_to_promise(async move { JSON::parse(check::report(plan, with_addresses).await.as_str()) })
    };
    Closure::<dyn Fn(JsValue) -> Promise>::new(run).into_js_value().unchecked_into()
}
