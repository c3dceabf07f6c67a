//! STUN and TURN servers whose credentials expire: they are asked for anew for each connection.

use std::cell::{Cell, RefCell};
use std::future::{pending, ready};
use std::rc::Rc;
use std::time::Duration;

use futures::channel::oneshot;
use registry_client::ConnectionState::{Connected, Error, Joined};
use registry_client::interfaces::webrtc::{IceServer, IceServerSource, IceServers, RtcFuture};
use registry_client::testing::{FakeWebRtc, Pair};
use serde_json::json;

const SECOND: Duration = Duration::from_secs(1);

fn server(password: &str) -> Vec<IceServer> {
    vec![IceServer {
        urls: vec!["turn:turn.example.com".into()],
        username: Some("user".into()),
        credential: Some(password.into()),
    }]
}

/// Gives another password each time.
#[derive(Default)]
struct Numbered(Cell<u32>);

impl IceServerSource for Numbered {
    fn ice_servers(&self) -> RtcFuture<Vec<IceServer>> {
        self.0.set(self.0.get() + 1);
        Box::pin(ready(Ok(server(&self.0.get().to_string()))))
    }
}

struct Refuses;

impl IceServerSource for Refuses {
    fn ice_servers(&self) -> RtcFuture<Vec<IceServer>> {
        Box::pin(ready(Err("the server of credentials is down".into())))
    }
}

struct Silent;

impl IceServerSource for Silent {
    fn ice_servers(&self) -> RtcFuture<Vec<IceServer>> {
        Box::pin(pending())
    }
}

fn met() -> Pair {
    let mut pair = Pair::new(Default::default());
    pair.meet().unwrap();
    pair
}

/// The passwords that the host's peer connections were made or restarted with.
fn passwords(host: &FakeWebRtc) -> Vec<Option<String>> {
    let configured = host.configured.borrow();
    configured.iter().map(|config| config.ice_servers.first()?.credential.clone()).collect()
}

fn numbered<const N: usize>(numbers: [u32; N]) -> Vec<Option<String>> {
    numbers.map(|number| Some(number.to_string())).to_vec()
}

#[test]
fn each_connection_and_each_restart_asks_anew() {
    let mut pair = met();
    let rtc = Rc::clone(&pair.webrtc[0]);
    pair.host.set_ice_servers(IceServers::Asked(Rc::<Numbered>::default()));
    assert_eq!(pair.connect(), (Connected, Connected));
    assert_eq!(passwords(&rtc), numbered([1]));
    // The peers have greeted each other.
    pair.world.run_for(SECOND);
    pair.host.network_changed();
    assert!(pair.world.run_until(SECOND * 20, || passwords(&rtc).len() == 2), "restarted");
    pair.host.cut();
    let (host, guest) = (pair.host.clone(), pair.guest.clone());
    let met_again = || passwords(&rtc).len() > 2 && [&host, &guest].map(|one| one.connection_state()) == [Connected; 2];
    assert!(pair.world.run_until(SECOND * 120, met_again));
    assert_eq!(passwords(&rtc), numbered([1, 2, 3]));
    assert_eq!(*pair.ether.violations.borrow(), Vec::<String>::new());
}

#[test]
fn those_that_are_replaced_are_used_by_the_next_restart() {
    let mut pair = met();
    let rtc = Rc::clone(&pair.webrtc[0]);
    assert_eq!(pair.connect(), (Connected, Connected));
    pair.host.set_ice_servers(IceServers::Fixed(server("later")));
    // The peers have greeted each other.
    pair.world.run_for(SECOND);
    pair.host.network_changed();
    assert!(pair.world.run_until(SECOND * 20, || passwords(&rtc).len() == 2));
    assert_eq!(passwords(&rtc), [None, Some("later".to_owned())]);
    // Once is enough.
    pair.world.run_for(SECOND * 20);
    pair.host.network_changed();
    pair.world.run_for(SECOND * 20);
    assert_eq!(passwords(&rtc).len(), 2);
}

