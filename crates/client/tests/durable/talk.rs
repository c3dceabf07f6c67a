use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use registry_client::event::{DropReason, Event};
use registry_client::testing::{Pair, PairConfig};
use registry_client::{ConnectionState, Error, SendOutcome, WebRtcRegistryClient};
use serde_json::{Value, json};

use super::log::Log;

type Sent = Rc<RefCell<Vec<Value>>>;

/// Two connected clients, and what each was allowed to say.
pub struct Talk {
    pub pair: Pair,
    pub sent_by_host: Sent,
    pub sent_by_guest: Sent,
    counter: u32,
    /// What host and guest have received, and what they were told that would not be delivered.
    logs: [Log; 2],
}

impl Talk {
    /// Two durable clients that are connected.
    pub fn new(config: PairConfig) -> Self {
        Self::connected(Pair::new(config))
    }

    /// Two clients that take each other for plain.
    pub fn plain(config: PairConfig) -> Self {
        let pair = Pair::new(config);
        pair.ether.plain.set(true);
        Self::connected(pair)
    }

    fn connected(mut pair: Pair) -> Self {
        pair.meet().expect("they meet");
        assert_eq!(pair.connect(), (ConnectionState::Connected, ConnectionState::Connected));
        // They have a standby room.
        pair.world.run_for(Duration::from_secs(3));
        let mut logs: [Log; 2] = Default::default();
        logs[0].follow(&pair.host);
        logs[1].follow(&pair.guest);
        Self { pair, sent_by_host: Sent::default(), sent_by_guest: Sent::default(), counter: 0, logs }
    }

    /// The one, and the other.
    pub fn sides(&self, host_first: bool) -> (WebRtcRegistryClient, WebRtcRegistryClient) {
        let (host, guest) = (self.pair.host.clone(), self.pair.guest.clone());
        if host_first { (host, guest) } else { (guest, host) }
    }

    pub fn host_sends(&mut self, value: Value) -> Result<SendOutcome, Error> {
        let outcome = self.pair.host.send_message(&value)?;
        self.sent_by_host.borrow_mut().push(value);
        Ok(outcome)
    }

    pub fn guest_sends(&mut self, value: Value) -> Result<SendOutcome, Error> {
        let outcome = self.pair.guest.send_message(&value)?;
        self.sent_by_guest.borrow_mut().push(value);
        Ok(outcome)
    }

    fn next(&mut self) -> Value {
        self.counter += 1;
        json!({ "text": self.counter.to_string() })
    }

    /// The host says `count` things; what is refused it has not said.
    pub fn host_says(&mut self, count: usize) {
        for _ in 0..count {
            let value = self.next();
            let _ = self.host_sends(value);
        }
    }

    /// Both say `count` things, some moments apart.
    pub fn both_say(&mut self, count: usize) {
        for _ in 0..count {
            self.host_says(1);
            let value = self.next();
            let _ = self.guest_sends(value);
            self.pair.world.run_for(Duration::from_millis(20));
        }
    }

    /// Both talk while the path is cut for so long.
    pub fn cut_for(&mut self, duration: Duration) {
        self.both_say(2);
        self.pair.ether.cut();
        let end = self.pair.world.elapsed() + duration;
        while self.pair.world.elapsed() < end {
            self.both_say(1);
            self.pair.world.run_for(Duration::from_millis(930));
        }
        self.pair.ether.heal();
    }

    /// The same, and the Registry cannot be reached either.
    pub fn be_offline_for(&mut self, duration: Duration) {
        self.pair.network.down.set(true);
        self.cut_for(duration);
        self.pair.network.down.set(false);
    }

    /// Lets time pass until both are connected and nothing is on its way; how long that took.
    pub fn until_connected(&mut self, limit: Duration) -> Duration {
        let (host, guest, begun) = (self.pair.host.clone(), self.pair.guest.clone(), self.pair.world.elapsed());
        let connected = |client: &WebRtcRegistryClient| client.connection_state() == ConnectionState::Connected;
        let done = self.pair.world.run_until(limit, || connected(&host) && connected(&guest));
        assert!(done, "they are {:?} after {limit:?}: {:?}", self.pair.states(), self.pair.host.errors());
        let took = self.pair.world.elapsed() - begun;
        self.pair.world.run_for(Duration::from_secs(1));
        took
    }

    /// The page of one of them is reloaded, and goes on. What it had received is remembered.
    pub fn reload(&mut self, host: bool) {
        self.pair.reload(host);
        self.take_up(host);
    }

    /// A page that was reloaded goes on.
    pub fn take_up(&mut self, host: bool) {
        let (client, _) = self.sides(host);
        self.logs[usize::from(!host)].follow(&client);
        drop(client.resume().expect("there is something to go on with"));
    }

    pub fn received_by_guest(&self) -> Vec<Value> {
        self.logs[1].received()
    }

    /// What the host was told that it would not be delivered, and why.
    pub fn dropped(&self) -> Vec<(Value, DropReason)> {
        self.logs[0].dropped()
    }

    /// Every message that was accepted has exactly one fate, and what is reported as delivered has arrived.
    pub fn expect_one_fate_each(&self) {
        for (log, other, sent) in
            [(&self.logs[0], &self.logs[1], &self.sent_by_host), (&self.logs[1], &self.logs[0], &self.sent_by_guest)]
        {
            let (delivered, received) = (log.delivered(), other.received());
            let dropped: Vec<Value> = log.dropped().into_iter().map(|(value, _)| value).collect();
            for value in sent.borrow().iter() {
                let fates = [&delivered, &dropped].map(|list| list.iter().filter(|told| *told == value).count());
                assert!(matches!(fates, [1, 0] | [0, 1]), "delivered and reported: {fates:?}, {value}");
                assert!(
                    fates[0] == 0 || received.contains(value),
                    "reported as delivered, and has not arrived: {value}"
                );
            }
            assert!(!log.met_a_plain_peer());
        }
    }

    /// What the host was told that it was delivered.
    pub fn delivered_ids(&self) -> Vec<u64> {
        let events = self.pair.host.trace().events();
        let ids = events.iter().filter_map(|entry| match &entry.event {
            Event::MessagesDelivered { ids } => Some(ids.clone()),
            _ => None,
        });
        ids.flatten().collect()
    }

    /// Both have received all that the other was allowed to say, once and in order.
    pub fn expect_all(&self) {
        assert_eq!(self.logs[1].received(), *self.sent_by_host.borrow(), "what the guest received");
        assert_eq!(self.logs[0].received(), *self.sent_by_guest.borrow(), "what the host received");
        assert!(self.pair.ether.violations.borrow().is_empty(), "{:?}", self.pair.ether.violations);
    }

    /// Every room that was made is closed.
    pub fn expect_no_room_left(&self) {
        let log = self.pair.network.log();
        let made = log.iter().filter(|one| one.path == "/rooms" && one.status == Some(201)).count();
        let closed = log.iter().filter(|one| one.path.ends_with("/close") && one.status == Some(204)).count();
        assert_eq!((made > 0, made), (true, closed), "rooms made, rooms closed");
    }
}
