//! Reading what JavaScript hands over, and making what it takes, without trusting either.

use js_sys::{Array, Function, JSON, Object, Reflect};
use registry_protocol::read::Node;
use wasm_bindgen::{JsCast, JsValue};

use crate::describe::{Describe, Member, Members};
use crate::interfaces::webrtc::IceServer;
use crate::json::Json;

/// The property `key` of `object`; `undefined` where there is none, or where reading it throws.
pub fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

/// The property `key` of `object`, if it is neither `undefined` nor `null`.
pub fn get_some(object: &JsValue, key: &str) -> Option<JsValue> {
    let value = get(object, key);
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

/// The property `key` of `object`, if it is a string.
pub fn get_string(object: &JsValue, key: &str) -> Option<String> {
    get(object, key).as_string()
}

/// The property `key` of `object`, if it is an integer from 0 to 65535.
pub fn get_u16(object: &JsValue, key: &str) -> Option<u16> {
    let number = get(object, key).as_f64()?;
    (number.fract() == 0.0 && (0.0..=f64::from(u16::MAX)).contains(&number)).then_some(number as u16)
}

/// Sets the property `key` of `object`; an object that refuses it stays as it is.
pub fn set(object: &JsValue, key: &str, value: &JsValue) {
    let _ = Reflect::set(object, &JsValue::from_str(key), value);
}

/// What a JSON text stands for; a text that is no JSON stands for itself.
pub fn parsed(json: &Json) -> JsValue {
    JSON::parse(json.as_str()).unwrap_or_else(|_| json.as_str().into())
}

/// A JavaScript object of all that `thing` says about itself.
pub fn described(thing: &dyn Describe) -> JsValue {
    let mut object = Built(Object::new());
    thing.describe(&mut object);
    object.0.into()
}

/// What `RTCConfiguration` has as `iceServers`.
pub fn ice_servers(servers: &[IceServer]) -> JsValue {
    servers.iter().map(|server| described(server)).collect::<Array>().into()
}

/// A JavaScript value as JSON.
///
/// # Errors
/// The words of `JSON.stringify` when the value has no JSON: `undefined`, a function, a cycle, a `BigInt`.
pub fn to_json(value: &JsValue) -> Result<Json, String> {
    stringified(value).map(Json::from_text)
}

fn stringified(value: &JsValue) -> Result<String, String> {
    let json: JsValue = JSON::stringify(value).map_err(|error| describe(&error))?.into();
    json.as_string().ok_or_else(|| "the value cannot be written as JSON".to_owned())
}

/// What was thrown, in the browser's words: `TypeError: Failed to fetch`.
pub fn describe(thrown: &JsValue) -> String {
    if let Some(text) = thrown.as_string() {
        return text;
    }
    match (get_string(thrown, "name"), get_string(thrown, "message")) {
        (Some(name), Some(message)) if !message.is_empty() => format!("{name}: {message}"),
        (Some(name), _) => name,
        (None, Some(message)) => message,
        (None, None) => "unknown error".to_owned(),
    }
}

/// The property `key` of `object`, if it is a function.
pub fn get_function(object: &JsValue, key: &str) -> Option<Function> {
    get(object, key).dyn_into().ok()
}

/// Calls the method `name` of `object`.
///
/// # Errors
/// What the method threw, or words to the effect that there is no such method.
pub fn call(object: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method = get_function(object, name).ok_or_else(|| JsValue::from_str(&format!("there is no method {name}")))?;
    method.apply(object, &arguments.iter().collect::<Array>())
}

/// JSON that the browser has parsed.
pub struct Parsed(JsValue);

impl Parsed {
    /// Parses a text, if it is JSON.
    pub fn parse(text: &str) -> Option<Self> {
        JSON::parse(text).ok().map(Self)
    }

    /// Takes a value that came from JavaScript.
    pub fn from_js(value: JsValue) -> Self {
        Self(value)
    }
}

impl Node for Parsed {
    fn member(&self, name: &str) -> Option<Self> {
        let member = get(&self.0, name);
        (!member.is_undefined()).then_some(Self(member))
    }

    fn member_count(&self) -> Option<usize> {
        self.0.dyn_ref::<Object>().map(|object| Object::keys(object).length() as usize)
    }

    fn items(&self) -> Option<Vec<Self>> {
        self.0.dyn_ref::<Array>().map(|items| items.iter().map(Self).collect())
    }

    fn text(&self) -> Option<String> {
        self.0.as_string()
    }

    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn flag(&self) -> Option<bool> {
        self.0.as_bool()
    }

    fn is_null(&self) -> bool {
        self.0.is_null()
    }

    fn json(&self) -> Option<String> {
        stringified(&self.0).ok()
    }
}

/// An object that is being built.
struct Built(Object);

impl Members for Built {
    fn say(&mut self, name: &'static str, member: Member<'_>) {
        let value = match member {
            Member::Null => JsValue::NULL,
            Member::Flag(flag) => flag.into(),
            Member::Number(number) => number.into(),
            Member::Text(text) => text.into(),
            Member::Json(json) => parsed(json),
            Member::Numbers(numbers) => {
                numbers.iter().map(|number| JsValue::from(*number as f64)).collect::<Array>().into()
            }
            Member::Texts(texts) => texts.iter().map(JsValue::from).collect::<Array>().into(),
            Member::Thing(thing) => described(thing),
            Member::Things(things) => things.iter().map(|thing| described(*thing)).collect::<Array>().into(),
        };
        set(&self.0, name, &value);
    }
}
