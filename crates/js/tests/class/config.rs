use registry_client::browser::js;
use registry_js::WebRtcRegistryClientJs;
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::errors::assert_error;

fn refusal(config: &JsValue) -> String {
    let error = WebRtcRegistryClientJs::new(config).err().unwrap_or_else(|| panic!("{config:?} was taken"));
    assert_error(&error, "state", "bad_config");
    js::get_string(&error, "message").unwrap()
}

/// A good configuration with these fields in the place of its own.
fn with(fields: Value) -> JsValue {
    let mut config = json!({"registryApiUrl": "https://registry.example", "iceServers": []});
    for (key, value) in fields.as_object().unwrap() {
        config[key] = value.clone();
    }
    crate::to_js(&config)
}

#[wasm_bindgen_test]
fn a_configuration_that_is_no_object_is_refused() {
    for config in [JsValue::UNDEFINED, JsValue::NULL, 5.into(), "https://registry.example".into()] {
        assert!(refusal(&config).contains("must be an object"));
    }
}

#[wasm_bindgen_test]
fn every_malformed_field_is_named() {
    let cases = [
        ("registryApiUrl", json!({"registryApiUrl": null})),
        ("registryApiUrl", json!({"registryApiUrl": 5})),
        ("registryApiUrl", json!({"registryApiUrl": "ftp://registry.example"})),
        ("registryApiUrl", json!({"registryApiUrl": "http://"})),
        ("iceServers must be an array, [] for none", json!({"iceServers": null})),
        ("iceServers", json!({"iceServers": "stun:stun.example"})),
        ("iceServers[0] must be an object with urls", json!({"iceServers": [5]})),
        ("iceServers[0] must be an object with urls", json!({"iceServers": [{}]})),
        ("iceServers[0].urls", json!({"iceServers": [{"urls": []}]})),
        ("iceServers[1].urls", json!({"iceServers": [{"urls": "stun:a"}, {"urls": ["stun:a", "http://a"]}]})),
        ("iceServers[0].urls must be like stun:host", json!({"iceServers": [{"urls": "stun:"}]})),
        ("iceServers[0].urls must be like stun:host", json!({"iceServers": [{"urls": "stun:a?transport=udp"}]})),
        ("iceServers[0].urls must be like turn:host", json!({"iceServers": [{"urls": ["turn:a?transport=tls"]}]})),
        ("iceServers[0].credential", json!({"iceServers": [{"urls": "turn:a", "username": "u", "credential": 5}]})),
        ("iceServers[1] is a TURN server and must", json!({"iceServers": [{"urls": "stun:a"}, {"urls": "turns:a"}]})),
        ("iceServers[0] is a TURN", json!({"iceServers": [{"urls": ["stun:a", "turn:a"], "username": "u"}]})),
        ("iceTransportPolicy \"relay\" needs a TURN", json!({"iceTransportPolicy": "relay"})),
        ("registryApiUrl must not have", json!({"registryApiUrl": "https://registry.example/?room=1"})),
        ("registryApiUrl must not have", json!({"registryApiUrl": "https://user:secret@registry.example"})),
        ("registryApiUrl must not have", json!({"registryApiUrl": "/api#"})),
        ("iceServer is not a setting: do you mean iceServers?", json!({"iceServer": []})),
        ("conectionTimeout is not a setting: do you mean connectionTimeout?", json!({"conectionTimeout": 5})),
        ("poll_interval is not a setting: do you mean pollInterval?", json!({"poll_interval": 5})),
        ("colour is not a setting", json!({"colour": "red"})),
        ("iceTransportPolicy", json!({"iceTransportPolicy": "some"})),
        ("requestTimeout", json!({"requestTimeout": 0})),
        ("connectionTimeout", json!({"connectionTimeout": -1})),
        ("pollInterval", json!({"pollInterval": "250"})),
        ("disconnectedGrace", json!({"disconnectedGrace": 1e300})),
        ("jitter", json!({"jitter": 2})),
        ("admissionRetries", json!({"admissionRetries": 0.5})),
        ("httpClient must be an object with the method get", json!({"httpClient": {}})),
        ("webRTCManager", json!({"webRTCManager": {}})),
        ("stateManager", json!({"stateManager": true})),
    ];
    for (name, fields) in cases {
        let message = refusal(&with(fields));
        assert!(message.starts_with(name), "{message}");
    }
}

#[wasm_bindgen_test]
fn a_refusal_never_repeats_a_secret() {
    let server = json!({"urls": "turn-secret", "username": "user-secret", "credential": "credential-secret"});
    assert!(!refusal(&with(json!({"iceServers": [server]}))).contains("secret"));
    for fields in [
        json!({"iceServers": "a secret"}),
        json!({"iceServers": ["a secret"]}),
        json!({"iceServers": [{"urls": {"a secret": 1}}]}),
        json!({"iceServers": [{"urls": "turn:a", "credential": ["a secret"]}]}),
        json!({"iceTransportPolicy": "a secret"}),
        json!({"requestTimeout": "a secret"}),
        json!({"bufferOverflow": "a secret"}),
        json!({"bufferEnabled": "a secret"}),
    ] {
        assert!(!refusal(&with(fields)).contains("secret"));
    }
}

#[wasm_bindgen_test]
fn good_configurations_are_taken() {
    let cases = [
        json!({}),
        json!({"registryApiUrl": "http://localhost:8787/"}),
        json!({"registryApiUrl": "/api", "unknown": null}),
        json!({"iceServers": [{"urls": "stun:stun.example"}, {"urls": ["turns:a?transport=tcp"], "username": "u", "credential": "c"}]}),
        json!({"iceTransportPolicy": "relay", "iceServers": [{"urls": "turn:a", "username": "", "credential": ""}]}),
        json!({"requestTimeout": 1, "jitter": 0, "admissionRetries": 0, "pollInterval": null}),
    ];
    for fields in cases {
        assert!(WebRtcRegistryClientJs::new(&with(fields.clone())).is_ok(), "{fields}");
    }
}
