//! `harness.faults`: faults on purpose, for scripts.

use registry_client::WebRtcRegistryClient;
use registry_client::faults::{Faults, Holds, Preset, Release, Rule};
use registry_js::{js_value, read, refused, to_json};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// `harness.faults`
#[wasm_bindgen(skip_typescript)]
pub struct HarnessFaults {
    faults: Faults,
    client: WebRtcRegistryClient,
}

impl HarnessFaults {
    /// The faults of this client.
    pub fn new(faults: Faults, client: WebRtcRegistryClient) -> Self {
        Self { faults, client }
    }

    fn decide(&self, number: u32, how: Release) -> Result<(), JsValue> {
        self.faults.release(number, how).map_err(refused)
    }
}

#[wasm_bindgen]
impl HarnessFaults {
    /// Starts all randomness again from a number.
    pub fn seed(&self, seed: f64) {
        self.faults.seed(seed.to_bits());
    }

    /// Adds a rule; returns its number.
    ///
    /// # Errors
    /// `RegistryClientError` with code `bad_argument`.
    pub fn add(&self, rule: &JsValue) -> Result<u32, JsValue> {
        read::<Rule>(rule, "a rule").map(|rule| self.faults.add(rule))
    }

    /// Removes the rule with this number; returns whether there was one.
    pub fn remove(&self, number: u32) -> bool {
        self.faults.remove(number)
    }

    /// The rules with their numbers, as `[number, rule]`.
    pub fn rules(&self) -> JsValue {
        js_value(&self.faults.rules())
    }

    /// Replaces all rules by those of a preset.
    ///
    /// # Errors
    /// `RegistryClientError` with code `bad_argument`.
    pub fn preset(&self, name: &JsValue) -> Result<(), JsValue> {
        self.faults.preset(read::<Preset>(name, "the name of a preset")?);
        Ok(())
    }

    /// Asks for nothing any more, and releases what is held.
    pub fn clear(&self) {
        self.faults.clear();
    }

    /// Makes the Registry unreachable, or reachable again.
    pub fn offline(&self, offline: bool) {
        self.faults.set_offline(offline);
    }

    /// Lets the next peer connections use relays only, or what they are configured for.
    #[wasm_bindgen(js_name = relayOnly)]
    pub fn relay_only(&self, relay_only: bool) {
        self.faults.set_relay_only(relay_only);
    }

    /// Drops candidates of these types.
    ///
    /// # Errors
    /// `RegistryClientError` with code `bad_argument`.
    #[wasm_bindgen(js_name = dropCandidates)]
    pub fn drop_candidates(&self, types: &JsValue) -> Result<(), JsValue> {
        self.faults.drop_types(read(types, "the types")?);
        Ok(())
    }

    /// What is held from now on.
    ///
    /// # Errors
    /// `RegistryClientError` with code `bad_argument`.
    pub fn hold(&self, what: &JsValue) -> Result<(), JsValue> {
        self.faults.hold(read::<Holds>(what, "what to hold")?);
        Ok(())
    }

    /// The messages that are held, oldest first.
    pub fn held(&self) -> JsValue {
        js_value(&self.faults.held())
    }

    /// The content of a message that is held, if it may be seen; otherwise `null`.
    pub fn content(&self, number: u32) -> JsValue {
        let held = self.faults.held().into_iter().find(|held| held.number == number);
        held.and_then(|held| held.content).map_or(JsValue::NULL, |content| js_value(&content))
    }

    /// Lets a message go on as it is.
    ///
    /// # Errors
    /// `RegistryClientError` with code `bad_argument`.
    pub fn release(&self, number: u32) -> Result<(), JsValue> {
        self.decide(number, Release::AsItIs)
    }

    /// Lets a message go on with another content.
    ///
    /// # Errors
    /// `RegistryClientError` with code `bad_argument`.
    pub fn edit(&self, number: u32, content: &JsValue) -> Result<(), JsValue> {
        let content = to_json(content).map_err(refused)?;
        self.decide(number, Release::Edited(content))
    }

    /// Lets a message be lost.
    ///
    /// # Errors
    /// `RegistryClientError` with code `bad_argument`.
    pub fn drop(&self, number: u32) -> Result<(), JsValue> {
        self.decide(number, Release::Dropped)
    }

    /// Lets a request go on, and once more.
    ///
    /// # Errors
    /// `RegistryClientError` with code `bad_argument`.
    pub fn repeat(&self, number: u32) -> Result<(), JsValue> {
        self.decide(number, Release::Repeated)
    }

    /// Breaks the connection as if the peer connection had crashed.
    pub fn cut(&self) {
        self.faults.cut(&self.client);
    }

    /// Restarts ICE, as after a change of the network.
    #[wasm_bindgen(js_name = restartIce)]
    pub fn restart_ice(&self) {
        self.faults.restart_ice(&self.client);
    }
}
