//! What a browser refuses, or says of its servers, told by what it says and not by its words.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Object, Reflect};
use registry_client::browser::{BrowserPeerConnection, BrowserWebRtcManager, values};
use registry_client::error::WebRtcError;
use registry_client::interfaces::webrtc::{IceServer, PeerConfig, RtcDiagnostic, WebRtcManager};
use registry_client::protocol::SdpType;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

/// The outcome of some JavaScript.
fn js(code: &str) -> JsValue {
    Function::new_no_args(code).call0(&JsValue::UNDEFINED).unwrap()
}

fn made(manager: &BrowserWebRtcManager, config: &PeerConfig) -> Option<WebRtcError> {
    match manager.create_peer_connection(config) {
        Ok(connection) => {
            connection.close();
            None
        }
        Err(error) => Some(error),
    }
}

#[wasm_bindgen_test]
fn what_is_thrown_is_told_by_its_name() {
    let words = |name: &str| format!("{name}: some words");
    for name in ["SyntaxError", "InvalidAccessError", "UnknownError", "NotSupportedError", "InvalidStateError", "Error"]
    {
        let thrown = match name {
            "Error" => js("return new Error('some words')"),
            name => js(&format!("return new DOMException('some words', '{name}')")),
        };
        let expected = match name {
            "SyntaxError" | "InvalidAccessError" => WebRtcError::BadConfiguration(words(name)),
            "UnknownError" => WebRtcError::TooManyConnections(words(name)),
            "NotSupportedError" => WebRtcError::Unsupported(words(name)),
            name => WebRtcError::NoPeerConnection(words(name)),
        };
        assert_eq!(values::refusal(&thrown), expected);
    }
    assert_eq!(values::refusal(&"a text".into()), WebRtcError::NoPeerConnection("a text".into()));
}

#[wasm_bindgen_test]
fn a_browser_without_the_constructor_has_no_webrtc() {
    let global = js_sys::global();
    let name = JsValue::from("RTCPeerConnection");
    let constructor = Reflect::get(&global, &name).unwrap();
    for other in [JsValue::UNDEFINED, JsValue::NULL, Object::new().into()] {
        Reflect::set(&global, &name, &other).unwrap();
        let error = made(&BrowserWebRtcManager::default(), &PeerConfig::default());
        assert!(matches!(error, Some(WebRtcError::Unsupported(_))), "{other:?}: {error:?}");
    }
    Reflect::delete_property(&global, &name).unwrap();
    let error = made(&BrowserWebRtcManager::default(), &PeerConfig::default());
    Reflect::set(&global, &name, &constructor).unwrap();
    assert!(matches!(error, Some(WebRtcError::Unsupported(_))), "{error:?}");
    assert_eq!(made(&BrowserWebRtcManager::default(), &PeerConfig::default()), None);
}

#[wasm_bindgen_test]
fn settings_without_which_a_connection_is_made_are_to_blame_by_whatever_name() {
    let restore = js("const real = RTCPeerConnection;
        globalThis.RTCPeerConnection = function (settings) {
          if (settings?.iceServers) throw new DOMException('stuns is not supported', 'NotSupportedError');
          return new real(settings);
        };
        return () => void (globalThis.RTCPeerConnection = real);");
    let error = made(&BrowserWebRtcManager::default(), &PeerConfig::default());
    restore.unchecked_into::<Function>().call0(&JsValue::UNDEFINED).unwrap();
    let words = "NotSupportedError: stuns is not supported".to_owned();
    assert_eq!(error, Some(WebRtcError::BadConfiguration(words)));
}

#[wasm_bindgen_test]
fn servers_that_make_no_sense_are_a_bad_configuration() {
    let server = |url: &str| IceServer { urls: vec![url.to_owned()], ..IceServer::default() };
    let login = |url: &str| IceServer { username: Some("u".into()), credential: Some("p".into()), ..server(url) };
    let servers = [
        server("nonsense"),
        server("turn:relay.example"),
        server("stun:"),
        server("http://a"),
        login("turn:a?transport=sctp"),
    ];
    for server in servers {
        let config = PeerConfig { ice_servers: vec![server.clone()], ..PeerConfig::default() };
        let error = made(&BrowserWebRtcManager::default(), &config);
        assert!(matches!(error, Some(WebRtcError::BadConfiguration(_))), "{:?}: {error:?}", server.urls);
    }
}

#[wasm_bindgen_test]
fn a_description_of_another_type_than_asked_for_is_refused() {
    let description = |kind: &str| js(&format!("return {{ type: '{kind}', sdp: 'v=0' }}"));
    assert!(values::description(&description("offer"), &SdpType::Offer).is_ok());
    for kind in ["answer", "rollback", ""] {
        let error = values::description(&description(kind), &SdpType::Offer).unwrap_err();
        assert_eq!(error, "the description is of another type than offer");
    }
}

#[wasm_bindgen_test]
fn a_server_from_which_a_candidate_comes_has_answered() {
    let manager = BrowserWebRtcManager::default();
    let connection = manager.create_peer_connection(&PeerConfig::default()).unwrap();
    let raw = connection.as_any().downcast_ref::<BrowserPeerConnection>().unwrap().raw().clone();
    let log = Rc::new(RefCell::new(Vec::new()));
    let said = Rc::clone(&log);
    manager.on_diagnostic(Box::new(move |diagnostic| said.borrow_mut().push(diagnostic)));
    for (of_candidate, of_event) in [("'stun:a:1'", "undefined"), ("undefined", "'stun:b:1'"), ("''", "null")] {
        let event = js(&format!(
            "const candidate = {{ candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ srflx', url: {of_candidate} }};
             return Object.defineProperties(new Event('icecandidate'),
               {{ candidate: {{ value: candidate }}, url: {{ value: {of_event} }} }});"
        ));
        raw.dispatch_event(&event.into()).unwrap();
    }
    raw.dispatch_event(&js("return Object.assign(new Event('icecandidate'), { candidate: null })").into()).unwrap();
    let answered = |url: &str| RtcDiagnostic::IceServerAnswered {
        url: url.to_owned(),
        candidate: Some("candidate:1 1 udp 1 192.0.2.1 9 typ srflx".to_owned()),
        relay_protocol: None,
    };
    assert_eq!(*log.borrow(), [answered("stun:a:1"), answered("stun:b:1")]);
    connection.close();
}
