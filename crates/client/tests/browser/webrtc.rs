use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use js_sys::Reflect;
use registry_client::browser::{BrowserDataChannel, BrowserPeerConnection, BrowserWebRtcManager, js};
use registry_client::error::WebRtcError;
use registry_client::interfaces::webrtc::{
    ChannelEvent, DataChannel, DataChannelState, IceServer, PeerConfig, PeerConnection, PeerConnectionState,
    RtcDiagnostic, WebRtcManager,
};
use registry_client::protocol::{IceCandidate, SessionDescription};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{eventually, sleep};

type Log<T> = Rc<RefCell<Vec<T>>>;

/// One side, with everything that it was told.
struct End {
    manager: Rc<BrowserWebRtcManager>,
    connection: Rc<dyn PeerConnection>,
    candidates: RefCell<Option<UnboundedReceiver<Option<IceCandidate>>>>,
    states: Log<PeerConnectionState>,
    diagnostics: Log<RtcDiagnostic>,
    channels: Log<Rc<dyn DataChannel>>,
    /// Set while a method of the manager runs: no callback may come then.
    inside: Rc<Cell<bool>>,
}

impl End {
    fn new() -> Self {
        let manager = Rc::new(BrowserWebRtcManager::default());
        let connection = manager.create_peer_connection(&PeerConfig::default()).unwrap();
        let (states, diagnostics, channels) = (Log::default(), Log::default(), Log::default());
        let inside = Rc::new(Cell::new(false));
        let (sender, receiver) = unbounded();
        let outside = Rc::clone(&inside);
        manager.on_ice_candidate(Box::new(move |candidate| {
            assert!(!outside.get());
            sender.unbounded_send(candidate).unwrap();
        }));
        manager.on_connection_state_change(logging(&states, &inside));
        manager.on_diagnostic(logging(&diagnostics, &inside));
        manager.on_data_channel(logging(&channels, &inside));
        let candidates = RefCell::new(Some(receiver));
        Self { manager, connection, candidates, states, diagnostics, channels, inside }
    }

    fn call<T>(&self, method: impl FnOnce(&BrowserWebRtcManager) -> T) -> T {
        self.inside.set(true);
        let outcome = method(&self.manager);
        self.inside.set(false);
        outcome
    }

    /// Gives this side's candidates to the other until they end.
    fn feed(&self, other: &Self) {
        let (mut candidates, other) = (self.candidates.take().unwrap(), Rc::clone(&other.manager));
        spawn_local(async move {
            while let Some(Some(candidate)) = candidates.next().await {
                // The other side may be gone already.
                let _ = other.add_ice_candidate(candidate).await;
            }
        });
    }
}

fn logging<T: 'static>(log: &Log<T>, inside: &Rc<Cell<bool>>) -> Box<dyn Fn(T)> {
    let (log, inside) = (Rc::clone(log), Rc::clone(inside));
    Box::new(move |value| {
        assert!(!inside.get(), "a callback came from inside a method");
        log.borrow_mut().push(value);
    })
}

fn listen(channel: &Rc<dyn DataChannel>) -> Log<ChannelEvent> {
    let log = Log::default();
    let events = Rc::clone(&log);
    channel.on_event(Box::new(move |event| events.borrow_mut().push(event)));
    log
}

struct Met {
    host: End,
    guest: End,
    host_channel: Rc<dyn DataChannel>,
    guest_channel: Rc<dyn DataChannel>,
    host_events: Log<ChannelEvent>,
    guest_events: Log<ChannelEvent>,
}

async fn negotiate(host: &End, guest: &End) {
    let offer = host.call(|manager| manager.create_offer()).await.unwrap();
    host.call(|manager| manager.set_local_description(offer.clone())).await.unwrap();
    let answer = guest.call(|manager| manager.create_answer(offer)).await.unwrap();
    guest.call(|manager| manager.set_local_description(answer.clone())).await.unwrap();
    host.call(|manager| manager.set_remote_description(answer)).await.unwrap();
    host.feed(guest);
    guest.feed(host);
}

async fn meet() -> Met {
    let (host, guest) = (End::new(), End::new());
    let host_channel = host.call(|manager| manager.create_data_channel("chat")).unwrap();
    let host_events = listen(&host_channel);
    negotiate(&host, &guest).await;
    eventually("the guest sees the channel", || !guest.channels.borrow().is_empty()).await;
    let guest_channel = Rc::clone(&guest.channels.borrow()[0]);
    let guest_events = listen(&guest_channel);
    eventually("both channels are open", || {
        [&host_channel, &guest_channel].iter().all(|channel| channel.ready_state() == DataChannelState::Open)
    })
    .await;
    Met { host, guest, host_channel, guest_channel, host_events, guest_events }
}