#[test]
fn without_servers_there_is_no_first_connection_and_the_reason_is_told() {
    for (source, reason) in [
        (Rc::new(Refuses) as Rc<dyn IceServerSource>, "the server of credentials is down"),
        (Rc::new(Silent), "they did not come in time"),
    ] {
        let mut pair = met();
        pair.host.set_ice_servers(IceServers::Asked(source));
        let started = pair.host.start_connection();
        let failure = pair.world.block_on(SECOND * 60, started).expect("an end").unwrap_err();
        assert_eq!((failure.kind.code(), failure.kind.retryable()), ("no_ice_servers", true));
        assert!(failure.to_string().contains(reason), "{failure}");
        assert_eq!(pair.host.connection_state(), Error);
    }
}

#[test]
fn a_connection_that_there_was_is_repaired_with_the_servers_before() {
    for silent in [false, true] {
        let mut pair = met();
        let rtc = Rc::clone(&pair.webrtc[0]);
        pair.host.set_ice_servers(IceServers::Fixed(server("before")));
        assert_eq!(pair.connect(), (Connected, Connected));
        pair.world.run_for(SECOND);
        let source: Rc<dyn IceServerSource> = if silent { Rc::new(Silent) } else { Rc::new(Refuses) };
        pair.host.set_ice_servers(IceServers::Asked(source));
        pair.host.network_changed();
        pair.world.run_for(SECOND * 20);
        assert_eq!(pair.host.connection_state(), Connected);
        pair.host.cut();
        pair.host.send_message(json!("important")).unwrap();
        let (host, guest) = (pair.host.clone(), pair.guest.clone());
        assert!(
            pair.world.run_until(SECOND * 120, || host.connection_state() == Connected && guest.count("message") == 1)
        );
        assert!(passwords(&rtc).iter().all(|password| password.as_deref() == Some("before")));
        assert!(pair.host.errors().iter().any(|error| error.kind.code() == "no_ice_servers"), "it is reported");
    }
}

/// Answers only when it is told to.
struct Late(RefCell<Option<oneshot::Receiver<Vec<IceServer>>>>);

impl IceServerSource for Late {
    fn ice_servers(&self) -> RtcFuture<Vec<IceServer>> {
        let answer = self.0.take().expect("it is asked once");
        Box::pin(async move { Ok(answer.await.unwrap()) })
    }
}

#[test]
fn a_late_answer_does_not_replace_what_was_set_meanwhile() {
    let mut pair = met();
    let rtc = Rc::clone(&pair.webrtc[0]);
    let (answer, late) = oneshot::channel();
    pair.host.set_ice_servers(IceServers::Asked(Rc::new(Late(RefCell::new(Some(late))))));
    let _starting = pair.host.start_connection();
    pair.world.run_for(SECOND);
    pair.host.set_ice_servers(IceServers::Fixed(server("new")));
    let _ = answer.send(server("old"));
    let _joining = pair.guest.start_connection();
    let (host, guest) = (pair.host.clone(), pair.guest.clone());
    let connected = || [&host, &guest].map(|one| one.connection_state()) == [Connected; 2];
    assert!(pair.world.run_until(SECOND * 20, connected));
    pair.world.run_for(SECOND);
    pair.host.cut();
    assert!(pair.world.run_until(SECOND * 120, || passwords(&rtc).len() > 1));
    assert_eq!(passwords(&rtc), vec![Some("new".to_owned()); 2]);
}

#[test]
fn closing_while_they_are_asked_for_makes_no_connection() {
    let mut pair = met();
    let rtc = Rc::clone(&pair.webrtc[0]);
    pair.host.set_ice_servers(IceServers::Asked(Rc::new(Silent)));
    let started = pair.host.start_connection();
    pair.world.run_for(SECOND);
    let closed = pair.host.close_room();
    pair.world.block_on(SECOND * 20, closed).expect("an end");
    assert!(pair.world.block_on(SECOND, started).expect("an end").is_err());
    assert_eq!((passwords(&rtc), pair.guest.connection_state()), (vec![], Joined));
    // The next room does not wait for what the one before asked for.
    pair.host.set_ice_servers(IceServers::Asked(Rc::<Numbered>::default()));
    let left = pair.guest.close_room();
    pair.world.block_on(SECOND * 20, left).expect("an end");
    pair.meet().unwrap();
    assert_eq!(pair.connect(), (Connected, Connected));
    assert_eq!(passwords(&rtc), numbered([1]));
}