#[wasm_bindgen_test]
async fn two_managers_meet_without_a_registry_and_talk_both_ways() {
    let met = meet().await;
    assert_eq!(met.guest_channel.label(), "chat");
    met.host_channel.send("ping").unwrap();
    met.guest_channel.send("grün 🦀").unwrap();
    let came = |log: &Log<ChannelEvent>, text: &str| log.borrow().contains(&ChannelEvent::Message(text.to_owned()));
    eventually("both messages came", || came(&met.guest_events, "ping") && came(&met.host_events, "grün 🦀")).await;
    assert_eq!(met.host_events.borrow().first(), Some(&ChannelEvent::Open));

    let raw = met.host_channel.as_any().downcast_ref::<BrowserDataChannel>().unwrap().raw().clone();
    raw.send_with_u8_array(&[1, 2, 3]).unwrap();
    eventually("the binary message came", || met.guest_events.borrow().contains(&ChannelEvent::Binary(vec![1, 2, 3])))
        .await;
    eventually("nothing is left to send", || met.host_channel.buffered_amount() == 0).await;

    for end in [&met.host, &met.guest] {
        assert_eq!(end.states.borrow().last(), Some(&PeerConnectionState::Connected));
        let pair = end.manager.selected_pair().await.unwrap();
        assert!(!pair.relayed() && pair.local.protocol == "udp", "{pair:?}");
        assert!(["host", "prflx"].contains(&pair.remote.candidate_type.as_str()), "{pair:?}");
        let diagnostics = end.diagnostics.borrow();
        assert!(diagnostics.iter().any(|said| matches!(said, RtcDiagnostic::IceConnectionState(_))));
        assert!(diagnostics.iter().any(|said| matches!(said, RtcDiagnostic::SignalingState(_))));
        assert!(diagnostics.iter().any(|said| matches!(said, RtcDiagnostic::IceGatheringState(_))));
    }
    met.host.connection.close();
    met.guest.connection.close();
}

/// Where connections tell of it; elsewhere whoever wants to know has to ask.
#[wasm_bindgen_test]
async fn another_selected_pair_is_told_as_long_as_there_is_a_connection() {
    let met = meet().await;
    let raw = met.host.connection.as_any().downcast_ref::<BrowserPeerConnection>().unwrap().raw().clone();
    let path = ["sctp", "transport", "iceTransport"];
    let ice = path.iter().fold(JsValue::from(raw), |object, name| js::get(&object, name));
    let says = Reflect::has(&ice, &"onselectedcandidatepairchange".into()).unwrap();
    assert_eq!(met.host.manager.announces_pairs(), says);
    let change = || {
        let before = met.host.diagnostics.borrow().len();
        let event = web_sys::Event::new("selectedcandidatepairchange").unwrap();
        ice.unchecked_ref::<web_sys::EventTarget>().dispatch_event(&event).unwrap();
        met.host.diagnostics.borrow()[before..].to_vec()
    };
    assert_eq!(change(), vec![RtcDiagnostic::SelectedPairChanged; usize::from(says)]);
    met.host.connection.close();
    assert_eq!((change(), met.host.manager.announces_pairs()), (vec![], false));
    met.guest.connection.close();
}

/// What is sent on it earlier is lost now and then, in Chromium.
#[wasm_bindgen_test]
async fn a_channel_that_the_other_side_has_made_opens_only_when_the_browser_is_done_with_it() {
    let (host, guest) = (End::new(), End::new());
    let host_channel = host.call(|manager| manager.create_data_channel("chat")).unwrap();
    let host_events = listen(&host_channel);
    let (announced, log) = (Log::default(), Log::default());
    let announcements = Rc::clone(&announced);
    let events = Rc::clone(&log);
    guest.manager.on_data_channel(Box::new(move |channel| {
        announcements.borrow_mut().push((channel.ready_state(), channel.send("early").is_err()));
        let (events, answers) = (Rc::clone(&events), Rc::clone(&channel));
        channel.on_event(Box::new(move |event| {
            if event == ChannelEvent::Open {
                assert_eq!(answers.ready_state(), DataChannelState::Open);
                answers.send("pong").unwrap();
            }
            if event != ChannelEvent::BufferedAmountLow {
                events.borrow_mut().push(event);
            }
        }));
    }));
    negotiate(&host, &guest).await;
    eventually("the host may speak", || host_channel.ready_state() == DataChannelState::Open).await;
    host_channel.send("ping").unwrap();
    eventually("the guest has heard", || log.borrow().len() == 2).await;
    assert_eq!(*log.borrow(), [ChannelEvent::Open, ChannelEvent::Message("ping".to_owned())]);
    eventually("the host has heard", || host_events.borrow().contains(&ChannelEvent::Message("pong".to_owned()))).await;
    assert_eq!(*announced.borrow(), [(DataChannelState::Connecting, true)]);
}

#[wasm_bindgen_test]
async fn close_leaves_nothing_and_the_other_side_notices() {
    let met = meet().await;
    met.guest_channel.send("on its way").unwrap();
    met.host.connection.close();
    let heard = (met.host.states.borrow().len(), met.host.diagnostics.borrow().len(), met.host_events.borrow().len());

    eventually("the guest's channel closes", || met.guest_events.borrow().contains(&ChannelEvent::Close)).await;
    sleep(50).await;
    let later = (met.host.states.borrow().len(), met.host.diagnostics.borrow().len(), met.host_events.borrow().len());
    assert_eq!(heard, later, "nothing comes after close");
    assert_eq!(met.host_channel.ready_state(), DataChannelState::Closed);
    assert!(met.host_channel.send("too late").is_err());
    assert_eq!(Rc::strong_count(&met.host.connection), 1, "the manager has let go of it");
    assert_eq!(Rc::strong_count(&met.host.states), 1, "the callbacks are gone");
    assert_eq!(Rc::strong_count(&met.host_events), 1, "the channel's callback is gone");
    met.guest.connection.close();
    met.guest.connection.close();
}

#[wasm_bindgen_test]
async fn a_closed_channel_says_nothing_more() {
    let met = meet().await;
    met.host_channel.close();
    assert_eq!(Rc::strong_count(&met.host_events), 1);
    eventually("the guest's channel closes", || met.guest_events.borrow().contains(&ChannelEvent::Close)).await;
    assert!(!met.host_events.borrow().contains(&ChannelEvent::Close));
    met.host.connection.close();
    met.guest.connection.close();
}

#[wasm_bindgen_test]
async fn the_last_callback_of_a_kind_is_the_one_that_counts() {
    let end = End::new();
    let states = Rc::clone(&end.states);
    end.manager.on_connection_state_change(Box::new(|_| {}));
    assert_eq!(Rc::strong_count(&states), 2, "the first is gone");
    end.connection.close();
    end.manager.on_connection_state_change(logging(&end.states, &end.inside));
    assert_eq!(Rc::strong_count(&states), 2, "none is taken after close");
}

#[wasm_bindgen_test]
async fn steps_without_a_connection_or_in_the_wrong_order_fail_in_words() {
    let manager = BrowserWebRtcManager::default();
    let nobody = "there is no peer connection, or it is closed";
    assert_eq!(manager.create_offer().await.unwrap_err(), nobody);
    assert_eq!(manager.create_data_channel("chat").err().unwrap(), nobody);
    assert_eq!(manager.selected_pair().await, None);

    let connection = manager.create_peer_connection(&PeerConfig::default()).unwrap();
    let early = IceCandidate { candidate: "candidate:rubbish".into(), sdp_mid: None, sdp_m_line_index: None };
    assert!(manager.add_ice_candidate(early).await.unwrap_err().contains("Error: "));
    let rubbish = SessionDescription::offer("rubbish");
    assert!(manager.create_answer(rubbish.clone()).await.unwrap_err().contains("Error: "));
    assert!(manager.set_remote_description(rubbish).await.unwrap_err().contains("Error: "));
    assert_eq!(manager.selected_pair().await, None);
    connection.close();
    assert_eq!(manager.create_offer().await.unwrap_err(), nobody);

    let connection = manager.create_peer_connection(&PeerConfig::default()).unwrap();
    let raw = connection.as_any().downcast_ref::<BrowserPeerConnection>().unwrap().raw().clone();
    raw.close();
    assert!(manager.create_data_channel("chat").err().unwrap().starts_with("InvalidStateError"));
    assert!(manager.create_offer().await.unwrap_err().starts_with("InvalidStateError"));
    connection.close();
}

#[wasm_bindgen_test]
fn a_configuration_that_the_browser_refuses_is_an_error_in_words() {
    let manager = BrowserWebRtcManager::default();
    let server = |url: &str| IceServer { urls: vec![url.to_owned()], ..IceServer::default() };
    for url in ["nonsense", "turn:relay.example"] {
        let config = PeerConfig { ice_servers: vec![server(url)], ..PeerConfig::default() };
        let error = manager.create_peer_connection(&config).err().unwrap();
        assert!(matches!(&error, WebRtcError::BadConfiguration(words) if words.contains("Error: ")), "{error}");
    }
    let turn = IceServer {
        urls: vec!["turn:127.0.0.1:3478".into()],
        username: Some("user".into()),
        credential: Some("password".into()),
    };
    let config = PeerConfig { ice_servers: vec![server("stun:127.0.0.1:3478"), turn], ..PeerConfig::default() };
    manager.create_peer_connection(&config).unwrap().close();
}
